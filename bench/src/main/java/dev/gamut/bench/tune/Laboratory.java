package dev.gamut.bench.tune;

import dev.gamut.Gamut;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.problem.Problem;
import dev.gamut.bench.problem.ProblemId;
import java.util.ArrayList;
import java.util.List;

/** Runs experiments on random operands, those of one call in turn. */
final class Laboratory {
    private static final long SEED = 20_261_122;

    private final Effort effort;
    private final MachineCaches caches;

    Laboratory(Effort effort, MachineCaches caches) {
        this.effort = effort;
        this.caches = caches;
    }

    /**
     * A product without operands.
     *
     * @param type F64 or F32, by its id
     * @param shape as the gate's rows write it
     */
    Problem product(String type, String shape) {
        return ProblemId.of("gemm", type, shape, List.of(), caches);
    }

    /**
     * Times experiments on one problem on as many threads; once more, for twice the time, where the machine did other work meanwhile.
     *
     * @param all experiments with the same problem and number of threads
     */
    List<Timing> measure(List<Experiment> all) {
        Problem problem = all.getFirst().problem();
        List<Gamut> opened = new ArrayList<>();
        try {
            problem.fill(caches, all.getFirst().threads(), SEED);
            List<Turns.Runs> runs = new ArrayList<>();
            for (Experiment experiment : all) {
                Gamut gamut = experiment.open();
                opened.add(gamut);
                Problem.Bound bound = problem.bind(gamut);
                runs.add(new Turns.Runs(bound::run, problem.sets()));
            }
            int threads = all.getFirst().threads();
            List<Timing> found = new Turns(effort.warmUp(), effort.seconds(), threads).measure(runs);
            return found.stream().anyMatch(Timing::isNoisy)
                    ? new Turns(effort.warmUp(), 2 * effort.seconds(), threads).measure(runs)
                    : found;
        } finally {
            opened.forEach(Gamut::close);
            problem.release();
        }
    }
}
