package dev.gamut.spi;

/**
 * Combines two blocks of accumulators element by element, in Java's arithmetic. Stateless and thread-safe.
 *
 * @param <A> arrays of accumulators
 */
@FunctionalInterface
public interface BlockOperation<A> {
    /**
     * to[t + i] = x[j + i] op y[k + i] for i below n; to may be x or y where t is j or k.
     *
     * @param to for the results
     * @param t index of the first one
     * @param x left operands
     * @param j index of the first one
     * @param y right operands
     * @param k index of the first one
     * @param n how many
     */
    void apply(A to, int t, A x, int j, A y, int k, int n);
}
