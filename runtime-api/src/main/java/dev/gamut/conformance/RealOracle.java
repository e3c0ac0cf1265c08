package dev.gamut.conformance;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceOp;

/**
 * Floating-point reductions in double-double. What S of the declared bound relative(n)·S stands for:
 *
 * <ul>
 *   <li>sum, asum, dot: Σ |terms|; mean: Σ |x| / n;
 *   <li>2-norm and product: the exact result;
 *   <li>variance: Σ (|x| + mean |x|)² / n, what it were if nothing cancelled;
 *   <li>log-sum-exp: 1 + |M| + ln n, M the largest term.
 * </ul>
 *
 * <p>Where an intermediate of some order may overflow the accumulator (S beyond its range; for a product, any partial
 * product), infinity and NaN are accepted besides; a 2-norm and a log-sum-exp must not overflow before their results do.
 */
final class RealOracle {
    private final ReduceOp op;
    private final DType arithmetic;
    private final ErrorBound bound;
    private final boolean exact;
    private final DoubleDouble sum = new DoubleDouble();
    private double terms;

    RealOracle(ReduceOp op, DType arithmetic, ErrorBound bound, boolean exact) {
        this.op = op;
        this.arithmetic = arithmetic;
        this.bound = bound;
        this.exact = exact;
    }

    /** S of the last result. */
    double terms() {
        return terms;
    }

    /** What is right for given terms. */
    Enclosure of(double[] x, double[] y) {
        Enclosure truth = switch (op) {
            case SUM -> sum(x, 1, false);
            case ASUM -> sum(x, 1, true);
            case DOT -> dot(x, y);
            case MEAN -> x.length == 0 ? Enclosure.exact(Double.NaN) : sum(x, x.length, false);
            case NRM2 -> norm(x);
            case VARIANCE -> x.length == 0 ? Enclosure.exact(Double.NaN) : variance(x);
            case LOGSUMEXP -> logSumExp(x);
            case PRODUCT -> ProductOracle.of(x, arithmetic, bound);
            default -> throw new IllegalStateException(op + " selects an element");
        };
        if (op == ReduceOp.PRODUCT) {
            terms = Math.abs(truth.high());
        }
        return exact && truth.isFinite() ? new Enclosure(truth.high(), truth.low(), 0, truth.wild()) : truth;
    }

    private Enclosure sum(double[] x, int divisor, boolean absolute) {
        sum.clear();
        for (double v : x) {
            sum.add(absolute ? Math.abs(v) : v);
        }
        return finish(x, null, divisor);
    }

    private Enclosure dot(double[] x, double[] y) {
        sum.clear();
        sum.addProducts(x, y, x.length);
        return finish(x, y, 1);
    }

    /** The accumulated sum over a number of terms, with declared and own error. */
    private Enclosure finish(double[] x, double[] y, int divisor) {
        double magnitude = sum.magnitude();
        terms = magnitude / divisor;
        if (!Double.isFinite(magnitude)) {
            return nonFinite(x, y);
        }
        double quotient = sum.high() / divisor;
        double rest = (Math.fma(-quotient, divisor, sum.high()) + sum.low()) / divisor;
        Enclosure value = new Enclosure(quotient, rest, declared(x.length) + sum.error() / divisor, false);
        if (magnitude * (1 + bound.relative(x.length)) <= arithmetic.maxFinite()) {
            return value;
        }
        double least = arithmetic.round(value.lower());
        boolean certain = Double.isInfinite(least) && least == arithmetic.round(value.upper()) && !sum.mixedSigns();
        return certain ? Enclosure.exact(least) : value.orOverflow();
    }

    private double declared(long n) {
        return bound.relative(n) * terms + bound.absolute(n);
    }

    /** IEEE rules for a sum with NaN or infinity; finite terms that overflow a double admit anything. */
    private Enclosure nonFinite(double[] x, double[] y) {
        double special = 0;
        double finite = 0;
        for (int t = 0; t < x.length; t++) {
            double term = op == ReduceOp.ASUM ? Math.abs(x[t]) : y == null ? x[t] : x[t] * y[t];
            boolean plain = Double.isFinite(x[t]) && (y == null || Double.isFinite(y[t]));
            special += plain ? 0 : term;
            finite += plain ? Math.abs(term) : 0;
        }
        boolean overflows = finite * 2 >= arithmetic.maxFinite();
        if (special == 0) {
            return Enclosure.unknown();
        }
        return new Enclosure(special, 0, 0, overflows && !Double.isNaN(special));
    }

    private Enclosure norm(double[] x) {
        double largest = 0;
        for (double v : x) {
            largest = Math.max(largest, Math.abs(v));
        }
        terms = largest;
        if (largest == 0 || !Double.isFinite(largest)) {
            return Enclosure.exact(largest);
        }
        int exponent = Math.getExponent(largest);
        sum.clear();
        for (double v : x) {
            double scaled = Math.scalb(Math.scalb(v, -exponent / 2), -exponent + exponent / 2);
            sum.addProduct(scaled, scaled);
        }
        double root = Math.sqrt(sum.high());
        double rest = (Math.fma(-root, root, sum.high()) + sum.low()) / (2 * root);
        double high = Math.scalb(root, exponent);
        terms = high;
        double own = high * 0x1p-95 + Double.MIN_VALUE;
        Enclosure value = new Enclosure(high, Math.scalb(rest, exponent), declared(x.length) + own, false);
        return straddling(value);
    }

    /** Infinite where all of it overflows the accumulator, either where a part does. */
    private Enclosure straddling(Enclosure value) {
        if (!value.isFinite()) {
            return new Enclosure(value.high(), 0, 0, true);
        }
        boolean below = Double.isInfinite(arithmetic.round(value.lower()));
        boolean above = Double.isInfinite(arithmetic.round(value.upper()));
        return below ? Enclosure.exact(arithmetic.round(value.high())) : above ? value.orOverflow() : value;
    }

    private Enclosure variance(double[] x) {
        int n = x.length;
        sum.clear();
        for (double v : x) {
            sum.add(v);
        }
        double total = sum.magnitude();
        if (!Double.isFinite(total)) {
            return nonFinite(x, null).isFinite() ? Enclosure.unknown() : Enclosure.exact(Double.NaN);
        }
        double mean = sum.high() / n;
        double rest = (Math.fma(-mean, n, sum.high()) + sum.low()) / n;
        sum.clear();
        double uncancelled = 0;
        for (double v : x) {
            double d = v - mean;
            double z = d - v;
            double low = (v - (d - z)) + (-mean - z) - rest;
            sum.addProduct(d, d);
            sum.addProduct(2 * d, low);
            uncancelled += (Math.abs(v) + total / n) * (Math.abs(v) + total / n);
        }
        terms = uncancelled / n;
        if (!(uncancelled * 2 < Double.MAX_VALUE)) {
            return Enclosure.unknown();
        }
        double value = sum.high() / n;
        double own = sum.error() / n + Math.abs(value) * 0x1p-52 * 0x1p-48 + terms * 0x1p-100;
        double low = (Math.fma(-value, n, sum.high()) + sum.low()) / n;
        Enclosure truth = new Enclosure(value, low, declared(n) + own, false);
        return uncancelled * 2 >= arithmetic.maxFinite() || total * 2 >= arithmetic.maxFinite()
                ? truth.orOverflow()
                : truth;
    }

    /**
     * Own error: exp within 2 units and its argument rounded, Σ d·exp(−d) ≤ ln n·Σ exp(−d), so (2 + ln n)·2^-53 of the sum and
     * absolutely of its logarithm, whose own error is at most 2·2^-53·ln n.
     */
    private Enclosure logSumExp(double[] x) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double v : x) {
            largest = Math.max(largest, v);
        }
        if (!Double.isFinite(largest)) {
            return Enclosure.exact(largest);
        }
        sum.clear();
        for (double v : x) {
            sum.add(StrictMath.exp(v - largest));
        }
        double count = StrictMath.log(x.length);
        terms = 1 + Math.abs(largest) + count;
        double own = (3 + 3 * count) * 0x1p-53;
        Enclosure log = new Enclosure(StrictMath.log(sum.high()), 0, declared(x.length) + own, false);
        return straddling(log.plus(Enclosure.exact(largest)));
    }
}
