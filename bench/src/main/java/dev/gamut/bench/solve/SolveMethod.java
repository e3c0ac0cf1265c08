package dev.gamut.bench.solve;

import dev.gamut.Gamut;
import dev.gamut.linalg.Lu;
import dev.gamut.linalg.Refinement;
import dev.gamut.tensor.Tensor;
import java.util.List;
import java.util.function.IntConsumer;

/** How a system is solved. */
public enum SolveMethod {
    /** By factors of F64, as HPL; of how to refine, the accuracy of products counts. */
    HPL {
        @Override
        public Answer solve(Gamut gamut, LinearSystem system, Refinement how, IntConsumer done) {
            Tensor factors = system.matrix();
            long begun = System.nanoTime();
            Lu lu = Lu.inPlace(gamut, factors, how.accuracy(), done);
            double[] x = lu.solve(system.b());
            return new Answer(x, System.nanoTime() - begun, "F64", 0, List.of());
        }
    },

    /** By factors of lower precision and refinement in F64, as HPL-MxP. */
    MXP {
        @Override
        public Answer solve(Gamut gamut, LinearSystem system, Refinement how, IntConsumer done) {
            int n = system.n();
            long begun = System.nanoTime();
            Refinement.Solution s = how.solve(gamut, Tensor.of(system.a(), n, n), Tensor.of(system.b(), n), done);
            long nanos = System.nanoTime() - begun;
            return new Answer(s.x(), nanos, s.factored().toString(), s.steps(), s.fallbacks());
        }
    };

    /** Largest order of the system that is solved again and again at first, so that all kernels of large products are met. */
    private static final int WARM_UP = 2048;

    /** From this order on; less for smaller systems, which take less themselves. */
    private static final int LARGE = 1024;

    private static final long WARM_UP_NANOS = 3_000_000_000L;

    /**
     * A solution, and what it took.
     *
     * @param x n elements
     * @param nanos for factors, solution and refinement
     * @param factored precision of the factors
     * @param steps of refinement
     * @param fallbacks why lower precisions were given up
     */
    public record Answer(double[] x, long nanos, String factored, int steps, List<String> fallbacks) {}

    /**
     * Solves.
     *
     * @param gamut computes the products
     * @param system what
     * @param how factors are made and solutions refined
     * @param done told how many columns are factored
     */
    public abstract Answer solve(Gamut gamut, LinearSystem system, Refinement how, IntConsumer done);

    /**
     * Solves small systems until that is as fast as it gets.
     *
     * @param gamut computes the products
     * @param n order of the system that follows
     * @param how factors are made and solutions refined
     */
    public void warmUp(Gamut gamut, int n, Refinement how) {
        int order = Math.min(WARM_UP, n);
        boolean rough = how.factors().bits() < Float.SIZE; // and would be given up for random numbers, after many steps
        LinearSystem small = rough ? LinearSystem.dominant(order, 1) : LinearSystem.random(order, 1);
        double share = Math.min(1, (double) n / LARGE);
        long begun = System.nanoTime();
        do {
            solve(gamut, small, how, columns -> {});
        } while (System.nanoTime() - begun < share * share * WARM_UP_NANOS);
    }

    /** For people and JSON. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
