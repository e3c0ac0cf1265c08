package dev.gamut.vector.reduce;

/** What one pass over the terms accumulates in a lane a; the operations are made of one to three such passes. */
enum Step {
    /** a + x. */
    SUM(Join.ADD, false),
    /** a + |x|. */
    ASUM(Join.ADD, false),
    /** a · x. */
    PRODUCT(Join.MULTIPLY, false),
    /** fma(x, y, a); y is x for sums of squares. */
    DOT(Join.ADD, false),
    /**
     * fma(d, d, a), d = fma(x, scale, shift): one leaf for deviations from a mean (scale 1, shift -mean: d is x - mean
     * rounded once) and for scaled squares (scale a power of two, shift 0: d is x · scale rounded once).
     */
    SQUARES(Join.ADD, true),
    /** min(a, x) as {@link Math#min} has it: NaN where there is one, -0 below +0. */
    MIN(Join.MIN, false),
    /** max(a, x), likewise. */
    MAX(Join.MAX, false),
    /** max(a, |x|), likewise. */
    AMAX(Join.MAX, false),
    /** a + exp(x - shift), for x not above shift. */
    EXP(Join.ADD, true);

    private final Join join;
    private final boolean shifted;

    Step(Join join, boolean shifted) {
        this.join = join;
        this.shifted = shifted;
    }

    Join join() {
        return join;
    }

    /** Whether it reads {@code scale} and {@code shift}. */
    boolean shifted() {
        return shifted;
    }
}
