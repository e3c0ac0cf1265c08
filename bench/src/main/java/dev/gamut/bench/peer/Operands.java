package dev.gamut.bench.peer;

import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Tensors as peers take them: plain row-major arrays and aligned native memory. */
public final class Operands {
    private Operands() {}

    /**
     * Values in row-major order.
     *
     * @param tensor of rank 1 or 2, without scales
     * @return a new array
     */
    public static double[] doubles(Tensor tensor) {
        long rows = tensor.rank() == 1 ? 1 : tensor.size(0);
        long cols = tensor.size(tensor.rank() - 1);
        double[] values = new double[Math.toIntExact(rows * cols)];
        int at = 0;
        for (long i = 0; i < rows; i++) {
            for (long j = 0; j < cols; j++) {
                values[at++] = tensor.rank() == 1 ? tensor.get(j) : tensor.get(i, j);
            }
        }
        return values;
    }

    /**
     * Values in row-major order, as floats.
     *
     * @param tensor of rank 1 or 2, without scales
     * @return a new array
     */
    public static float[] floats(Tensor tensor) {
        double[] values = doubles(tensor);
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /**
     * The codes of a tensor in native memory, aligned to 64 bytes, in the order in which they are stored: a transposed view
     * is copied untransposed, and scale factors are left out.
     *
     * @param tensor dense in its array
     * @param arena whose life the copy shares
     */
    public static MemorySegment copy(Tensor tensor, Arena arena) {
        MemorySegment codes = tensor.segment();
        MemorySegment copy = arena.allocate(Math.max(codes.byteSize(), 1), 64);
        copy.copyFrom(codes);
        return copy;
    }

    /**
     * Fills a tensor with values.
     *
     * @param values in row-major order
     * @param into row-major, of any floating-point type
     */
    public static void store(double[] values, Tensor into) {
        DType type = into.dtype();
        for (int i = 0; i < values.length; i++) {
            type.store(into.segment(), i, values[i]);
        }
    }

    /**
     * Copies codes into a tensor.
     *
     * @param from the codes of a row-major result
     * @param into row-major, of the same type
     */
    public static void copy(MemorySegment from, Tensor into) {
        into.segment().copyFrom(from.asSlice(0, into.segment().byteSize()));
    }
}
