package dev.gamut.internal.reference;

import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Tensor;

/** The scale factors and zero points that a result is quantised with. */
final class Quantiser {
    private final Scaling scaling;
    private Tensor factors;
    private Tensor zeros;

    Quantiser(MatrixDesc y) {
        this.scaling = y.scaling();
    }

    void bind(Tensor y) {
        factors = y.scales();
        zeros = y.zeroPoints();
    }

    void release() {
        factors = null;
        zeros = null;
    }

    /** What an element is multiplied by: the F32 number nearest to 1 / scale, 0 for a scale of 0. */
    float inverse(long e, long row, long col) {
        float scale = (float) factors.dtype().load(factors.segment(), index(factors, e, row, col));
        return inverse(scale);
    }

    static float inverse(float scale) {
        return scale == 0 ? 0 : 1 / scale;
    }

    /** What is added to the rounded product. */
    long zero(long e, long row, long col) {
        return zeros == null ? 0 : zeros.dtype().loadLong(zeros.segment(), index(zeros, e, row, col));
    }

    private long index(Tensor t, long e, long row, long col) {
        int rank = t.rank();
        long batch = rank == 3 && t.size(0) > 1 ? e * t.layout().stride(0) : 0;
        return t.offset()
                + batch
                + scaling.scaleRow(row) * t.layout().stride(rank - 2)
                + scaling.scaleCol(col) * t.layout().stride(rank - 1);
    }
}
