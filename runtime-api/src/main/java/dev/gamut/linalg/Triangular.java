package dev.gamut.linalg;

import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.tensor.Tensor;
import java.util.Arrays;

/**
 * Solves T·X = B for a triangular T, in place: halves the triangle until it is small, with a product for the square in between (N. J. Higham,
 * "Accuracy and Stability of Numerical Algorithms", 2nd ed., section 8.1: the computed X is the exact solution for a T whose elements are off
 * by n·u of their size at most, with products of {@link Accuracy#NATIVE}).
 */
public final class Triangular {
    /** Triangles of this size stay in the second cache beside {@link #STRIP} columns of B. */
    private static final int SMALL = 64;

    private static final int STRIP = 512;

    private Triangular() {}

    /**
     * Solves for all columns of B.
     *
     * @param gamut computes the products
     * @param half of T that holds it; the other one is not read
     * @param t n×n, F64 or F32, in a Java array, with any strides: a transposed view serves for the transposed triangle
     * @param b n×m or a vector of n, of the same type, in a Java array, replaced by X
     * @param accuracy of the products
     * @throws IllegalArgumentException if sizes, types or places are not these
     */
    public static void solve(Gamut gamut, Triangle half, Tensor t, Tensor b, Accuracy accuracy) {
        Block<?> triangle = Block.of("t", t);
        Block<?> right = Block.of("b", b);
        requireSquare("t", triangle);
        requireFits(triangle, right, b);
        solve(new Products(gamut, accuracy), half, triangle, right);
    }

    static void requireSquare(String name, Block<?> a) {
        if (a.rows() != a.cols()) {
            throw new IllegalArgumentException(name + " is " + a.rows() + "×" + a.cols() + "; it must be square");
        }
    }

    static void requireFits(Block<?> a, Block<?> right, Tensor b) {
        if (right.rows() != a.rows() || right.runs() != a.runs()) {
            throw new IllegalArgumentException("b is " + b + "; it must have " + a.rows() + " rows of "
                    + a.runs().type());
        }
    }

    static void requireFits(Block<?> a, double[] b) {
        if (b.length != a.rows()) {
            throw new IllegalArgumentException("b has " + b.length + " elements; it must have " + a.rows());
        }
    }

    @SuppressWarnings("unchecked")
    static <A> void solve(Products products, Triangle half, Block<A> t, Block<?> any) {
        Block<A> b = (Block<A>) any;
        int n = t.rows();
        if (n <= SMALL) {
            small(half, t, b);
            return;
        }
        int cut = (n / 2 + SMALL - 1) / SMALL * SMALL;
        Block<A> top = b.part(0, cut, 0, b.cols());
        Block<A> bottom = b.part(cut, n - cut, 0, b.cols());
        Block<A> leading = t.part(0, cut, 0, cut);
        Block<A> trailing = t.part(cut, n - cut, cut, n - cut);
        if (half.isLower()) {
            solve(products, half, leading, top);
            products.subtract(bottom, t.part(cut, n - cut, 0, cut), top);
            solve(products, half, trailing, bottom);
        } else {
            solve(products, half, trailing, bottom);
            products.subtract(top, t.part(0, cut, cut, n - cut), bottom);
            solve(products, half, leading, top);
        }
    }

    /** Some columns of B at a time, a row an array: from each those are subtracted that are solved. */
    private static <A> void small(Triangle half, Block<A> t, Block<A> b) {
        Runs<A> runs = b.runs();
        int n = t.rows();
        A[] x = runs.arrays(n, Math.min(STRIP, b.cols()));
        A[] solved = Arrays.copyOf(x, n);
        double[] by = new double[n];
        for (int c = 0; c < b.cols(); c += STRIP) {
            Block<A> strip = b.part(0, n, c, Math.min(STRIP, b.cols() - c));
            strip.toRows(x);
            for (int step = 0; step < n; step++) {
                int i = half.isLower() ? step : n - 1 - step;
                for (int other = 0; other < step; other++) {
                    by[other] = t.get(i, half.isLower() ? other : n - 1 - other);
                }
                runs.subtract(x[i], 0, strip.cols(), solved, by, step);
                if (!half.isUnit()) {
                    runs.divide(x[i], 0, strip.cols(), t.get(i, i));
                }
                solved[step] = x[i];
            }
            strip.fromRows(x);
        }
    }
}
