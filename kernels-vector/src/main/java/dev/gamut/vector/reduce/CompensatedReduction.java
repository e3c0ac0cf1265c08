package dev.gamut.vector.reduce;

import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import java.util.Arrays;

/**
 * A prepared sum, sum of magnitudes, dot product or mean in {@link Pairs} of F64. An infinite or NaN sum has errors that mean
 * nothing: it is the result.
 */
final class CompensatedReduction extends TaskedReduction<double[]> {
    private static final int PAIR_SLOT = 5;

    private final ReduceOp op;
    private final double divisor;
    /** Pairs of a unit: one for each column, or one for each lane. */
    private final int width;

    /** The pairs of each task over groups of blocks, of all columns. */
    private final double[] partials;

    private long unit;

    CompensatedReduction(ReduceDesc desc, Geometry geometry, Schedule schedule, PlanContext context) {
        super(desc, geometry, schedule, new F64Arithmetic(), true, context);
        this.op = desc.op();
        this.divisor = op == ReduceOp.MEAN ? geometry.terms() : 1;
        this.width = Math.max(Pairs.L, geometry.maxColumns());
        this.partials = new double[2 * geometry.maxColumns() * tasks()];
    }

    @Override
    void reduceUnit(int task, long which, Workspace workspace) {
        double[] pairs = accumulate(task, which, 0, geometry.blocks(), workspace);
        store(which, pairs, 0, width);
    }

    @Override
    void reduceByGroups(long which) {
        unit = which;
        runTasks();
        int columns = geometry.maxColumns();
        for (int task = 1; task < tasks(); task++) {
            for (int c = 0; c < columns; c++) {
                int at = task * 2 * columns + c;
                join(partials, at, columns, c);
            }
        }
        store(unit, partials, 0, columns);
    }

    @Override
    void reduceGroup(int task, long from, long to, Workspace workspace) {
        double[] pairs = accumulate(task, unit, from, to, workspace);
        int columns = geometry.maxColumns();
        System.arraycopy(pairs, 0, partials, task * 2 * columns, columns);
        System.arraycopy(pairs, width, partials, task * 2 * columns + columns, columns);
    }

    private void store(long which, double[] pairs, int at, int apart) {
        for (int c = 0; c < geometry.columns(which); c++) {
            double sum = pairs[at + c];
            double corrected = sum + pairs[at + apart + c];
            double value = Double.isFinite(corrected) ? corrected : sum;
            out.put(geometry.outFirst(which) + c * geometry.outStride(), value / divisor);
        }
    }

    /** The pairs of the columns of a unit over some of its blocks. */
    private double[] accumulate(int task, long which, long from, long to, Workspace workspace) {
        double[] pairs = workspace.doubles(PAIR_SLOT, 2 * width);
        Arrays.fill(pairs, 0, 2 * width, 0);
        Worker<double[]> worker = worker(task);
        worker.start(Step.SUM, which, null, null, workspace);
        int columns = geometry.columns(which);
        int piece = worker.pieceRows();
        long end = Math.min(to * Geometry.BLOCK, geometry.terms());
        for (long term = from * Geometry.BLOCK; term < end; term += piece) {
            int count = (int) Math.min(piece, end - term);
            worker.open(which, term, count);
            if (columns == 1) {
                int rows = count / Pairs.L;
                add(worker, rows, 0, Pairs.L, 1, pairs);
                add(worker, 1, rows * Pairs.L, count % Pairs.L, 1, pairs);
            } else {
                add(worker, count, 0, columns, columns, pairs);
            }
        }
        for (int lane = 1; columns == 1 && lane < Pairs.L; lane++) {
            join(pairs, lane, width, 0);
        }
        return pairs;
    }

    /** Adds one pair to another. */
    private static void join(double[] pairs, int from, int apart, int to) {
        Pairs.add(pairs[from], pairs[from + apart], pairs, to, apart);
        Pairs.settle(pairs, to, 1, apart);
    }

    /** Rows of {@code cols} neighbouring terms; where they are lanes of one column, {@code cols} also lies between rows. */
    private void add(Worker<double[]> worker, int rows, int from, int cols, int columns, double[] pairs) {
        Source<double[]> x = worker.x;
        Source<double[]> y = worker.y;
        boolean lanes = columns == 1;
        Pairs.add(
                op,
                rows,
                cols,
                x.array,
                x.at + from,
                lanes ? cols : x.step,
                y == null ? null : y.array,
                y == null ? 0 : y.at + from,
                y == null || lanes ? cols : y.step,
                pairs,
                0,
                width);
    }
}
