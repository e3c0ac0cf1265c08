package dev.gamut.conformance;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;

/**
 * Products of floating-point numbers as significand times power of two, so that nothing overflows on the way.
 *
 * <p>In some order a kernel may meet every partial product between P⁻ = Π min(|x|, 1) and P⁺ = Π max(|x|, 1). Where P⁺ is beyond
 * the arithmetic it may end in an infinity or, with a zero or an underflow, in NaN. Where P⁻ is subnormal each of n roundings may
 * lose η/2, magnified by later factors to at most η/2·P⁺.
 */
final class ProductOracle {
    private ProductOracle() {}

    static Enclosure of(double[] x, DType arithmetic, ErrorBound bound) {
        double high = 1;
        double low = 0;
        long exponent = 0;
        double up = 0;
        double down = 0;
        double special = 1;
        for (double v : x) {
            special *= Double.isFinite(v) && v != 0 ? Math.signum(v) : v;
            if (v == 0 || !Double.isFinite(v)) {
                continue;
            }
            int e = Math.getExponent(v) < Double.MIN_EXPONENT ? Math.getExponent(v * 0x1p60) - 60 : Math.getExponent(v);
            double significand = Math.scalb(Math.scalb(v, -e / 2), -e + e / 2);
            double p = high * significand;
            low = Math.fma(high, significand, -p) + low * significand;
            int shift = Math.getExponent(p);
            high = Math.scalb(p, -shift);
            low = Math.scalb(low, -shift);
            exponent += e + shift;
            up += Math.max(0, e + 1);
            down += Math.min(0, e);
        }
        boolean overflows = up >= Math.getExponent(arithmetic.maxFinite());
        boolean underflows = down <= Math.getExponent(arithmetic.minNormal()) + 1;
        if (special == 0 || !Double.isFinite(special)) {
            boolean wild = overflows || Double.isInfinite(special) && underflows;
            return new Enclosure(special, 0, 0, wild);
        }
        return scaled(high, low, exponent, x.length, overflows, underflows, up, arithmetic, bound);
    }

    private static Enclosure scaled(
            double high,
            double low,
            long exponent,
            int n,
            boolean overflows,
            boolean underflows,
            double up,
            DType arithmetic,
            ErrorBound bound) {
        int e = Math.clamp(exponent, -4_000, 4_000);
        double value = scale(high, e);
        if (!Double.isFinite(value)) {
            return new Enclosure(value, 0, 0, true);
        }
        double lost = underflows ? n * arithmetic.minSubnormal() * scale(1, (int) Math.min(up, 2_000)) : 0;
        double own = Math.abs(value) * n * 0x1p-100 + (Math.abs(value) < 0x1p-900 ? Double.MIN_VALUE : 0);
        double radius = bound.relative(n) * Math.abs(value) + bound.absolute(n) + lost + own;
        Enclosure truth = new Enclosure(value, scale(low, e), Double.isNaN(radius) ? 0 : radius, false);
        return overflows ? truth.orOverflow() : truth;
    }

    private static double scale(double x, int exponent) {
        int half = exponent / 2;
        return Math.scalb(Math.scalb(x, half), exponent - half);
    }
}
