package dev.gamut.vector.matrix;

import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;

/**
 * A matrix that is stored in another type than the one it is computed in: blocks of it are decoded and encoded on the way.
 * Bound to the memory of one run; threads share it, each with a workspace of its own.
 *
 * @param <S> array kind of the type that is computed in
 */
public interface Image<S> {
    /** Points at a run's memory. */
    void bind(Operand operand);

    /** Forgets it. */
    void release();

    /**
     * Reads a block: element (o, i) is that at (row + o, col + i), or at (row + i, col + o) by columns, and goes to
     * dst[d0 + o·ld + i].
     *
     * @param e matrix of the batch
     * @param row first row
     * @param col first column
     * @param byColumns whether the outer index counts columns
     * @param outer rows, or columns by columns
     * @param inner the others
     * @param dst numbers
     * @param d0 where they begin
     * @param ld elements between two of the outer index
     * @param workspace scratch, of which drivers leave {@link #SLOT} and the next one alone
     */
    void read(
            long e,
            long row,
            long col,
            boolean byColumns,
            int outer,
            int inner,
            S dst,
            int d0,
            int ld,
            Workspace workspace);

    /** Writes a block, with the parameters of {@link #read}; numbers are rounded to nearest even. */
    void write(
            S src,
            int s0,
            int ld,
            long e,
            long row,
            long col,
            boolean byColumns,
            int outer,
            int inner,
            Workspace workspace);

    /** The first of two scratch arrays that images use. */
    int SLOT = 10;
}
