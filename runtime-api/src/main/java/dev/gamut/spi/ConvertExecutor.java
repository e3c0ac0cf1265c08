package dev.gamut.spi;

import dev.gamut.convert.ConvertArgs;

/** A conversion ready to run, by one caller at a time; see {@link GemmExecutor}. */
@FunctionalInterface
public interface ConvertExecutor {
    /**
     * Converts. Operands have been checked by the plan.
     *
     * @param args operands
     */
    void execute(ConvertArgs args);
}
