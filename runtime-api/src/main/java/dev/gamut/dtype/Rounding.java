package dev.gamut.dtype;

/** How a conversion picks between the two neighbours of a value that the target type does not hold. */
public enum Rounding {
    /** The nearer one; of two equally near ones that with the even code. */
    NEAREST_EVEN,
    /** The one of smaller magnitude; finite values never become infinite. */
    TOWARD_ZERO,
    /**
     * The one of larger magnitude with the probability of the share of the way to it, so that the expected value is the value
     * itself; finite values never become infinite. Which one it is follows from a seed and the element's number alone.
     */
    STOCHASTIC
}
