package dev.gamut.bench.peer;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;

/** What a product may be off by whose activations are rounded to I8 in each run, a scale factor for each block of them. */
public final class RoundedActivations {
    /** Terms from which on there is a bound. */
    public static final int LEAST_TERMS = 32;

    /** Code of a block's largest activation. */
    public static final int LARGEST = 127;

    /** Standard deviations that the bound allows for; chance reaches that once in 10^12 elements. */
    private static final double DEVIATIONS = 7;

    private RoundedActivations() {}

    /**
     * The conventional bound and what rounding to I8 adds, for activations a uniform in (-1, 1) and codes b uniform over
     * their type, whose scale factors are uniform in a range of one to two.
     *
     * <p>A block of activations is divided by its quantum, the largest magnitude over 127, at most 1/127, and rounded to
     * nearest: each changes by at most 1/254, by r² = 1/12 of the quantum's square in the mean square, and by nothing on
     * average. The result's error, the sum of changes times b, so has the standard deviation r/127·‖b‖ at most. The sum of
     * magnitudes S = Σ|a||b| has the mean Σ|b|/2 and the deviation ‖b‖/√12. So the error is over f·S only where a sum strays
     * from its mean f·Σ|b|/2 down to 0; that mean is {@value #DEVIATIONS} of its deviations √(f²/12 + r²/127²)·‖b‖ for
     *
     * <pre>  F/2 = q·√((F² + 1)/12),     F = 127·f,   q = 7·‖b‖/Σ|b| = 7·√(21.5/4²·28/27/k)</pre>
     *
     * <p>with the numbers for I4, which are a hundredth above those for I8. There is no such f for
     * k < 23: S itself may be next to nothing there.
     *
     * @param k terms, at least {@value #LEAST_TERMS}
     */
    public static ErrorBound bound(long k) {
        double q2 = DEVIATIONS * DEVIATIONS * 21.5 / 16 * 28 / 27 / k;
        double f = Math.sqrt(q2 / (3 - q2));
        ErrorBound sum = ErrorBound.ofAccumulation(DType.F32);
        return sum.plus(f / LARGEST / sum.unit());
    }
}
