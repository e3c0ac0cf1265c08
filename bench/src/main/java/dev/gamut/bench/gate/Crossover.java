package dev.gamut.bench.gate;

import dev.gamut.Explanation;
import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.bench.gate.PairMeter.Pair;
import dev.gamut.bench.gate.PairMeter.Runs;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.problem.Problem;
import dev.gamut.bench.problem.ProblemId;
import dev.gamut.conformance.Report;
import dev.gamut.kernel.Glob;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;

/**
 * From which size on square products pay by another route than native arithmetic: as the cost model says, and as it is measured, in turn
 * with the kernel of native arithmetic that Gamut picks. Either may be that they never pay, or always do.
 *
 * @param row whose kernel is the route and whose accuracy admits it
 * @param caches of the machine
 * @param seconds to measure one size
 */
record Crossover(GateRow row, MachineCaches caches, double seconds) {
    /** The sizes that are looked at, from one at which calls matter to one at which they do not. */
    private static final int[] SIZES = {32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048};

    private static final int LEAST = SIZES[0];
    private static final int MOST = SIZES[SIZES.length - 1];

    private static final int FEWEST_PAIRS = 3;

    /** Seconds before each size but the first: small ones take kernels that no larger one has run. */
    private static final double WARM_UP = 0.4;

    ForkResult measure() {
        GamutConfig config = GamutConfig.defaults().threads(row.threads());
        try (Gamut free = Gamut.open(config);
                Gamut route = Gamut.open(config.kernel(row.kernel()).strict(true))) {
            return measure(free, route);
        }
    }

    private ForkResult measure(Gamut free, Gamut route) {
        if (problem(MOST)
                .explain(route, Accuracy.parse(row.accuracy()))
                .chosen()
                .isEmpty()) {
            return ForkResult.notMeasured("no kernel that matches " + row.kernel() + " takes it");
        }
        OptionalDouble predicted = predicted(n -> pays(problem(n), free, route));
        Sizes sizes = new Sizes(free, route);
        OptionalDouble measured = measured(sizes::speed);
        if (!sizes.failure.isEmpty()) {
            return ForkResult.failed(sizes.failure);
        }
        String dispatched = chosen(problem(MOST), free).kernel();
        String words = String.format(
                Locale.ROOT,
                "pays %s by the model, %s as measured; at n = %d it has %.2f of the speed of native arithmetic, and %s is picked",
                words(predicted),
                words(measured),
                MOST,
                sizes.speed(MOST),
                dispatched);
        if (predicted.isEmpty() && Glob.of(row.kernel()).matches(dispatched)) {
            return ForkResult.failed("it never pays, but " + dispatched + " is picked at n = " + MOST);
        }
        double apart = apart(predicted.orElse(MOST), measured.orElse(MOST));
        return ForkResult.timed(sizes.kernel, words, List.of(new Pair(apart, row.limit())), 0);
    }

    private static String words(OptionalDouble from) {
        return from.isEmpty() ? "never" : String.format(Locale.ROOT, "from n = %.0f on", from.getAsDouble());
    }

    /** By which factor two sizes differ, at least 1. */
    static double apart(double a, double b) {
        return Math.max(a, b) / Math.min(a, b);
    }

    private Problem problem(int n) {
        return ProblemId.of("gemm", row.parts()[2], "n" + n, List.of(), caches);
    }

    private Explanation.Row chosen(Problem problem, Gamut gamut) {
        return problem.explain(gamut, Accuracy.parse(row.accuracy())).chosen().orElseThrow();
    }

    private boolean pays(Problem problem, Gamut free, Gamut route) {
        double conventional =
                problem.explain(free).chosen().orElseThrow().seconds().orElseThrow();
        return chosen(problem, route).seconds().orElseThrow() < conventional;
    }

    /** The first size that pays while all larger ones do; empty where the largest does not. */
    static OptionalDouble predicted(IntPredicate pays) {
        int at = bracket(n -> pays.test(n) ? 1 : 0);
        if (at == SIZES.length) {
            return OptionalDouble.empty();
        }
        int not = at == 0 ? LEAST - 1 : SIZES[at - 1];
        int does = SIZES[at];
        while (does - not > 1) {
            int middle = (not + does) / 2;
            if (pays.test(middle)) {
                does = middle;
            } else {
                not = middle;
            }
        }
        return OptionalDouble.of(does);
    }

    /**
     * The same from speeds over that of native arithmetic, at few sizes: where the line between the two around it passes 1, both axes
     * logarithmic.
     */
    static OptionalDouble measured(IntToDoubleFunction speed) {
        int at = bracket(speed);
        if (at == SIZES.length || at == 0) {
            return at == 0 ? OptionalDouble.of(LEAST) : OptionalDouble.empty();
        }
        double below = Math.log(speed.applyAsDouble(SIZES[at - 1]));
        double above = Math.log(speed.applyAsDouble(SIZES[at]));
        double share = above > below ? -below / (above - below) : 1;
        return OptionalDouble.of(SIZES[at - 1] * Math.pow((double) SIZES[at] / SIZES[at - 1], share));
    }

    /** The least of {@link #SIZES} from which on all have a speed of 1; from the largest down, as small ones say nothing of it. */
    private static int bracket(IntToDoubleFunction speed) {
        int at = SIZES.length;
        while (at > 0 && speed.applyAsDouble(SIZES[at - 1]) >= 1) {
            at--;
        }
        return at;
    }

    /** Speeds at sizes that were measured before. */
    private final class Sizes {
        private final Gamut free;
        private final Gamut route;
        private final double[] speeds = new double[MOST + 1];
        private boolean warm;
        private String kernel = "";
        private String failure = "";

        Sizes(Gamut free, Gamut route) {
            this.free = free;
            this.route = route;
        }

        /** Speed over that of native arithmetic. */
        double speed(int n) {
            if (speeds[n] == 0) {
                speeds[n] = measure(problem(n));
            }
            return speeds[n];
        }

        private double measure(Problem problem) {
            problem.fill(caches, row.threads(), row.id().hashCode());
            Problem.Bound ours = problem.bind(route, Accuracy.parse(row.accuracy()));
            Problem.Bound theirs = problem.bind(free);
            Report report = ours.verify();
            if (!report.ok()) {
                failure = "Gamut's result is wrong: " + report.message();
            }
            kernel = ours.kernel().toString();
            double warmUp = warm ? WARM_UP : Peer.JIT_SECONDS;
            warm = true;
            double[] ratios = new PairMeter(warmUp, warmUp, seconds, FEWEST_PAIRS, 0)
                    .measure(new Runs(ours::run, problem.sets()), new Runs(theirs::run, problem.sets())).stream()
                            .mapToDouble(Pair::ratio)
                            .sorted()
                            .toArray();
            problem.release();
            return ratios[ratios.length / 2];
        }
    }
}
