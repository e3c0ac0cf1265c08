package dev.gamut.conformance;

/**
 * GELU and SiLU for the oracle, each within {@value #ERROR} units of 2^-53·|x| of the real function.
 *
 * <p>GELU goes through z = x/√2 in double-double. Below |z| = 2, erf(z) = 2/√π·exp(−z²)·Σ 2ⁿ·z^(2n+1)/(2n+1)!! (Abramowitz and
 * Stegun, 7.1.6), whose terms have one sign; the rounding error of z² is put back. Beyond, erfc(z) by its continued fraction
 * (7.1.14): it is below 0.005 there, so that its error of some 50 units of itself is a quarter unit of |x|.
 */
final class ExactFunctions {
    /** Bound of the error in units of 2^-53·|x|. */
    static final double ERROR = 4;

    /** Largest slope of either GELU, 1.1290 near √2. */
    static final double GELU_SLOPE = 1.13;

    /** Largest slope of SiLU, 1.0998 near 2.4. */
    static final double SILU_SLOPE = 1.1;

    private static final double SQRT_HALF = 0.7071067811865476;
    private static final double SQRT_HALF_REST = -4.833646656726457e-17;
    private static final double TWO_OVER_SQRT_PI = 1.1283791670955126;
    private static final double SQRT_2_OVER_PI = 0.7978845608028654;

    private ExactFunctions() {}

    /** x·Φ(x). */
    static double gelu(double x) {
        if (Double.isNaN(x) || Double.isInfinite(x)) {
            return x > 0 ? x : Double.NaN;
        }
        return 0.5 * x * (x < 0 ? erfc(x) : 2 - erfc(-x));
    }

    /** erfc(−x/√2) for x ≤ 0. */
    private static double erfc(double x) {
        double z = -x * SQRT_HALF;
        double rest = Math.fma(-x, SQRT_HALF, -z) - x * SQRT_HALF_REST;
        if (z > 27.3) {
            return 0;
        }
        double square = z * z;
        double low = Math.fma(z, z, -square) + 2 * z * rest;
        double gauss = StrictMath.exp(-square) * (1 - low);
        return z < 2 ? 1 - TWO_OVER_SQRT_PI * gauss * series(z, rest) : gauss * fraction(z);
    }

    private static double series(double z, double rest) {
        double term = z;
        double sum = 0;
        for (int n = 1; term > sum * 0x1p-60; n++) {
            sum += term;
            term *= 2 * z * z / (2 * n + 1);
        }
        return sum + rest;
    }

    /** exp(z²)·erfc(z) = 1/√π · 1/(z + (1/2)/(z + 1/(z + (3/2)/(z + ...)))), evaluated from the far end. */
    private static double fraction(double z) {
        double tail = z;
        for (int n = 120; n >= 1; n--) {
            tail = z + n * 0.5 / tail;
        }
        return TWO_OVER_SQRT_PI / 2 / tail;
    }

    /** 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))). */
    static double geluTanh(double x) {
        return 0.5 * x * (1 + StrictMath.tanh(SQRT_2_OVER_PI * (x + 0.044715 * x * x * x)));
    }

    /** x / (1 + exp(−x)). */
    static double silu(double x) {
        return x / (1 + StrictMath.exp(-x));
    }
}
