package dev.gamut.vector.reduce;

/**
 * A leaf for one long run of neighbouring terms, in any order: eight vectors, which stay in registers, take the terms of
 * {@link Rows}: {@code count} steps of {@code xStep} elements, vectors 2 s and 2 s + 1 starting {@code s · gap} and {@code
 * s · gap + near} elements behind {@code xAt}. With neighbouring vectors this is one stream; with parts of the run apart it
 * is four or eight streams, which memory serves faster than one. One vector of lanes is stored, at {@code lanes[at]}.
 *
 * @param <A> array type
 */
@FunctionalInterface
interface Stream<A> {
    /** Vectors that are taken in each step. */
    int VECTORS = 8;

    /**
     * Steps of a run, after which its lanes are joined: short enough for the error bound, long enough that joining costs
     * nothing, and no power of two, or all streams would fall into the same sets of a cache.
     */
    int STEPS = 1000;

    /**
     * Accumulates a run from nothing.
     *
     * @param rows what to work on
     */
    void pass(Rows<A> rows);
}
