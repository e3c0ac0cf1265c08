package dev.gamut.linalg;

import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.dtype.DType;
import dev.gamut.linalg.Refinement.Solution;
import dev.gamut.linalg.Refinement.Steps;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntConsumer;

/** A system, and what came of solving it by one sort of factors after the other. */
final class RefinedSystem {
    /** As many as HPL-MxP allows. */
    private static final int MOST_STEPS = 50;

    /** Exponents of norms between which factors of F64, and what is on the way to x, neither overflow nor lose bits. */
    private static final int LEAST_EXPONENT = -900;

    private static final int MOST_EXPONENT = 960;

    private final Gamut gamut;
    private final Tensor a;
    private final Tensor b;
    private final int n;
    private final double normA;
    private final double normB;

    /** Exponent of the power of two that brings the norm of A to about 1. */
    private final int down;

    private final IntConsumer done;
    private final List<String> fallbacks = new ArrayList<>();

    /**
     * What a solution leaves of b.
     *
     * @param r b - A·x
     * @param largest magnitude in it
     * @param scale ‖A‖∞·‖x‖∞ + ‖b‖∞
     */
    private record Residual(double[] r, double largest, double scale) {
        double backwardError() {
            return largest == 0 ? 0 : Double.isFinite(scale) ? largest / scale : Double.NaN;
        }
    }

    RefinedSystem(Gamut gamut, Tensor a, Tensor b, IntConsumer done) {
        Block<?> matrix = Block.of("a", a);
        Triangular.requireSquare("a", matrix);
        if (a.dtype() != DType.F64 || b.rank() != 1) {
            throw new IllegalArgumentException(
                    "a is " + a + " and b " + b + "; they must be a matrix and a vector of F64");
        }
        Triangular.requireFits(matrix, Block.of("b", b), b);
        this.gamut = gamut;
        this.a = a;
        this.b = b;
        this.n = (int) a.size(0);
        this.normA = n == 0 ? 0 : gamut.reduce(ReduceOp.MAX, gamut.reduce(ReduceOp.ASUM, a, 1));
        this.normB = largest(b);
        this.down = normA == 0 ? 0 : Math.clamp(-Math.getExponent(normA), -1022, 1023);
        this.done = done;
        if (!Double.isFinite(normA)) {
            throw new ArithmeticException("the largest sum of |a| over a row is " + normA
                    + "; it must be a number, or nothing can be said of a solution's error");
        }
    }

    private double largest(Tensor x) {
        return n == 0 ? 0 : Math.abs(x.get((long) gamut.reduce(ReduceOp.ARGAMAX, x)));
    }

    /** By factors of F64. A and b are scaled where elements may grow out of range, no further than that takes, as LAPACK's dgels does. */
    Solution direct() {
        int shiftA = intoRange(normA);
        int shiftB = intoRange(normB);
        Lu lu = new Lu(new Products(gamut, Accuracy.NATIVE), rounded(F64Runs.INSTANCE, Math.scalb(1.0, shiftA)), done);
        double[] x = scaled(lu.solve(scaled(right(), shiftB)), shiftA - shiftB);
        return new Solution(x, DType.F64, 0, residual(x).backwardError(), List.copyOf(fallbacks));
    }

    private static int intoRange(double norm) {
        int exponent = Math.getExponent(norm);
        return Math.clamp(exponent, LEAST_EXPONENT, MOST_EXPONENT) - exponent;
    }

    /** By other factors and steps; empty, with the reason noted, where they do not serve. */
    Optional<Solution> refined(Refinement how) {
        Lu lu = factored(how);
        if (lu.firstZeroPivot().isPresent()) {
            return givenUp(how, "pivot " + lu.firstZeroPivot().getAsInt() + " is 0 or no number");
        }
        double enough = Math.sqrt(n) * how.tolerance();
        double[] x = new double[n];
        Residual left = residual(x);
        int steps = 0;
        while (!(left.backwardError() <= enough) || steps == 0 && left.largest != 0) { // 0 has a backward error of 1
            if (steps >= MOST_STEPS) {
                return givenUp(how, steps + " steps of refinement were not enough");
            }
            boolean first = steps == 0;
            steps += first || how.steps() == Steps.CLASSICAL
                    ? add(lu.solve(scaled(left)), x, left)
                    : gmres(lu, x, left, enough, MOST_STEPS - steps);
            Residual before = left;
            left = residual(x);
            boolean better = left.backwardError() <= enough || left.largest < before.largest / 2;
            if (!better && !(first && Double.isFinite(left.largest))) {
                return givenUp(
                        how,
                        String.format(
                                Locale.ROOT,
                                "step %d of refinement leaves a backward error of %.1e",
                                steps,
                                left.backwardError()));
            }
        }
        return Optional.of(new Solution(x, how.factors(), steps, left.backwardError(), List.copyOf(fallbacks)));
    }

    private Optional<Solution> givenUp(Refinement how, String why) {
        fallbacks.add(how.name() + ": " + why);
        return Optional.empty();
    }

    /** Factors of A times 2^down, so that nothing overflows. */
    private Lu factored(Refinement how) {
        boolean narrow = how.factors().bits() < Float.SIZE;
        Products products = new Products(gamut, how.accuracy(), narrow ? how.factors() : null);
        Runs<?> runs = Runs.of(narrow ? DType.F32 : how.factors());
        return new Lu(products, rounded(runs, Math.scalb(1.0, down)), done);
    }

    /** A times a factor, with room between rows. */
    private <A> Block<A> rounded(Runs<A> runs, double factor) {
        Block<?> from = Block.of("a", a);
        Block<A> to = Block.rows(runs, n, n);
        for (int i = 0; i < n; i++) {
            runs.scaled((double[]) a.array(), from.index(i, 0), from.across(), factor, to.array(), to.index(i, 0), n);
        }
        return to;
    }

    private double[] right() {
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = b.get(i);
        }
        return x;
    }

    /** b - A·x. */
    private Residual residual(double[] x) {
        double[] r = right();
        gamut.gemm(
                a,
                Tensor.of(x, n, 1),
                Tensor.of(r, n, 1),
                g -> g.alpha(-1).beta(1).accuracy(Accuracy.NATIVE));
        return new Residual(r, largest(Tensor.of(r, n)), normA * largest(Tensor.of(x, n)) + normB);
    }

    /** What is left, brought to the size of 1. */
    private static double[] scaled(Residual left) {
        return scaled(left.r, -Math.getExponent(left.largest));
    }

    /** x·2^exponent. */
    private static double[] scaled(double[] x, int exponent) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = Math.scalb(x[i], exponent);
        }
        return y;
    }

    /** Adds a solution of A·2^down·d = {@link #scaled} to x. */
    private int add(double[] d, double[] x, Residual left) {
        int exponent = Math.getExponent(left.largest) + down;
        for (int i = 0; i < n; i++) {
            x[i] += Math.scalb(d[i], exponent);
        }
        return 1;
    }

    private int gmres(Lu lu, double[] x, Residual left, double enough, int most) {
        // Half of what is allowed: x becomes another one, and so does the scale.
        double norm = Math.scalb(enough * left.scale / 2, -Math.getExponent(left.largest));
        Gmres.Correction correction = new Gmres(this::times, lu::solve).solve(scaled(left), norm, Math.min(most, n));
        add(correction.d(), x, left);
        return Math.max(1, correction.steps());
    }

    /** A·2^down·z. The power of two goes where nothing overflows. */
    private double[] times(double[] z) {
        double before = Math.scalb(1.0, Math.min(down, 0));
        double after = Math.scalb(1.0, Math.max(down, 0));
        double[] from = z.clone();
        for (int i = 0; i < n && before != 1; i++) {
            from[i] *= before;
        }
        double[] w = new double[n];
        gamut.gemm(
                a,
                Tensor.of(from, n, 1),
                Tensor.of(w, n, 1),
                g -> g.alpha(after).accuracy(Accuracy.NATIVE));
        return w;
    }
}
