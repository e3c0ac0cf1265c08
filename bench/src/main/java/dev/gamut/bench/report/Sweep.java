package dev.gamut.bench.report;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.machine.Yardsticks;
import dev.gamut.bench.problem.Problem;
import dev.gamut.bench.problem.Rotation;
import dev.gamut.conformance.Report;
import dev.gamut.hw.EnergyMeter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Carries out a {@link Plan} within a time budget: each case is run, timed and verified. */
final class Sweep {
    /** Seconds to warm up for a kernel's first case. */
    private static final double FIRST_WARM_UP = 0.3;

    /** A run that takes so many times the predicted time is not compiled yet. */
    private static final double IMPLAUSIBLE = 5;

    /**
     * Cases that are not the dispatcher's choice are left out where less than this is left for each case; its choice on
     * several threads only where nothing is left.
     */
    private static final double SHORTEST_SLOT = 0.12;

    private static final double LONGEST_SLOT = 1.5;

    /** Counters of energy change once a millisecond: over this many seconds that is 2 %. */
    private static final double ENERGY_SECONDS = 0.05;

    private final Plan plan;
    private final Yardsticks one;
    private final Yardsticks many;
    private final long deadline;
    private final double patience;
    private final MachineCaches caches;
    private final Timer timer = new Timer();
    private final EnergyMeter energy = EnergyMeter.host();
    private final Set<String> warm = new HashSet<>();
    private final List<Row> rows = new ArrayList<>();
    private int left;
    private int leftOut;

    /**
     * Ready to run.
     *
     * @param plan what to measure
     * @param caches the machine's caches
     * @param one peaks of one thread
     * @param many peaks of all threads
     * @param seconds time for all of it
     * @param patience seconds to wait for the JIT compiler with each kernel
     */
    Sweep(Plan plan, MachineCaches caches, Yardsticks one, Yardsticks many, double seconds, double patience) {
        this.plan = plan;
        this.caches = caches;
        this.one = one;
        this.many = many;
        this.deadline = System.nanoTime() + (long) (seconds * 1e9);
        this.patience = patience;
        this.left = plan.size();
    }

    /**
     * Runs everything.
     *
     * @param done told after each case
     * @return the rows, in the order of the plan
     */
    List<Row> run(Consumer<String> done) {
        for (Plan.Entry entry : plan.entries()) {
            Problem problem = entry.problem();
            if (!Rotation.fits(problem.bytes())) {
                left -= entry.cases().size();
                leftOut += entry.cases().size();
                continue;
            }
            problem.fill(caches, many.threads(), 42);
            for (Plan.Case c : entry.cases()) {
                boolean essential = c.chosen() && c.threads() == 1;
                if (essential || slot() >= (c.chosen() ? 0 : SHORTEST_SLOT)) {
                    rows.add(measured(entry, c));
                } else {
                    leftOut++;
                }
                left--;
                done.accept(problem.workload().id() + " " + problem.precision());
            }
            problem.release();
        }
        return List.copyOf(rows);
    }

    /** Cases that were left out for want of time or memory. */
    int leftOut() {
        return leftOut;
    }

    /** Seconds for the next case: an equal share of what is left. */
    private double slot() {
        return Math.min((deadline - System.nanoTime()) / 1e9 / Math.max(left, 1), LONGEST_SLOT);
    }

    private Row measured(Plan.Entry entry, Plan.Case c) {
        double slot = Math.max(slot(), SHORTEST_SLOT / 2);
        GamutConfig config =
                GamutConfig.defaults().threads(c.threads()).kernel(c.kernel()).strict(true);
        try (Gamut gamut = Gamut.open(config)) {
            Problem.Bound bound = entry.problem().bind(gamut, Accuracy.parse(c.accuracy()));
            boolean first = !c.isReference() && warm.add(c.kernel());
            double plausible = c.isReference() ? Double.POSITIVE_INFINITY : IMPLAUSIBLE * c.predicted();
            double seconds = timer.seconds(
                    bound::run,
                    entry.problem().sets(),
                    first ? Math.min(FIRST_WARM_UP, slot) : 0.15 * slot,
                    patience,
                    plausible,
                    0.5 * slot);
            double joules = joules(bound::run, entry.problem().sets(), seconds);
            Report report = bound.verify();
            return row(entry, c, seconds, joules, bound.declared(), report);
        } catch (RuntimeException e) {
            return failed(entry, c, e);
        }
    }

    /** Joules of one run, over as many as the counters need; NaN without waiting where there are no counters. */
    private double joules(IntConsumer run, int sets, double seconds) {
        OptionalDouble before = energy.joules();
        if (before.isEmpty()) {
            return Double.NaN;
        }
        int runs = (int) Math.clamp(ENERGY_SECONDS / seconds, 1, 1 << 20);
        for (int i = 0; i < runs; i++) {
            run.accept(i % sets);
        }
        OptionalDouble after = energy.joules();
        return after.isEmpty() ? Double.NaN : (after.getAsDouble() - before.getAsDouble()) / runs;
    }

    private Row row(Plan.Entry entry, Plan.Case c, double seconds, double joules, double declared, Report report) {
        Problem p = entry.problem();
        String level = caches.level(p.footprint(), c.threads());
        return new Row(
                p.workload(),
                p.precision(),
                c.kernel(),
                c.provider(),
                p.accumulator().id(),
                p.result().id(),
                c.threads(),
                c.accuracy(),
                c.chosenFor(),
                entry.standsFor(),
                seconds,
                joules,
                p.operations(),
                p.bytes(),
                level,
                report.maxRelativeToTerms(),
                declared,
                report.maxErrorOverBound(),
                report.ok(),
                report.message(),
                c.threads() == 1 ? one : many);
    }

    private Row failed(Plan.Entry entry, Plan.Case c, RuntimeException e) {
        Report report = new Report(false, Double.NaN, Double.NaN, Double.NaN, 0, e.toString());
        return row(entry, c, Double.NaN, Double.NaN, Double.NaN, report);
    }
}
