package dev.gamut.vector.reduce;

/**
 * A leaf for one long run of neighbouring terms, in any order: {@code count} steps, each of four neighbouring vectors at
 * four places of {@link Rows}, {@code gap} elements apart, the first at {@code xAt}. Memory serves several streams faster than
 * one, and it is no matter then where their cache lines begin. One vector of lanes is stored, at {@code lanes[at]}.
 *
 * <p>Of one to eight streams, four are within some percent of the best from memory, 48 GB/s (two 49, one 38), and from L2,
 * 185 to 205 GB/s (two 220, but 110 in some JVMs; sums of F64, AMD EPYC 9005, 512-bit vectors, one thread). An
 * Intel AVX-512 server core read 11.9 GB/s by one stream and 18.6 by eight; four were not measured there.
 *
 * @param <A> array type
 */
@FunctionalInterface
interface Stream<A> {
    /** Places at which a run is read at once. */
    int PLACES = 4;

    /** Vectors that are taken in each step, four at each place. */
    int VECTORS = 4 * PLACES;

    /**
     * Steps of a run, after which its lanes are joined: short enough for the error bound, long enough that joining costs
     * nothing, and no power of two, or all places would fall into the same sets of a cache.
     */
    int STEPS = 500;

    /** Terms that go to one lane in a run: there are eight vectors of lanes. */
    int CHAIN = STEPS * VECTORS / 8;

    /**
     * Accumulates a run from nothing.
     *
     * @param rows what to work on
     */
    void pass(Rows<A> rows);
}
