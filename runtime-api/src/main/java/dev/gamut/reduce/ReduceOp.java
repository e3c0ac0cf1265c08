package dev.gamut.reduce;

/** What a reduction computes over n terms. Accumulation and result types are those of {@link ReduceDesc}. */
public enum ReduceOp {
    /** Σ x; 0 for n = 0. */
    SUM,
    /** Π x; 1 for n = 0. */
    PRODUCT,
    /** Smallest element; NaN where there is one; n = 0 is an error. */
    MIN,
    /** Largest element; NaN where there is one; n = 0 is an error. */
    MAX,
    /** Index (from 0) of the smallest element, the lowest of equals, the first NaN where there is one. */
    ARGMIN,
    /** Index (from 0) of the largest element, the lowest of equals, the first NaN where there is one. */
    ARGMAX,
    /** Index of the element of largest magnitude, the lowest of equals, the first NaN where there is one (BLAS amax). */
    ARGAMAX,
    /** Σ |x|. */
    ASUM,
    /** √Σ x², without overflow or underflow in between. */
    NRM2,
    /** Σ x·y. */
    DOT,
    /** Σ x / n; n = 0 gives NaN for floats and is an error for integers. */
    MEAN,
    /** Σ (x - mean)² / n, the population variance; n = 0 gives NaN. */
    VARIANCE,
    /** log Σ exp(x), without overflow in between; -∞ for n = 0. */
    LOGSUMEXP;

    /** Whether there is a second operand. */
    public boolean isBinary() {
        return this == DOT;
    }

    /** Whether the result is an index. */
    public boolean isIndex() {
        return this == ARGMIN || this == ARGMAX || this == ARGAMAX;
    }

    /** Whether the result is one of the elements, or an index of one: no rounding. */
    public boolean isSelection() {
        return isIndex() || this == MIN || this == MAX;
    }

    /** Whether n = 0 has no answer for any type. */
    public boolean needsElements() {
        return isSelection();
    }

    /** Whether the result is real even for integers: computed and returned in floating point. */
    public boolean isReal() {
        return this == NRM2 || this == MEAN || this == VARIANCE || this == LOGSUMEXP;
    }
}
