package dev.gamut.internal.reference;

import dev.gamut.convert.ConvertArgs;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.dtype.Convert;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Rounding;
import dev.gamut.dtype.Stochastic;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.ConvertExecutor;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.Workspace;
import java.lang.foreign.MemorySegment;

/**
 * Converts row by row, see {@link ConvertDesc} for what the result is. Plain elements go to {@link Convert}, whole rows where
 * they are contiguous; scaled ones pass an F32 row.
 */
final class ConvertLoop implements ConvertExecutor {
    private final ConvertDesc desc;
    private final MatrixDesc x;
    private final MatrixDesc y;
    private final PlanContext context;
    private final PlanContext.Task task = (index, workspace) -> convert(workspace);
    private final MatrixReader reader;
    private final Quantiser quantiser;
    private MemorySegment from;
    private MemorySegment to;
    private long fromOffset;
    private long toOffset;
    private long seed;
    private Convert.Loss loss;

    ConvertLoop(ConvertDesc desc, PlanContext context) {
        this.desc = desc;
        this.x = desc.x();
        this.y = desc.y();
        this.context = context;
        this.reader = new MatrixReader("x", x);
        this.quantiser = y.scaling().hasScales() ? new Quantiser(y) : null;
    }

    @Override
    public void execute(ConvertArgs args) {
        from = args.x().segment();
        to = args.y().segment();
        fromOffset = args.x().offset();
        toOffset = args.y().offset();
        seed = args.seed();
        loss = Convert.Loss.NONE;
        reader.bind(args.x());
        if (quantiser != null) {
            quantiser.bind(args.y().tensor());
        }
        try {
            context.parallelFor(1, task);
            args.loss(loss);
        } finally {
            from = null;
            to = null;
            reader.release();
            if (quantiser != null) {
                quantiser.release();
            }
        }
    }

    private void convert(Workspace workspace) {
        boolean plain = !x.scaling().hasScales() && quantiser == null;
        for (long e = 0; e < desc.batch(); e++) {
            for (long row = 0; row < x.rows(); row++) {
                if (plain) {
                    row(e, row);
                } else {
                    scaledRow(e, row, workspace);
                }
            }
        }
    }

    private void row(long e, long row) {
        long at = fromOffset + e * x.batchStride() + row * x.rowStride();
        long out = toOffset + e * y.batchStride() + row * y.rowStride();
        long number = number(e, row);
        if (x.colStride() == 1 && y.colStride() == 1) {
            elements(from, x.type(), at, out, x.cols(), number);
            return;
        }
        for (long col = 0; col < x.cols(); col++) {
            elements(from, x.type(), at + col * x.colStride(), out + col * y.colStride(), 1, number + col);
        }
    }

    /** Number of the first element of a row in row-major order. */
    private long number(long e, long row) {
        return (e * x.rows() + row) * x.cols();
    }

    private void elements(MemorySegment src, DType type, long at, long out, long n, long number) {
        if (desc.rounding() == Rounding.STOCHASTIC) {
            Convert.stochastic(src, type, at, to, y.type(), out, n, seed, number);
            if (desc.counted()) {
                loss = loss.plus(Convert.countLoss(src, type, at, to, y.type(), out, n));
            }
        } else if (desc.counted()) {
            loss = loss.plus(Convert.convertCounting(src, type, at, to, y.type(), out, n, desc.rounding()));
        } else {
            Convert.convert(src, type, at, to, y.type(), out, n, desc.rounding());
        }
    }

    /** By way of F32 numbers, in pieces. */
    private void scaledRow(long e, long row, Workspace workspace) {
        int piece = TiledGemm.PANEL_SIZE;
        float[] numbers = workspace.floats(0, piece);
        reader.select(e);
        for (long col = 0; col < x.cols(); col += piece) {
            int n = (int) Math.min(piece, x.cols() - col);
            reader.floats(row, 1, col, n, numbers);
            long out = toOffset + e * y.batchStride() + row * y.rowStride() + col * y.colStride();
            long number = number(e, row) + col;
            if (quantiser == null) {
                MemorySegment values = MemorySegment.ofArray(numbers);
                for (int i = 0; i < n; i++) {
                    elements(values, DType.F32, i, out + i * y.colStride(), 1, number + i);
                }
            } else {
                for (int i = 0; i < n; i++) {
                    quantise(e, row, col + i, numbers[i], out + i * y.colStride(), number + i);
                }
            }
        }
    }

    private void quantise(long e, long row, long col, float v, long out, long number) {
        float t = v * quantiser.inverse(e, row, col);
        DType type = y.type();
        double code = type.isInteger() ? integer(t, number) + quantiser.zero(e, row, col) : rounded(t, number);
        boolean finite = Float.isFinite(v);
        // The store rounds to nearest, saturates where there are no infinities, makes NaN 0 where there is none.
        type.store(to, out, finite ? Math.clamp(code, type.lowest(), type.maxFinite()) : code);
        if (desc.counted()) {
            loss = loss.plus(lost(type, t, code, finite));
        }
    }

    private double integer(double t, long number) {
        return switch (desc.rounding()) {
            case NEAREST_EVEN -> Math.rint(t);
            case TOWARD_ZERO -> t < 0 ? Math.ceil(t) : Math.floor(t);
            case STOCHASTIC -> {
                double below = t < 0 ? Math.ceil(t) : Math.floor(t);
                boolean away = Math.abs(t - below) > Stochastic.draw(seed, number);
                yield away ? below + Math.copySign(1, t) : below;
            }
        };
    }

    private double rounded(double t, long number) {
        return switch (desc.rounding()) {
            case NEAREST_EVEN -> t; // the store rounds
            case TOWARD_ZERO -> y.type().truncate(t);
            case STOCHASTIC -> Stochastic.round(y.type(), t, seed, number);
        };
    }

    private static Convert.Loss lost(DType type, double t, double code, boolean finite) {
        if (Double.isNaN(t)) {
            return new Convert.Loss(0, 0, type.hasNaN() ? 0 : 1);
        }
        boolean outside = code > type.maxFinite() || code < type.lowest();
        boolean saturated = outside && (finite || !type.hasInfinity());
        return new Convert.Loss(saturated ? 1 : 0, 0, 0);
    }
}
