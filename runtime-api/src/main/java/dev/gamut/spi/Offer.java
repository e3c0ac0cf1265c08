package dev.gamut.spi;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;

/**
 * A kernel's answer to an operation.
 *
 * @param <X> what executes a prepared operation
 */
public sealed interface Offer<X> {
    /**
     * The kernel would carry out the whole operation.
     *
     * @param cost predicted time
     * @param bound declared error bound for this operation
     * @param determinism promise for this operation
     * @param preparer makes an executor; called only where the machine is the host
     * @param <X> what executes a prepared operation
     */
    record Accept<X>(Cost cost, ErrorBound bound, Determinism determinism, Preparer<X> preparer) implements Offer<X> {}

    /**
     * The kernel does not carry it out.
     *
     * @param reason what stands against it, with the values concerned
     * @param <X> what would have executed it
     */
    record Decline<X>(String reason) implements Offer<X> {}

    /**
     * Makes executors.
     *
     * @param <X> what executes a prepared operation
     */
    @FunctionalInterface
    interface Preparer<X> {
        /**
         * Prepares one executor.
         *
         * @param context threads, workspaces, inner plans
         * @return an executor for one caller at a time
         */
        X prepare(PlanContext context);
    }
}
