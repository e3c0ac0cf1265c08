package dev.gamut.bench.peer;

import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Operands and results between tensors and the memory of peers. */
public final class Operands {
    private Operands() {}

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
     * The codes of a matrix in native memory, aligned to 64 bytes, row by row: for what takes nothing transposed.
     *
     * @param matrix of rank 2 and whole bytes, viewed in any order; scale factors are left out
     * @param arena whose life the copy shares
     */
    public static MemorySegment rows(Tensor matrix, Arena arena) {
        if (matrix.rank() != 2 || matrix.dtype().isSubByte()) {
            throw new IllegalArgumentException("matrix is " + matrix + "; one of rank 2 and whole bytes is needed");
        }
        long size = matrix.dtype().bytes(1);
        long rows = matrix.size(0);
        long cols = matrix.size(1);
        Layout layout = matrix.layout();
        MemorySegment codes = matrix.segment();
        MemorySegment copy = arena.allocate(Math.max(rows * cols * size, 1), 64);
        for (long i = 0, at = 0; i < rows; i++) {
            long row = matrix.offset() + i * layout.stride(0);
            for (long j = 0; j < cols; j++, at += size) {
                MemorySegment.copy(codes, (row + j * layout.stride(1)) * size, copy, at, size);
            }
        }
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
