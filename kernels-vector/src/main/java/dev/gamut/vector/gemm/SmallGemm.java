package dev.gamut.vector.gemm;

import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.CacheTopology;
import dev.gamut.spi.Cost;
import dev.gamut.spi.CostModel;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.PlanContext;
import dev.gamut.vector.matrix.Elements;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Products whose operands fit L1, alone or by the thousand, and narrow ones, where packing costs more than it gains.
 *
 * @param <S> array kind of the element type
 */
final class SmallGemm<S> extends VectorGemm<S> {
    /** Most elements of an operand, because operands that do not lie as the kernel wants them are copied whole. */
    private static final double LIMIT = 1 << 20;

    private final Supplier<Small<S>> small;
    private final Warmup warmup = new Warmup();

    SmallGemm(DType type, Supplier<Elements<S>> elements, Supplier<Small<S>> small) {
        super(
                type,
                elements,
                id(type, "vecsmall").order(EvaluationOrder.FMA_KC256),
                "unpacked, for operands that fit L1 or L2, and batches of them");
        this.small = small;
    }

    @Override
    Optional<String> decline(GemmDesc desc) {
        if (desc.b().packed().isPresent()) {
            return Optional.of("b is packed");
        }
        double m = desc.m();
        double largest = Math.max(m * desc.k(), Math.max((double) desc.k() * desc.n(), m * desc.n()));
        return largest > LIMIT
                ? Optional.of(
                        "the largest operand has " + (long) largest + " elements; unpacked are up to " + (long) LIMIT)
                : Optional.empty();
    }

    @Override
    Cost cost(GemmDesc desc, CostModel model) {
        boolean transposed = Product.prefersTransposed(desc);
        MatrixDesc b = transposed ? desc.a().transpose() : desc.b();
        double m = transposed ? desc.n() : desc.m();
        double n = transposed ? desc.m() : desc.n();
        double k = desc.k();
        int lanes = model.lanes();
        double vectors = Math.ceil(n / lanes);
        double flops = 2 * Math.ceil(m / 4) * 4 * vectors * lanes * k;
        boolean copies = b.colStride() != 1 && n > 1;
        double arithmetic = flops / model.peak("fma_share");
        // Every eight rows read B again, from wherever it fits.
        CacheTopology caches = model.context().machine().caches();
        double bytesOfB = k * n * type().bits() / 8;
        String level = bytesOfB > caches.l2() ? "cycles_per_l3_vector" : "cycles_per_l2_vector";
        double beyondL1 = Math.max(0, 1 - caches.l1() / bytesOfB);
        double memory = beyondL1 * Math.ceil(m / 8) * k * vectors * model.get(level);
        double packing = copies ? k * n * model.get("cycles_per_packed_element") : 0;
        double call = model.get("block_cycles");
        int threads = threads(desc, model);
        double batches = (double) desc.batch() / threads;
        return new Cost(
                model.seconds(arithmetic * batches),
                model.seconds(memory * batches),
                model.seconds(packing * batches),
                model.seconds(call * batches + model.get("call_cycles") + model.forkCycles(threads)),
                0);
    }

    /** Only batches are shared between threads. */
    private static int threads(GemmDesc desc, CostModel model) {
        double calls = model.get("block_cycles") * desc.batch();
        return (int)
                Math.clamp(model.threads(calls + desc.flops() / (4 * model.lanes())), 1, Math.max(1, desc.batch()));
    }

    @Override
    GemmExecutor prepare(GemmDesc desc, PlanContext context) {
        CostModel model = model(context);
        Elements<S> elements = elements();
        Small<S> kernel = small.get();
        if (desc.flops() > 1e7) {
            warmup.once(deadline -> SmallWarmup.run(kernel, elements, deadline));
        }
        Product<S> product = new Product<>(desc, Product.prefersTransposed(desc), elements);
        int threads = threads(desc, model);
        int tasks = threads == 1 ? 1 : (int) Math.min(desc.batch(), (long) (threads * model.get("tasks_per_thread")));
        return new SmallExecutor<>(context, elements, kernel, product, tasks);
    }
}
