package dev.gamut.vector.reduce;

/**
 * What a leaf works on: {@code count} rows of 64 neighbouring elements each, {@code xStep} elements apart, which go
 * to 64 neighbouring lanes. Reused from call to call.
 *
 * @param <A> the array type of the accumulator
 */
final class Rows<A> {
    /** Elements in a row, and lanes. */
    static final int WIDTH = 64;

    A x;
    int xAt;
    int xStep;
    A y;
    int yAt;
    int yStep;

    /** Elements between the places at which a {@link Stream} reads. */
    int gap;

    /** Of a {@link Stream}. */
    final Extremes extremes = new Extremes();

    /** Of {@link F64Comparisons}: whether the extreme of the last run was a zero or a NaN; kept from run to run. */
    boolean byMin;

    int count;
    A lanes;
    int at;

    /** Parameters of {@link Step#SQUARES} and {@link Step#EXP} for each lane, from {@code param} on. */
    A scale;

    A shift;
    int param;

    /** Forgets the arrays of the caller. */
    void clear() {
        x = null;
        y = null;
        lanes = null;
    }
}
