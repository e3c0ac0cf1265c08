package dev.gamut.vector.gemm;

import dev.gamut.accuracy.Determinism;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.CacheTopology;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Cost;
import dev.gamut.spi.CostModel;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.PlanContext;
import dev.gamut.vector.matrix.Elements;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Up to {@value #ROWS} rows times weights, as a decoder multiplies them for each token: bound by reading the weights, once, as long
 * as they lie along k.
 *
 * <p>Error: weights are dequantised to F32 first, each product then passes a chain of at most k / 2L fused multiply-adds, log2 2L
 * additions of lanes, the elements left over and one addition for each piece of k, no more than k + 2 roundings together.
 */
final class SkinnyGemm extends VectorGemm<float[]> {
    private static final int ROWS = 16;
    /** Elements of the left operand, which is decoded as a whole. */
    private static final double LARGEST_A = 1 << 24;
    /** Outputs that are not split between tasks. */
    static final int UNIT = 32;

    SkinnyGemm(List<DType> types, Supplier<Elements<float[]>> elements) {
        super(
                DType.F32,
                elements,
                KernelId.of("gemm", types, "vecskinny"),
                "up to " + ROWS + " rows times weights along k, read once");
    }

    @Override
    public boolean fuses(Epilogue.Op op) {
        return true;
    }

    @Override
    Determinism determinism() {
        return Determinism.RUN_TO_RUN;
    }

    @Override
    Optional<String> decline(GemmDesc desc) {
        if (desc.m() > ROWS) {
            return Optional.of("m is " + desc.m() + "; it must be at most " + ROWS);
        }
        double elements = (double) desc.m() * desc.k();
        return elements > LARGEST_A
                ? Optional.of("a has " + (long) elements + " elements; allowed are " + (long) LARGEST_A)
                : Optional.empty();
    }

    @Override
    Cost cost(GemmDesc desc, CostModel model) {
        double weights = (double) desc.n() * desc.k();
        double bytes = weights * desc.b().type().bits() / 8;
        CacheTopology caches = model.context().machine().caches();
        boolean far = bytes * desc.batch() > Math.max(caches.l2(), caches.l3());
        double memory = far ? bytes / model.get("memory_bytes_per_cycle") : 0;
        boolean direct = desc.m() == 1 && liesAlongK(desc.b());
        double decoding = weights * model.get(direct ? "cycles_per_code" : "cycles_per_packed_element");
        double gathering = liesAlongK(desc.b()) ? 0 : weights * model.get("cycles_per_scattered_element");
        double arithmetic = 2 * weights * desc.m() / model.peak("fma_share");
        double outputs = (double) desc.n() * desc.m() * model.get("cycles_per_row");
        int threads = threads(desc, model);
        double batches = (double) desc.batch() / threads;
        return new Cost(
                model.seconds((arithmetic + decoding) * batches),
                model.seconds(memory * batches),
                model.seconds(gathering * batches),
                model.seconds((outputs + model.get("block_cycles")) * batches + model.forkCycles(threads)),
                0);
    }

    private static boolean liesAlongK(MatrixDesc b) {
        return b.rowStride() == 1 || b.rows() <= 1;
    }

    private static int threads(GemmDesc desc, CostModel model) {
        double units = Math.ceil(desc.n() / (double) UNIT) * desc.batch();
        return (int) Math.clamp(
                units, 1, model.threads((double) desc.n() * desc.k() * desc.batch() * model.get("cycles_per_code")));
    }

    @Override
    GemmExecutor prepare(GemmDesc desc, PlanContext context) {
        CostModel model = model(context);
        Elements<float[]> elements = elements();
        Chain chain = desc.epilogue().isEmpty() ? null : new Chain(desc, false, elements);
        Product<float[]> product = new Product<>(desc, false, elements, Method.FMA, chain, null);
        int threads = threads(desc, model);
        int tasks = threads == 1 ? 1 : (int) (threads * model.get("tasks_per_thread"));
        Grid grid = Grid.of(tasks, product.batch, product.n, 1, UNIT, 1);
        Supplier<Completion<float[]>> completion =
                () -> chain == null ? new Joined<>(product, elements) : new Finished(product);
        return new SkinnyExecutor(
                context,
                elements,
                new F32Gemv(),
                product,
                grid,
                CodeDots.of(desc.b().type()),
                completion);
    }
}
