package dev.gamut.vector.emulated;

import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.NativeProduct;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import dev.gamut.vector.matrix.Elements;
import dev.gamut.vector.matrix.Matrix;

/**
 * What emulated products share: one workspace for a run, the native product where theirs does not serve, and C from sums that alpha and beta are applied to
 * last. Phases of a run follow each other on the calling thread; what is parallel in them does not change bits.
 *
 * @param <S> array kind of the emulated type
 */
abstract class EmulatedExecutor<S> implements GemmExecutor, PlanContext.Task {
    private static final int STRIP_SLOT = 2;
    private static final int OLD_SLOT = 3;

    final GemmDesc desc;
    final PlanContext context;
    final Variant<S> variant;
    final Elements<S> elements;
    /** The native product where the emulated one does not serve. */
    final NativeProduct natively;
    /** Arguments of inner products. */
    final GemmArgs innerArgs = new GemmArgs();
    /** The run: its operands and factors. */
    GemmArgs args;

    private final Matrix<S> c;
    private double beta;

    EmulatedExecutor(GemmDesc desc, PlanContext context, Variant<S> variant) {
        this.desc = desc;
        this.context = context;
        this.variant = variant;
        elements = variant.elements().get();
        natively = new NativeProduct(desc, context);
        c = new Matrix<>(desc.c(), false, elements);
    }

    /** Points at the operands of the run. */
    abstract void bind();

    /** Forgets the run's memory. */
    abstract void release();

    /** Computes, with scratch memory for the whole run. */
    abstract void multiply(Workspace workspace);

    /** What the run did. */
    abstract String detail();

    @Override
    public final void execute(GemmArgs run) {
        args = run;
        try {
            if (run.alpha() == 0 || desc.k() == 0) {
                natively.run(run);
                return;
            }
            beta = elements.round(run.beta());
            c.bind(run.c());
            bind();
            context.parallelFor(1, this); // lends a workspace to the whole run
            if (run.record() != null) {
                run.record().detail(detail());
            }
        } finally {
            release();
            c.release();
            innerArgs.clear();
            args = null;
        }
    }

    @Override
    public final void run(int index, Workspace workspace) {
        multiply(workspace);
    }

    /** A part of a row of C from its sums. */
    final void store(long batch, long row, long col, int cols, double[] sums, int at, Workspace workspace) {
        S strip = elements.scratch(workspace, STRIP_SLOT, cols);
        variant.narrow().copy(sums, at, cols, strip);
        if (c.hasArrayRows()) {
            elements.join(cols, strip, 0, c.array(), (int) c.at(batch, row, col), args.alpha(), beta);
            return;
        }
        S old = elements.scratch(workspace, OLD_SLOT, cols);
        if (beta != 0) {
            c.read(batch, row, col, false, 1, cols, old, 0, cols, workspace);
        }
        elements.join(cols, strip, 0, old, 0, args.alpha(), beta);
        c.write(old, 0, cols, batch, row, col, false, 1, cols, workspace);
    }
}
