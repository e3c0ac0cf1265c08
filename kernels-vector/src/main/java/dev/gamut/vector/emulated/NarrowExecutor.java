package dev.gamut.vector.emulated;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import java.util.Locale;

/**
 * A product in a narrower type, ready to run: operands are rounded to terms once, then blocks of C are multiplied over as many steps of k as the bound allows,
 * again and again, their sums added up in F64. Where numbers leave the {@link Range} the whole run is native.
 *
 * @param <S> array kind of the operands' type
 */
final class NarrowExecutor<S> extends EmulatedExecutor<S> {
    /** A block of C: sums of 2 MiB, products of 1 MiB. */
    static final int ROWS = 512;

    static final int COLS = 512;
    private static final int GROUP = 16;
    private static final int PRODUCT_SLOT = 7;
    private static final int SUM_SLOT = 4;
    private static final int RIGHT_SLOT = 3;

    private final Narrowing narrowing;
    private final ErrorBound bound;
    private final int steps;
    private final Terms<S> a;
    private final Terms<S> b;
    private final GemmPlan[] inner = new GemmPlan[8];
    private final PlanContext.Task roundA;
    private final PlanContext.Task roundB;
    private final PlanContext.Task add = this::add;
    private final PlanContext.Task finish = this::finish;

    /** The block: matrix of the batch, first row and column, size. */
    private long batch;

    private long row;
    private long col;
    private int rows;
    private int cols;
    /** Whether sums begin. */
    private boolean first;

    private float[] products;
    private double[] sums;
    private boolean fits;

    NarrowExecutor(
            GemmDesc desc, PlanContext context, Variant<S> variant, Narrowing narrowing, int steps, ErrorBound bound) {
        super(desc, context, variant);
        this.narrowing = narrowing;
        this.steps = steps;
        this.bound = bound;
        a = new Terms<>(narrowing, variant, elements, desc.a());
        b = new Terms<>(narrowing, variant, elements, desc.b());
        roundA = a::round;
        roundB = b::round;
    }

    @Override
    void bind() {
        a.bind(args.a());
        b.bind(args.b());
    }

    @Override
    void release() {
        a.release();
        b.release();
        products = null;
        sums = null;
    }

    @Override
    String detail() {
        return fits
                ? String.format(
                        Locale.ROOT,
                        "%d products in %s, %d steps at a time, bound %.2g",
                        narrowing.products(),
                        narrowing.term(),
                        steps,
                        bound.relative(desc.k()))
                : "native: numbers of " + a.range() + " and " + b.range() + " are no range for " + narrowing.term();
    }

    @Override
    void multiply(Workspace workspace) {
        fits = true;
        for (batch = 0; batch < desc.batch() && fits; batch++) {
            a.begin(batch, workspace, 0);
            b.begin(batch, workspace, RIGHT_SLOT);
            context.parallelFor(Terms.TASKS, roundA);
            context.parallelFor(Terms.TASKS, roundB);
            fits = a.range().fits(b.range(), desc.k());
        }
        // A batch is rounded twice, so that C is not touched before all of it is known to fit.
        if (!fits) {
            natively.run(args);
            return;
        }
        for (batch = 0; batch < desc.batch(); batch++) {
            if (desc.batch() > 1) {
                a.begin(batch, workspace, 0);
                b.begin(batch, workspace, RIGHT_SLOT);
                context.parallelFor(Terms.TASKS, roundA);
                context.parallelFor(Terms.TASKS, roundB);
            }
            blocks(workspace);
        }
    }

    private void blocks(Workspace workspace) {
        for (row = 0; row < desc.m(); row += ROWS) {
            rows = (int) Math.min(ROWS, desc.m() - row);
            for (col = 0; col < desc.n(); col += COLS) {
                cols = (int) Math.min(COLS, desc.n() - col);
                products = workspace.floats(PRODUCT_SLOT, rows * cols);
                sums = workspace.doubles(SUM_SLOT, rows * cols);
                first = true;
                for (long p = 0; p < desc.k(); p += steps) {
                    multiply(p, (int) Math.min(steps, desc.k() - p));
                }
                context.parallelFor(groups(), finish);
            }
        }
    }

    /** Small products first: they are added to each other before they meet the large one. */
    private void multiply(long p, int depth) {
        GemmPlan plan = inner(depth);
        for (int both = narrowing.terms() - 1; both >= 0; both--) {
            for (int i = 0; i <= both; i++) {
                a.point(innerArgs.a(), i, row, p);
                b.point(innerArgs.b(), both - i, p, col);
                innerArgs.c().set(products, 0);
                plan.run(innerArgs);
                context.parallelFor(groups(), add);
                first = false;
            }
        }
    }

    private int groups() {
        return (rows + GROUP - 1) / GROUP;
    }

    private void add(int group, Workspace workspace) {
        int from = group * GROUP * cols;
        int to = Math.min(rows, (group + 1) * GROUP) * cols;
        float[] x = products;
        double[] sum = sums;
        if (first) {
            for (int i = from; i < to; i++) {
                sum[i] = x[i];
            }
        } else {
            for (int i = from; i < to; i++) {
                sum[i] += x[i];
            }
        }
    }

    private void finish(int group, Workspace workspace) {
        int end = Math.min(rows, (group + 1) * GROUP);
        for (int i = group * GROUP; i < end; i++) {
            store(batch, row + i, col, cols, sums, i * cols, workspace);
        }
    }

    private GemmPlan inner(int depth) {
        int at = (rows < ROWS ? 4 : 0) + (cols < COLS ? 2 : 0) + (depth < steps ? 1 : 0);
        if (inner[at] == null) {
            inner[at] = context.plan(inner(a.part(rows, depth), b.part(depth, cols)));
        }
        return inner[at];
    }

    /** The product of a block's terms. */
    static GemmDesc inner(MatrixDesc left, MatrixDesc right) {
        return GemmDesc.of(left, right, MatrixDesc.rowMajor(DType.F32, left.rows(), right.cols()))
                .accuracy(Accuracy.NATIVE)
                .determinism(Determinism.RUN_TO_RUN);
    }
}
