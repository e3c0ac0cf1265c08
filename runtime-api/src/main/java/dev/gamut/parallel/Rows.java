package dev.gamut.parallel;

import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Copies of rows of matrices, and what is asked of operands. */
final class Rows {
    private Rows() {}

    /** Copies a matrix, row by row; rows are contiguous, columns in both alike. */
    static void copy(Tensor from, Tensor to) {
        for (long row = 0; row < from.size(0); row++) {
            copy(from, row, to, row);
        }
    }

    /** Copies a row. */
    static void copy(Tensor from, long row, Tensor to, long at) {
        long bytes = from.dtype().bytes(from.size(1));
        if (bytes > 0) { // rows of nothing have no place
            MemorySegment.copy(from.segment(), begin(from, row), to.segment(), begin(to, at), bytes);
        }
    }

    /** The byte at which a row begins. */
    private static long begin(Tensor matrix, long row) {
        return matrix.dtype().bytes(matrix.offset() + row * matrix.layout().stride(0));
    }

    /** The bytes of a contiguous tensor. */
    static MemorySegment bytes(Tensor x) {
        return x.segment()
                .asSlice(x.dtype().bytes(x.offset()), x.dtype().bytes(x.layout().size()));
    }

    /** The elements of a contiguous tensor from one on, as a matrix. */
    static Tensor matrix(Tensor x, long first, long rows, long columns) {
        MemorySegment part = bytes(x).asSlice(x.dtype().bytes(first), x.dtype().bytes(rows * columns));
        return Tensor.of(part, x.dtype(), Layout.rowMajor(rows, columns));
    }

    /** Checks an operand: a plain matrix of given sizes whose rows are contiguous. */
    static void require(String name, Tensor x, long rows, long columns) {
        requireMatrix(name, x);
        if (x.size(0) != rows || x.size(1) != columns) {
            throw new IllegalArgumentException(name + " is " + x + "; this rank's has shape " + rows + "×" + columns);
        }
    }

    static void requireMatrix(String name, Tensor x) {
        boolean plain = x != null
                && x.rank() == 2
                && !x.scaling().hasScales()
                && !x.dtype().isSubByte()
                && (x.size(1) < 2 || x.layout().stride(1) == 1);
        if (!plain) {
            throw new IllegalArgumentException(
                    name + " is " + x + "; it must be a plain matrix of bytes or wider whose rows are contiguous");
        }
    }

    static void requireContiguous(String name, Tensor x) {
        if (x == null
                || !x.layout().isRowMajor()
                || x.scaling().hasScales()
                || x.dtype().isSubByte()) {
            throw new IllegalArgumentException(
                    name + " is " + x + "; it must be plain, of bytes or wider, contiguous and row-major");
        }
    }
}
