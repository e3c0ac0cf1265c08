package dev.gamut.linalg;

import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.tensor.Tensor;

/**
 * A = L·Lᵀ of a symmetric positive definite matrix, L lower triangular: blocked and right-looking (Golub and Van Loan, section 4.2), at half
 * the operations of {@link Lu} and stable without pivots: solutions satisfy (A + E)·x = b, with ‖E‖ at most about n·u·‖A‖ (Higham, section
 * 10.1). Solving is thread-safe.
 */
public final class Cholesky {
    /** Columns that are finished before the rest is looked at. */
    private static final int PANEL = 192;

    private final Products products;
    private final Block<?> factor;

    private Cholesky(Gamut gamut, Block<?> a, Accuracy accuracy) {
        Triangular.requireSquare("a", a);
        this.products = new Products(gamut, accuracy);
        this.factor = a;
        factor(a);
    }

    /**
     * Factors a matrix in row-major order with products of {@link Accuracy#NATIVE}.
     *
     * @param gamut computes the products; must be open as long as the factor is used
     * @param a n·n elements, kept; only its lower half is read
     * @param n order of the matrix
     * @throws ArithmeticException if the matrix is not positive definite
     */
    public static Cholesky of(Gamut gamut, double[] a, int n) {
        return of(gamut, Block.square(a, n), Accuracy.NATIVE);
    }

    /**
     * Factors a copy of a matrix.
     *
     * @param gamut computes the products; must be open as long as the factor is used
     * @param a square, F64 or F32, kept; only its lower half is read
     * @param accuracy of the products
     * @throws ArithmeticException if the matrix is not positive definite
     */
    public static Cholesky of(Gamut gamut, Tensor a, Accuracy accuracy) {
        return new Cholesky(gamut, Block.copy("a", a), accuracy);
    }

    private <A> void factor(Block<A> a) {
        int n = a.rows();
        for (int k = 0; k < n; k += PANEL) {
            int width = Math.min(PANEL, n - k);
            Block<A> diagonal = a.part(k, width, k, width);
            factorSmall(diagonal, k);
            int next = k + width;
            Block<A> below = a.part(next, n - next, k, width);
            Triangular.solve(products, Triangle.LOWER, diagonal, below.transpose());
            for (int j = next; j < n; j += PANEL) { // the lower half, a strip of columns at a time
                int strip = Math.min(PANEL, n - j);
                Block<A> left = a.part(j, n - j, k, width);
                Block<A> top = a.part(j, strip, k, width).transpose();
                products.subtract(a.part(j, n - j, j, strip), left, top);
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                a.runs().set(a.array(), a.index(i, j), 0);
            }
        }
    }

    /** Column by column: those on its left are subtracted from it, and it is divided by the root of its pivot. */
    private static <A> void factorSmall(Block<A> a, int first) {
        Runs<A> runs = a.runs();
        int n = a.rows();
        A[] l = runs.arrays(n, n);
        a.transpose().toRows(l);
        double[] by = new double[n];
        for (int j = 0; j < n; j++) {
            for (int p = 0; p < j; p++) {
                by[p] = runs.get(l[p], j);
            }
            runs.subtract(l[j], j, n, l, by, j);
            double pivot = runs.get(l[j], j);
            if (!(pivot > 0) || Double.isInfinite(pivot)) {
                throw new ArithmeticException(
                        "the matrix is not positive definite: pivot " + (first + j) + " is " + pivot);
            }
            runs.set(l[j], j, Math.sqrt(pivot));
            runs.divide(l[j], j + 1, n, runs.get(l[j], j));
        }
        a.transpose().fromRows(l);
    }

    /** L, with zeros above its diagonal, as a view. */
    public Tensor factor() {
        return factor.tensor();
    }

    /**
     * Solves A·x = b.
     *
     * @param b n elements, kept
     * @return x
     */
    public double[] solve(double[] b) {
        double[] x = b.clone();
        solve(Tensor.of(x, x.length));
        return x;
    }

    /**
     * Solves A·X = B in place.
     *
     * @param b n×m or a vector of n, of the factor's type, in a Java array; becomes X
     */
    public void solve(Tensor b) {
        Block<?> right = Block.of("b", b);
        Triangular.requireFits(factor, right, b);
        Triangular.solve(products, Triangle.LOWER, factor, right);
        Triangular.solve(products, Triangle.UPPER, factor.transpose(), right);
    }
}
