package dev.gamut.internal.reference;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;

/**
 * A product by any kernel, followed by the shared epilogue pass: in C itself where the product's descriptor has the C of
 * the whole operation, otherwise in a workspace, as any large scratch, with alpha and beta left to the pass.
 */
public final class TwoPassGemm implements GemmExecutor {
    private final GemmDesc product;
    private final GemmExecutor executor;
    private final EpiloguePass pass;
    private final PlanContext context;
    private final PlanContext.Task throughScratch = (index, workspace) -> multiply(workspace);
    private final boolean inPlace;
    private final GemmArgs inner = new GemmArgs();
    private GemmArgs run;

    /**
     * Joins both passes.
     *
     * @param desc the whole operation
     * @param product the same without epilogue; its C is that of {@code desc} or a contiguous matrix for each of the batch,
     *     of the accumulator's type or, for sums of integers, I64
     * @param executor computes the product
     * @param context has workspaces
     */
    public TwoPassGemm(GemmDesc desc, GemmDesc product, GemmExecutor executor, PlanContext context) {
        this.product = product;
        this.executor = executor;
        this.context = context;
        this.pass = new EpiloguePass(desc);
        MatrixDesc c = product.c();
        this.inPlace = c.equals(desc.c()) && !c.type().isInteger();
    }

    @Override
    public void execute(GemmArgs args) {
        try {
            point(inner.a(), args.a(), product.a());
            if (args.packedB() != null) {
                inner.packedB(args.packedB());
            } else {
                point(inner.b(), args.b(), product.b());
            }
            inner.record(args.record());
            if (inPlace) {
                point(inner.c(), args.c(), product.c());
                executor.execute(inner.scalars(args.alpha(), args.beta()));
                pass.run(args);
            } else {
                run = args;
                context.parallelFor(1, throughScratch);
            }
        } finally {
            run = null;
            inner.clear();
        }
    }

    private void multiply(Workspace workspace) {
        inner.c().set(scratch(workspace), 0);
        if (run.alpha() != 0 && product.k() > 0) {
            executor.execute(inner.scalars(1, 0));
        }
        pass.run(run, product.c(), inner.c().segment(), 0);
    }

    /** An array of the sums' type. */
    private Object scratch(Workspace workspace) {
        DType type = product.c().type();
        int size = Math.toIntExact(product.c().extent(product.batch()));
        return type.isInteger()
                ? workspace.longs(0, size)
                : type.precision() > Float.PRECISION ? workspace.doubles(0, size) : workspace.floats(0, size);
    }

    private static void point(Operand to, Operand from, MatrixDesc matrix) {
        if (from.tensor() != null) {
            to.set(from.tensor());
        } else if (from.array() != null) {
            to.set(from.array(), from.offset());
        } else if (!from.isEmpty()) {
            to.set(from.segmentOrNull(), matrix.type(), from.offset());
        }
    }
}
