package dev.gamut.internal.reference;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Reads rectangles of one GEMM operand as numbers, row-major, from any layout, with scale factors and zero points applied.
 *
 * <p>A scaled element is scale · (code − zero), evaluated in F64, where it is exact as long as the code has at most 24
 * significant bits and the zero point is an integer below 2^28 in magnitude; it is then rounded once to the type asked
 * for. Bound to the memory of one run, used by one thread.
 */
final class MatrixReader {
    private final String name;
    private final MatrixDesc desc;
    private final Factors scales;
    private final Factors zeros;
    private MemorySegment data;
    private long offset;
    private long start;

    MatrixReader(String name, MatrixDesc desc) {
        this.name = name;
        this.desc = desc;
        Scaling scaling = desc.scaling();
        this.scales = scaling.hasScales() ? new Factors(scaling) : null;
        this.zeros = scaling.hasZeroPoints() ? new Factors(scaling) : null;
    }

    /** Points at the elements of a run, and at its scale factors where the descriptor has any. */
    void bind(Operand operand) {
        data = operand.segment();
        offset = operand.offset();
        if (scales != null) {
            Tensor tensor = operand.tensor();
            if (tensor == null || !tensor.scaling().hasScales()) {
                throw new IllegalArgumentException(name + " comes without scale factors; its descriptor has scaling "
                        + desc.scaling() + ", pass a scaled tensor");
            }
            scales.bind(name + "'s scales", tensor.scales());
            if (zeros != null) {
                zeros.bind(name + "'s zero points", tensor.zeroPoints());
            }
        }
        select(0);
    }

    /** Moves to one matrix of the batch. */
    void select(long batch) {
        start = offset + batch * desc.batchStride();
        if (scales != null) {
            scales.select(batch);
        }
        if (zeros != null) {
            zeros.select(batch);
        }
    }

    /** Drops all references to the caller's memory. */
    void release() {
        data = null;
        if (scales != null) {
            scales.data = null;
        }
        if (zeros != null) {
            zeros.data = null;
        }
    }

    /** Reads rows × cols elements from (row, col) on, each rounded to F32, into rows of {@code cols} elements. */
    void floats(long row, int rows, long col, int cols, float[] out) {
        for (int r = 0, at = 0; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                out[at++] = (float) value(row + r, col + c);
            }
        }
    }

    /** Reads rows × cols elements from (row, col) on, each rounded to F64, into rows of {@code cols} elements. */
    void doubles(long row, int rows, long col, int cols, double[] out) {
        for (int r = 0, at = 0; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                out[at++] = value(row + r, col + c);
            }
        }
    }

    /** Reads rows × cols integers from (row, col) on, less their integer zero points and without their scale factors. */
    void codes(long row, int rows, long col, int cols, long[] out) {
        DType type = desc.type();
        for (int r = 0, at = 0; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                long code = type.loadLong(data, index(row + r, col + c));
                out[at++] = zeros == null ? code : code - zeros.loadLong(row + r, col + c);
            }
        }
    }

    /** The scale factor of an element, 1 where the operand has none. */
    double scale(long row, long col) {
        return scales == null ? 1 : scales.load(row, col);
    }

    private double value(long row, long col) {
        double code = desc.type().load(data, index(row, col));
        if (scales == null) {
            return code;
        }
        return scales.load(row, col) * (zeros == null ? code : code - zeros.load(row, col));
    }

    private long index(long row, long col) {
        return start + row * desc.rowStride() + col * desc.colStride();
    }

    /** Scale factors or zero points: one number for each box of elements. */
    private final class Factors {
        private final Scaling scaling;
        private MemorySegment data;
        private DType type;
        private long first;
        private long start;
        private long rowStride;
        private long colStride;
        private long batchStride;

        Factors(Scaling scaling) {
            this.scaling = scaling;
        }

        /** Takes a tensor of rank 2 for all matrices, or of rank 3, whose first axis has one entry, or one a matrix. */
        void bind(String what, Tensor t) {
            int rank = t.rank();
            long[] needed = scaling.scaleShape(new long[] {desc.rows(), desc.cols()});
            if (rank < 2 || rank > 3 || t.size(rank - 2) != needed[0] || t.size(rank - 1) != needed[1]) {
                throw new IllegalArgumentException(
                        what + " are " + t + "; " + scaling + " needs " + Arrays.toString(needed));
            }
            data = t.segment();
            type = t.dtype();
            first = t.offset();
            rowStride = t.layout().stride(rank - 2);
            colStride = t.layout().stride(rank - 1);
            batchStride = rank == 3 && t.size(0) > 1 ? t.layout().stride(0) : 0;
        }

        void select(long batch) {
            start = first + batch * batchStride;
        }

        double load(long row, long col) {
            return type.load(data, index(row, col));
        }

        long loadLong(long row, long col) {
            return type.loadLong(data, index(row, col));
        }

        private long index(long row, long col) {
            return start + scaling.scaleRow(row) * rowStride + scaling.scaleCol(col) * colStride;
        }
    }
}
