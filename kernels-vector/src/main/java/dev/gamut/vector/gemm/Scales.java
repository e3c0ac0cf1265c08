package dev.gamut.vector.gemm;

import dev.gamut.dtype.Scaling;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Scale factors and zero points of one operand, applied to runs of decoded codes: x = scale · (code − zero), evaluated in F64
 * as by the reference and rounded once to F32; without a zero point a product in F32 is the same.
 */
final class Scales {
    private final Scaling scaling;
    private final boolean transposed;
    private Tensor factors;
    private Tensor zeros;
    private MemorySegment factorData;
    private MemorySegment zeroData;

    /**
     * Those of a matrix.
     *
     * @param scaling how the matrix is scaled
     * @param transposed whether that is the transpose of what a run gives
     */
    Scales(Scaling scaling, boolean transposed) {
        this.scaling = scaling;
        this.transposed = transposed;
    }

    /** Points at those of a run, whose plan has seen that they are there. */
    void bind(Tensor operand) {
        factors = operand.scales();
        factorData = factors.segment();
        zeros = scaling.hasZeroPoints() ? operand.zeroPoints() : null;
        zeroData = zeros == null ? null : zeros.segment();
    }

    void release() {
        factors = null;
        zeros = null;
        factorData = null;
        zeroData = null;
    }

    /**
     * Scales a run.
     *
     * @param e matrix of the batch
     * @param row of the first element
     * @param col of the first element
     * @param alongRows whether the row counts up from element to element, else the column
     * @param n elements
     * @param x codes, then numbers
     * @param at where they begin
     */
    void apply(long e, long row, long col, boolean alongRows, int n, float[] x, int at) {
        for (int i = 0; i < n; ) {
            long r = alongRows ? row + i : row;
            long c = alongRows ? col : col + i;
            int count = (int) Math.min(n - i, equal(alongRows ? r : c, alongRows ? 0 : 1));
            double factor = value(factors, factorData, e, r, c);
            double zero = zeros == null ? 0 : value(zeros, zeroData, e, r, c);
            scale(x, at + i, count, factor, zero);
            i += count;
        }
    }

    private static void scale(float[] x, int from, int count, double factor, double zero) {
        if (zero == 0) {
            for (int i = from; i < from + count; i++) {
                x[i] = (float) factor * x[i];
            }
            return;
        }
        for (int i = from; i < from + count; i++) {
            x[i] = (float) (factor * (x[i] - zero));
        }
    }

    /** Elements from an index of an axis on that share a factor. */
    private long equal(long index, int axis) {
        return switch (scaling.granularity()) {
            case NONE, PER_TENSOR -> Long.MAX_VALUE;
            case PER_AXIS -> scaling.axis() == axis ? 1 : Long.MAX_VALUE;
            case PER_BLOCK -> scaling.axis() == axis ? scaling.block() - index % scaling.block() : 1;
        };
    }

    private double value(Tensor t, MemorySegment data, long e, long row, long col) {
        int rank = t.rank();
        long batch = rank == 3 && t.size(0) > 1 ? e * t.layout().stride(0) : 0;
        long index = t.offset()
                + batch
                + scaling.scaleRow(row) * t.layout().stride(transposed ? rank - 1 : rank - 2)
                + scaling.scaleCol(col) * t.layout().stride(transposed ? rank - 2 : rank - 1);
        return t.dtype().load(data, index);
    }
}
