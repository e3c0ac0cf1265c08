package dev.gamut.vector.reduce;

/**
 * The inner loop of one step in one type. Leaves load their lanes, take rows in rising order and store the lanes;
 * they do not allocate. Each is one loop with its vectors in locals: a loop around it, or vectors made before it, had
 * C2 box them.
 *
 * @param <A> array type
 */
@FunctionalInterface
interface Leaf<A> {
    /**
     * Accumulates some lanes over all rows.
     *
     * @param rows what to work on
     * @param g the first of the lanes, of which {@link Arithmetic#span} are taken
     */
    void pass(Rows<A> rows, int g);
}
