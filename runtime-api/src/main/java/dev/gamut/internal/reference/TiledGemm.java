package dev.gamut.internal.reference;

import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import java.util.Arrays;

/**
 * The loops over batch, rows and columns that all reference products share: C is computed in square tiles, one after the
 * other on one thread; a subclass sums the products of one tile.
 *
 * <p>alpha = 0 or k = 0 reads neither A nor B, beta = 0 does not read C. Tiles bound the scratch memory whatever the size
 * of the problem; they do not change bits, since each element of C has its own chain over k. Apart from views of arrays as
 * segments a run allocates nothing.
 */
abstract class TiledGemm implements GemmExecutor {
    /** Rows and columns of a tile: loading 2·64 elements pays for 64·64 products. */
    static final int TILE = 64;

    /** Steps in k that are loaded at once: the block of the order {@code fma-kc256}. */
    static final int DEPTH = 256;

    /** Elements of a tile of C. */
    static final int TILE_SIZE = TILE * TILE;

    /** Elements of a tile of A or B. */
    static final int PANEL_SIZE = TILE * DEPTH;

    final GemmDesc desc;
    final MatrixReader a;
    final MatrixReader b;
    final ResultWriter result;
    private final PlanContext context;
    private final PlanContext.Task task = (index, workspace) -> compute(workspace);
    private boolean product;

    TiledGemm(GemmDesc desc, PlanContext context) {
        this.desc = desc;
        this.context = context;
        this.a = new MatrixReader("a", desc.a());
        this.b = new MatrixReader("b", desc.b());
        this.result = new ResultWriter(desc);
    }

    @Override
    public final void execute(GemmArgs args) {
        product = desc.k() > 0 && args.alpha() != 0;
        try {
            if (product) {
                a.bind(args.a());
                b.bind(args.b());
            }
            result.bind(args, product);
            context.parallelFor(1, task);
        } finally {
            a.release();
            b.release();
            result.release();
        }
    }

    private void compute(Workspace workspace) {
        for (long batch = 0; batch < desc.batch(); batch++) {
            a.select(batch);
            b.select(batch);
            result.select(batch);
            for (long row = 0; row < desc.m(); row += TILE) {
                int rows = (int) Math.min(TILE, desc.m() - row);
                for (long col = 0; col < desc.n(); col += TILE) {
                    int cols = (int) Math.min(TILE, desc.n() - col);
                    clear(workspace, rows * cols);
                    if (product) {
                        accumulate(workspace, row, rows, col, cols);
                    }
                    store(workspace, row, rows, col, cols);
                }
            }
        }
    }

    /** Sets the first {@code size} sums to zero. */
    abstract void clear(Workspace workspace, int size);

    /** Sums the products of one tile, rows of {@code cols} sums. */
    abstract void accumulate(Workspace workspace, long row, int rows, long col, int cols);

    /** Hands the sums of one tile to {@link #result}. */
    abstract void store(Workspace workspace, long row, int rows, long col, int cols);

    /** Exact sums of products of integers: sums(i, j) += Σ x(i, p)·y(p, j), depth of them. */
    static void addExactProducts(long[] sums, long[] x, long[] y, int rows, int cols, int depth) {
        for (int i = 0; i < rows; i++) {
            for (int p = 0; p < depth; p++) {
                long left = x[i * depth + p];
                for (int j = 0; j < cols; j++) {
                    sums[i * cols + j] += left * y[p * cols + j];
                }
            }
        }
    }

    static void zero(long[] sums, int size) {
        Arrays.fill(sums, 0, size, 0L);
    }
}
