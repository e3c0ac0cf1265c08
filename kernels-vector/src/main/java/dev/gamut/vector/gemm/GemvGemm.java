package dev.gamut.vector.gemm;

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
 * Matrix times vector (n = 1) and vector times matrix (m = 1, the transposed problem), bound by reading the matrix
 * once.
 *
 * <p>Error: each of at most k products passes a chain of k / 2L fused multiply-adds, log2 2L additions of the lanes,
 * the elements left over and one addition for each piece of x, no more than k + 2 roundings together.
 *
 * @param <S> array kind of the element type
 */
final class GemvGemm<S> extends VectorGemm<S> {
    /** Rows that are not split between tasks. */
    static final int UNIT = 32;

    private final Supplier<Gemv<S>> gemv;

    GemvGemm(DType type, Supplier<Elements<S>> elements, Supplier<Gemv<S>> gemv) {
        super(type, elements, id(type, "vecgemv"), "matrix times vector, read along its unit stride");
        this.gemv = gemv;
    }

    @Override
    Optional<String> decline(GemmDesc desc) {
        if (desc.b().packed().isPresent()) {
            return Optional.of("b is packed");
        }
        return desc.m() != 1 && desc.n() != 1
                ? Optional.of("result is " + desc.m() + "×" + desc.n() + "; one of its sizes must be 1")
                : Optional.empty();
    }

    private static boolean isTransposed(GemmDesc desc) {
        return desc.n() != 1;
    }

    @Override
    Cost cost(GemmDesc desc, CostModel model) {
        MatrixDesc a = isTransposed(desc) ? desc.b().transpose() : desc.a();
        double rows = a.rows();
        double k = a.cols();
        boolean contiguousRows = a.colStride() == 1 || k == 1;
        boolean contiguous = contiguousRows || a.rowStride() == 1 || rows == 1;
        double bytes = rows * k * type().bits() / 8.0;
        CacheTopology caches = model.context().machine().caches();
        double rate = bytes * desc.batch() > Math.max(caches.l2(), caches.l3())
                ? model.get("memory_bytes_per_cycle")
                : model.get("cache_bytes_per_cycle");
        double memory = bytes / rate;
        double packing = contiguous ? 0 : rows * k * model.get("cycles_per_packed_element");
        double perRow = contiguousRows ? model.get("cycles_per_row") : 1;
        double call = rows * perRow + model.get("block_cycles");
        int threads = threads(desc, model);
        double batches = (double) desc.batch() / threads;
        return new Cost(
                0,
                model.seconds(memory * batches),
                model.seconds(packing * batches),
                model.seconds(call * batches + model.forkCycles(threads)),
                0);
    }

    /** Threads that reading the matrix at cache speed pays for, and no more than there are units of rows. */
    private int threads(GemmDesc desc, CostModel model) {
        double bytes = desc.flops() * type().bits() / 16;
        double units = Math.ceil((isTransposed(desc) ? desc.n() : desc.m()) / (double) UNIT) * desc.batch();
        return (int) Math.clamp(units, 1, model.threads(bytes / model.get("cache_bytes_per_cycle")));
    }

    @Override
    GemmExecutor prepare(GemmDesc desc, PlanContext context) {
        CostModel model = model(context);
        Elements<S> elements = elements();
        Product<S> product = new Product<>(desc, isTransposed(desc), elements);
        int threads = threads(desc, model);
        int tasks = threads == 1 ? 1 : (int) (threads * model.get("tasks_per_thread"));
        Grid grid = Grid.of(tasks, product.batch, product.m, 1, UNIT, 1);
        return new GemvExecutor<>(context, elements, gemv.get(), product, grid);
    }
}
