package dev.gamut.vector.reduce;

/**
 * Joins partial results, given in rising order, by a binary tree that gives its left child the largest power of two
 * of parts smaller than their count: complete subtrees of equal size are joined as carries run through a binary
 * counter. As groups of a power of two of parts are complete subtrees, joining the trees of groups gives the same
 * tree.
 *
 * <p>A part has one value for each column.
 *
 * @param <A> array type
 */
final class Tree<A> {
    private final Arithmetic<A> arithmetic;
    private final int maxColumns;
    private final A stack;
    private Join how;
    private int columns;
    private int depth;
    private long parts;

    /** A tree of up to a number of parts of up to a number of columns. */
    Tree(Arithmetic<A> arithmetic, long maxParts, int maxColumns) {
        this.arithmetic = arithmetic;
        this.maxColumns = maxColumns;
        this.stack = arithmetic.array((Long.SIZE - Long.numberOfLeadingZeros(maxParts) + 1) * maxColumns);
    }

    void start(Join join, int cols) {
        how = join;
        columns = cols;
        depth = 0;
        parts = 0;
    }

    /** Takes the next part. */
    void add(A part, int at) {
        parts++;
        arithmetic.copy(part, at, stack, depth * maxColumns, columns);
        depth++;
        for (long carry = parts; carry % 2 == 0; carry /= 2) {
            joinLast();
        }
    }

    /** Stores the join of all parts, or the neutral element where there are none. */
    void finish(A to, int at) {
        if (parts == 0) {
            for (int c = 0; c < columns; c++) {
                arithmetic.set(to, at + c, how.neutral());
            }
            return;
        }
        while (depth > 1) {
            joinLast();
        }
        arithmetic.copy(stack, 0, to, at, columns);
    }

    private void joinLast() {
        depth--;
        arithmetic.join(how, stack, (depth - 1) * maxColumns, stack, depth * maxColumns, columns);
    }
}
