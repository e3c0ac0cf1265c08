package dev.gamut.spi;

import dev.gamut.reduce.ReduceArgs;

/** A reduction ready to run, by one caller at a time; see {@link GemmExecutor}. */
@FunctionalInterface
public interface ReduceExecutor {
    /**
     * Computes. Operands have been checked by the plan.
     *
     * @param args operands
     */
    void execute(ReduceArgs args);
}
