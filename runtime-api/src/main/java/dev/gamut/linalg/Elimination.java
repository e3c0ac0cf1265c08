package dev.gamut.linalg;

import java.util.function.IntConsumer;

/**
 * P·A = L·U where A lies, with partial pivoting and recursion over columns: the left half is factored, then the right one less what the left
 * one makes of it (S. Toledo, "Locality of Reference in LU Decomposition with Partial Pivoting", 1997). Products so have as many terms as they
 * can, which is what all of them gain by: most of the time goes into few products of large matrices.
 *
 * @param products of large blocks
 * @param a at least as many rows as columns; becomes L below the diagonal, without its ones, and U
 * @param pivots for each column the row that came to its place
 * @param done told how many columns are factored
 * @param <A> kind of array
 */
record Elimination<A>(Products products, Block<A> a, int[] pivots, IntConsumer done) {
    /** Columns that are copied, one after the other, and finished there. */
    static final int PANEL = 128;

    /** Of a panel, columns that are taken one by one. */
    private static final int NARROW = 16;

    /** Rows that a panel's products take at a time: few sizes, which come again, and with them plans, and the second cache holds them. */
    private static final int ROWS = 512;

    /** Factors a matrix whose rows are contiguous. */
    void factor() {
        Runs<A> runs = a.runs();
        int width = Math.min(PANEL, a.cols());
        halves(0, a.cols(), Block.columns(runs, a.rows(), width), runs.arrays(Math.min(NARROW, width), a.rows()));
    }

    private void halves(int first, int width, Block<A> panel, A[] columns) {
        if (width <= PANEL) {
            panel(first, width, panel, columns);
            done.accept(first + width);
            return;
        }
        int left = split(width, PANEL);
        halves(first, left, panel, columns);
        update(products, first, left, width - left);
        halves(first + left, width - left, panel, columns);
        swap(first + left, width - left, first, left);
    }

    /** Columns of the left half: so many times the least that sizes come again, and with them plans. */
    static int split(int width, int least) {
        return Integer.highestOneBit((width - 1) / least) * least;
    }

    /** What factored columns make of those on their right. */
    private void update(Products by, int first, int left, int right) {
        int next = first + left;
        int rest = a.rows() - next;
        swap(first, left, next, right);
        Block<A> top = a.part(first, left, next, right);
        Triangular.solve(by, Triangle.UNIT_LOWER, a.part(first, left, first, left), top);
        int some = left < PANEL ? ROWS : Math.max(1, rest);
        for (int i = 0; i < rest; i += some) {
            int rows = Math.min(some, rest - i);
            by.subtract(a.part(next + i, rows, next, right), a.part(next + i, rows, first, left), top);
        }
    }

    /** Makes the exchanges that some columns asked for in others. */
    private void swap(int asking, int count, int first, int width) {
        Block<A> columns = a.part(0, a.rows(), first, width);
        if (columns.down() == 1) {
            for (int c = 0; c < width; c++) { // a column stays in the caches
                Block<A> column = columns.part(0, a.rows(), c, 1);
                for (int j = asking; j < asking + count; j++) {
                    column.swapRows(j, pivots[j]);
                }
            }
        } else {
            for (int j = asking; j < asking + count; j++) {
                columns.swapRows(j, pivots[j]);
            }
        }
    }

    private void panel(int first, int width, Block<A> whole, A[] scratch) {
        Block<A> here = a.part(first, a.rows() - first, first, width);
        Block<A> panel = whole.part(0, here.rows(), 0, width);
        here.into(panel);
        int[] found = new int[width];
        new Elimination<>(products.plain(), panel, found, done).columns(0, width, scratch);
        panel.into(here);
        for (int j = 0; j < width; j++) {
            pivots[first + j] = first + found[j];
        }
    }

    private void columns(int first, int width, A[] scratch) {
        if (width <= NARROW) {
            narrow(first, width, scratch);
            return;
        }
        int left = split(width, NARROW);
        columns(first, left, scratch);
        update(products, first, left, width - left);
        columns(first + left, width - left, scratch);
        swap(first + left, width - left, first, left);
    }

    /** Column by column: those on its left are subtracted from it, and it is divided by its largest element. */
    private void narrow(int first, int width, A[] x) {
        Runs<A> runs = a.runs();
        int rows = a.rows() - first;
        Block<A> here = a.part(first, rows, first, width);
        here.transpose().toRows(x);
        double[] by = new double[width];
        for (int j = 0; j < width; j++) {
            for (int p = 0; p < j; p++) { // U's elements, which later ones need
                for (int i = p + 1; i < j; i++) {
                    runs.set(x[j], i, runs.get(x[j], i) - runs.get(x[j], p) * runs.get(x[p], i));
                }
                by[p] = runs.get(x[j], p);
            }
            runs.subtract(x[j], j, rows, x, by, j);
            int pivot = runs.largest(x[j], j, rows);
            pivots[first + j] = first + pivot;
            for (int c = 0; c < width; c++) {
                double kept = runs.get(x[c], j);
                runs.set(x[c], j, runs.get(x[c], pivot));
                runs.set(x[c], pivot, kept);
            }
            double largest = runs.get(x[j], j);
            if (largest != 0) {
                runs.divide(x[j], j + 1, rows, largest);
            }
        }
        here.transpose().fromRows(x);
    }
}
