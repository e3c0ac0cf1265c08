package dev.gamut.conformance;

import dev.gamut.dtype.DType;

/**
 * All values that a correct evaluation may have at one stage: [high + low − radius, high + low + radius], the middle being
 * exact mathematics and the radius the allowed error so far. Immutable.
 *
 * <p>{@code high} may be infinite or NaN: then that value alone is right. {@code wild} adds the infinities and NaN, because
 * some allowed order of evaluation overflows on the way. Radii are evaluated in double: fewer than 2^10 roundings each, which
 * {@link #SLACK} covers.
 *
 * @param high leading part of the exact value
 * @param low the rest of it
 * @param radius allowed error
 * @param wild whether infinity and NaN are allowed besides
 */
record Enclosure(double high, double low, double radius, boolean wild) {
    /** 1 + 2^10·2^-53, for the roundings of the radii themselves. */
    static final double SLACK = 1 + 0x1p-43;

    /** An exact number. */
    static Enclosure exact(double value) {
        return new Enclosure(value, 0, 0, false);
    }

    /** No finite value is known; anything is accepted. */
    static Enclosure unknown() {
        return new Enclosure(0, 0, Double.POSITIVE_INFINITY, true);
    }

    boolean isFinite() {
        return Double.isFinite(high);
    }

    /** Largest magnitude inside. */
    double magnitude() {
        return Math.abs(high) + radius;
    }

    /** Times a number, without rounding. */
    Enclosure times(double factor) {
        double h = high * factor;
        if (!Double.isFinite(h)) {
            return overflowed(h);
        }
        double rest = Math.fma(high, factor, -h) + low * factor;
        double lost = Math.abs(h) < DoubleDouble.PRODUCT_EXACT && h != 0 ? Double.MIN_VALUE : 0;
        return new Enclosure(h, rest, radius * Math.abs(factor) + lost, wild);
    }

    /** Plus an exact product x·y, without rounding. */
    Enclosure plusProduct(double x, double y) {
        return plus(exact(x).times(y));
    }

    /** Plus another enclosure, without rounding. */
    Enclosure plus(Enclosure other) {
        double t = high + other.high;
        if (!Double.isFinite(t)) {
            return new Enclosure(t, 0, 0, wild || other.wild || isFinite() && other.isFinite());
        }
        double rest = DoubleDouble.lost(high, other.high, t) + low + other.low;
        double tiny = (Math.abs(low) + Math.abs(other.low)) * 0x1p-51;
        return new Enclosure(t, rest, radius + other.radius + tiny, wild || other.wild);
    }

    /** An infinite intermediate is certain where an operand was infinite; where it came from finite ones, F64 overflowed. */
    private Enclosure overflowed(double value) {
        return isFinite() ? new Enclosure(value, 0, 0, radius > 0 || wild) : new Enclosure(value, 0, 0, wild);
    }

    /** With a wider radius. */
    Enclosure widen(double by) {
        return new Enclosure(high, low, radius + by, wild);
    }

    /** With infinity and NaN allowed besides. */
    Enclosure orOverflow() {
        return new Enclosure(high, low, radius, true);
    }

    /**
     * After one rounding to nearest in a type: u·|x| + η/2 more, infinite where every value inside overflows, wild where
     * some do.
     */
    Enclosure rounded(DType type) {
        if (!isFinite() || type.isInteger()) {
            return this;
        }
        double below = type.round(lower());
        double above = type.round(upper());
        if (Double.isInfinite(below) && below == above) {
            return new Enclosure(below, 0, 0, wild);
        }
        boolean straddles = Double.isInfinite(below) || Double.isInfinite(above);
        double more = type.unitRoundoff() * magnitude() + type.minSubnormal() / 2;
        return new Enclosure(high, low, radius + more, wild || straddles);
    }

    /** Lower end, rounded outwards. */
    double lower() {
        double end = high + (low - radius * SLACK);
        return radius == 0 && low == 0 ? end : Math.nextDown(end);
    }

    /** Upper end, rounded outwards. */
    double upper() {
        double end = high + (low + radius * SLACK);
        return radius == 0 && low == 0 ? end : Math.nextUp(end);
    }
}
