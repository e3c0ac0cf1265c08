package dev.gamut.bench.solve;

import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.linalg.Lu;
import dev.gamut.linalg.Refinement;
import dev.gamut.tensor.Tensor;
import java.util.List;
import java.util.function.IntConsumer;

/** How a system is solved. */
public enum SolveMethod {
    /** By factors of F64, as HPL. */
    HPL {
        @Override
        Answer solve(Gamut gamut, LinearSystem system, Accuracy accuracy, IntConsumer done) {
            Tensor factors = system.matrix();
            long begun = System.nanoTime();
            Lu lu = Lu.inPlace(gamut, factors, accuracy, done);
            double[] x = lu.solve(system.b());
            return new Answer(x, System.nanoTime() - begun, "F64", 0, List.of());
        }
    },

    /** By factors of lower precision and refinement in F64, as HPL-MxP. */
    MXP {
        @Override
        Answer solve(Gamut gamut, LinearSystem system, Accuracy accuracy, IntConsumer done) {
            int n = system.n();
            long begun = System.nanoTime();
            Refinement.Solution s =
                    Refinement.solve(gamut, Tensor.of(system.a(), n, n), Tensor.of(system.b(), n), done);
            long nanos = System.nanoTime() - begun;
            return new Answer(s.x(), nanos, s.factored().toString(), s.steps(), s.fallbacks());
        }
    };

    /** A solution, and what it took. */
    record Answer(double[] x, long nanos, String factored, int steps, List<String> fallbacks) {}

    abstract Answer solve(Gamut gamut, LinearSystem system, Accuracy accuracy, IntConsumer done);

    /** For people and JSON. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
