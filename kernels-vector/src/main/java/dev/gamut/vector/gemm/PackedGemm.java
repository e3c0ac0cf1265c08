package dev.gamut.vector.gemm;

import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Cost;
import dev.gamut.spi.CostModel;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;
import dev.gamut.vector.matrix.Elements;
import dev.gamut.vector.matrix.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Large products: operands are packed into panels and multiplied by a {@link Tile}. One object is one entry of the
 * table: a type and a tile. Which tile is best depends on the machine more than on the shape, so that is what the
 * tuning table says.
 *
 * <p>Tried and lost, one thread, n = 1024 and 2048, F64 on a Zen 5 core with 1 MiB of L2, as ratios of speed in turn
 * with what is here: blocks of B of 64 columns (0.98), of 512 (0.97), 512 rows to one packing of B (0.95). On 16 registers tiles made for 32 spill (0.55). Panels start at a
 * cache line because vectors that straddle two cost up to a tenth on cores with two load ports.
 *
 * @param <S> array kind of the element type
 */
class PackedGemm<S> extends VectorGemm<S> {
    /** Share of L2 that A may take to be read where it lies; beyond, panels must be contiguous to be prefetched. */
    private static final double IN_CACHE = 0.5;

    private final Supplier<Tile<S>> tile;
    private final Warmup warmup = new Warmup();

    PackedGemm(DType type, String tileName, Supplier<Elements<S>> elements, Supplier<Tile<S>> tile) {
        this(type, id(type, "vec").tile(tileName).order(EvaluationOrder.FMA_KC256), elements, tile);
    }

    PackedGemm(DType type, KernelId id, Supplier<Elements<S>> elements, Supplier<Tile<S>> tile) {
        super(type, elements, id, "packed panels, register tile " + id.tile().orElseThrow());
        this.tile = tile;
    }

    /** Calls both methods of the tile so many times. */
    final void exercise(int rounds) {
        Elements<S> elements = elements();
        TileWarmup.exercise(tile.get(), elements, mr(elements.lanes()), nr(elements.lanes()), rounds);
    }

    /** The operands and factors of an operation. */
    Product<S> product(GemmDesc desc, boolean transposed, Elements<S> elements) {
        return new Product<>(desc, transposed, elements);
    }

    /** What each task does with sums that are kept apart. */
    Completion<S> completion(GemmDesc desc, Product<S> product, Elements<S> elements) {
        return new Joined<>(product, elements);
    }

    private int mr(int lanes) {
        return id().tile().orElseThrow().rows(lanes);
    }

    private int nr(int lanes) {
        return id().tile().orElseThrow().cols(lanes);
    }

    @Override
    Optional<String> decline(GemmDesc desc) {
        return desc.b().packed().isPresent() && !packs(desc.b())
                ? Optional.of("b is packed and differs from batch to batch")
                : Optional.empty();
    }

    @Override
    Cost cost(GemmDesc desc, CostModel model) {
        boolean packedB = desc.b().packed().isPresent();
        boolean transposed = !packedB && Product.prefersTransposed(desc);
        double m = transposed ? desc.n() : desc.m();
        double n = transposed ? desc.m() : desc.n();
        double k = desc.k();
        int mr = mr(model.lanes());
        int nr = nr(model.lanes());
        Blocking blocking = blocking(model, model.lanes());
        double flops = 2.0 * Math.ceil(m / mr) * mr * Math.ceil(n / nr) * nr * k * desc.batch();
        double passes = Math.ceil(m / blocking.mc());
        double blocks = Math.ceil(k / Blocking.KC) * Math.ceil(n / blocking.nc()) * desc.batch();
        double updates = m * n * Math.ceil(k / Blocking.KC) * desc.batch();
        double arithmetic = flops / model.peak("fma_share");
        double packing = (packing(m * k, model) + (packedB ? 0 : passes * packing(n * k, model))) * desc.batch();
        double memory = updates * model.get("cycles_per_result");
        int threads = model.threadsFor(desc.flops());
        return new Cost(
                model.seconds(arithmetic) / threads,
                model.seconds(memory) / threads,
                model.seconds(packing) / threads,
                model.seconds(blocks * model.get("block_cycles") / threads + model.forkCycles(threads)),
                0);
    }

    /** Cycles for an operand: those of copying it, or of bringing it from memory where it does not fit L2. */
    private double packing(double elements, CostModel model) {
        double bytes = elements * type().bits() / 8;
        double copying = elements * model.get("cycles_per_packed_element");
        boolean near = bytes <= model.context().machine().caches().l2();
        return near ? copying : Math.max(copying, bytes / model.get("memory_bytes_per_cycle"));
    }

    private Blocking blocking(CostModel model, int lanes) {
        OfferContext context = model.context();
        return Blocking.of(context.machine(), context.tuning(), id(), type().bits() / 8, mr(lanes), nr(lanes));
    }

    @Override
    GemmExecutor prepare(GemmDesc desc, PlanContext context) {
        CostModel model = model(context);
        Elements<S> elements = elements();
        int lanes = elements.lanes();
        Tile<S> kernel = tile.get();
        if (desc.flops() > 1e7) {
            warmup.once(budget -> TileWarmup.run(kernel, elements, mr(lanes), nr(lanes), budget));
        }
        boolean transposed = desc.b().packed().isEmpty() && Product.prefersTransposed(desc);
        Product<S> product = product(desc, transposed, elements);
        int threads = model.threadsFor(desc.flops());
        int perThread = threads == 1 ? 1 : (int) model.get("tasks_per_thread");
        double bytesOfA = (double) product.m * product.k * type().bits() / 8;
        boolean inCache = bytesOfA <= IN_CACHE * context.machine().caches().l2();
        Grid grid = Grid.of(threads * perThread, product.batch, product.m, product.n, mr(lanes), nr(lanes));
        return new PackedExecutor<>(
                context,
                elements,
                kernel,
                mr(lanes),
                nr(lanes),
                blocking(model, lanes),
                product,
                grid,
                inCache,
                () -> completion(desc, product, elements));
    }

    /** Right operands of its type that are one matrix for the whole batch: panels hold what it computes with. */
    @Override
    public boolean packs(MatrixDesc b) {
        return b.type() == id().types().get(1) && !b.scaling().hasScales() && b.batchStride() == 0;
    }

    @Override
    public PackedMatrix pack(MatrixDesc b, Operand data, PlanContext context) {
        Elements<S> elements = elements();
        int nr = nr(elements.lanes());
        Blocking blocking = blocking(model(context), elements.lanes());
        int nc = Blocking.even(b.cols(), blocking.nc(), nr);
        Matrix<S> matrix = new Matrix<>(b, false, elements);
        matrix.bind(data);
        Panels<S> panels = new Panels<>(elements, 0);
        Workspace workspace = new Workspace();
        List<S> blocks = new ArrayList<>();
        long bytes = 0;
        for (long p = 0; p < b.rows(); p += Blocking.KC) {
            int depth = (int) Math.min(Blocking.KC, b.rows() - p);
            for (long j = 0; j < b.cols(); j += nc) {
                int cols = (int) Math.min(nc, b.cols() - j);
                int size = elements.lineStart() + Blocking.roundUp(cols, nr) * depth + elements.lanes();
                S block = elements.allocate(size);
                panels.pack(matrix, 0, p, j, true, cols, nr, depth, block, elements.lineStart(), workspace);
                blocks.add(block);
                bytes += (long) size * type().bits() / 8;
            }
        }
        int colBlocks = (int) ((b.cols() + nc - 1) / nc);
        KernelId kernel = id();
        return new PackedMatrix(
                b.packed(kernel), new PackedPanels<>(nc, colBlocks, elements.lineStart(), List.copyOf(blocks)), bytes);
    }
}
