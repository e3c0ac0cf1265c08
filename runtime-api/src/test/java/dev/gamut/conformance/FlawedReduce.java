package dev.gamut.conformance;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.Cost;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.spi.ReduceKernel;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Operand;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A simple F64 sum, 2-norm or index of the largest element that is wrong in one chosen way. */
record FlawedReduce(ReduceOp op, Flaw flaw) implements ReduceKernel {
    enum Flaw {
        NONE(ReduceOp.SUM),
        NONE_ARGMAX(ReduceOp.ARGMAX),
        SKIPS_LAST_OF_ODD(ReduceOp.SUM),
        IGNORES_STRIDE(ReduceOp.SUM),
        IGNORES_OFFSET(ReduceOp.SUM),
        DROPS_NAN(ReduceOp.SUM),
        WRITES_BEYOND(ReduceOp.SUM),
        CLAIMS_TREE(ReduceOp.SUM),
        LAST_OF_EQUALS(ReduceOp.ARGMAX),
        SKIPS_NAN(ReduceOp.ARGMAX),
        OVERFLOWS(ReduceOp.NRM2);

        final ReduceOp op;

        Flaw(ReduceOp op) {
            this.op = op;
        }
    }

    FlawedReduce(Flaw flaw) {
        this(flaw.op, flaw);
    }

    @Override
    public KernelInfo info() {
        DType result = op.isIndex() ? DType.I64 : DType.F64;
        KernelId id = KernelId.of(op.name().toLowerCase(Locale.ROOT), List.of(DType.F64, result), "fake");
        return new KernelInfo(flaw == Flaw.CLAIMS_TREE ? id.order(EvaluationOrder.TREE64) : id, "fake", true, "flawed");
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return Optional.empty();
    }

    @Override
    public Offer<ReduceExecutor> offer(ReduceDesc desc, OfferContext context) {
        if (desc.op() != op || desc.type() != DType.F64) {
            return new Offer.Decline<>("another operation");
        }
        return new Offer.Accept<>(
                new Cost(0, 0, 0, 0, 0),
                op.isSelection() ? ErrorBound.EXACT : ErrorBound.ofAccumulation(DType.F64),
                flaw == Flaw.CLAIMS_TREE ? Determinism.bitwise(EvaluationOrder.TREE64) : Determinism.RUN_TO_RUN,
                plan -> args -> execute(desc, args));
    }

    private void execute(ReduceDesc desc, ReduceArgs args) {
        ReduceDesc read = flaw == Flaw.IGNORES_STRIDE
                ? ReduceDesc.of(op, DType.F64, Layout.rowMajor(desc.x().shape()), desc.axis())
                : desc;
        Operand x = args.x();
        if (flaw == Flaw.IGNORES_OFFSET) {
            x = new Operand();
            x.set(args.x().segment(), DType.F64, 0);
        }
        ReduceTerms terms = new ReduceTerms(read, read.x(), x);
        for (long r = 0; r < desc.results(); r++) {
            double value = op == ReduceOp.ARGMAX ? argmax(terms.doubles(r)) : sum(terms.doubles(r));
            desc.result().store(args.out().segment(), args.out().offset() + r, value);
        }
        if (flaw == Flaw.WRITES_BEYOND) {
            desc.result().store(args.out().segment(), args.out().offset() + desc.results(), 0);
        }
    }

    private double sum(double[] x) {
        int n = flaw == Flaw.SKIPS_LAST_OF_ODD ? x.length / 2 * 2 : x.length;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            boolean drop = flaw == Flaw.DROPS_NAN && Double.isNaN(x[i]);
            sum += drop ? 0 : op == ReduceOp.NRM2 ? x[i] * x[i] : x[i];
        }
        return op == ReduceOp.NRM2 ? Math.sqrt(sum) : sum;
    }

    private double argmax(double[] x) {
        int best = 0;
        for (int i = 1; i < x.length; i++) {
            boolean nan = flaw != Flaw.SKIPS_NAN && Double.isNaN(x[i]) && !Double.isNaN(x[best]);
            boolean more = flaw == Flaw.LAST_OF_EQUALS ? x[i] >= x[best] : x[i] > x[best];
            best = nan || more ? i : best;
        }
        return best;
    }
}
