package dev.gamut.convert;

import dev.gamut.kernel.KernelId;

/**
 * A conversion bound to the kernel that was chosen for it. Running it does not allocate, unless losses are counted, and is safe
 * from several threads at once. Operands are checked before anything is computed, with {@link IllegalArgumentException} naming
 * the operand.
 */
public interface ConvertPlan {
    /** What it computes. */
    ConvertDesc desc();

    /** The kernel chosen. */
    KernelId kernel();

    /**
     * Converts.
     *
     * @param args operands
     */
    void run(ConvertArgs args);
}
