package dev.gamut.vector.gemm;

import dev.gamut.gemm.GemmArgs;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import dev.gamut.vector.matrix.Elements;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A packed GEMM ready to run: a grid of rectangles of C, each computed by a {@link PackedTask} with its own packing.
 *
 * <p>Bits are those of {@link dev.gamut.accuracy.EvaluationOrder#FMA_KC256}, whatever the tile, the grid and the blocks of
 * rows and columns: an element is one chain for each block of k, the chains are added in rising order, and alpha and beta
 * come last.
 *
 * <p>Error: within a block of k a product passes at most KC roundings (the first product is added to 0), then one for each
 * further block, N - 1 in all, KC + N - 1 ≤ k since N = ⌈k/KC⌉, then one for alpha. beta·C comes in by one fused
 * multiply-add, after all blocks, so the old C is rounded once. With alpha's own rounding to F32 that leaves the declared
 * (k + 2)·u and one rounding each for alpha and for the sum.
 *
 * @param <S> array kind of the element type
 */
final class PackedExecutor<S> implements GemmExecutor, PlanContext.Task {
    private final PlanContext context;
    private final Product<S> x;
    private final Grid grid;
    private final int mr;
    private final int nr;
    private final List<PackedTask<S>> tasks = new ArrayList<>();
    private PackedPanels<S> packed;

    PackedExecutor(
            PlanContext context,
            Elements<S> elements,
            Tile<S> tile,
            int mr,
            int nr,
            Blocking blocking,
            Product<S> product,
            Grid grid,
            boolean inCache,
            Supplier<Completion<S>> completion) {
        this.context = context;
        this.x = product;
        this.grid = grid;
        this.mr = mr;
        this.nr = nr;
        Blocking even = new Blocking(
                Blocking.even(parts(x.m, grid.rowParts()), blocking.mc(), mr),
                Blocking.even(parts(x.n, grid.colParts()), blocking.nc(), nr));
        for (int i = 0; i < grid.tasks(); i++) {
            tasks.add(new PackedTask<>(elements, tile, mr, nr, x, even, inCache, completion.get()));
        }
    }

    private static long parts(long extent, int parts) {
        return (extent + parts - 1) / parts;
    }

    @Override
    public void execute(GemmArgs args) {
        if (x.isEmpty()) {
            return;
        }
        x.bind(args);
        if (args.packedB() != null) {
            packed = panelsOf(args);
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
        PackedTask<S> task = tasks.get(index);
        task.begin(workspace, packed);
        try {
            for (long e = Grid.cut(x.batch, 1, grid.batchPart(index), grid.batches()); e < e1; e++) {
                task.compute(e, i0, i1, j0, j1);
            }
        } finally {
            task.end();
        }
    }
}
