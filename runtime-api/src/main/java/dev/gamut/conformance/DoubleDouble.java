package dev.gamut.conformance;

/**
 * An unevaluated sum of two doubles: about 106 bits. Mutable accumulator of sums and products.
 *
 * <p>TwoSum (Knuth) and TwoProd by fused multiply-add are exact; the accumulation is Dot2 of T. Ogita, S. M. Rump and S.
 * Oishi, "Accurate sum and dot product", SIAM J. Sci. Comput. 26 (2005), without its last rounding: n terms of absolute sum
 * S end within γ(n)²·S of the exact sum, γ(n) = n·2^-53 / (1 − n·2^-53), as long as nothing overflows and no product is below
 * {@value #PRODUCT_EXACT}.
 */
final class DoubleDouble {
    /** A product of at least this magnitude has a representable rounding error: 2^-1022 · 2^53. */
    static final double PRODUCT_EXACT = 0x1p-969;

    private double high;
    private double low;
    private double magnitude;
    private long terms;
    private long inexact;
    private boolean positive;
    private boolean negative;

    /** Back to an empty sum. */
    void clear() {
        high = 0;
        low = 0;
        magnitude = 0;
        terms = 0;
        inexact = 0;
        positive = false;
        negative = false;
    }

    /** Adds a number. */
    void add(double x) {
        note(x, 1);
        addParts(x, 0);
    }

    /** Adds x·y. */
    void addProduct(double x, double y) {
        double p = x * y;
        note(p, 1);
        if (Math.abs(p) < PRODUCT_EXACT && x != 0 && y != 0) {
            inexact++;
        }
        addParts(p, Math.fma(x, y, -p));
    }

    private void note(double x, int count) {
        terms += count;
        magnitude += Math.abs(x);
        positive |= x > 0;
        negative |= x < 0;
    }

    /** Adds Σ x(p)·y(p) for p below n: {@link #addProduct} in a loop that keeps its sums in registers. */
    void addProducts(double[] x, double[] y, int n) {
        double s = high;
        double rest = low;
        double sum = magnitude;
        for (int p = 0; p < n; p++) {
            double h = x[p] * y[p];
            double r = Math.fma(x[p], y[p], -h);
            double t = s + h;
            double z = t - s;
            rest += (s - (t - z)) + (h - z) + r;
            s = t;
            double size = Math.abs(h);
            sum += size;
            positive |= h > 0;
            negative |= h < 0;
            if (size < PRODUCT_EXACT && x[p] != 0 && y[p] != 0) {
                inexact++;
            }
        }
        low = Double.isFinite(rest) || !Double.isFinite(s) ? rest : low + lost(x, y, n);
        high = s;
        magnitude = sum;
        terms += n;
    }

    /** What that loop loses, where it is among the largest numbers. */
    private double lost(double[] x, double[] y, int n) {
        double s = high;
        double rest = 0;
        for (int p = 0; p < n; p++) {
            double h = x[p] * y[p];
            double t = s + h;
            rest += lost(s, h, t) + Math.fma(x[p], y[p], -h);
            s = t;
        }
        return rest;
    }

    private void addParts(double x, double rest) {
        double t = high + x;
        low += lost(high, x, t) + rest;
        high = t;
    }

    /** What rounding x + y to t lost, exactly: by TwoSum, of halves near the largest number, where it overflows and t does not. */
    static double lost(double x, double y, double t) {
        double z = t - x;
        double lost = (x - (t - z)) + (y - z);
        return Double.isFinite(lost) || !Double.isFinite(t) ? lost : 2 * lost(x / 2, y / 2, t / 2);
    }

    /** The sum rounded to a double. */
    double high() {
        return high + low;
    }

    /** What {@link #high} leaves over. */
    double low() {
        return low - ((high + low) - high);
    }

    /** Sum of the absolute terms, rounded up. */
    double magnitude() {
        return magnitude == 0 ? 0 : Math.nextUp(magnitude * (1 + (terms + 2) * 0x1p-53));
    }

    /** Bound of the error of high + low; see the class comment. */
    double error() {
        double gamma = (terms + 2) * 0x1p-53;
        return 2 * gamma * gamma * magnitude() + inexact * Double.MIN_VALUE;
    }

    /** Whether terms of both signs occurred. */
    boolean mixedSigns() {
        return positive && negative;
    }
}
