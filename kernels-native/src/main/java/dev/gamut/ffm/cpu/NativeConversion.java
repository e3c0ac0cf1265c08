package dev.gamut.ffm.cpu;

import dev.gamut.convert.ConvertArgs;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.ffm.cpu.abi.gamut_convert;
import dev.gamut.ffm.cpu.abi.gamut_h;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.ConvertExecutor;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A conversion ready to run in C. Tasks are ranges of rows, or of columns where there are few rows; a downcall for each piece, short
 * enough for the collector to wait for.
 */
final class NativeConversion implements ConvertExecutor, PlanContext.Task {
    /** Elements of a piece: tens of microseconds. */
    private static final long PIECE = 1 << 17;

    /** Columns begin at a multiple of this: whole vectors, and whole bytes of codes of 4 bits. */
    private static final long COLUMNS = 64;

    /** So that threads which are held up leave work to others. */
    private static final int TASKS_PER_THREAD = 2;

    private final CpuLibrary library;
    private final PlanContext context;
    private final long rows;
    private final long cols;
    private final int tasks;
    private final Scaling scaling;
    private final boolean scalesX;
    private final MemorySegment convert = Arena.ofAuto().allocate(gamut_convert.layout());
    private ConvertArgs args;

    NativeConversion(CpuLibrary library, int kernel, ConvertDesc desc, PlanContext context, int threads) {
        this.library = library;
        this.context = context;
        MatrixDesc x = desc.x();
        MatrixDesc y = desc.y();
        scalesX = x.scaling().hasScales();
        scaling = scalesX ? x.scaling() : y.scaling();
        boolean one = !scaling.hasScales() && isDense(x) && isDense(y);
        rows = one ? 1 : x.rows();
        cols = one ? x.rows() * x.cols() : x.cols();
        tasks = threads == 1 || desc.sharesBytes() ? 1 : threads * TASKS_PER_THREAD;
        gamut_convert.size(convert, gamut_convert.sizeof());
        gamut_convert.kernel(convert, kernel);
        gamut_convert.x_row(convert, x.rowStride());
        gamut_convert.y_row(convert, y.rowStride());
        boolean blocks = scaling.granularity() == Scaling.Granularity.PER_BLOCK;
        gamut_convert.group(convert, !scaling.hasScales() ? 0 : blocks ? scaling.block() : Math.max(1, cols));
        gamut_convert.scale_type(convert, scaling.scaleType().ordinal());
        gamut_convert.zero_type(
                convert, scaling.zeroPointType().map(DType::ordinal).orElse(gamut_h.GAMUT_NO_ZEROS()));
    }

    private static boolean isDense(MatrixDesc m) {
        return m.rows() <= 1 || m.rowStride() == m.cols();
    }

    @Override
    public void execute(ConvertArgs given) {
        gamut_convert.x_first(convert, given.x().offset());
        gamut_convert.y_first(convert, given.y().offset());
        if (scaling.hasScales()) {
            Tensor scales = codes(given).tensor().scales();
            gamut_convert.scale_first(convert, scales.offset());
            gamut_convert.scale_row(convert, rowStride(scales));
            gamut_convert.scale_group(convert, groupStride(scales));
            Tensor zeros = codes(given).tensor().zeroPoints();
            if (zeros != null) {
                gamut_convert.zero_first(convert, zeros.offset());
                gamut_convert.zero_row(convert, rowStride(zeros));
                gamut_convert.zero_group(convert, groupStride(zeros));
            }
        }
        args = given;
        try {
            context.parallelFor(tasks, this);
        } finally {
            args = null;
        }
    }

    /** The operand that has scale factors. */
    private Operand codes(ConvertArgs given) {
        return scalesX ? given.x() : given.y();
    }

    /** One factor for all rows has no stride. */
    private long rowStride(Tensor factors) {
        boolean all = scaling.granularity() == Scaling.Granularity.PER_TENSOR;
        return all ? 0 : factors.layout().stride(factors.rank() - 2);
    }

    private static long groupStride(Tensor factors) {
        return factors.layout().stride(factors.rank() - 1);
    }

    @Override
    public void run(int index, Workspace lent) {
        MemorySegment scales = MemorySegment.NULL;
        MemorySegment zeros = MemorySegment.NULL;
        if (scaling.hasScales()) {
            Tensor tensor = codes(args).tensor();
            scales = tensor.scales().segment();
            zeros = tensor.zeroPoints() == null
                    ? MemorySegment.NULL
                    : tensor.zeroPoints().segment();
        }
        if (rows >= tasks) {
            rows(rows * index / tasks, rows * (index + 1) / tasks, 0, cols, scales, zeros);
        } else {
            long units = (cols + COLUMNS - 1) / COLUMNS;
            long from = units * index / tasks * COLUMNS;
            rows(0, rows, from, Math.min(cols, units * (index + 1) / tasks * COLUMNS), scales, zeros);
        }
    }

    private void rows(long first, long end, long from, long to, MemorySegment scales, MemorySegment zeros) {
        long together = Math.max(1, PIECE / Math.max(1, to - from));
        for (long row = first; row < end; row += together) {
            for (long col = from; col < to; col += PIECE) {
                long last = Math.min(to, col + PIECE);
                library.convertRows(
                        convert,
                        args.x().segment(),
                        args.y().segment(),
                        scales,
                        zeros,
                        row,
                        Math.min(together, end - row),
                        col,
                        last);
            }
        }
    }
}
