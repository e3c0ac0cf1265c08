package dev.gamut.internal.reference;

import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import java.util.Arrays;
import java.util.Optional;

/**
 * Products of scaled integers: exact within each run of k over which all scale factors are constant, F32 between the runs.
 *
 * <p>The order {@code runs}: k is cut at every multiple of a block of A or of B that lies along k (at every step where a
 * scale belongs to one step of k). In rising order of the runs, starting from +0,
 *
 * <pre>  acc ← F32(acc + s · (scaleA · scaleB)),     s = Σ (a − zeroA)·(b − zeroB) over the run, an exact integer</pre>
 *
 * where products and sum are evaluated in F64, one rounding each (the product of the scales is exact), and F32 is one
 * more rounding.
 *
 * <p>Bound, for A and B read as the unrounded scale · (code − zero): R runs round R ≤ k times to F32 and 2·R times to
 * F64, within (k + 2)·u·(|A|·|B|) + k·η with u and η of F32; no scale or product underflows before that rounding.
 */
final class RunsGemm extends TiledGemm {
    /** The order that this class defines. */
    static final EvaluationOrder RUNS = new EvaluationOrder("runs");

    /** Zero points up to this width keep |code − zero| below 2^9, so that sums fit 64 bits for every k below 2^45. */
    private static final int ZERO_POINT_BITS = 8;

    private final long stepA;
    private final long stepB;

    RunsGemm(GemmDesc desc, PlanContext context) {
        super(desc, context);
        this.stepA = step(desc.a().scaling(), 1, desc.k());
        this.stepB = step(desc.b().scaling(), 0, desc.k());
    }

    /** Why the integer part of an operand could not be summed exactly; empty where it can. */
    static Optional<String> objection(String name, MatrixDesc operand) {
        Optional<DType> zero = operand.scaling().zeroPointType();
        return zero.filter(type -> !type.isInteger() || type.bits() > ZERO_POINT_BITS)
                .map(type -> name + " has " + type + " zero points; exact sums of codes need integers of up to "
                        + ZERO_POINT_BITS + " bits");
    }

    /** Steps in k that share a scale factor; blocks across k still have scales of their own for each step. */
    private static long step(Scaling scaling, int axisOfK, long k) {
        return switch (scaling.granularity()) {
            case NONE, PER_TENSOR -> Math.max(k, 1);
            case PER_AXIS -> scaling.axis() == axisOfK ? 1 : Math.max(k, 1);
            case PER_BLOCK -> scaling.axis() == axisOfK ? scaling.block() : 1;
        };
    }

    @Override
    void clear(Workspace w, int size) {
        Arrays.fill(w.floats(0, TILE_SIZE), 0, size, 0f);
    }

    @Override
    void accumulate(Workspace w, long row, int rows, long col, int cols) {
        long[] sums = w.longs(0, TILE_SIZE);
        long[] x = w.longs(1, PANEL_SIZE);
        long[] y = w.longs(2, PANEL_SIZE);
        for (long run = 0; run < desc.k(); ) {
            long end = Math.min(desc.k(), Math.min(next(run, stepA), next(run, stepB)));
            zero(sums, rows * cols);
            for (long k = run; k < end; k += DEPTH) {
                int depth = (int) Math.min(DEPTH, end - k);
                a.codes(row, rows, k, depth, x);
                b.codes(k, depth, col, cols, y);
                addExactProducts(sums, x, y, rows, cols, depth);
            }
            addRun(w, sums, run, row, rows, col, cols);
            run = end;
        }
    }

    private static long next(long k, long step) {
        return (k / step + 1) * step;
    }

    private void addRun(Workspace w, long[] sums, long k, long row, int rows, long col, int cols) {
        float[] total = w.floats(0, TILE_SIZE);
        double[] scalesB = w.doubles(0, TILE);
        for (int j = 0; j < cols; j++) {
            scalesB[j] = b.scale(k, col + j);
        }
        for (int i = 0, e = 0; i < rows; i++) {
            double scaleA = a.scale(row + i, k);
            for (int j = 0; j < cols; j++, e++) {
                total[e] = (float) (total[e] + sums[e] * (scaleA * scalesB[j]));
            }
        }
    }

    @Override
    void store(Workspace w, long row, int rows, long col, int cols) {
        float[] sums = w.floats(0, TILE_SIZE);
        for (int i = 0, e = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                result.put(row + i, col + j, sums[e++]);
            }
        }
    }
}
