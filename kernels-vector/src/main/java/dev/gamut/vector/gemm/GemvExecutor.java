package dev.gamut.vector.gemm;

import dev.gamut.gemm.GemmArgs;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import dev.gamut.vector.matrix.Elements;

/**
 * A product with one column, ready to run: y = alpha·A·x + beta·y. Tasks are ranges of rows, worked on in blocks whose
 * sums stay in L1. A matrix in an array is read where it lies, in whichever direction its elements are contiguous; any
 * other is fetched piece by piece, small enough to be still in L1 when it is multiplied.
 *
 * @param <S> array kind of the element type
 */
final class GemvExecutor<S> implements GemmExecutor, PlanContext.Task {
    private static final int SUM_SLOT = 0;
    private static final int X_SLOT = 1;
    private static final int C_SLOT = 2;
    private static final int FETCH_SLOT = 3;
    private static final int LANES_SLOT = 4;
    /** Rows of a block: their sums take 16 KiB of F64. */
    private static final int ROWS = 2048;
    /** Elements of A fetched at a time, and of x copied at a time. */
    private static final int PIECE = 2048;
    /** Length beyond which x is taken in parts in any case, so that counts fit an int. */
    private static final int DEPTH = 1 << 20;
    /** Elements of A up to which a lease of scratch memory would be felt. */
    private static final double TINY = 4096;

    private final PlanContext context;
    private final Elements<S> elements;
    private final Gemv<S> gemv;
    private final Product<S> x;
    private final Grid grid;
    /** Serves a single task on a tiny matrix; null for all others, whose scratch memory plans share. */
    private final Workspace own;

    GemvExecutor(PlanContext context, Elements<S> elements, Gemv<S> gemv, Product<S> product, Grid grid) {
        this.context = context;
        this.elements = elements;
        this.gemv = gemv;
        this.x = product;
        this.grid = grid;
        boolean tiny = (double) product.m * product.k * product.batch <= TINY;
        own = grid.tasks() == 1 && tiny ? new Workspace() : null;
    }

    @Override
    public void execute(GemmArgs args) {
        if (x.isEmpty()) {
            return;
        }
        x.bind(args);
        try {
            if (own != null) {
                run(0, own);
            } else {
                context.parallelFor(grid.tasks(), this);
            }
        } finally {
            x.release();
        }
    }

    @Override
    public void run(int index, Workspace workspace) {
        long first = Grid.cut(x.m, GemvGemm.UNIT, grid.rowPart(index), grid.rowParts());
        long last = Grid.cut(x.m, GemvGemm.UNIT, grid.rowPart(index) + 1, grid.rowParts());
        long end = Grid.cut(x.batch, 1, grid.batchPart(index) + 1, grid.batches());
        for (long e = Grid.cut(x.batch, 1, grid.batchPart(index), grid.batches()); e < end; e++) {
            if (x.isScaling()) {
                x.scale(e, first, last, 0, 1, workspace, C_SLOT);
                continue;
            }
            for (long r = first; r < last; r += ROWS) {
                rows(e, r, (int) Math.min(ROWS, last - r), workspace);
            }
        }
    }

    private void rows(long e, long row, int rows, Workspace workspace) {
        S sums = elements.scratch(workspace, SUM_SLOT, ROWS);
        elements.scale(sums, 0, rows, 0);
        boolean inPlace = x.b.array() != null && x.b.rowStride == 1;
        int most = inPlace && isContiguous() ? DEPTH : PIECE;
        for (long p = 0; p < x.k; p += most) {
            int depth = (int) Math.min(most, x.k - p);
            S v = inPlace ? x.b.array() : elements.scratch(workspace, X_SLOT, PIECE);
            if (!inPlace) {
                x.b.read(e, p, 0, true, 1, depth, v, 0, depth, workspace);
            }
            multiply(e, row, rows, p, depth, v, inPlace ? (int) x.b.at(e, p, 0) : 0, sums, workspace);
        }
        S c = elements.scratch(workspace, C_SLOT, ROWS);
        if (x.beta != 0) {
            x.c.read(e, row, 0, true, 1, rows, c, 0, rows, workspace);
        }
        elements.join(rows, sums, 0, c, 0, x.alpha, x.beta);
        x.c.write(c, 0, rows, e, row, 0, true, 1, rows, workspace);
    }

    private boolean isContiguous() {
        return x.a.array() != null && (x.a.colStride == 1 || x.a.rowStride == 1);
    }

    /** Adds one piece of A times one piece of x to the sums. */
    private void multiply(long e, long row, int rows, long p, int depth, S v, int v0, S sums, Workspace workspace) {
        S lanes = elements.scratch(workspace, LANES_SLOT, 4 * elements.lanes());
        if (isContiguous()) {
            int a0 = (int) x.a.at(e, row, p);
            if (x.a.colStride == 1) {
                gemv.dots(x.a.array(), a0, (int) x.a.rowStride, rows, depth, v, v0, sums, 0, lanes);
            } else {
                gemv.sums(x.a.array(), a0, (int) x.a.colStride, rows, depth, v, v0, sums, 0);
            }
        } else if (x.a.rowStride == 1) {
            int step = Math.max(1, PIECE / rows);
            S fetched = elements.scratch(workspace, FETCH_SLOT, Math.max(PIECE, ROWS));
            for (int q = 0; q < depth; q += step) {
                int cols = Math.min(step, depth - q);
                x.a.read(e, row, p + q, true, cols, rows, fetched, 0, rows, workspace);
                gemv.sums(fetched, 0, rows, rows, cols, v, v0 + q, sums, 0);
            }
        } else {
            int step = Math.max(1, PIECE / depth);
            S fetched = elements.scratch(workspace, FETCH_SLOT, Math.max(PIECE, ROWS));
            for (int r = 0; r < rows; r += step) {
                int some = Math.min(step, rows - r);
                x.a.read(e, row + r, p, false, some, depth, fetched, 0, depth, workspace);
                gemv.dots(fetched, 0, depth, some, depth, v, v0, sums, r, lanes);
            }
        }
    }
}
