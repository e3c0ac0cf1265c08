package dev.gamut.linalg;

import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.tensor.Tensor;
import java.util.OptionalInt;
import java.util.function.IntConsumer;

/**
 * P·A = L·U with partial pivoting: L lower triangular with ones on its diagonal and no element above 1 in magnitude, U upper triangular.
 * By recursion over columns (F. G. Gustavson, "Recursion leads to automatic variable blocking for dense linear-algebra algorithms", 1997),
 * nearly all of it products of large matrices.
 *
 * <p>A solution x of A·x = b that it gives satisfies (A + E)·x = b, with ‖E‖∞ at most about n·u·g·‖A‖∞, where u is the unit roundoff of the
 * type, with {@link Accuracy#NATIVE}, and g the growth of elements, seldom above n^(2/3) (Higham, section 9.4). Solving is thread-safe;
 * memory: the matrix and 144 columns of it.
 */
public final class Lu {
    private final Products products;
    private final Block<?> factors;
    private final int[] pivots;

    /**
     * Factors a matrix where it lies.
     *
     * @param products of large blocks
     * @param a square, rows contiguous
     * @param done told how many columns are factored
     */
    Lu(Products products, Block<?> a, IntConsumer done) {
        Triangular.requireSquare("a", a);
        this.products = products.plain();
        this.factors = a;
        this.pivots = new int[a.rows()];
        new Elimination<>(products, a, pivots, done).factor();
    }

    /**
     * Factors a matrix in row-major order with products of {@link Accuracy#NATIVE}.
     *
     * @param gamut computes the products; must be open as long as the factors are used
     * @param a n·n elements, kept
     * @param n order of the matrix
     */
    public static Lu of(Gamut gamut, double[] a, int n) {
        return of(gamut, Block.square(a, n), Accuracy.NATIVE);
    }

    /**
     * Factors a copy of a matrix.
     *
     * @param gamut computes the products; must be open as long as the factors are used
     * @param a square, F64 or F32, kept
     * @param accuracy of the products
     */
    public static Lu of(Gamut gamut, Tensor a, Accuracy accuracy) {
        return new Lu(new Products(gamut, accuracy), Block.copy("a", a), columns -> {});
    }

    /**
     * Factors a matrix where it lies.
     *
     * @param gamut computes the products; must be open as long as the factors are used
     * @param a square, F64 or F32, in a Java array, rows contiguous; becomes L below the diagonal and U
     * @param accuracy of the products
     * @param done told how many columns are factored, now and then
     */
    public static Lu inPlace(Gamut gamut, Tensor a, Accuracy accuracy, IntConsumer done) {
        Block<?> block = Block.of("a", a);
        if (block.across() != 1) {
            throw new IllegalArgumentException("a is " + a + "; its rows must be contiguous");
        }
        return new Lu(new Products(gamut, accuracy), block, done);
    }

    /** L below the diagonal, without its ones, and U, as a view. */
    public Tensor factors() {
        return factors.tensor();
    }

    /** For each row the one at or below it that it was exchanged with, in that order: the permutation P. */
    public int[] pivots() {
        return pivots.clone();
    }

    /** The first column, from 0, whose pivot is 0 or NaN; empty where the matrix is regular as far as the factors tell. */
    public OptionalInt firstZeroPivot() {
        for (int i = 0; i < pivots.length; i++) {
            if (!(Math.abs(factors.get(i, i)) > 0)) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /**
     * Solves A·x = b in the arithmetic of F64, whatever the type of the factors.
     *
     * @param b n elements, kept
     * @return x
     * @throws ArithmeticException if the matrix is singular
     */
    public double[] solve(double[] b) {
        int n = pivots.length;
        if (b.length != n) {
            throw new IllegalArgumentException("b has " + b.length + " elements; it must have " + n);
        }
        requireRegular();
        double[] x = b.clone();
        substitute(factors, x);
        return x;
    }

    /** Row by row: each is a dot product with what is solved, which reads the factors once. */
    private <A> void substitute(Block<A> f, double[] x) {
        int n = pivots.length;
        for (int i = 0; i < n; i++) {
            double kept = x[i];
            x[i] = x[pivots[i]];
            x[pivots[i]] = kept;
        }
        for (int i = 1; i < n; i++) {
            x[i] -= f.runs().dot(f.array(), f.index(i, 0), x, 0, i);
        }
        for (int i = n - 1; i >= 0; i--) {
            double right = f.runs().dot(f.array(), f.index(i, i) + 1, x, i + 1, n - 1 - i);
            x[i] = (x[i] - right) / f.get(i, i);
        }
    }

    private void requireRegular() {
        firstZeroPivot().ifPresent(i -> {
            throw new ArithmeticException("the matrix is singular: pivot " + i + " of U is " + factors.get(i, i));
        });
    }

    /**
     * Solves A·X = B in place.
     *
     * @param b n×m or a vector of n, of the factors' type, in a Java array; becomes X
     * @throws ArithmeticException if the matrix is singular; b is as it was then
     */
    public void solve(Tensor b) {
        Block<?> right = Block.of("b", b);
        Triangular.requireFits(factors, right, b);
        requireRegular();
        for (int i = 0; i < pivots.length; i++) {
            right.swapRows(i, pivots[i]);
        }
        Triangular.solve(products, Triangle.UNIT_LOWER, factors, right);
        Triangular.solve(products, Triangle.UPPER, factors, right);
    }
}
