package dev.gamut.vector.gemm;

import dev.gamut.spi.Workspace;
import dev.gamut.vector.matrix.Scales;
import java.util.Arrays;

/**
 * Sums of scaled integer products in the order {@code runs}: total ← F32(total + s · (scale of A · scale of B)), where s is
 * the exact sum over a run of k in which scale factors are constant, evaluated in F64. Runs that are too long to be exact in
 * F32 are summed in pieces.
 */
final class Scaled extends Finished {
    private static final int SUM_SLOT = 0;
    private static final int RUN_SLOT = 1;
    private static final int TOTAL_SLOT = 7;
    private static final int LEFT_SLOT = 8;
    private static final int RIGHT_SLOT = 9;

    private final long constantA;
    private final long constantB;
    /** Steps that are summed in F32; a run that is longer has several pieces. */
    private final long piece;
    /** Exact sums of runs so far, where runs have several pieces; else null. */
    private double[] exact;

    private float[] totals;

    /**
     * For one task.
     *
     * @param constantA steps of k that share scale factors of A
     * @param constantB steps of k that share scale factors of B
     * @param depth steps that are exact in F32
     */
    Scaled(Product<float[]> x, long constantA, long constantB, int depth) {
        super(x);
        this.constantA = constantA;
        this.constantB = constantB;
        this.piece = Math.min(constantA, constantB) <= depth ? Long.MAX_VALUE : depth;
    }

    private static long next(long p, long length) {
        return length == Long.MAX_VALUE ? Long.MAX_VALUE : (p / length + 1) * length;
    }

    /** Where scale factors change. */
    private long change(long p) {
        return Math.min(next(p, constantA), next(p, constantB));
    }

    @Override
    long runEnd(long p) {
        return Math.min(change(p), next(p, piece));
    }

    @Override
    void begin(long batch, long firstRow, int rows, long firstCol, int between, Workspace lent) {
        super.begin(batch, firstRow, rows, firstCol, between, lent);
        totals = lent.floats(TOTAL_SLOT, rows * between);
        Arrays.fill(totals, 0, rows * between, 0);
        exact = null;
        if (Math.min(x.k, Math.min(constantA, constantB)) > piece) {
            exact = lent.doubles(SUM_SLOT, rows * between);
            Arrays.fill(exact, 0, rows * between, 0);
        }
    }

    @Override
    void close(long start, int rows, int from, int cols, float[] sums) {
        long end = Math.min(x.k, runEnd(start));
        if (exact != null) {
            for (int i = 0; i < rows; i++) {
                add(cols, sums, i * ld + from, exact);
            }
        }
        if (end < Math.min(x.k, change(start))) {
            return;
        }
        float[] left = factors(x.scalesA, row, start, true, rows, LEFT_SLOT);
        float[] right = factors(x.scalesB, start, col + from, false, cols, RIGHT_SLOT);
        double[] run = workspace.doubles(RUN_SLOT, cols);
        for (int i = 0; i < rows; i++) {
            int at = i * ld + from;
            if (exact == null) {
                widen(cols, sums, at, run);
                add(cols, run, 0, left[i], right, totals, at);
            } else {
                add(cols, exact, at, left[i], right, totals, at);
                Arrays.fill(exact, at, at + cols, 0);
            }
        }
    }

    /** Scale factors of a line of elements; 1 where there are none. */
    private float[] factors(Scales scales, long r, long c, boolean alongRows, int n, int slot) {
        float[] line = workspace.floats(slot, 2 * n);
        if (scales == null) {
            Arrays.fill(line, 0, n, 1);
        } else {
            scales.line(e, r, c, alongRows, n, line, workspace);
        }
        return line;
    }

    private static void add(int n, float[] sums, int at, double[] exact) {
        for (int j = at; j < at + n; j++) {
            exact[j] += sums[j];
        }
    }

    private static void widen(int n, float[] sums, int at, double[] to) {
        for (int j = 0; j < n; j++) {
            to[j] = sums[at + j];
        }
    }

    private static void add(int n, double[] run, int from, double left, float[] right, float[] totals, int at) {
        for (int j = 0; j < n; j++) {
            totals[at + j] = (float) (totals[at + j] + run[from + j] * (left * right[j]));
        }
    }

    @Override
    void finish(int i, int width, float[] sums) {
        finish(i, width, totals, i * ld);
    }

    @Override
    void end() {
        super.end();
        exact = null;
        totals = null;
    }
}
