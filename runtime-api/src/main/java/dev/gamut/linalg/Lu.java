package dev.gamut.linalg;

import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.tensor.Tensor;
import java.util.OptionalInt;
import java.util.function.IntConsumer;

/**
 * P·A = L·U with partial pivoting: L lower triangular with ones on its diagonal and no element above 1 in magnitude, U upper triangular.
 * Blocked and right-looking (G. H. Golub, C. F. Van Loan, "Matrix Computations", 4th ed., section 3.4), nearly all of it products.
 *
 * <p>A solution x of A·x = b that it gives satisfies (A + E)·x = b, with ‖E‖∞ at most about n·u·g·‖A‖∞, where u is the unit roundoff of the
 * type, with {@link Accuracy#NATIVE}, and g the growth of elements, seldom above n^(2/3) (Higham, section 9.4). Solving is thread-safe;
 * memory: the matrix and one panel of it.
 */
public final class Lu {
    /** Columns factored at a time; other numbers have not been tried. */
    static final int PANEL = 192;

    private final Gamut gamut;
    private final Block<?> factors;
    private final int[] pivots;
    private final Accuracy accuracy;

    private Lu(Gamut gamut, Block<?> a, Accuracy accuracy, IntConsumer done) {
        Triangular.requireSquare("a", a);
        this.gamut = gamut;
        this.factors = a;
        this.pivots = new int[a.rows()];
        this.accuracy = accuracy;
        factor(a, done);
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
        return new Lu(gamut, Block.copy("a", a), accuracy, columns -> {});
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
        return new Lu(gamut, block, accuracy, done);
    }

    private <A> void factor(Block<A> a, IntConsumer done) {
        int n = a.rows();
        for (int k = 0; k < n; k += PANEL) {
            int width = Math.min(PANEL, n - k);
            int rest = n - k - width;
            Block<A> columns = a.part(k, n - k, k, width);
            int[] found = panel(columns);
            for (int j = 0; j < width; j++) {
                pivots[k + j] = k + found[j];
                a.part(0, n, 0, k).swapRows(k + j, pivots[k + j]);
                a.part(0, n, k + width, rest).swapRows(k + j, pivots[k + j]);
            }
            Block<A> right = a.part(k, width, k + width, rest);
            Triangular.solve(gamut, Triangle.UNIT_LOWER, a.part(k, width, k, width), right, accuracy);
            a.part(k + width, rest, k + width, rest)
                    .subtract(gamut, a.part(k + width, rest, k, width), right, accuracy);
            done.accept(k + width);
        }
    }

    private <A> int[] panel(Block<A> columns) {
        Block<A> panel = Block.columns(columns.runs(), columns.rows(), columns.cols());
        columns.into(panel);
        int[] found = new int[columns.cols()];
        new Panel<>(gamut, panel, found, accuracy).factor();
        panel.into(columns);
        return found;
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
     * Solves A·x = b.
     *
     * @param b n elements, kept
     * @return x
     * @throws ArithmeticException if the matrix is singular
     */
    public double[] solve(double[] b) {
        double[] x = b.clone();
        solve(Tensor.of(x, x.length));
        return x;
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
        firstZeroPivot().ifPresent(i -> {
            throw new ArithmeticException("the matrix is singular: pivot " + i + " of U is " + factors.get(i, i));
        });
        for (int i = 0; i < pivots.length; i++) {
            right.swapRows(i, pivots[i]);
        }
        Triangular.solve(gamut, Triangle.UNIT_LOWER, factors, right, accuracy);
        Triangular.solve(gamut, Triangle.UPPER, factors, right, accuracy);
    }
}
