package dev.gamut.vector.reduce;

import dev.gamut.reduce.ReduceOp;

/** What an index operation looks for: the element with the largest key. */
enum Selection {
    /** The largest element: the key is x. */
    LARGEST(Step.MAX),
    /** The smallest element: the key is -x. */
    SMALLEST(Step.MIN),
    /** The largest magnitude: the key is |x|. */
    MAGNITUDE(Step.AMAX);

    private final Step step;

    Selection(Step step) {
        this.step = step;
    }

    /** What an index operation looks for. */
    static Selection of(ReduceOp op) {
        return switch (op) {
            case ARGMIN -> SMALLEST;
            case ARGMAX -> LARGEST;
            case ARGAMAX -> MAGNITUDE;
            case SUM, PRODUCT, MIN, MAX, ASUM, DOT, MEAN, VARIANCE, NRM2, LOGSUMEXP ->
                throw new IllegalArgumentException(op + " has no index");
        };
    }

    /** The pass that leaves the value with the largest key in each lane. */
    Step step() {
        return step;
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
