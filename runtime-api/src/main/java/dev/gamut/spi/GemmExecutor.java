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

    /**
     * Computes without any state of its own, so that one executor serves all callers at once and none needs to be leased:
     * what a lease costs is a good part of the time of a product of ten rows.
     *
     * @param args operands and factors, checked by the plan
     * @return whether it has computed; false, with nothing done, where it needs state for these operands
     */
    default boolean executeShared(GemmArgs args) {
        return false;
    }
}
