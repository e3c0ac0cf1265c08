package dev.gamut.vector.reduce;

/**
 * Two extremes of the bits of a run's numbers, and what they say of the least and the greatest number.
 *
 * <p>As signed integers, numbers without a sign are in order; before them lie those with one, backwards. As unsigned
 * integers, those with a sign come last, backwards too. A NaN is beyond the infinity of its sign. So if there are numbers
 * without a sign the greatest of all is the signed maximum, and if there are numbers with a sign the least of all is the unsigned
 * maximum; one of the two is a NaN if any number is. Among numbers of one sign the signed extremes are the least and the
 * greatest number, in this order or the other, and the maximum is a NaN if any number is. Zeros differ by their sign.
 */
final class Extremes {
    /** Whether the second one is the signed minimum, which is of use if all numbers have the same sign; kept from run to run. */
    boolean ofOneSign;

    /** The number whose bits are the signed maximum. */
    double signedMax;

    /** The number whose bits are the unsigned maximum or the signed minimum. */
    double second;

    /** Whether the least or the greatest number follows. */
    boolean isKnown(boolean least) {
        return isNaN()
                || (ofOneSign
                        ? isNegative(signedMax) == isNegative(second)
                        : isNegative(least ? second : signedMax) == least);
    }

    /** The least or the greatest number, NaN if any number is; where {@link #isKnown}. */
    double value(boolean least) {
        if (isNaN()) {
            return Double.NaN;
        }
        boolean first = ofOneSign ? isNegative(signedMax) == least : !least;
        return first ? signedMax : second;
    }

    private boolean isNaN() {
        return Double.isNaN(signedMax) || Double.isNaN(second);
    }

    private static boolean isNegative(double x) {
        return Math.copySign(1, x) < 0;
    }
}
