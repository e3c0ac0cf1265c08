package dev.gamut.bench.tune;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.bench.problem.Problem;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Tuning;

/**
 * One kernel on one problem: what it takes, and what the cost model says it takes.
 *
 * @param problem with operands while it is run
 * @param kernel which kernel alone
 * @param threads how many
 * @param tuning constants asked before the shipped ones
 */
record Experiment(Problem problem, KernelId kernel, int threads, Tuning tuning) {
    Experiment with(Tuning.Line line) {
        return new Experiment(problem, kernel, threads, Tuned.over(line, tuning));
    }

    Gamut open() {
        return Gamut.open(GamutConfig.defaults()
                .withoutTuningFile()
                .threads(threads)
                .kernel(kernel.toString())
                .strict(true)
                .tuning(tuning));
    }

    /** Seconds by the cost model. */
    double predicted() {
        try (Gamut gamut = open()) {
            return problem.explain(gamut)
                    .chosen()
                    .flatMap(row -> row.seconds())
                    .orElseThrow(() -> new IllegalStateException(kernel + " does not take " + problem.workload()));
        }
    }
}
