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
    /** Rows that are substituted at a time. */
    private static final int TOGETHER = 4;

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

    /**
     * The first column, from 0, whose pivot is 0, or infinite or NaN, since numbers overflowed; empty where the matrix is regular as far as
     * the factors tell.
     */
    public OptionalInt firstZeroPivot() {
        for (int i = 0; i < pivots.length; i++) {
            double pivot = factors.get(i, i);
            if (pivot == 0 || !Double.isFinite(pivot)) {
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
     * @throws ArithmeticException if the matrix is singular, or a pivot is no number since numbers overflowed
     */
    public double[] solve(double[] b) {
        Triangular.requireFits(factors, b);
        requireRegular();
        double[] x = b.clone();
        substitute(factors, x);
        return x;
    }

    /** Four rows at a time: dot products with what is solved, which read the factors once, and then a triangle of four. */
    private <A> void substitute(Block<A> f, double[] x) {
        int n = pivots.length;
        for (int i = 0; i < n; i++) {
            double kept = x[i];
            x[i] = x[pivots[i]];
            x[pivots[i]] = kept;
        }
        double[] sums = new double[TOGETHER];
        for (int i = 0; i < n; i += TOGETHER) {
            int rows = Math.min(TOGETHER, n - i);
            dots(f, i, rows, 0, i, x, sums);
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < r; c++) {
                    sums[r] += f.get(i + r, i + c) * x[i + c];
                }
                x[i + r] -= sums[r];
            }
        }
        for (int i = (n - 1) / TOGETHER * TOGETHER; i >= 0; i -= TOGETHER) {
            int rows = Math.min(TOGETHER, n - i);
            dots(f, i, rows, i + rows, n - i - rows, x, sums);
            for (int r = rows - 1; r >= 0; r--) {
                for (int c = r + 1; c < rows; c++) {
                    sums[r] += f.get(i + r, i + c) * x[i + c];
                }
                x[i + r] = (x[i + r] - sums[r]) / f.get(i + r, i + r);
            }
        }
    }

    /** Some columns of up to four rows times as many elements of x. */
    private static <A> void dots(Block<A> f, int row, int rows, int col, int cols, double[] x, double[] sums) {
        if (rows == TOGETHER) {
            f.runs().dots(f.array(), f.index(row, col), f.down(), x, col, cols, sums);
        } else {
            for (int r = 0; r < rows; r++) {
                sums[r] = f.runs().dot(f.array(), f.index(row + r, col), x, col, cols);
            }
        }
    }

    private void requireRegular() {
        firstZeroPivot().ifPresent(i -> {
            double pivot = factors.get(i, i);
            String why = pivot == 0
                    ? "the matrix is singular"
                    : "the matrix has no factors in the range of "
                            + factors.runs().type();
            throw new ArithmeticException(why + ": pivot " + i + " of U is " + pivot);
        });
    }

    /**
     * Solves A·X = B in place.
     *
     * @param b n×m or a vector of n, of the factors' type, in a Java array; becomes X
     * @throws ArithmeticException if the matrix is singular, or a pivot is no number since numbers overflowed; b is as it was then
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
