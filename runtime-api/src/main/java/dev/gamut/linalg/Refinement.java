package dev.gamut.linalg;

import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Solves A·x = b to the accuracy of F64 by factors of lower precision: what x leaves of b, in F64, is solved for by means of them and added to
 * x, again and again (E. Carson and N. J. Higham, "Accelerating the Solution of Linear Systems by Iterative Refinement in Three Precisions",
 * 2018, with two of them). Where that does not converge the matrix is factored in the next higher precision, at last in F64, and the solution
 * says so. Immutable; each method gives a changed copy.
 *
 * <p>Factors of F32 and classical steps converge where the condition number is below some 10^7, with GMRES beyond 10^10; factors whose
 * products are of BF16 have a roundoff of 2^-9, and so need GMRES for all but the best conditioned.
 *
 * <p>A solution's backward error, ‖b - A·x‖∞ over ‖A‖∞·‖x‖∞ + ‖b‖∞, is at most √n·tolerance, or where factors of F64 were needed that of
 * {@link Lu}. With 2^-53 that is at most twice what LAPACK's dsgesv allows, which leaves ‖b‖∞ out. Unless b is 0 at least one step is taken,
 * however much is allowed.
 *
 * @param factors F64, F32, or BF16 or F16: then the matrix is F32, and operands of its large products are rounded to that
 * @param accuracy of the products of the factors: emulated ones may compute them where it is another than {@link Accuracy#NATIVE}
 * @param steps how what is left is solved for
 * @param tolerance u of the backward error √n·u that is enough
 */
public record Refinement(DType factors, Accuracy accuracy, Steps steps, double tolerance) {
    /** How what x leaves of b is solved for. */
    public enum Steps {
        /** By the factors, as LAPACK's dsgesv does. */
        CLASSICAL,
        /** By GMRES in F64, with the factors as its preconditioner, as in HPL-MxP. */
        GMRES;

        /** For people and settings. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Factors of F32 with native products, GMRES, and the backward error of F64. */
    public static final Refinement DEFAULT = new Refinement(DType.F32, Accuracy.NATIVE, Steps.GMRES, 0x1p-53);

    /** Checks them. */
    public Refinement {
        Objects.requireNonNull(factors, "factors");
        Objects.requireNonNull(accuracy, "accuracy");
        Objects.requireNonNull(steps, "steps");
        if (!factors.isFloat() || factors.bits() < Short.SIZE) {
            throw new IllegalArgumentException("factors is " + factors + "; allowed are bf16, f16, f32 and f64");
        }
        if (!(tolerance >= 0x1p-53 && tolerance <= 1)) {
            throw new IllegalArgumentException("tolerance is " + tolerance + "; allowed are 2^-53 (1.11e-16) to 1");
        }
    }

    /**
     * With other factors.
     *
     * @param type F64, F32, BF16 or F16
     */
    public Refinement factors(DType type) {
        return new Refinement(type, accuracy, steps, tolerance);
    }

    /**
     * With another accuracy.
     *
     * @param demand of the products of the factors
     */
    public Refinement accuracy(Accuracy demand) {
        return new Refinement(factors, demand, steps, tolerance);
    }

    /**
     * With other steps.
     *
     * @param kind of them
     */
    public Refinement steps(Steps kind) {
        return new Refinement(factors, accuracy, kind, tolerance);
    }

    /**
     * With another tolerance.
     *
     * @param unit u of the backward error √n·u that is enough, from 2^-53 to 1
     */
    public Refinement tolerance(double unit) {
        return new Refinement(factors, accuracy, steps, unit);
    }

    /**
     * A solution.
     *
     * @param x n elements
     * @param factored the precision of the factors it came from
     * @param steps of refinement: how often these were applied to what was left
     * @param backwardError ‖b - A·x‖∞ / (‖A‖∞·‖x‖∞ + ‖b‖∞); NaN where one of the three is no number of F64
     * @param fallbacks why lower precisions were given up, one after the other
     */
    public record Solution(double[] x, DType factored, int steps, double backwardError, List<String> fallbacks) {}

    /**
     * Solves a system in row-major order.
     *
     * @param gamut computes the products
     * @param a n·n elements, kept
     * @param n order of the matrix
     * @param b n elements, kept
     * @throws ArithmeticException if the matrix is singular, has a row whose sum of magnitudes is no number of F64, or factors that overflow
     *     however it is scaled
     */
    public Solution solve(Gamut gamut, double[] a, int n, double[] b) {
        return solve(gamut, Block.square(a, n), Tensor.of(b, b.length), columns -> {});
    }

    /**
     * Solves a system.
     *
     * @param gamut computes the products
     * @param a n×n of F64, in a Java array, kept
     * @param b n elements of F64, in a Java array, kept
     * @param done told how many columns are factored, again from 0 where lower precisions are given up
     * @throws ArithmeticException if the matrix is singular, has a row whose sum of magnitudes is no number of F64, or factors that overflow
     *     however it is scaled
     */
    public Solution solve(Gamut gamut, Tensor a, Tensor b, IntConsumer done) {
        RefinedSystem system = new RefinedSystem(gamut, a, b, done);
        for (Refinement attempt : attempts()) {
            Optional<Solution> solution = system.refined(attempt);
            if (solution.isPresent()) {
                return solution.get();
            }
        }
        return system.direct();
    }

    /** What is tried before factors of F64 with native products, which need no refinement. */
    private List<Refinement> attempts() {
        List<Refinement> attempts = new ArrayList<>();
        if (factors != DType.F64 || !accuracy.equals(Accuracy.NATIVE)) {
            attempts.add(this);
        }
        boolean rough = factors.bits() < Float.SIZE || factors == DType.F32 && accuracy instanceof Accuracy.Within;
        if (rough) {
            attempts.add(factors(DType.F32).accuracy(Accuracy.NATIVE));
        }
        return attempts;
    }

    /** The factors, for people. */
    String name() {
        return accuracy.equals(Accuracy.NATIVE) ? factors.toString() : factors + ", products " + accuracy;
    }
}
