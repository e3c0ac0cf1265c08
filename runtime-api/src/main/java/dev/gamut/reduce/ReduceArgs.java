package dev.gamut.reduce;

import dev.gamut.tensor.Operand;

/**
 * What one run of a {@link ReducePlan} works on. Reusable, so that running a plan allocates nothing. Not thread-safe.
 */
public final class ReduceArgs {
    private final Operand x = new Operand();
    private final Operand y = new Operand();
    private final Operand out = new Operand();

    /** No operands. */
    public ReduceArgs() {}

    /** The operand. */
    public Operand x() {
        return x;
    }

    /** The second operand of a dot product. */
    public Operand y() {
        return y;
    }

    /** Where results go: contiguous, row-major over the axes that remain. */
    public Operand out() {
        return out;
    }

    /** Forgets the operands. */
    public void clear() {
        x.clear();
        y.clear();
        out.clear();
    }
}
