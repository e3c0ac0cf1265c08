package dev.gamut.dtype;

/**
 * Stochastic rounding, defined so that every kernel on every machine gives the same results: element number i of a conversion
 * with seed s draws u from the upper 24 bits of the SplitMix64 generator's output number i (G. L. Steele, D. Lea and C. H. Flood,
 * "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014) and goes away from zero where the share of the way to the
 * neighbour is more than u / 2^24. Stateless and thread-safe.
 */
public final class Stochastic {
    private static final int MOST_BITS = 16;
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private Stochastic() {}

    /** Neighbours of values of wide types are nearer to each other than the doubles between them. */
    static void requireNarrow(DType type) {
        if (type.bits() > MOST_BITS) {
            throw new IllegalArgumentException(
                    "dstType is " + type.id() + ", must have at most " + MOST_BITS + " bits for stochastic rounding");
        }
    }

    /**
     * The random number of an element.
     *
     * @param seed of the conversion
     * @param number of the element
     * @return a multiple of 2^-24 in [0, 1)
     */
    public static double draw(long seed, long number) {
        long z = seed + (number + 1) * GOLDEN_GAMMA;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return ((z ^ z >>> 31) >>> 40) * 0x1p-24;
    }

    /**
     * Rounds a value.
     *
     * @param type of at most 16 bits
     * @param v any value
     * @param seed of the conversion
     * @param number of the element
     * @return one of the two values of the type around {@code v}; the nearest limit beyond its range, NaN for NaN
     */
    public static double round(DType type, double v, long seed, long number) {
        double below = type.truncate(v);
        boolean beyond = v < type.lowest() || v > type.maxFinite(); // infinities too
        if (Double.isNaN(v) || below == v || beyond) {
            return below;
        }
        double step = step(type, below);
        double above = below + Math.copySign(step, v);
        if (above > type.maxFinite() || above < type.lowest()) {
            return below;
        }
        return Math.abs(v - below) > draw(seed, number) * step ? above : below;
    }

    /** From a value of the type to its neighbour away from zero. */
    private static double step(DType type, double below) {
        if (type.isInteger()) {
            return 1;
        }
        double magnitude = Math.max(Math.abs(below), type.minNormal());
        return Math.scalb(1.0, Math.getExponent(magnitude) - type.precision() + 1);
    }
}
