package dev.gamut.convert;

import dev.gamut.dtype.Convert;
import dev.gamut.tensor.Operand;

/** What one run of a {@link ConvertPlan} works on, and what it counted. Reusable. Not thread-safe. */
public final class ConvertArgs {
    private final Operand x = new Operand();
    private final Operand y = new Operand();
    private long seed;
    private Convert.Loss loss = Convert.Loss.NONE;

    /** No operands, seed 0. */
    public ConvertArgs() {}

    /** What is converted. */
    public Operand x() {
        return x;
    }

    /** Where the result goes. */
    public Operand y() {
        return y;
    }

    /** Seed of stochastic rounding. */
    public long seed() {
        return seed;
    }

    /**
     * Sets the seed of stochastic rounding: equal seeds give equal results.
     *
     * @param value any number
     * @return this
     */
    public ConvertArgs seed(long value) {
        seed = value;
        return this;
    }

    /** What the last run could not keep; nothing where its descriptor does not ask for it. */
    public Convert.Loss loss() {
        return loss;
    }

    /**
     * Tells what a run could not keep; called by kernels.
     *
     * @param counted what was lost
     */
    public void loss(Convert.Loss counted) {
        loss = counted;
    }

    /** Forgets the operands. */
    public void clear() {
        x.clear();
        y.clear();
        seed = 0;
        loss = Convert.Loss.NONE;
    }
}
