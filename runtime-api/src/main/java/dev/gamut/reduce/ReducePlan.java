package dev.gamut.reduce;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.kernel.KernelId;

/**
 * A reduction bound to the kernel that was chosen for it. Running it does not allocate and is safe from several threads
 * at once. Operands are checked before anything is computed, with {@link IllegalArgumentException} naming the operand.
 */
public interface ReducePlan {
    /** What it computes. */
    ReduceDesc desc();

    /** The kernel chosen. */
    KernelId kernel();

    /** The declared bound, S being the sum of the absolute values of the terms. */
    ErrorBound bound();

    /**
     * Reduces.
     *
     * @param args operands
     */
    void run(ReduceArgs args);

    /**
     * Reduces one array from its first element to one number.
     *
     * @param x array of the kind that stores the type
     * @return the result, for a descriptor with one result and one operand
     */
    double reduce(Object x);
}
