package dev.gamut.vector.reduce;

import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceOp;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.function.IntToDoubleFunction;

/** What a reduction of one list of terms must give: the bits of tree64, the selected element, or the exact result. */
final class Oracle {
    private static final MathContext EXACT = new MathContext(80);

    private Oracle() {}

    /** The bits of the order tree64 in an accumulator. */
    static double tree64(ReduceOp op, DType acc, double[] x, double[] y) {
        int n = x.length;
        double count = acc.round(n);
        return switch (op) {
            case SUM -> sum(acc, n, (lane, i) -> acc.round(lane + x[i]));
            case ASUM -> sum(acc, n, (lane, i) -> acc.round(lane + Math.abs(x[i])));
            case DOT -> sum(acc, n, (lane, i) -> fma(acc, x[i], y[i], lane));
            case MEAN -> acc.round(sum(acc, n, (lane, i) -> acc.round(lane + x[i])) / count);
            case PRODUCT ->
                new ScalarTree64(n, 1, (lane, i) -> acc.round(lane * x[i]), (a, b) -> acc.round(a * b)).value();
            case VARIANCE -> {
                double mean = acc.round(sum(acc, n, (lane, i) -> acc.round(lane + x[i])) / count);
                yield acc.round(squares(acc, n, i -> acc.round(x[i] - mean)) / count);
            }
            case NRM2 -> norm(acc, x);
            default -> throw new IllegalArgumentException(op + " is not a sum");
        };
    }

    private static double norm(DType acc, double[] x) {
        double plain = squares(acc, x.length, i -> x[i]);
        if (plain >= acc.minSubnormal() / acc.unitRoundoff() * 0x1p50 && plain < Double.POSITIVE_INFINITY) {
            return acc.round(Math.sqrt(plain));
        }
        double largest = 0;
        for (double v : x) {
            largest = Math.max(largest, Math.abs(v));
        }
        if (largest == 0 || !Double.isFinite(largest)) {
            return largest;
        }
        int e = Math.getExponent(Math.max(largest, acc.minNormal()));
        double sum = squares(acc, x.length, i -> acc.round(Math.scalb(x[i], -e)));
        return acc.round(Math.scalb(acc.round(Math.sqrt(sum)), e));
    }

    private static double squares(DType acc, int n, IntToDoubleFunction d) {
        return sum(acc, n, (lane, i) -> fma(acc, d.applyAsDouble(i), d.applyAsDouble(i), lane));
    }

    private static double sum(DType acc, int n, ScalarTree64.Lane lane) {
        return new ScalarTree64(n, 0, lane, (a, b) -> acc.round(a + b)).value();
    }

    private static double fma(DType acc, double x, double y, double z) {
        return acc == DType.F64 ? Math.fma(x, y, z) : Math.fma((float) x, (float) y, (float) z);
    }

    /** A selected element or its index. */
    static double selected(ReduceOp op, double[] x) {
        int best = 0;
        for (int i = 1; i < x.length; i++) {
            if (!Double.isNaN(x[best]) && (Double.isNaN(x[i]) || better(op, x[i], x[best]))) {
                best = i;
            }
        }
        return op.isIndex() ? best : x[best];
    }

    private static boolean better(ReduceOp op, double a, double b) {
        return switch (op) {
            case MIN -> Double.compare(a, b) < 0;
            case MAX -> Double.compare(a, b) > 0;
            case ARGMIN -> a < b;
            case ARGMAX -> a > b;
            case ARGAMAX -> Math.abs(a) > Math.abs(b);
            default -> throw new IllegalArgumentException(op + " does not select");
        };
    }

    /** The exact result, and S of its bound, for finite terms. */
    record Exact(BigDecimal value, double scale) {}

    /** Exact results but for 80 digits in quotients and roots; exp and log are StrictMath's in a log-sum-exp. */
    static Exact exact(ReduceOp op, double[] x, double[] y) {
        BigDecimal n = BigDecimal.valueOf(x.length);
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal size = BigDecimal.ZERO;
        BigDecimal product = BigDecimal.ONE;
        BigDecimal squares = BigDecimal.ZERO;
        for (int i = 0; i < x.length; i++) {
            BigDecimal term = new BigDecimal(x[i]);
            term = op == ReduceOp.DOT ? term.multiply(new BigDecimal(y[i])) : term;
            sum = sum.add(op == ReduceOp.ASUM ? term.abs() : term);
            size = size.add(term.abs());
            squares = squares.add(term.multiply(term));
            product = op == ReduceOp.PRODUCT ? product.multiply(term, EXACT) : product;
        }
        return switch (op) {
            case SUM, ASUM, DOT -> new Exact(sum, size.doubleValue());
            case PRODUCT -> new Exact(product, product.abs().doubleValue());
            case MEAN -> new Exact(sum.divide(n, EXACT), size.divide(n, EXACT).doubleValue());
            case NRM2 -> new Exact(squares.sqrt(EXACT), squares.sqrt(EXACT).doubleValue());
            case VARIANCE -> variance(x, sum.divide(n, EXACT), size.divide(n, EXACT), n);
            case LOGSUMEXP -> logSumExp(x);
            default -> throw new IllegalArgumentException(op + " is exact");
        };
    }

    private static Exact variance(double[] x, BigDecimal mean, BigDecimal size, BigDecimal n) {
        BigDecimal sum = BigDecimal.ZERO;
        double scale = 0;
        for (double v : x) {
            BigDecimal d = new BigDecimal(v).subtract(mean);
            sum = sum.add(d.multiply(d));
            scale += Math.pow(Math.abs(v) + size.doubleValue(), 2);
        }
        return new Exact(sum.divide(n, EXACT), scale / x.length);
    }

    private static Exact logSumExp(double[] x) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double v : x) {
            largest = Math.max(largest, v);
        }
        BigDecimal sum = BigDecimal.ZERO;
        for (double v : x) {
            sum = sum.add(new BigDecimal(StrictMath.exp(v - largest)));
        }
        double value = StrictMath.log(sum.doubleValue());
        return new Exact(
                new BigDecimal(largest).add(new BigDecimal(value)), 1 + Math.abs(largest) + Math.log(x.length));
    }
}
