package dev.gamut.vector.reduce;

import dev.gamut.reduce.ReduceOp;

/**
 * Turns every choice of an element into the search for the largest key, a change of the sign bit alone: so that one leaf
 * serves minimum, maximum and magnitude. NaN stays NaN, and -0 below +0 becomes the right order of keys.
 */
enum Selection {
    /** The largest element: the key is x. */
    LARGEST(-1L, 0),
    /** The smallest element: the key is -x. */
    SMALLEST(-1L, Long.MIN_VALUE),
    /** The largest magnitude: the key is |x|. */
    MAGNITUDE(Long.MAX_VALUE, 0);

    private final long keep;
    private final long flip;

    Selection(long keep, long flip) {
        this.keep = keep;
        this.flip = flip;
    }

    /** What an operation selects in its pass of {@link Step#MAX}; the largest where it has none. */
    static Selection of(ReduceOp op) {
        return switch (op) {
            case MIN, ARGMIN -> SMALLEST;
            case ARGAMAX, NRM2 -> MAGNITUDE;
            case SUM, PRODUCT, MAX, ARGMAX, ASUM, DOT, MEAN, VARIANCE, LOGSUMEXP -> LARGEST;
        };
    }

    /** Bits of an F64 that are kept; the upper half serves F32. */
    long keep() {
        return keep;
    }

    /** Bits that are flipped then. */
    long flip() {
        return flip;
    }

    /** The key of one element. */
    double key(double x) {
        return switch (this) {
            case LARGEST -> x;
            case SMALLEST -> -x;
            case MAGNITUDE -> Math.abs(x);
        };
    }
}
