package dev.gamut.linalg;

import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Solves A·x = b to the accuracy of F64 by factors of F32 and refinement (E. Carson and N. J. Higham, "Accelerating the Solution of Linear
 * Systems by Iterative Refinement in Three Precisions", 2018, with two of them): what x leaves of b, in F64, is solved for with the factors
 * and added to x, again and again. That converges where the condition number is below some 10^7. Where it does not, the matrix is factored
 * in F64, and the solution says so.
 *
 * <p>A solution's backward error, ‖b - A·x‖∞ over ‖A‖∞·‖x‖∞ + ‖b‖∞, is at most √n·u with u = 2^-53, the criterion of LAPACK's dsgesv, or
 * where factors of F64 were needed that of {@link Lu}.
 */
public final class Refinement {
    /** As LAPACK's dsgesv. */
    private static final int MOST_STEPS = 30;

    private final Gamut gamut;
    private final Tensor a;
    private final Tensor b;
    private final int n;
    private final double normA;
    private final double normB;
    /** u of the backward error √n·u that is enough. */
    private final double unit;

    private final IntConsumer done;
    private final List<String> fallbacks = new ArrayList<>();

    /**
     * A solution.
     *
     * @param x n elements
     * @param factored the precision of the factors it came from
     * @param steps of refinement
     * @param backwardError ‖b - A·x‖∞ / (‖A‖∞·‖x‖∞ + ‖b‖∞)
     * @param fallbacks why lower precisions were given up, one after the other
     */
    public record Solution(double[] x, DType factored, int steps, double backwardError, List<String> fallbacks) {}

    private record Residual(double[] r, double largest, double backwardError) {}

    Refinement(Gamut gamut, Tensor a, Tensor b, double unit, IntConsumer done) {
        Block<?> matrix = Block.of("a", a);
        Triangular.requireSquare("a", matrix);
        if (a.dtype() != DType.F64 || b.rank() != 1) {
            throw new IllegalArgumentException(
                    "a is " + a + " and b " + b + "; they must be a matrix and a vector of F64");
        }
        Triangular.requireFits(matrix, Block.of("b", b), b);
        this.unit = unit;
        this.gamut = gamut;
        this.a = a;
        this.b = b;
        this.n = (int) a.size(0);
        this.normA = n == 0 ? 0 : gamut.reduce(ReduceOp.MAX, gamut.reduce(ReduceOp.ASUM, a, 1));
        this.normB = largest(b);
        this.done = done;
        if (!Double.isFinite(normA)) {
            throw new ArithmeticException("the largest sum of |a| over a row is " + normA
                    + "; it must be a number, or nothing can be said of a solution's error");
        }
    }

    /**
     * Solves a system in row-major order.
     *
     * @param gamut computes the products
     * @param a n·n elements
     * @param n order of the matrix
     * @param b n elements
     * @throws ArithmeticException if the matrix is singular, or has a row whose sum of magnitudes is no number of F64
     */
    public static Solution solve(Gamut gamut, double[] a, int n, double[] b) {
        return solve(gamut, Block.square(a, n), Tensor.of(b, b.length), columns -> {});
    }

    /**
     * Solves a system.
     *
     * @param gamut computes the products
     * @param a n×n of F64, in a Java array, kept
     * @param b n elements of F64, in a Java array, kept
     * @param done told how many columns are factored, again from 0 where lower precisions are given up
     * @throws ArithmeticException if the matrix is singular, or has a row whose sum of magnitudes is no number of F64
     */
    public static Solution solve(Gamut gamut, Tensor a, Tensor b, IntConsumer done) {
        return new Refinement(gamut, a, b, 0x1p-53, done).solve();
    }

    Solution solve() {
        return narrow().orElseGet(this::wide);
    }

    private double largest(Tensor x) {
        return n == 0 ? 0 : Math.abs(x.get((long) gamut.reduce(ReduceOp.ARGAMAX, x)));
    }

    /** b - A·x. */
    private Residual residual(double[] x) {
        double[] r = new double[n];
        Tensor left = Tensor.of(r, n, 1);
        for (int i = 0; i < n; i++) {
            r[i] = b.get(i);
        }
        gamut.gemm(a, Tensor.of(x, n, 1), left, g -> g.alpha(-1).beta(1).accuracy(Accuracy.NATIVE));
        double largest = largest(Tensor.of(r, n));
        double scale = normA * largest(Tensor.of(x, n)) + normB;
        return new Residual(r, largest, largest == 0 ? 0 : largest / scale);
    }

    /** By factors in F32; empty, with the reason noted, where they do not serve. */
    private Optional<Solution> narrow() {
        int down = normA == 0 ? 0 : -Math.getExponent(normA);
        Lu lu = Lu.inPlace(gamut, rounded(down), Accuracy.NATIVE, done);
        if (lu.firstZeroPivot().isPresent()) {
            fallbacks.add("F32: pivot " + lu.firstZeroPivot().getAsInt() + " is 0 or no number");
            return Optional.empty();
        }
        double[] x = new double[n];
        Residual left = residual(x);
        double enough = Math.sqrt(n) * unit;
        for (int step = 0; step <= MOST_STEPS; step++) {
            if (left.backwardError <= enough) {
                return Optional.of(new Solution(x, DType.F32, step, left.backwardError, List.copyOf(fallbacks)));
            }
            Residual before = left;
            correct(lu, x, left, down);
            left = residual(x);
            if (!(left.backwardError <= enough) && !(left.largest < before.largest / 2) && step > 0) {
                fallbacks.add(String.format(
                        java.util.Locale.ROOT,
                        "F32: step %d of refinement leaves a backward error of %.1e",
                        step + 1,
                        left.backwardError));
                return Optional.empty();
            }
        }
        fallbacks.add("F32: " + MOST_STEPS + " steps of refinement were not enough");
        return Optional.empty();
    }

    /** Adds the solution for what is left, which is brought to the size of 1 for it. */
    private void correct(Lu lu, double[] x, Residual left, int down) {
        int scale = Math.getExponent(left.largest);
        float[] d = new float[n];
        for (int i = 0; i < n; i++) {
            d[i] = (float) Math.scalb(left.r[i], -scale);
        }
        lu.solve(Tensor.of(d, n));
        for (int i = 0; i < n; i++) {
            x[i] += Math.scalb((double) d[i], scale + down);
        }
    }

    /** A in F32, times a power of two that brings its norm to about 1, so that nothing overflows. */
    private Tensor rounded(int down) {
        Block<?> from = Block.of("a", a);
        double[] wide = (double[]) a.array();
        Block<float[]> to = Block.rows(F32Runs.INSTANCE, n, n);
        double factor = Math.scalb(1.0, Math.clamp(down, -1022, 1023));
        for (int i = 0; i < n; i++) {
            int at = from.index(i, 0);
            int first = to.index(i, 0);
            for (int j = 0; j < n; j++) {
                to.array()[first + j] = (float) (wide[at + j * from.across()] * factor);
            }
        }
        return to.tensor();
    }

    Solution wide() {
        Lu lu = Lu.inPlace(gamut, Block.copy("a", a).tensor(), Accuracy.NATIVE, done);
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = b.get(i);
        }
        lu.solve(Tensor.of(x, n));
        return new Solution(x, DType.F64, 0, residual(x).backwardError, List.copyOf(fallbacks));
    }
}
