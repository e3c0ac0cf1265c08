package dev.gamut.vector.gemm;

import dev.gamut.spi.Workspace;
import java.util.Arrays;

/**
 * Sums of integer products: exact in F32 over runs of k that are short enough, exact in F64 over all of k, since 2^53 is out of
 * reach of products below 2^16 for k below 2^37. The results are integers, or F32 numbers rounded once before alpha.
 */
final class Exact extends Finished {
    private static final int TOTAL_SLOT = 0;
    private static final int INTEGER_SLOT = 1;
    private static final int FLOAT_SLOT = 7;

    private final int run;
    private final IntegerResult result;
    /** Sums of all runs so far; null where one run is all. */
    private double[] totals;

    /**
     * For one task.
     *
     * @param depth steps that are exact in F32, at least a block
     */
    Exact(Product<float[]> x, int depth) {
        super(x);
        run = depth / Blocking.KC * Blocking.KC;
        result = x.integers;
    }

    @Override
    long runEnd(long p) {
        return (p / run + 1) * run;
    }

    @Override
    void begin(long batch, long firstRow, int rows, long firstCol, int between, Workspace lent) {
        super.begin(batch, firstRow, rows, firstCol, between, lent);
        totals = null;
        if (x.k > run) {
            totals = lent.doubles(TOTAL_SLOT, rows * between);
            Arrays.fill(totals, 0, rows * between, 0);
        }
    }

    @Override
    void close(long start, int rows, int from, int cols, float[] sums) {
        if (totals != null) {
            for (int i = 0; i < rows; i++) {
                add(cols, sums, i * ld + from, totals);
            }
        }
    }

    private static void add(int n, float[] sums, int at, double[] totals) {
        for (int j = at; j < at + n; j++) {
            totals[j] += sums[j];
        }
    }

    @Override
    void finish(int i, int width, float[] sums) {
        if (result != null) {
            double[] exact = totals;
            int at = i * ld;
            if (totals == null) {
                exact = workspace.doubles(INTEGER_SLOT, width);
                widen(width, sums, at, exact);
                at = 0;
            }
            result.store(e, row + i, col, width, exact, at);
        } else if (totals == null) {
            finish(i, width, sums, i * ld);
        } else {
            float[] rounded = workspace.floats(FLOAT_SLOT, width);
            round(width, totals, i * ld, rounded);
            finish(i, width, rounded, 0);
        }
    }

    private static void widen(int n, float[] sums, int at, double[] to) {
        for (int j = 0; j < n; j++) {
            to[j] = sums[at + j];
        }
    }

    private static void round(int n, double[] totals, int at, float[] to) {
        for (int j = 0; j < n; j++) {
            to[j] = (float) totals[at + j];
        }
    }

    @Override
    void scale(long batch, long first, long last, long left, long right, Workspace lent) {
        if (result == null) {
            super.scale(batch, first, last, left, right, lent);
            return;
        }
        for (long r = first; r < last; r++) {
            for (long c = left; c < right; c += Integer.MAX_VALUE) {
                result.store(batch, r, c, (int) Math.min(Integer.MAX_VALUE, right - c), null, 0);
            }
        }
    }

    @Override
    void end() {
        super.end();
        totals = null;
    }
}
