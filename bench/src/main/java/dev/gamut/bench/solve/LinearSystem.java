package dev.gamut.bench.solve;

import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.util.SplittableRandom;

/**
 * A·x = b, row-major.
 *
 * @param n order
 * @param a n·n elements
 * @param b n elements
 */
public record LinearSystem(int n, double[] a, double[] b) {
    /** The largest order whose matrix is a Java array. */
    public static final int MOST = 46_330;

    /** Elements between rows that are factored: a cache line. */
    private static final int PADDING = 8;

    /**
     * Random numbers between -1/2 and 1/2, as HPL's.
     *
     * @param n order
     * @param seed where they start: equal ones give equal systems
     */
    public static LinearSystem random(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] a = new double[n * n];
        for (int i = 0; i < a.length; i++) {
            a[i] = random.nextDouble() - 0.5;
        }
        return new LinearSystem(n, a, random.doubles(n, -0.5, 0.5).toArray());
    }

    /**
     * Those numbers, but each on the diagonal is what the magnitudes of its row sum up to, as HPL-MxP's matrices are diagonally dominant: factors of
     * any precision are good ones.
     *
     * @param n order
     * @param seed where they start: equal ones give equal systems
     */
    public static LinearSystem dominant(int n, long seed) {
        LinearSystem system = random(n, seed);
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += Math.abs(system.a[i * n + j]);
            }
            system.a[i * n + i] = sum;
        }
        return system;
    }

    /**
     * A matrix with the right-hand side whose solution is all ones, but for rounding.
     *
     * @param matrix square, row-major, of F64
     */
    public static LinearSystem withOnes(Tensor matrix) {
        int n = (int) matrix.size(0);
        double[] a = (double[]) matrix.array();
        double[] b = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                b[i] += a[i * n + j];
            }
        }
        return new LinearSystem(n, a, b);
    }

    /** The matrix to be factored where it lies: a copy whose rows do not begin in the same sets of the caches, as HPL's do not. */
    Tensor matrix() {
        int stride = n + PADDING;
        double[] copy = new double[n * stride];
        for (int i = 0; i < n; i++) {
            System.arraycopy(a, i * n, copy, i * stride, n);
        }
        return Tensor.of(copy, DType.F64, Layout.of(new long[] {n, n}, new long[] {stride, 1}), 0);
    }

    /**
     * HPL's measure of a solution: ‖A·x - b‖∞ / (u·(‖A‖∞·‖x‖∞ + ‖b‖∞)·n) with u = 2^-53, which must be below 16. Summed in F64, row by row,
     * by none of the product's own code.
     *
     * @param x n elements
     * @return NaN where the numbers are too large for it
     */
    public double residual(double[] x) {
        double residual = 0;
        double normA = 0;
        for (int i = 0; i < n; i++) {
            double left = -b[i];
            double row = 0;
            for (int j = 0; j < n; j++) {
                left += a[i * n + j] * x[j];
                row += Math.abs(a[i * n + j]);
            }
            residual = larger(residual, left);
            normA = larger(normA, row);
        }
        double scale = 0x1p-53 * (normA * largest(x) + largest(b)) * n;
        return residual == 0 ? 0 : Double.isFinite(scale) ? residual / scale : Double.NaN;
    }

    private static double largest(double[] x) {
        double most = 0;
        for (double each : x) {
            most = larger(most, each);
        }
        return most;
    }

    /** NaN, where there is one. */
    private static double larger(double most, double x) {
        return Math.max(most, Math.abs(x));
    }
}
