package dev.gamut.spi;

import dev.gamut.gemm.GemmArgs;

/**
 * A GEMM ready to run: the whole descriptor, epilogue, batch, alpha and beta included. An executor serves one caller at a
 * time; the plan prepares another where two callers run at once, so it may keep state between its phases in fields.
 */
@FunctionalInterface
public interface GemmExecutor {
    /**
     * Computes. Operands have been checked by the plan.
     *
     * @param args operands and factors
     */
    void execute(GemmArgs args);
}
