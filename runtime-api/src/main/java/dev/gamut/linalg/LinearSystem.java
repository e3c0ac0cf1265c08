package dev.gamut.linalg;

import dev.gamut.Gamut;
import dev.gamut.accuracy.Profile;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.util.function.IntConsumer;

/**
 * Solves A·x = b as the profile of a {@link Gamut} says: by factors of F64, or by factors of F32 and refinement until the backward error is
 * √n times its tolerance. Thread-safe.
 */
public final class LinearSystem {
    private LinearSystem() {}

    /**
     * Solves a system in row-major order.
     *
     * @param gamut computes the products; its profile chooses
     * @param a n·n elements, kept
     * @param n order of the matrix
     * @param b n elements, kept
     * @throws ArithmeticException if the matrix is singular, has a row whose sum of magnitudes is no number of F64, or factors that overflow
     *     however it is scaled
     */
    public static Refinement.Solution solve(Gamut gamut, double[] a, int n, double[] b) {
        return solve(gamut, Block.square(a, n), Tensor.of(b, b.length), columns -> {});
    }

    /**
     * Solves a system.
     *
     * @param gamut computes the products; its profile chooses
     * @param a n×n of F64, in a Java array, kept
     * @param b n elements of F64, in a Java array, kept
     * @param done told how many columns are factored, again from 0 where lower precisions are given up
     * @throws ArithmeticException if the matrix is singular, has a row whose sum of magnitudes is no number of F64, or factors that overflow
     *     however it is scaled
     */
    public static Refinement.Solution solve(Gamut gamut, Tensor a, Tensor b, IntConsumer done) {
        Profile profile = gamut.config().profile();
        DType factors = profile.solver() == Profile.Solver.REFINED ? Refinement.DEFAULT.factors() : DType.F64;
        return Refinement.DEFAULT
                .factors(factors)
                .tolerance(profile.tolerance())
                .solve(gamut, a, b, done);
    }
}
