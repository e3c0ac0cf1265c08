package dev.gamut.bench.gate;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.bench.gate.PairMeter.Pair;
import dev.gamut.bench.gate.PairMeter.Runs;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.machine.UnitProbe;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.ConvertProblem;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Problem;
import dev.gamut.bench.problem.ReduceProblem;
import dev.gamut.bench.problem.Rotation;
import dev.gamut.conformance.Report;
import dev.gamut.error.UnsupportedProblemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One row of the gate in one JVM: both sides lay out the same random operands, verify their results against the exact one,
 * and are timed in turn within the one invocation. JMH's own figure is the time of all that and means nothing.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(1)
public class GateBenchmark {
    /** Where the result goes; none where a person runs the benchmark. */
    static final String RESULT = "gamut.gate.result";

    /** Seconds to measure. */
    static final String SECONDS = "gamut.gate.seconds";

    static final int FEWEST_PAIRS = 5;

    /** Runs so long that even five pairs would take minutes: the clock needs no more of them. */
    private static final int FEWEST_LONG_PAIRS = 2;

    private static final double LONG_SECONDS = 1;

    /** Sizes that a crossover is looked for at, each of them for a share of the time. */
    private static final int CROSSOVER_SIZES = 2;

    /** Longer than OpenBLAS's threads spin after a call, 100 ms; those of the OpenMP libraries do so for less. */
    private static final double SPIN_SECONDS = 0.13;

    /** Id of a row in gate.csv. */
    @Param("vector.gemm.f64.n1024.t1")
    public String id;

    /** Its peer. */
    @Param("openblas")
    public String peer;

    private final double seconds = Double.parseDouble(System.getProperty(SECONDS, "1.2"));
    private final MachineCaches caches = MachineCaches.host();

    /** Measures the row. */
    @Benchmark
    public void row() {
        GateRow row = GateTable.shipped()
                .find(id, peer)
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no row " + id + " / " + peer + "; `gamut gate --list` names them"));
        ForkResult result = measure(row);
        Optional.ofNullable(System.getProperty(RESULT)).ifPresent(file -> result.write(Path.of(file)));
        System.out.println("\n# " + row.key() + ": " + summary(result));
    }

    private static String summary(ForkResult result) {
        if (result.pairs().isEmpty()) {
            return result.obstacle() + result.failure();
        }
        double[] ratios =
                result.pairs().stream().mapToDouble(Pair::ratio).sorted().toArray();
        return String.format(
                Locale.ROOT,
                "ratio %.3f (quartiles %.3f to %.3f of %d pairs), %s against %s",
                ratios[ratios.length / 2],
                ratios[ratios.length / 4],
                ratios[3 * ratios.length / 4],
                ratios.length,
                result.kernel(),
                result.peer());
    }

    private ForkResult measure(GateRow row) {
        if (row.isCollective()) {
            return MpiJob.isPeer(row.peer())
                    ? new MpiJob(row, seconds).measure()
                    : new CollectiveSides(row, seconds).measure();
        }
        if (row.isSystem()) {
            return new SolveSides(row, seconds).measure();
        }
        if (row.isOnDevice()) {
            return new DeviceSides(row, seconds).measure();
        }
        if (row.measure() == GateRow.Measure.CROSSOVER) {
            return new Crossover(row, caches, seconds / CROSSOVER_SIZES).measure();
        }
        // What the user overrides is measured instead of the row's own kernels.
        GamutConfig config = GamutConfig.defaults().threads(row.threads());
        if (config.kernel().isEmpty()) {
            config = config.kernel(row.kernel()).strict(true);
        }
        try (Gamut gamut = Gamut.open(config)) {
            return row.parts()[0].equals("dispatch") ? calls(row, gamut) : problem(row, gamut);
        } catch (Unavailable e) {
            return ForkResult.notMeasured(row.peer() + " " + e.getMessage());
        } catch (UnsupportedProblemException e) {
            return ForkResult.notMeasured("no kernel that matches " + row.kernel() + " takes it");
        }
    }

    private ForkResult calls(GateRow row, Gamut gamut) {
        DispatchCalls calls = new DispatchCalls(gamut, Integer.parseInt(row.parts()[3].substring(1)));
        List<Pair> pairs = limited(row, new Runs(calls.way(row.parts()[1]), 1));
        return ForkResult.timed(calls.kernel(), "", pairs, 0);
    }

    /**
     * Gamut's side of a row, verified.
     *
     * @param kernel what computes it
     * @param report what came of the check
     * @param runs to be timed
     */
    private record Ours(String kernel, Report report, Runs runs) {
        ForkResult failed() {
            return new ForkResult(
                    "",
                    "Gamut's result is wrong: " + report.message(),
                    kernel,
                    "",
                    List.of(),
                    Double.NaN,
                    Double.NaN,
                    false,
                    "",
                    0,
                    0,
                    "");
        }
    }

    private ForkResult problem(GateRow row, Gamut gamut) throws Unavailable {
        Optional<String> blind = row.phase().flatMap(Phase::obstacle);
        if (blind.isPresent()) {
            return ForkResult.notMeasured("its phases cannot be told apart: " + blind.get());
        }
        Problem problem = row.problem(caches);
        if (!Rotation.fits(2 * problem.bytes())) {
            throw new Unavailable("and Gamut together need more memory than this JVM has");
        }
        problem.fill(caches, row.threads(), row.id().hashCode());
        if (row.ourModule().isEmpty()) {
            Problem.Bound bound = problem.bind(gamut, Accuracy.parse(row.accuracy()));
            return compare(
                    row,
                    problem,
                    new Ours(bound.kernel().toString(), bound.verify(), new Runs(bound::run, problem.sets())));
        }
        try (Peer own = Peers.open(row.ourModule().get(), row.threads())) {
            Side side = side(own, problem);
            return compare(
                    row, problem, new Ours(own.describe(), verify(problem, side), new Runs(side::run, problem.sets())));
        }
    }

    private ForkResult compare(GateRow row, Problem problem, Ours ours) throws Unavailable {
        if (!ours.report().ok()) {
            return ours.failed();
        }
        return row.isLimit() ? limit(row, problem, ours) : pairs(row, problem, ours);
    }

    private ForkResult limit(GateRow row, Problem problem, Ours ours) {
        double error = ours.report().maxRelativeToTerms();
        List<Pair> pairs = row.measure() == GateRow.Measure.ERROR
                ? List.of(new Pair(error, row.limit()))
                : limited(row, ours.runs());
        return result(row, problem, ours, "", pairs, Double.NaN, false);
    }

    private List<Pair> limited(GateRow row, Runs runs) {
        return switch (row.measure()) {
            case TIME -> LimitMeter.time(runs, row.limit(), warmUp(row));
            case ALLOCATION -> LimitMeter.allocation(runs, row.limit(), warmUp(row));
            default -> throw new IllegalArgumentException("row " + row.key() + " cannot measure " + row.measure());
        };
    }

    private ForkResult pairs(GateRow row, Problem problem, Ours ours) throws Unavailable {
        try (Peer other = Peers.open(row.peer(), row.threads())) {
            Side theirs = side(other, problem);
            Report check = other.computes() ? verified(problem, theirs) : null;
            boolean traded = theirs.bound().isPresent() || !row.accuracy().equals("native");
            // New arrays lie in other pages than those of a program that has been running for some time.
            System.gc();
            List<Pair> pairs =
                    measured(row, meter(row, ours.runs(), other), ours.runs(), new Runs(theirs::run, problem.sets()));
            double peerError = check == null ? Double.NaN : check.maxRelativeToTerms();
            return result(row, problem, ours, other.describe(), pairs, peerError, traded);
        }
    }

    private static List<Pair> measured(GateRow row, PairMeter meter, Runs ours, Runs theirs) {
        if (row.phase().isEmpty()) {
            return meter.measure(ours, theirs);
        }
        Phase phase = row.phase().get();
        try (UnitProbe probe = phase.open(row.threads())) {
            return meter.measure(ours, theirs, probe, phase::counts);
        }
    }

    private static Side side(Peer other, Problem problem) throws Unavailable {
        return switch (problem) {
            case GemmProblem gemm -> other.gemm(gemm);
            case ReduceProblem reduction -> other.reduce(reduction);
            case ConvertProblem conversion -> other.convert(conversion);
        };
    }

    private static Report verify(Problem problem, Side side) {
        problem.out().segment().fill((byte) 0xa5);
        side.run(0);
        side.result(problem.out());
        return problem.check(side.bound().orElse(problem.conventional()));
    }

    private static Report verified(Problem problem, Side theirs) throws Unavailable {
        Report check = verify(problem, theirs);
        if (!check.ok()) {
            throw new Unavailable("computes a wrong result: " + check.message());
        }
        return check;
    }

    private static double warmUp(GateRow row) {
        return row.isCompiled() ? Peer.COMPILED_SECONDS : Peer.JIT_SECONDS;
    }

    private PairMeter meter(GateRow row, Runs runs, Peer other) {
        long start = System.nanoTime();
        runs.run().accept(0);
        boolean isLong = System.nanoTime() - start > LONG_SECONDS * 1e9;
        double pause = row.threads() == 1 ? 0 : SPIN_SECONDS;
        return new PairMeter(warmUp(row), other.warmUp(), seconds, isLong ? FEWEST_LONG_PAIRS : FEWEST_PAIRS, pause);
    }

    private ForkResult result(
            GateRow row,
            Problem problem,
            Ours ours,
            String peerVersion,
            List<Pair> pairs,
            double peerError,
            boolean traded) {
        return new ForkResult(
                "",
                "",
                ours.kernel(),
                peerVersion,
                pairs,
                ours.report().maxRelativeToTerms(),
                peerError,
                traded,
                problem.accumulator().id(),
                problem.operations(),
                problem.bytes(),
                caches.level(problem.footprint(), row.threads()));
    }
}
