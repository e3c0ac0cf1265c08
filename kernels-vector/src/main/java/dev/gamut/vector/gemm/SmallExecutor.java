package dev.gamut.vector.gemm;

import dev.gamut.gemm.GemmArgs;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import dev.gamut.vector.matrix.Elements;
import dev.gamut.vector.matrix.Matrix;

/**
 * A batch of small products ready to run. Operands that are arrays of suitable strides are multiplied where they lie;
 * others are copied to scratch rows first. Tasks are ranges of the batch. Bits are those of {@link
 * dev.gamut.accuracy.EvaluationOrder#FMA_KC256}, as in {@link PackedExecutor}.
 *
 * @param <S> array kind of the element type
 */
final class SmallExecutor<S> implements GemmExecutor, PlanContext.Task {
    private static final int A_SLOT = 0;
    private static final int B_SLOT = 1;
    private static final int C_SLOT = 2;
    private static final int SUM_SLOT = 3;
    /** Elements of an operand up to which a lease of scratch memory would cost more than the product itself allows. */
    private static final long TINY = 1024;

    private final PlanContext context;
    private final Elements<S> elements;
    private final Small<S> small;
    private final Product<S> x;
    private final int tasks;
    private final int m;
    private final int n;
    private final int k;
    /** Whether there is one product, not empty, with rows of B and C contiguous. */
    private final boolean isSingle;

    /** Serves a single task on tiny operands; null for all others, whose scratch memory plans share. */
    private final Workspace own;

    SmallExecutor(PlanContext context, Elements<S> elements, Small<S> small, Product<S> product, int tasks) {
        this.context = context;
        this.elements = elements;
        this.small = small;
        this.x = product;
        this.tasks = tasks;
        m = (int) product.m;
        n = (int) product.n;
        k = (int) product.k;
        isSingle =
                product.batch == 1 && m > 0 && n > 0 && k > 0 && product.b.colStride == 1 && product.c.colStride == 1;
        boolean tiny = product.m * product.n <= TINY && product.m * product.k <= TINY && product.k * product.n <= TINY;
        own = tasks == 1 && tiny ? new Workspace() : null;
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
                context.parallelFor(tasks, this);
            }
        } finally {
            x.release();
        }
    }

    /** One product of arrays that lie as the kernel wants them needs neither scratch memory nor a place for its operands. */
    @Override
    public boolean executeShared(GemmArgs args) {
        S a = elements.cast(x.left(args).array());
        S b = elements.cast(x.right(args).array());
        S c = elements.cast(args.c().array());
        double beta = elements.round(args.beta());
        if (!isSingle || args.alpha() == 0 || a == null || b == null || c == null || isApart(args.alpha(), beta)) {
            return false;
        }
        multiply(
                a,
                (int) x.left(args).offset(),
                (int) x.a.rowStride,
                (int) x.a.colStride,
                b,
                (int) x.right(args).offset(),
                (int) x.b.rowStride,
                c,
                (int) args.c().offset(),
                (int) x.c.rowStride,
                args.alpha(),
                beta);
        return true;
    }

    /** Whether sums must be kept apart from C until the last block of k. */
    private boolean isApart(double alpha, double beta) {
        return k > Blocking.KC && (alpha != 1 || beta != 0);
    }

    /** One product, in blocks of k; see {@link Small#multiply} for the parameters. */
    private void multiply(
            S a,
            int a0,
            int rowStep,
            int colStep,
            S b,
            int b0,
            int ldb,
            S c,
            int c0,
            int ldc,
            double alpha,
            double beta) {
        int depth = Math.min(Blocking.KC, k);
        small.multiply(m, n, depth, a, a0, rowStep, colStep, b, b0, ldb, c, c0, ldc, alpha, beta);
        for (int p = depth; p < k; p += depth) {
            int rest = Math.min(depth, k - p);
            small.multiply(m, n, rest, a, a0 + p * colStep, rowStep, colStep, b, b0 + p * ldb, ldb, c, c0, ldc, 1, 1);
        }
    }

    @Override
    public void run(int index, Workspace workspace) {
        long end = Grid.cut(x.batch, 1, index + 1, tasks);
        long first = Grid.cut(x.batch, 1, index, tasks);
        if (x.isScaling()) {
            for (long e = first; e < end; e++) {
                x.scale(e, 0, m, 0, n, workspace, C_SLOT);
            }
        } else if (x.a.array() != null && x.b.hasArrayRows() && x.c.hasArrayRows()) {
            for (long e = first; e < end; e++) {
                product(
                        x.a.array(),
                        (int) x.a.at(e, 0, 0),
                        (int) x.a.rowStride,
                        (int) x.a.colStride,
                        x.b.array(),
                        (int) x.b.at(e, 0, 0),
                        (int) x.b.rowStride,
                        x.c.array(),
                        (int) x.c.at(e, 0, 0),
                        (int) x.c.rowStride,
                        workspace);
            }
        } else {
            for (long e = first; e < end; e++) {
                copied(e, workspace);
            }
        }
    }

    /** One product whose operands do not all lie as the kernel wants them. */
    private void copied(long e, Workspace workspace) {
        boolean inPlaceA = x.a.array() != null;
        boolean inPlaceB = x.b.hasArrayRows();
        boolean inPlaceC = x.c.hasArrayRows();
        S a = inPlaceA ? x.a.array() : rows(x.a, e, m, k, workspace, A_SLOT);
        S b = inPlaceB ? x.b.array() : rows(x.b, e, k, n, workspace, B_SLOT);
        S c = inPlaceC
                ? x.c.array()
                : x.beta == 0 ? elements.scratch(workspace, C_SLOT, m * n) : rows(x.c, e, m, n, workspace, C_SLOT);
        product(
                a,
                inPlaceA ? (int) x.a.at(e, 0, 0) : 0,
                inPlaceA ? (int) x.a.rowStride : k,
                inPlaceA ? (int) x.a.colStride : 1,
                b,
                inPlaceB ? (int) x.b.at(e, 0, 0) : 0,
                inPlaceB ? (int) x.b.rowStride : n,
                c,
                inPlaceC ? (int) x.c.at(e, 0, 0) : 0,
                inPlaceC ? (int) x.c.rowStride : n,
                workspace);
        if (!inPlaceC) {
            x.c.write(c, 0, n, e, 0, 0, false, m, n, workspace);
        }
    }

    /** One product with the run's factors. */
    private void product(
            S a, int a0, int rowStep, int colStep, S b, int b0, int ldb, S c, int c0, int ldc, Workspace workspace) {
        if (!isApart(x.alpha, x.beta)) {
            multiply(a, a0, rowStep, colStep, b, b0, ldb, c, c0, ldc, x.alpha, x.beta);
            return;
        }
        S sums = elements.scratch(workspace, SUM_SLOT, m * n);
        multiply(a, a0, rowStep, colStep, b, b0, ldb, sums, 0, n, 1, 0);
        for (int i = 0; i < m; i++) {
            elements.join(n, sums, i * n, c, c0 + i * ldc, x.alpha, x.beta);
        }
    }

    private S rows(Matrix<S> from, long e, int rows, int cols, Workspace workspace, int slot) {
        S copy = elements.scratch(workspace, slot, rows * cols);
        from.read(e, 0, 0, false, rows, cols, copy, 0, cols, workspace);
        return copy;
    }
}
