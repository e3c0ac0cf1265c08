package dev.gamut.vector.emulated;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.Cost;
import dev.gamut.spi.CostModel;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.Offer;

/**
 * A product in F64 or F32 by products of a narrower type: for callers who need no more than that. {@link Narrowing} derives the bound, which the offer chooses by
 * how many steps of k it takes at a time.
 *
 * @param <S> array kind of the type
 */
final class NarrowGemm<S> extends EmulatedGemm<S> {
    /** Terms lie in Java arrays; half of what one holds leaves room for growing it. */
    private static final double LARGEST = 1 << 29;

    private final Narrowing narrowing;

    NarrowGemm(Variant<S> variant, Narrowing narrowing) {
        super(
                variant,
                id(variant.type(), "vec" + narrowing.suffix()),
                "lowered: " + narrowing.products() + " products in " + narrowing.term());
        this.narrowing = narrowing;
    }

    @Override
    Offer<GemmExecutor> answer(GemmDesc desc, CostModel model) {
        DType type = variant.type();
        double largest = Math.max(desc.m(), desc.n()) * (double) desc.k();
        if (largest > LARGEST) {
            return new Offer.Decline<>("an operand has " + largest + " elements; it keeps at most " + LARGEST);
        }
        int steps = desc.k() == 0 ? 1 : narrowing.depth(type, desc.accuracy(), desc.k());
        if (steps == 0) {
            return new Offer.Decline<>(
                    "sums of products in " + narrowing.term() + " do not meet accuracy " + desc.accuracy());
        }
        ErrorBound bound = narrowing.bound(type, steps);
        return new Offer.Accept<>(
                cost(desc, model, steps),
                bound,
                Determinism.RUN_TO_RUN,
                plan -> new NarrowExecutor<>(desc, plan, variant, narrowing, steps, bound));
    }

    /** Rounding operands, the products of blocks, adding them up. */
    private Cost cost(GemmDesc desc, CostModel model, int steps) {
        if (desc.flops() == 0) {
            return new Cost(0, 0, 0, 0, 0);
        }
        long rows = Math.min(NarrowExecutor.ROWS, desc.m());
        long cols = Math.min(NarrowExecutor.COLS, desc.n());
        double blocks = (double) desc.m() / rows * desc.n() / cols * desc.batch();
        double products = (double) desc.k() / steps * narrowing.products() * blocks;
        Cost one = model.context()
                .inner()
                .apply(NarrowExecutor.inner(
                        MatrixDesc.rowMajor(narrowing.term(), rows, steps),
                        MatrixDesc.rowMajor(narrowing.term(), steps, cols)));
        double elements = ((double) desc.m() + desc.n()) * desc.k() * desc.batch();
        int threads = model.threadsFor(desc.flops());
        return new Cost(
                one.seconds() * products,
                model.seconds(products * rows * cols * model.get("cycles_per_sum")) / threads,
                model.seconds(elements * narrowing.terms() * model.get("cycles_per_term")) / threads,
                model.seconds(
                        model.get("call_cycles") + products * model.get("block_cycles") + model.forkCycles(threads)),
                0);
    }
}
