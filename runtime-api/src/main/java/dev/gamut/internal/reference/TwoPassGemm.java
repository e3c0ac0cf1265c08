package dev.gamut.internal.reference;

import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;

/**
 * A product by any kernel, followed by the shared epilogue pass: in C itself where the product's descriptor has the C of
 * the whole operation, otherwise in a scratch matrix that this executor owns, with alpha and beta left to the pass.
 */
public final class TwoPassGemm implements GemmExecutor {
    private final GemmDesc product;
    private final GemmExecutor executor;
    private final EpiloguePass pass;
    private final Tensor scratch;
    private final GemmArgs inner = new GemmArgs();

    /**
     * Joins both passes.
     *
     * @param desc the whole operation
     * @param product the same without epilogue; its C is that of {@code desc} or a contiguous matrix for each of the batch,
     *     of the accumulator's type or, for sums of integers, I64
     * @param executor computes the product
     */
    public TwoPassGemm(GemmDesc desc, GemmDesc product, GemmExecutor executor) {
        this.product = product;
        this.executor = executor;
        this.pass = new EpiloguePass(desc);
        MatrixDesc c = product.c();
        boolean inPlace = c.equals(desc.c()) && !c.type().isInteger();
        this.scratch = inPlace ? null : Tensor.zeros(c.type(), c.extent(product.batch()));
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
            multiply(args);
        } finally {
            inner.clear();
        }
    }

    private void multiply(GemmArgs args) {
        if (scratch == null) {
            point(inner.c(), args.c(), product.c());
            executor.execute(inner.scalars(args.alpha(), args.beta()));
            pass.run(args);
        } else {
            inner.c().set(scratch);
            if (args.alpha() != 0 && product.k() > 0) {
                executor.execute(inner.scalars(1, 0));
            }
            pass.run(args, product.c(), scratch.segment(), scratch.offset());
        }
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
