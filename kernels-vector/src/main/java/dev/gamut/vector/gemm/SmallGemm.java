package dev.gamut.vector.gemm;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.Cost;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.PlanContext;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Products whose operands fit L1, alone or by the thousand, where packing costs more than it gains.
 *
 * @param <S> array kind of the element type
 */
final class SmallGemm<S> extends VectorGemm<S> {
    /** Largest m, n and k: beyond this size the rows of B no longer stay in L1 and its pages not in the TLB. */
    private static final int LIMIT = 128;

    private final Supplier<Small<S>> small;
    private final Warmup warmup = new Warmup();

    SmallGemm(DType type, Supplier<Elements<S>> elements, Supplier<Small<S>> small) {
        super(type, elements, id(type, "vecsmall"), "unpacked, for sizes up to " + LIMIT + " and batches of them");
        this.small = small;
    }

    @Override
    Optional<String> decline(GemmDesc desc) {
        if (desc.b().packed().isPresent()) {
            return Optional.of("b is packed");
        }
        long largest = Math.max(desc.m(), Math.max(desc.n(), desc.k()));
        return largest > LIMIT
                ? Optional.of("size is " + largest + "; small products have sizes up to " + LIMIT)
                : Optional.empty();
    }

    @Override
    Cost cost(GemmDesc desc, Model model) {
        boolean transposed = Product.prefersTransposed(desc);
        MatrixDesc b = transposed ? desc.a().transpose() : desc.b();
        double m = transposed ? desc.n() : desc.m();
        double n = transposed ? desc.m() : desc.n();
        double k = desc.k();
        int lanes = model.lanes();
        double vectors = Math.ceil(n / lanes);
        double flops = 2 * Math.ceil(m / 4) * 4 * vectors * lanes * k;
        double elements = m * k + k * n + m * n;
        boolean copies = b.colStride() != 1 && n > 1;
        double arithmetic = flops / (model.get("fma_share", 0.4) * 4 * lanes);
        double memory = elements * model.get("cycles_per_element", 0.1);
        double packing = copies ? k * n * model.get("cycles_per_packed_element", 1) : 0;
        double call = model.get("block_cycles", 60);
        double all = (arithmetic + memory + packing + call) * desc.batch();
        int threads = desc.batch() > 1 ? model.threads(all) : 1;
        double batches = (double) desc.batch() / threads;
        return new Cost(
                model.seconds(arithmetic * batches),
                model.seconds(memory * batches),
                model.seconds(packing * batches),
                model.seconds(call * batches + model.launchCycles(threads)),
                0);
    }

    @Override
    GemmExecutor prepare(GemmDesc desc, PlanContext context) {
        Model model = new Model(new OfferContext(context.machine(), context.tuning(), context.threads()), id());
        Elements<S> elements = elements();
        Small<S> kernel = small.get();
        if (desc.flops() > 1e7) {
            warmup.once(deadline -> SmallWarmup.run(kernel, elements, model.lanes(), deadline));
        }
        Product<S> product = new Product<>(desc, Product.prefersTransposed(desc), elements);
        double cycles = desc.flops() / model.lanes() + desc.batch() * model.get("block_cycles", 60);
        int threads = (int) Math.min(model.threads(cycles), Math.max(1, desc.batch()));
        int tasks = threads == 1
                ? 1
                : (int) Math.min(desc.batch(), (long) (threads * model.get("tasks_per_thread", 2)));
        return new SmallExecutor<>(context, elements, kernel, product, tasks);
    }
}
