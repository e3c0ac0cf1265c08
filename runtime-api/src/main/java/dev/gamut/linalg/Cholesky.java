package dev.gamut.linalg;

import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.tensor.Tensor;

/**
 * A = L·Lᵀ of a symmetric positive definite matrix, L lower triangular: by recursion (F. G. Gustavson, "Recursion leads to automatic variable
 * blocking for dense linear-algebra algorithms", 1997), at half the operations of {@link Lu} and stable without pivots: solutions satisfy
 * (A + E)·x = b, with ‖E‖ at most about n·u·‖A‖ (Higham, section 10.1). Solving is thread-safe.
 */
public final class Cholesky {
    /** Columns that are finished one by one. */
    private static final int SMALL = 64;

    /** Squares on the diagonal whose upper half is computed too, for nothing. */
    private static final int SQUARE = 256;

    private final Products products;
    private final Block<?> factor;

    private Cholesky(Gamut gamut, Block<?> a, Accuracy accuracy) {
        Triangular.requireSquare("a", a);
        this.products = new Products(gamut, accuracy);
        this.factor = a;
        factor(a, 0);
        clearUpperHalf(a);
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

    /** The left half, what it makes of the lower right square, and that. */
    private <A> void factor(Block<A> a, int first) {
        int n = a.rows();
        if (n <= SMALL) {
            factorSmall(a, first);
            return;
        }
        int cut = Elimination.split(n, SMALL);
        Block<A> leading = a.part(0, cut, 0, cut);
        Block<A> below = a.part(cut, n - cut, 0, cut);
        Block<A> trailing = a.part(cut, n - cut, cut, n - cut);
        factor(leading, first);
        Triangular.solve(products, Triangle.LOWER, leading, below.transpose());
        subtractSquare(trailing, below);
        factor(trailing, first + cut);
    }

    /** The lower half of c less x·xᵀ. */
    private <A> void subtractSquare(Block<A> c, Block<A> x) {
        int n = c.rows();
        if (n <= SQUARE) {
            products.subtract(c, x, x.transpose());
            return;
        }
        int cut = Elimination.split(n, SQUARE);
        Block<A> top = x.part(0, cut, 0, x.cols());
        Block<A> bottom = x.part(cut, n - cut, 0, x.cols());
        subtractSquare(c.part(0, cut, 0, cut), top);
        products.subtract(c.part(cut, n - cut, 0, cut), bottom, top.transpose());
        subtractSquare(c.part(cut, n - cut, cut, n - cut), bottom);
    }

    private static <A> void clearUpperHalf(Block<A> a) {
        for (int i = 0; i < a.rows(); i++) {
            for (int j = i + 1; j < a.rows(); j++) {
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
     * Solves A·x = b in the arithmetic of F64, whatever the type of the factor.
     *
     * @param b n elements, kept
     * @return x
     */
    public double[] solve(double[] b) {
        Triangular.requireFits(factor, b);
        double[] x = b.clone();
        if (factor.runs() == F64Runs.INSTANCE) {
            solve(Tensor.of(x, x.length));
        } else {
            substitute(factor, x);
        }
        return x;
    }

    /** L by dot products with its rows, and Lᵀ by rows of L, times what is solved, that are subtracted. */
    private static <A> void substitute(Block<A> l, double[] x) {
        for (int i = 0; i < x.length; i++) {
            x[i] = (x[i] - l.runs().dot(l.array(), l.index(i, 0), x, 0, i)) / l.get(i, i);
        }
        for (int i = x.length - 1; i >= 0; i--) {
            x[i] /= l.get(i, i);
            for (int j = 0; j < i; j++) {
                x[j] -= l.get(i, j) * x[i];
            }
        }
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
