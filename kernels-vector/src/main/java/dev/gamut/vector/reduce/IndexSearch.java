package dev.gamut.vector.reduce;

import dev.gamut.spi.Workspace;

/**
 * Finds where the largest key of each column stands: the lowest index of equals, the first NaN where there is one.
 *
 * <p>The largest key of a block comes from the leaf of a {@link Selection}; only where it beats what was found before
 * are its terms looked through, and of those only the lanes that hold it.
 *
 * @param <A> array type
 */
final class IndexSearch<A> {
    private final Worker<A> worker;
    private final Arithmetic<A> arithmetic;
    private final Selection selection;
    private final A folded;
    private final double[] best;
    private final long[] index;

    IndexSearch(Worker<A> worker, Selection selection) {
        int columns = worker.geometry.maxColumns();
        this.worker = worker;
        this.arithmetic = worker.arithmetic;
        this.selection = selection;
        this.folded = arithmetic.array(Rows.WIDTH * columns);
        this.best = new double[columns];
        this.index = new long[columns];
    }

    /** Searches the blocks from one on up to another of a unit. */
    void search(long unit, long from, long to, Workspace workspace) {
        worker.start(selection.step(), unit, null, null, workspace);
        int columns = worker.geometry.columns(unit);
        for (int c = 0; c < columns; c++) {
            best[c] = Double.NEGATIVE_INFINITY;
            index[c] = from * Geometry.BLOCK;
        }
        for (long block = from; block < to; block++) {
            A lanes = worker.fillLanes(selection.step(), unit, block);
            arithmetic.copy(lanes, 0, folded, 0, Rows.WIDTH * columns);
            worker.fold(selection.step().join(), folded);
            for (int c = 0; c < columns; c++) {
                double key = selection.key(arithmetic.get(folded, c));
                if (beats(key, best[c])) {
                    best[c] = key;
                    index[c] = block * Geometry.BLOCK + locate(unit, block, lanes, columns, c);
                }
            }
        }
    }

    double key(int column) {
        return best[column];
    }

    long index(int column) {
        return index[column];
    }

    /** Whether a later key replaces an earlier one. */
    static boolean beats(double key, double earlier) {
        return key > earlier || Double.isNaN(key) && !Double.isNaN(earlier);
    }

    private int locate(long unit, long block, A lanes, int columns, int column) {
        int blockRows = worker.blockRows(block);
        int piece = worker.pieceRows();
        for (int r = 0; r < blockRows; r += piece) {
            int count = Math.min(piece, blockRows - r);
            worker.open(unit, block * Geometry.BLOCK + r, count);
            int found = first(lanes, columns, column, count);
            if (found < count) {
                return r + found;
            }
        }
        throw new IllegalStateException("no term has the key " + best[column]);
    }

    /** The first row of an opened piece with the best key, or the number of rows. */
    private int first(A lanes, int columns, int column, int count) {
        int first = count;
        for (int lane = 0; lane < Rows.WIDTH; lane++) {
            if (same(selection.key(arithmetic.get(lanes, lane * columns + column)), best[column])) {
                for (int r = lane; r < first; r += Rows.WIDTH) {
                    double term = arithmetic.get(worker.x.array, worker.x.at + r * worker.x.step + column);
                    if (same(selection.key(term), best[column])) {
                        first = r;
                    }
                }
            }
        }
        return first;
    }

    private static boolean same(double a, double b) {
        return a == b || Double.isNaN(a) && Double.isNaN(b);
    }
}
