package dev.gamut.conformance;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The exact results of a reduction and how far a kernel with a declared bound may be off: relative(n)·S + n·underflow, and
 * one rounding to the result type. S depends on the operation, see {@link RealOracle}; selections and integer results admit no
 * error at all.
 */
final class ReduceOracle {
    private final ReduceDesc desc;
    private final ReduceArgs run;
    private final ReduceTerms x;
    private final ReduceTerms y;
    private final RealOracle real;
    private final DType arithmetic;

    /**
     * An oracle for one run.
     *
     * @param desc what was computed
     * @param bound the kernel's declared bound
     * @param exact whether every intermediate is representable in any order
     * @param run operands and results
     */
    ReduceOracle(ReduceDesc desc, ErrorBound bound, boolean exact, ReduceArgs run) {
        this.desc = desc;
        this.run = run;
        this.x = new ReduceTerms(desc, desc.x(), run.x());
        this.y = desc.op().isBinary() ? new ReduceTerms(desc, desc.y(), run.y()) : null;
        this.arithmetic = arithmetic(desc);
        this.real = new RealOracle(desc.op(), arithmetic, bound, exact);
    }

    private static DType arithmetic(ReduceDesc desc) {
        DType natural = desc.op().isReal() && desc.type().isInteger()
                ? DType.F64
                : desc.type().sumAccumulator();
        boolean wider = desc.result().isFloat() && desc.result().precision() > natural.precision();
        return natural.isFloat() && wider ? desc.result() : natural;
    }

    /** Sum of absolute terms, or what stands for it, of the last real-valued result compared. */
    double terms() {
        return real.terms();
    }

    /** Holds one computed result against the exact one. */
    Comparison compare(long result) {
        if (desc.op().isSelection()) {
            return desc.type().isInteger() ? selectInteger(result) : selectFloat(result);
        }
        if (arithmetic.isInteger()) {
            return integer(result);
        }
        double[] second = y == null ? null : y.doubles(result);
        Enclosure truth = real.of(x.doubles(result), second);
        return Comparison.of(computed(result), 0, truth, arithmetic, desc.result());
    }

    private double computed(long result) {
        return desc.result().load(run.out().segment(), run.out().offset() + result);
    }

    private long computedLong(long result) {
        return desc.result().loadLong(run.out().segment(), run.out().offset() + result);
    }

    private Comparison integer(long result) {
        BigInteger truth = exactInteger(x.longs(result), y == null ? null : y.longs(result));
        if (desc.result().isFloat()) {
            double rounded = desc.result().round(new BigDecimal(truth).doubleValue());
            return equal(computed(result), rounded);
        }
        BigInteger value = BigInteger.valueOf(computedLong(result));
        double error = value.subtract(truth).abs().doubleValue();
        return new Comparison(error == 0, value.doubleValue(), truth.doubleValue(), error, 0);
    }

    private BigInteger exactInteger(long[] left, long[] right) {
        BigInteger total = desc.op() == ReduceOp.PRODUCT ? BigInteger.ONE : BigInteger.ZERO;
        for (int t = 0; t < left.length; t++) {
            BigInteger v = BigInteger.valueOf(left[t]);
            total = switch (desc.op()) {
                case SUM -> total.add(v);
                case ASUM -> total.add(v.abs());
                case DOT -> total.add(v.multiply(BigInteger.valueOf(right[t])));
                case PRODUCT -> total.multiply(v);
                default -> throw new IllegalStateException(desc.op() + " has no exact integer result");
            };
        }
        return total;
    }

    private Comparison selectInteger(long result) {
        long[] values = x.longs(result);
        int best = 0;
        for (int t = 1; t < values.length; t++) {
            best = beats(values[t], values[best]) ? t : best;
        }
        long truth = desc.op().isIndex() ? best : values[best];
        if (desc.result().isFloat()) {
            return equal(computed(result), desc.result().round(truth));
        }
        long value = computedLong(result);
        return new Comparison(value == truth, value, truth, Math.abs((double) value - truth), 0);
    }

    private boolean beats(long candidate, long best) {
        return switch (desc.op()) {
            case MIN, ARGMIN -> candidate < best;
            case MAX, ARGMAX -> candidate > best;
            default ->
                BigInteger.valueOf(candidate)
                                .abs()
                                .compareTo(BigInteger.valueOf(best).abs())
                        > 0;
        };
    }

    private Comparison selectFloat(long result) {
        double[] values = x.doubles(result);
        int best = 0;
        for (int t = 1; t < values.length && !Double.isNaN(values[best]); t++) {
            best = Double.isNaN(values[t]) || beats(values[t], values[best]) ? t : best;
        }
        double truth = desc.op().isIndex() ? best : desc.result().round(values[best]);
        return equal(computed(result), truth);
    }

    private boolean beats(double candidate, double best) {
        return switch (desc.op()) {
            case MIN, ARGMIN -> candidate < best;
            case MAX, ARGMAX -> candidate > best;
            default -> Math.abs(candidate) > Math.abs(best);
        };
    }

    private static Comparison equal(double computed, double truth) {
        boolean ok = Comparison.same(computed, truth);
        double error = ok ? 0 : Math.abs(computed - truth);
        return new Comparison(ok, computed, truth, Double.isNaN(error) ? Double.POSITIVE_INFINITY : error, 0);
    }
}
