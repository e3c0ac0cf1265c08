package dev.gamut.vector.reduce;

/** How partial results of one step are joined; its neutral element is what an empty lane holds. */
enum Join {
    /** Addition, from +0. */
    ADD(0),
    /** Multiplication, from 1. */
    MULTIPLY(1),
    /** {@link Math#min}, from ∞. */
    MIN(Double.POSITIVE_INFINITY),
    /** {@link Math#max}, from -∞. */
    MAX(Double.NEGATIVE_INFINITY);

    private final double neutral;

    Join(double neutral) {
        this.neutral = neutral;
    }

    double neutral() {
        return neutral;
    }

    /** Whether any order of joining gives the same bits. */
    boolean isExact() {
        return this == MIN || this == MAX;
    }
}
