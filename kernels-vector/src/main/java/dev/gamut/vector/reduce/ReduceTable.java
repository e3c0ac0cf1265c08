package dev.gamut.vector.reduce;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.Tuning;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The reductions on the Vector API. Sums exist in the order tree64 and in a free one, whose lanes take {@value
 * Stream#CHAIN} terms instead of 64 before they are joined, and which reads memory at several places at once.
 */
public final class ReduceTable {
    private static final String TUNING = "/dev/gamut/vector/reduce-tuning.txt";
    private static final Determinism TREE64 = Determinism.bitwise(EvaluationOrder.TREE64);
    private static final Determinism EXACT = Determinism.bitwise(EvaluationOrder.EXACT);

    /** Operations with a variant in a free order. */
    private static final List<ReduceOp> FREE =
            List.of(ReduceOp.SUM, ReduceOp.ASUM, ReduceOp.DOT, ReduceOp.MEAN, ReduceOp.NRM2);

    /** Operations with a variant whose bound does not depend on the number of terms. */
    private static final List<ReduceOp> COMPENSATED = List.of(ReduceOp.SUM, ReduceOp.ASUM, ReduceOp.DOT, ReduceOp.MEAN);

    /** Decoded to F32 on the way. */
    private static final List<DType> NARROW_FLOATS =
            List.of(DType.F16, DType.BF16, DType.F8E4M3, DType.F8E5M2, DType.F4E2M1);

    /** Decoded to F64, where sums of 2^44 of them are exact. */
    private static final List<DType> NARROW_INTEGERS = List.of(DType.I8, DType.U8, DType.I4);

    private ReduceTable() {}

    /** Every kernel, usable on this machine or not. */
    public static List<Kernel<?, ?>> kernels() {
        List<Kernel<?, ?>> all = new ArrayList<>();
        for (ReduceOp op : ReduceOp.values()) {
            all.add(new VectorReduce(op, DType.F64, DType.F64, promise(op)));
            all.add(new VectorReduce(op, DType.F32, DType.F32, promise(op)));
            if (!op.isSelection()) {
                all.add(new VectorReduce(op, DType.F32, DType.F64, promise(op)));
            }
        }
        for (ReduceOp op : ReduceOp.values()) {
            NARROW_FLOATS.forEach(type -> all.add(new VectorReduce(op, type, DType.F32, promise(op))));
            if (op != ReduceOp.PRODUCT) {
                NARROW_INTEGERS.forEach(type -> all.add(new VectorReduce(op, type, DType.F64, ofIntegers(op))));
            }
        }
        for (ReduceOp op : COMPENSATED) {
            all.add(VectorReduce.compensated(op, DType.F64));
            all.add(VectorReduce.compensated(op, DType.F32));
            NARROW_FLOATS.forEach(type -> all.add(VectorReduce.compensated(op, type)));
        }
        for (ReduceOp op : FREE) {
            all.add(new VectorReduce(op, DType.F64, DType.F64, Determinism.RUN_TO_RUN));
            all.add(new VectorReduce(op, DType.F32, DType.F32, Determinism.RUN_TO_RUN));
        }
        return List.copyOf(all);
    }

    private static Determinism promise(ReduceOp op) {
        return switch (op) {
            case MIN, MAX, ARGMIN, ARGMAX, ARGAMAX -> EXACT;
            case SUM, ASUM, PRODUCT, DOT, MEAN, VARIANCE, NRM2 -> TREE64;
            // The order of the sum is fixed too, but not exp, which each implementation rounds in its own way.
            case LOGSUMEXP -> Determinism.RUN_TO_RUN;
        };
    }

    private static Determinism ofIntegers(ReduceOp op) {
        return op.isReal() ? promise(op) : EXACT;
    }

    /** Default cost constants. */
    public static Tuning tuning() {
        try (InputStream in = ReduceTable.class.getResourceAsStream(TUNING)) {
            return Tuning.read(in, TUNING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + TUNING, e);
        }
    }
}
