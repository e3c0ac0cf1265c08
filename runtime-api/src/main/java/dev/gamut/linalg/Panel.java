package dev.gamut.linalg;

import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;

/**
 * Factors some columns of a matrix, with partial pivoting: the left half, then the right one less what the left one makes of it, and so on
 * for the halves (S. Toledo, "Locality of Reference in LU Decomposition with Partial Pivoting", 1997).
 *
 * @param gamut computes the products
 * @param panel at least as many rows as columns, columns one after the other; becomes L below the diagonal, without its ones, and U
 * @param pivots for each column the row, of all in the panel, that came to its place
 * @param accuracy of the products
 * @param <A> kind of array
 */
record Panel<A>(Gamut gamut, Block<A> panel, int[] pivots, Accuracy accuracy) {
    /** Below that, columns are taken one by one. */
    private static final int NARROW = 8;

    void factor() {
        factor(0, panel.cols());
    }

    private void factor(int first, int width) {
        if (width <= NARROW) {
            narrow(first, width);
            return;
        }
        int left = (width / 2 + NARROW - 1) / NARROW * NARROW;
        int right = width - left;
        int below = first + left;
        factor(first, left);
        swap(first, left, below, right);
        Block<A> top = panel.part(first, left, below, right);
        Triangular.solve(gamut, Triangle.UNIT_LOWER, panel.part(first, left, first, left), top, accuracy);
        int rest = panel.rows() - below;
        panel.part(below, rest, below, right).subtract(gamut, panel.part(below, rest, first, left), top, accuracy);
        factor(below, right);
        swap(below, right, first, left);
    }

    /** Makes the exchanges that some columns asked for in others. */
    private void swap(int asking, int count, int first, int width) {
        Block<A> columns = panel.part(0, panel.rows(), first, width);
        for (int c = 0; c < width; c++) {
            for (int j = asking; j < asking + count; j++) {
                columns.part(0, panel.rows(), c, 1).swapRows(j, pivots[j]);
            }
        }
    }

    private void narrow(int first, int width) {
        Runs<A> runs = panel.runs();
        A x = panel.array();
        Block<A> columns = panel.part(0, panel.rows(), first, width);
        for (int j = first; j < first + width; j++) {
            int diagonal = panel.index(j, j);
            int rest = panel.rows() - j - 1;
            pivots[j] = j + runs.largest(x, diagonal, rest + 1);
            columns.swapRows(j, pivots[j]);
            double pivot = runs.get(x, diagonal);
            if (pivot != 0) {
                runs.divide(x, diagonal + 1, rest, pivot);
            }
            for (int c = j + 1; c < first + width; c++) {
                int top = panel.index(j, c);
                runs.subtract(x, diagonal + 1, x, top + 1, rest, runs.get(x, top));
            }
        }
    }
}
