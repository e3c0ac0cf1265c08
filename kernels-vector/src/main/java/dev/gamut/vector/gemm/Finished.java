package dev.gamut.vector.gemm;

import dev.gamut.spi.Workspace;
import dev.gamut.vector.matrix.FloatRows;
import java.util.Arrays;

/**
 * C = epilogue(alpha·sums + beta·C), rounded once to the type of C: each row passes every step while it is in L1. The
 * arithmetic is that of the reference, step by step in F32.
 */
class Finished extends Completion<float[]> {
    private static final int ROW_SLOT = 5;
    private static final int OLD_SLOT = 6;
    /** Columns finished at a time. */
    private static final int PIECE = 1024;

    Finished(Product<float[]> x) {
        super(x);
    }

    @Override
    boolean isApart() {
        return true;
    }

    @Override
    void finish(int i, int width, float[] sums) {
        finish(i, width, sums, i * ld);
    }

    /** One row from sums that begin at an index. */
    final void finish(int i, int width, float[] sums, int at) {
        for (int j = 0; j < width; j += PIECE) {
            int n = Math.min(PIECE, width - j);
            float[] t = workspace.floats(ROW_SLOT, PIECE);
            FloatRows.scale(n, (float) x.alpha, sums, at + j, t, 0);
            if (x.beta != 0) {
                FloatRows.addScaled(n, (float) x.beta, old(i, j, n), 0, t, 0);
            }
            store(i, j, n, t);
        }
    }

    private float[] old(long i, long j, int n) {
        float[] old = workspace.floats(OLD_SLOT, PIECE);
        x.c.read(e, row + i, col + j, false, 1, n, old, 0, n, workspace);
        return old;
    }

    private void store(long i, long j, int n, float[] t) {
        x.chain.apply(e, row + i, col + j, n, t, workspace.floats(OLD_SLOT, PIECE), workspace);
        x.c.write(t, 0, n, e, row + i, col + j, false, 1, n, workspace);
    }

    @Override
    void scale(long batch, long first, long last, long left, long right, Workspace lent) {
        begin(batch, first, 0, left, 0, lent);
        for (long i = 0; i < last - first; i++) {
            for (long j = 0; j < right - left; j += PIECE) {
                int n = (int) Math.min(PIECE, right - left - j);
                float[] t = lent.floats(ROW_SLOT, PIECE);
                if (x.beta == 0) {
                    Arrays.fill(t, 0, n, 0);
                } else {
                    FloatRows.scale(n, (float) x.beta, old(i, j, n), 0, t, 0);
                }
                store(i, j, n, t);
            }
        }
    }
}
