package dev.gamut.internal.reference;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.Cost;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.spi.ReduceKernel;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The reference reduction of one operation and type: any shape, stride and axis. Integers are exact except where the
 * operation is real-valued, which is computed in F64; other sums are accumulated in the order {@code tree64} in the type's
 * sum accumulator, or in F64 where an F64 result is asked for. The result is rounded once to its type. Bounds are in
 * {@link ReduceBounds}.
 */
final class ReferenceReduce implements ReduceKernel {
    /** As for products: interpreted code, an upper estimate that ranks the reference last. */
    private static final double SECONDS_PER_TERM = 100e-9;

    private static final double SECONDS_PER_CALL = 20e-6;

    private final ReduceOp op;
    private final DType type;
    private final KernelInfo info;

    ReferenceReduce(ReduceOp op, DType type) {
        this.op = op;
        this.type = type;
        KernelId plain = KernelId.of(op.name().toLowerCase(Locale.ROOT), List.of(type, naturalResult(op, type)), "ref");
        this.info = new KernelInfo(
                isExact() ? plain : plain.order(EvaluationOrder.TREE64),
                ReferenceProvider.NAME,
                true,
                isExact() ? "scalar reference: exact" : "scalar reference: 64 lanes, pairwise above 4,096 terms");
    }

    private static DType naturalResult(ReduceOp op, DType type) {
        return op.isSelection() && !op.isIndex() ? type : op.isIndex() ? DType.I64 : accumulator(op, type);
    }

    private static DType accumulator(ReduceOp op, DType type) {
        return op.isReal() && type.isInteger() ? DType.F64 : type.sumAccumulator();
    }

    private boolean isExact() {
        return op.isSelection() || accumulator(op, type).isInteger();
    }

    @Override
    public KernelInfo info() {
        return info;
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return Optional.empty();
    }

    @Override
    public Offer<ReduceExecutor> offer(ReduceDesc desc, OfferContext context) {
        if (desc.op() != op || desc.type() != type) {
            return new Offer.Decline<>("operation is " + desc.op() + " of " + desc.type() + "; this kernel computes "
                    + op + " of " + type);
        }
        DType acc = accumulator(desc);
        return new Offer.Accept<>(
                cost(desc, context),
                ReduceBounds.of(op, acc, desc.terms()),
                Determinism.bitwise(isExact() ? EvaluationOrder.EXACT : EvaluationOrder.TREE64),
                plan -> executor(desc, acc));
    }

    /** Wider than the natural one only where the result is. */
    private DType accumulator(ReduceDesc desc) {
        DType natural = accumulator(op, type);
        boolean wider = desc.result().isFloat() && desc.result().precision() > natural.precision();
        return natural.isFloat() && wider ? desc.result() : natural;
    }

    private ReduceExecutor executor(ReduceDesc desc, DType acc) {
        if (op.isSelection()) {
            return type.isInteger() ? new IntegerSelection(desc) : new FloatSelection(desc);
        }
        return acc.isInteger() ? new ExactReduction(desc) : new RealReduction(desc, acc);
    }

    private Cost cost(ReduceDesc desc, OfferContext context) {
        double terms = (double) desc.terms() * desc.results();
        return new Cost(
                terms * constant(context, "secondsPerTerm", SECONDS_PER_TERM),
                0,
                0,
                constant(context, "secondsPerCall", SECONDS_PER_CALL),
                0);
    }

    private double constant(OfferContext context, String name, double otherwise) {
        return context.tuning().get(context.machine(), info.id(), name, otherwise);
    }

    @Override
    public String toString() {
        return info.id().toString();
    }
}
