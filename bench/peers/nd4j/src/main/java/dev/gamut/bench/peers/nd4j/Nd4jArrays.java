package dev.gamut.bench.peers.nd4j;

import dev.gamut.bench.peer.Unavailable;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's row-major arrays. */
final class Nd4jArrays {
    private Nd4jArrays() {}

    /**
     * A new array.
     *
     * @param type F64 or F32
     * @param shape sizes; none for a single number
     */
    static INDArray empty(DType type, long... shape) throws Unavailable {
        return switch (type) {
            case F64 -> Nd4j.createUninitialized(DataType.DOUBLE, shape, 'c');
            case F32 -> Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
            default -> throw new Unavailable("computes in F64 and F32 only");
        };
    }

    /**
     * A copy of a tensor as it is stored.
     *
     * @param tensor dense in its array
     * @param shape sizes in the order in which it is stored
     */
    static INDArray copy(Tensor tensor, long... shape) throws Unavailable {
        INDArray array = empty(tensor.dtype(), shape);
        memory(array, tensor.segment().byteSize()).copyFrom(tensor.segment());
        return array;
    }

    /** The memory of an array. */
    static MemorySegment memory(INDArray array, long bytes) {
        return MemorySegment.ofAddress(array.data().addressPointer().address()).reinterpret(bytes);
    }
}
