package dev.gamut.vector.gemm;

import dev.gamut.gemm.GemmArgs;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;

/**
 * A packed GEMM ready to run: the loops around a {@link Tile}.
 *
 * <p>Each task computes a rectangle of C on its own: for blocks of mc rows and kc steps it packs A, for blocks of nc
 * columns it packs B (or takes the panels packed beforehand), then lets every panel of A pass over the block of B. The
 * first block of k applies beta, later ones add to C, all of them apply alpha.
 *
 * <p>Tiles that lie wholly inside a C whose rows are contiguous in an array are computed in place. All others (edges,
 * other strides, segments) go through a strip of MR rows: read where the old C counts, computed by the same
 * micro-kernel with whole tiles, written back without the padding.
 *
 * <p>Error: within a block a product passes at most kc roundings (the first product is added to 0), then one for alpha,
 * then one for each block that is added, N in all with the one that brings in beta·C: kc + N ≤ k + 1 since N = ⌈k/kc⌉.
 * With alpha's own rounding to F32 that leaves the declared (k + 2)·u and one rounding each for alpha and for the sum.
 *
 * @param <S> array kind of the element type
 */
final class PackedExecutor<S> implements GemmExecutor, PlanContext.Task {
    private static final int A_SLOT = 0;
    private static final int B_SLOT = 1;
    private static final int STRIP_SLOT = 2;
    private static final int FETCH_SLOT = 3;

    private final PlanContext context;
    private final Elements<S> elements;
    private final Tile<S> tile;
    private final int mr;
    private final int nr;
    private final Product<S> x;
    private final Grid grid;
    private final Panels<S> panels;
    private final int mc;
    private int kc;
    private int nc;
    private PackedPanels<S> packed;

    PackedExecutor(
            PlanContext context,
            Elements<S> elements,
            Tile<S> tile,
            int mr,
            int nr,
            Blocking blocking,
            Product<S> product,
            Grid grid) {
        this.context = context;
        this.elements = elements;
        this.tile = tile;
        this.mr = mr;
        this.nr = nr;
        this.x = product;
        this.grid = grid;
        panels = new Panels<>(elements, FETCH_SLOT);
        mc = Blocking.even((x.m + grid.rowParts() - 1) / grid.rowParts(), blocking.mc(), mr);
        kc = Blocking.even(x.k, blocking.kc(), 4);
        nc = Blocking.even((x.n + grid.colParts() - 1) / grid.colParts(), blocking.nc(), nr);
    }

    @Override
    public void execute(GemmArgs args) {
        if (x.isEmpty()) {
            return;
        }
        x.bind(args);
        if (args.packedB() != null) {
            packed = panelsOf(args);
            kc = packed.kc();
            nc = packed.nc();
        }
        try {
            context.parallelFor(grid.tasks(), this);
        } finally {
            x.release();
            packed = null;
        }
    }

    /** The panels are this kernel's own: the plan compares the kernel named in the descriptor. */
    @SuppressWarnings("unchecked")
    private static <S> PackedPanels<S> panelsOf(GemmArgs args) {
        return (PackedPanels<S>) args.packedB().panels();
    }

    @Override
    public void run(int index, Workspace workspace) {
        long i0 = Grid.cut(x.m, mr, grid.rowPart(index), grid.rowParts());
        long i1 = Grid.cut(x.m, mr, grid.rowPart(index) + 1, grid.rowParts());
        long j0 = Grid.cut(x.n, nr, grid.colPart(index), grid.colParts());
        long j1 = Grid.cut(x.n, nr, grid.colPart(index) + 1, grid.colParts());
        long e1 = Grid.cut(x.batch, 1, grid.batchPart(index) + 1, grid.batches());
        for (long e = Grid.cut(x.batch, 1, grid.batchPart(index), grid.batches()); e < e1; e++) {
            if (x.isScaling()) {
                scale(e, i0, i1, j0, j1, workspace);
            } else {
                for (long i = i0; i < i1; i += mc) {
                    rows(e, i, (int) Math.min(mc, i1 - i), j0, j1, workspace);
                }
            }
        }
    }

    private void rows(long e, long i0, int rows, long j0, long j1, Workspace workspace) {
        int lineStart = elements.lineStart();
        S ap = elements.scratch(workspace, A_SLOT, lineStart + Blocking.roundUp(rows, mr) * kc + elements.lanes());
        for (long p = 0; p < x.k; p += kc) {
            int depth = (int) Math.min(kc, x.k - p);
            panels.pack(x.a, x.a.at(e, i0, p), x.a.rowStride, x.a.colStride, rows, mr, depth, ap, lineStart, workspace);
            // Panels packed beforehand come in blocks that start at column 0.
            long origin = packed != null ? 0 : j0;
            for (long j = j0; j < j1; ) {
                int cols = (int) (Math.min(j1, origin + ((j - origin) / nc + 1) * nc) - j);
                if (packed != null) {
                    S bp = packed.block(p, j);
                    int b0 = packed.lineStart() + (int) (j % nc) * depth;
                    block(e, i0, rows, j, cols, p, depth, ap, lineStart, bp, b0, workspace);
                } else {
                    S bp = elements.scratch(workspace, B_SLOT, lineStart + nc * kc + elements.lanes());
                    panels.pack(
                            x.b,
                            x.b.at(e, p, j),
                            x.b.colStride,
                            x.b.rowStride,
                            cols,
                            nr,
                            depth,
                            bp,
                            lineStart,
                            workspace);
                    block(e, i0, rows, j, cols, p, depth, ap, lineStart, bp, lineStart, workspace);
                }
                j += cols;
            }
        }
    }

    /** All panels of A over one block of B. */
    private void block(
            long e,
            long i0,
            int rows,
            long j0,
            int cols,
            long p,
            int depth,
            S ap,
            int a0,
            S bp,
            int b0,
            Workspace workspace) {
        double beta = p == 0 ? x.beta : 1;
        for (int i = 0; i < rows; i += mr) {
            int height = Math.min(mr, rows - i);
            int inPlace = height == mr && x.c.hasArrayRows() ? cols - cols % nr : 0;
            int a = a0 + i * depth;
            if (inPlace > 0) {
                int c = (int) x.c.at(e, i0 + i, j0);
                sweep(depth, ap, a, bp, b0, inPlace, x.c.array(), c, (int) x.c.rowStride, beta);
            }
            if (inPlace < cols) {
                strip(
                        e,
                        i0 + i,
                        height,
                        j0 + inPlace,
                        cols - inPlace,
                        beta,
                        depth,
                        ap,
                        a,
                        bp,
                        b0 + inPlace * depth,
                        workspace);
            }
        }
    }

    private void strip(
            long e,
            long i,
            int height,
            long j,
            int cols,
            double beta,
            int depth,
            S ap,
            int a0,
            S bp,
            int b0,
            Workspace workspace) {
        int ld = Blocking.roundUp(cols, nr);
        S strip = elements.scratch(workspace, STRIP_SLOT, mr * Blocking.roundUp(nc, nr));
        long at = x.c.at(e, i, j);
        if (beta != 0) {
            elements.read(x.c, at, x.c.rowStride, x.c.colStride, height, cols, strip, 0, ld);
        }
        sweep(depth, ap, a0, bp, b0, ld, strip, 0, ld, beta);
        elements.write(strip, 0, ld, x.c, at, x.c.rowStride, x.c.colStride, height, cols);
    }

    /** One panel of A over {@code cols} columns of panels of B. */
    private void sweep(int depth, S ap, int a0, S bp, int b0, int cols, S c, int c0, int ldc, double beta) {
        if (beta == 0) {
            for (int j = 0; j < cols; j += nr) {
                tile.store(depth, ap, a0, bp, b0 + j * depth, c, c0 + j, ldc, x.alpha);
            }
        } else {
            for (int j = 0; j < cols; j += nr) {
                tile.update(depth, ap, a0, bp, b0 + j * depth, c, c0 + j, ldc, x.alpha, beta);
            }
        }
    }

    /** C = beta·C, in strips. */
    private void scale(long e, long i0, long i1, long j0, long j1, Workspace workspace) {
        int width = 1024;
        S strip = elements.scratch(workspace, STRIP_SLOT, width);
        for (long i = i0; i < i1; i++) {
            for (long j = j0; j < j1; j += width) {
                int cols = (int) Math.min(width, j1 - j);
                long at = x.c.at(e, i, j);
                if (x.beta != 0) {
                    elements.read(x.c, at, x.c.rowStride, x.c.colStride, 1, cols, strip, 0, cols);
                }
                elements.scale(strip, 0, cols, 1, cols, x.beta);
                elements.write(strip, 0, cols, x.c, at, x.c.rowStride, x.c.colStride, 1, cols);
            }
        }
    }
}
