package dev.gamut.gemm;

/**
 * The functions of {@link Epilogue.Gelu} and {@link Epilogue.Silu} in F64: one sequence of IEEE operations that kernels on every
 * machine carry out lane by lane, so that their bits are the same everywhere. Stateless and thread-safe.
 *
 * <p>Error: below 8·u·|x|, u the unit roundoff of F64. What makes it up, in units of u·|x|: the exponential has 3, damped by
 * e/(1 + e); its argument at most 2.3 in GELU through tanh, whose derivative falls as fast as its argument grows, and ½ otherwise;
 * polynomials of positive terms and their quotient 5, halved; the last two operations 2.
 *
 * <p>exp(x) = 2^k·exp(r), x = k·ln 2 + r (W. J. Cody and W. Waite, "Software Manual for the Elementary Functions", 1980), exp(r) by
 * its Taylor polynomial of degree 13. erf and erfc are the rational approximations of W. J. Cody, "Rational Chebyshev approximations
 * for the error function", Math. Comp. 23 (1969); that for arguments up to 4 serves beyond it too, where exp(-x²) makes its error
 * vanish.
 * Arguments are limited to {@value #LARGEST} and {@value #LARGEST_ERF}, where the factor of x is below 10^-290 or 1; the formulas give
 * NaN for -∞, and so do these functions.
 */
public final class Activations {
    /** √(2/π)·2: GELU through tanh is x / (1 + exp(-2t)), t = √(2/π)·(x + 0.044715·x³). */
    public static final double TWICE_SQRT_2_OVER_PI = 1.59576912160573071176;

    /** Factor of the cube. */
    public static final double CUBE = 0.044715;

    /** √½. */
    public static final double SQRT_HALF = 0.70710678118654752440;

    /** exp of more than that could overflow. */
    public static final double LARGEST = 708;

    /** exp of its square could underflow beyond. */
    public static final double LARGEST_ERF = 26;

    /** Where erf changes from one approximation to the other. */
    public static final double SMALL_ERF = 0.46875;

    /** log2 e. */
    public static final double LOG2_E = 0x1.71547652b82fep0;

    /** ln 2, the leading part. */
    public static final double LN2_HIGH = 0x1.62e42fefa39efp-1;

    /** ln 2, the rest. */
    public static final double LN2_LOW = 0x1.abc9e3b39803fp-56;

    /** Adding it rounds to an integer, which then stands in the low bits. */
    public static final double ROUNDER = 0x1.8p52;

    /** (exp(r) - 1 - r) / r², the highest power first. */
    private static final double[] EXP_TAIL = {
        0x1.6124613a86d09p-33,
        0x1.1eed8eff8d898p-29,
        0x1.ae64567f544e4p-26,
        0x1.27e4fb7789f5cp-22,
        0x1.71de3a556c734p-19,
        0x1.a01a01a01a01ap-16,
        0x1.a01a01a01a01ap-13,
        0x1.6c16c16c16c17p-10,
        0x1.1111111111111p-7,
        0x1.5555555555555p-5,
        0x1.5555555555555p-3,
        0.5
    };

    /** erf(y) = y·P(y²)/Q(y²). */
    private static final double[] P_SMALL = {
        1.85777706184603153e-1,
        3.16112374387056560e0,
        1.13864154151050156e2,
        3.77485237685302021e2,
        3.20937758913846947e3
    };

    private static final double[] Q_SMALL = {
        1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3
    };

    /** erfc(y) = exp(-y²)·P(y)/Q(y). */
    private static final double[] P_LARGE = {
        2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1,
        2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3,
        1.23033935479799725e3
    };

    private static final double[] Q_LARGE = {
        1,
        1.57449261107098347e1,
        1.17693950891312499e2,
        5.37181101862009858e2,
        1.62138957456669019e3,
        3.29079923573345963e3,
        4.36261909014324716e3,
        3.43936767414372164e3,
        1.23033935480374942e3
    };

    private Activations() {}

    /** A polynomial of this class, by Horner's scheme with fused multiply-adds. */
    public enum Polynomial {
        /** (exp(r) - 1 - r) / r². */
        EXP_TAIL(Activations.EXP_TAIL),
        /** Numerator of erf(y)/y in y², for small y. */
        P_SMALL(Activations.P_SMALL),
        /** Its denominator. */
        Q_SMALL(Activations.Q_SMALL),
        /** Numerator of exp(y²)·erfc(y). */
        P_LARGE(Activations.P_LARGE),
        /** Its denominator. */
        Q_LARGE(Activations.Q_LARGE);

        private final double[] coefficients;

        Polynomial(double[] coefficients) {
            this.coefficients = coefficients;
        }

        /**
         * A coefficient.
         *
         * @param i 0 is that of the highest power
         */
        public double coefficient(int i) {
            return coefficients[i];
        }

        /** How many coefficients there are. */
        public int count() {
            return coefficients.length;
        }

        double at(double x) {
            double value = coefficients[0];
            for (int i = 1; i < coefficients.length; i++) {
                value = Math.fma(value, x, coefficients[i]);
            }
            return value;
        }
    }

    /**
     * x / (1 + exp(-x)).
     *
     * @param x any number
     * @return SiLU of x
     */
    public static double silu(double x) {
        return logistic(x, x);
    }

    /**
     * ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).
     *
     * @param x any number
     * @return the approximation of GELU
     */
    public static double geluTanh(double x) {
        return logistic(x, TWICE_SQRT_2_OVER_PI * Math.fma(CUBE * x * x, x, x));
    }

    /**
     * x·Φ(x), Φ the normal distribution function.
     *
     * @param x any number
     * @return GELU of x
     */
    public static double gelu(double x) {
        double y = Math.min(Math.abs(x) * SQRT_HALF, LARGEST_ERF);
        double square = y * y;
        boolean small = y < SMALL_ERF;
        double numerator = small ? y * Polynomial.P_SMALL.at(square) : exp(-square) * Polynomial.P_LARGE.at(y);
        double denominator = small ? Polynomial.Q_SMALL.at(square) : Polynomial.Q_LARGE.at(y);
        double half = 0.5 * (numerator / denominator);
        boolean negative = x < 0;
        double base = small ? 0.5 : negative ? 0 : 1;
        return x * (base + (small == negative ? -half : half)) + nanForMinusInfinity(x);
    }

    /** x / (1 + exp(-t)). */
    private static double logistic(double x, double t) {
        double e = exp(-Math.min(Math.max(t, -LARGEST), LARGEST));
        return x / (1 + e) + nanForMinusInfinity(x);
    }

    private static double nanForMinusInfinity(double x) {
        double negative = Math.min(x, 0);
        return negative - negative;
    }

    /** exp of numbers up to {@link #LARGEST} in magnitude. */
    private static double exp(double x) {
        double shifted = Math.fma(x, LOG2_E, ROUNDER);
        double k = shifted - ROUNDER;
        double r = Math.fma(k, -LN2_LOW, Math.fma(k, -LN2_HIGH, x));
        double value = Math.fma(Polynomial.EXP_TAIL.at(r) * r, r, r) + 1.0;
        long power = (Double.doubleToRawLongBits(shifted) << 52) + Double.doubleToRawLongBits(1.0);
        return value * Double.longBitsToDouble(power);
    }
}
