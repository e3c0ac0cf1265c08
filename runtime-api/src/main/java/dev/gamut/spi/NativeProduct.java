package dev.gamut.spi;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Operand;
import java.util.List;
import java.util.Optional;

/**
 * What an emulated product leaves to native arithmetic: itself, or blocks of it, in the order {@link EvaluationOrder#FMA_KC256}, whose bits are
 * the same everywhere. Plans are made when first needed. One thread at a time.
 */
public final class NativeProduct {
    /** Inner blocks, and those at the right edge, at the bottom, and in the corner. */
    private static final int SIZES = 4;

    private final GemmDesc desc;
    private final PlanContext context;
    private final GemmPlan[] blocks = new GemmPlan[SIZES];
    private final GemmArgs args = new GemmArgs();
    private GemmPlan whole;

    /**
     * That of an operation on plain operands, without epilogue.
     *
     * @param desc the operation
     * @param context who makes plans
     */
    public NativeProduct(GemmDesc desc, PlanContext context) {
        this.desc = desc;
        this.context = context;
    }

    /**
     * Computes the whole operation.
     *
     * @param run its operands and factors
     */
    public void run(GemmArgs run) {
        whole = whole == null ? plan(desc.a(), desc.b(), desc.c(), desc.batch()) : whole;
        whole.run(run);
    }

    /**
     * Computes a block of one matrix of the batch.
     *
     * @param run operands and factors of the whole operation
     * @param batch which matrix
     * @param size rows and columns of blocks, of which the last ones may have fewer
     * @param row which block along m
     * @param col which block along n
     */
    public void runBlock(GemmArgs run, long batch, int size, long row, long col) {
        long rows = Math.min(size, desc.m() - row * size);
        long cols = Math.min(size, desc.n() - col * size);
        int at = (rows < size ? 2 : 0) + (cols < size ? 1 : 0);
        if (blocks[at] == null) {
            blocks[at] =
                    plan(part(desc.a(), rows, desc.k()), part(desc.b(), desc.k(), cols), part(desc.c(), rows, cols), 1);
        }
        point(args.a(), run.a(), desc.a(), batch, row * size, 0);
        point(args.b(), run.b(), desc.b(), batch, 0, col * size);
        point(args.c(), run.c(), desc.c(), batch, row * size, col * size);
        try {
            blocks[at].run(args.scalars(run.alpha(), run.beta()));
        } finally {
            args.clear();
        }
    }

    private GemmPlan plan(MatrixDesc a, MatrixDesc b, MatrixDesc c, long matrices) {
        return context.plan(new GemmDesc(
                a,
                b,
                c,
                desc.acc(),
                matrices,
                List.of(),
                Accuracy.NATIVE,
                Determinism.bitwise(EvaluationOrder.FMA_KC256)));
    }

    private static MatrixDesc part(MatrixDesc whole, long rows, long cols) {
        return new MatrixDesc(
                whole.type(), rows, cols, whole.rowStride(), whole.colStride(), 0, Scaling.NONE, Optional.empty());
    }

    /** Points at a block of an operand. */
    private static void point(Operand to, Operand from, MatrixDesc matrix, long batch, long row, long col) {
        DType type = matrix.type();
        long first = from.offset() + batch * matrix.batchStride() + row * matrix.rowStride() + col * matrix.colStride();
        if (from.array() != null) {
            to.set(from.array(), first);
        } else {
            to.set(from.segmentOrNull(), type, first);
        }
    }
}
