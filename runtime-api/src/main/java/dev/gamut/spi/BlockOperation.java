package dev.gamut.spi;

/**
 * Combines two blocks element by element: accumulators in Java's arithmetic, narrower types in that of their accumulators, rounded to nearest
 * even; a NaN may be any. Stateless and thread-safe.
 *
 * @param <A> arrays of the type
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
