package dev.gamut.ffm.cpu;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.ffm.cpu.abi.gamut_h;
import dev.gamut.ffm.cpu.abi.gamut_weights;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A product with weights ready to run in C. Each task computes some columns: it gets as many rows as are computed together ready in its own
 * workspace, then a downcall for each piece of its columns, short enough for the collector to wait for.
 */
final class WeightsExecutor implements GemmExecutor, PlanContext.Task {
    /** Weights in a piece: {@value #ROWS} rows take less than a millisecond for them. */
    private static final long PIECE = 1 << 20;

    private static final long ROWS = 16;

    private final CpuLibrary library;
    private final GemmDesc desc;
    private final PlanContext context;
    private final int tasks;
    private final long rows;
    private final long workspace;
    private final MemorySegment weights = Arena.ofAuto().allocate(gamut_weights.layout());
    private GemmArgs args;

    WeightsExecutor(CpuLibrary library, int kernel, GemmDesc desc, PlanContext context, int tasks) {
        this.library = library;
        this.desc = desc;
        this.context = context;
        this.tasks = tasks;
        gamut_weights.size(weights, gamut_weights.sizeof());
        gamut_weights.kernel(weights, kernel);
        gamut_weights.m(weights, desc.m());
        gamut_weights.n(weights, desc.n());
        gamut_weights.k(weights, desc.k());
        gamut_weights.x_row(weights, desc.a().rowStride());
        Scaling ofX = desc.a().scaling();
        boolean blocks = ofX.granularity() == Scaling.Granularity.PER_BLOCK;
        gamut_weights.x_scale_type(weights, ofX.hasScales() ? ofX.scaleType().ordinal() : gamut_h.GAMUT_NO_SCALES());
        gamut_weights.x_group(weights, blocks ? ofX.block() : Long.MAX_VALUE);
        gamut_weights.w_col(weights, desc.b().colStride() * desc.b().type().bits() / 8);
        gamut_weights.group(weights, desc.b().scaling().block());
        gamut_weights.scale_type(weights, desc.b().scaling().scaleType().ordinal());
        gamut_weights.zero_type(
                weights, desc.b().scaling().zeroPointType().map(DType::ordinal).orElse(gamut_h.GAMUT_NO_ZEROS()));
        gamut_weights.y_row(weights, desc.c().rowStride());
        gamut_weights.y_col(weights, desc.c().colStride());
        this.rows = library.weightsRows(weights);
        this.workspace = library.weightsWorkspace(weights);
    }

    @Override
    public void execute(GemmArgs given) {
        gamut_weights.x_first(weights, given.a().offset());
        gamut_weights.w_first(weights, given.b().offset() * desc.b().type().bits() / 8);
        gamut_weights.y_first(weights, given.c().offset());
        gamut_weights.alpha(weights, given.alpha());
        gamut_weights.beta(weights, given.beta());
        if (desc.a().scaling().hasScales()) {
            Tensor scalesOfX = given.a().tensor().scales();
            boolean shared = desc.a().scaling().granularity() == Scaling.Granularity.PER_TENSOR;
            gamut_weights.x_scale_first(weights, scalesOfX.offset());
            gamut_weights.x_scale_row(weights, shared ? 0 : stride(scalesOfX, 2));
            gamut_weights.x_scale_group(weights, stride(scalesOfX, 1));
        }
        Tensor scales = given.b().tensor().scales();
        gamut_weights.scale_first(weights, scales.offset());
        gamut_weights.scale_group(weights, stride(scales, 2));
        gamut_weights.scale_col(weights, stride(scales, 1));
        Tensor zeros = given.b().tensor().zeroPoints();
        if (zeros != null) {
            gamut_weights.zero_first(weights, zeros.offset());
            gamut_weights.zero_group(weights, stride(zeros, 2));
            gamut_weights.zero_col(weights, stride(zeros, 1));
        }
        args = given;
        try {
            context.parallelFor(tasks, this);
        } finally {
            args = null;
        }
    }

    /** Of the axis that is so many from the end. */
    private static long stride(Tensor factors, int fromEnd) {
        Layout layout = factors.layout();
        return layout.stride(layout.rank() - fromEnd);
    }

    @Override
    public void run(int index, Workspace lent) {
        MemorySegment memory = lent.memory(workspace);
        MemorySegment x = args.a().segment();
        MemorySegment scalesOfX =
                factors(desc.a().scaling().hasScales() ? args.a().tensor().scales() : null);
        MemorySegment w = args.b().segment();
        MemorySegment y = args.c().segment();
        MemorySegment scales = factors(args.b().tensor().scales());
        MemorySegment zeros = factors(args.b().tensor().zeroPoints());
        long end = column(index + 1);
        int together = gamut_h.GAMUT_WEIGHTS_COLUMNS();
        long some = PIECE / Math.max(1, rows / ROWS) / Math.max(1, desc.k());
        long piece = Math.max(together, some / together * together);
        for (long row = 0; row < desc.m(); row += rows) {
            library.weightsBegin(weights, x, scalesOfX, row, memory);
            for (long from = column(index); from < end; from += piece) {
                long to = Math.min(end, from + piece);
                library.weightsColumns(weights, x, scalesOfX, w, scales, zeros, y, row, from, to, memory);
            }
        }
    }

    private static MemorySegment factors(Tensor tensor) {
        return tensor == null ? MemorySegment.NULL : tensor.segment();
    }

    /** Where a task begins: at a multiple of the columns that are computed together. */
    private long column(int task) {
        int together = gamut_h.GAMUT_WEIGHTS_COLUMNS();
        long units = (desc.n() + together - 1) / together;
        return Math.min(desc.n(), units * task / tasks * together);
    }
}
