package dev.gamut.vector.reduce;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.spi.ReduceKernel;
import dev.gamut.tensor.Layout;
import dev.gamut.vector.Requirements;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A reduction on the Vector API: one operation on one element type, accumulated in one type. Bounds are in {@link
 * Bounds}. Answers for any machine; the incubator module is touched only when an executor is prepared.
 */
final class VectorReduce implements ReduceKernel {
    private static final String SUMMARY = "Vector API: 64 lanes over blocks of 4,096 terms, pairwise above";
    private static final String FREE_SUMMARY = "Vector API: runs of whole vectors, pairwise above";
    private static final String COMPENSATED_SUMMARY =
            "Vector API: compensated, an error bound that does not grow with n";

    private final ReduceOp op;
    private final DType type;
    private final DType accumulator;
    private final boolean compensated;
    private final Determinism promise;
    private final KernelInfo info;

    /**
     * A kernel.
     *
     * @param op operation
     * @param type element type
     * @param accumulator F64 or F32, in which every element is exact
     * @param promise how reproducible its results are
     */
    VectorReduce(ReduceOp op, DType type, DType accumulator, Determinism promise) {
        this(op, type, accumulator, promise, false);
    }

    /**
     * A sum that is accumulated in more than the precision of its result: in {@link Pairs} of F64, or of a narrower type in F64.
     *
     * @param op SUM, ASUM, DOT or MEAN
     * @param type a floating-point type
     */
    static VectorReduce compensated(ReduceOp op, DType type) {
        return new VectorReduce(op, type, DType.F64, Determinism.RUN_TO_RUN, true);
    }

    private VectorReduce(ReduceOp op, DType type, DType accumulator, Determinism promise, boolean compensated) {
        this.op = op;
        this.type = type;
        this.accumulator = accumulator;
        this.promise = promise;
        this.compensated = compensated;
        boolean chosen = type == DType.F32 && !op.isIndex() && !compensated;
        DType result = chosen ? accumulator : natural(op, type);
        KernelId plain =
                KernelId.of(op.name().toLowerCase(Locale.ROOT), List.of(type, result), compensated ? "veccomp" : "vec");
        this.info = new KernelInfo(
                isTree64() ? plain.order(EvaluationOrder.TREE64) : plain,
                "vector",
                true,
                compensated ? COMPENSATED_SUMMARY : promise.equals(Determinism.RUN_TO_RUN) ? FREE_SUMMARY : SUMMARY);
    }

    private static DType natural(ReduceOp op, DType type) {
        return ReduceDesc.of(op, type, Layout.rowMajor(1), ReduceDesc.ALL).result();
    }

    private boolean isTree64() {
        return promise.order().equals(Optional.of(EvaluationOrder.TREE64));
    }

    @Override
    public KernelInfo info() {
        return info;
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return Requirements.missing(machine);
    }

    @Override
    public Offer<ReduceExecutor> offer(ReduceDesc desc, OfferContext context) {
        String reason = refusal(desc, context.machine());
        if (reason != null) {
            return new Offer.Decline<>(reason);
        }
        return new Offer.Accept<>(
                CostModel.of(desc, Geometry.of(desc), info.id(), context),
                bound(desc),
                promise,
                plan -> prepare(desc, plan));
    }

    private ErrorBound bound(ReduceDesc desc) {
        if (compensated) {
            return Bounds.compensated(op, desc.result());
        }
        return promise.order().equals(Optional.of(EvaluationOrder.EXACT))
                ? ErrorBound.EXACT
                : Bounds.of(op, accumulator, desc.terms(), isTree64());
    }

    /** Why it does not compute a descriptor, or null. */
    private String refusal(ReduceDesc desc, Capabilities machine) {
        Optional<String> cause = unavailable(machine);
        if (cause.isPresent()) {
            return cause.get();
        }
        if (desc.op() != op || desc.type() != type) {
            return "operation is " + desc.op() + " of " + desc.type() + "; this kernel computes " + op + " of " + type;
        }
        DType result = info.id().types().get(1);
        if (compensated && desc.result() != result) {
            return "result is " + desc.result() + "; this kernel's is " + result;
        }
        if (compensated && desc.terms() > Bounds.MOST_COMPENSATED) {
            return "terms are " + desc.terms() + "; allowed are " + Bounds.MOST_COMPENSATED;
        }
        if (!compensated && !op.isSelection() && accumulator != expected(desc)) {
            return "result is " + desc.result() + "; this kernel accumulates in " + accumulator;
        }
        return Geometry.obstacle(desc);
    }

    /** A sum is accumulated in F32 only where neither operand nor result is wider; integers in F64, which is exact. */
    private static DType expected(ReduceDesc desc) {
        boolean wide = desc.type() == DType.F64
                || desc.result() == DType.F64
                || desc.type().isInteger();
        return wide ? DType.F64 : DType.F32;
    }

    @Override
    public String toString() {
        return info.id().toString();
    }

    private ReduceExecutor prepare(ReduceDesc desc, PlanContext context) {
        Geometry geometry = Geometry.of(desc);
        if (desc.results() == 0) {
            return args -> {};
        }
        CostModel model = new CostModel(context.tuning(), context.machine(), info.id());
        Schedule schedule = Schedule.of(desc, geometry, context.threads(), model.termsPerTask());
        return compensated && type == DType.F64
                ? new CompensatedReduction(desc, geometry, schedule, context)
                : executor(desc, geometry, schedule, Arithmetic.of(accumulator), !isTree64(), context);
    }

    private <A> ReduceExecutor executor(
            ReduceDesc desc,
            Geometry geometry,
            Schedule schedule,
            Arithmetic<A> arithmetic,
            boolean anyOrder,
            PlanContext context) {
        return op.isIndex()
                ? new VectorIndexing<>(desc, geometry, schedule, arithmetic, context)
                : new VectorReduction<>(desc, geometry, schedule, arithmetic, anyOrder, context);
    }
}
