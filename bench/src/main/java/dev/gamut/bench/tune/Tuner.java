package dev.gamut.bench.tune;

import dev.gamut.bench.cli.Figures;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.machine.Yardsticks;
import dev.gamut.bench.problem.Problem;
import dev.gamut.dtype.DType;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Tuning;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Measures constant after constant, each on top of those before: a kernel alone is timed on a problem whose time the constant
 * decides, and the constant is the value with which the cost model predicts that time. What the model is made of is its
 * kernels' own business.
 */
final class Tuner {
    /** A block size takes another's place where it is faster by this much: less is noise. */
    private static final double GAIN = 0.02;

    /** Shares of L2 that a block of B is tried at. */
    private static final double[] SHARES_OF_L2 = {0.125, 0.25, 0.5, 0.75};

    /** Rows of A to one packing of B. */
    private static final int[] ROWS = {512, 1024, 2048, 4096};

    /** Depth of a block: that of the evaluation order fma-kc256. */
    private static final int DEPTH = 256;

    private static final int COLUMN_GRAIN = 16;

    private final Here here;
    private final Kernels kernels;
    private final MachineCaches caches;
    private final Laboratory laboratory;
    private final Effort effort;
    private final Consumer<String> step;
    private final List<Tuned> found = new ArrayList<>();
    private Tuning tuning;

    /**
     * A tuner.
     *
     * @param here this machine
     * @param kernels what to measure
     * @param before constants that hold until they are measured
     * @param effort how much to measure
     * @param step told after each measurement
     */
    Tuner(Here here, Kernels kernels, Tuning before, Effort effort, Consumer<String> step) {
        this.here = here;
        this.kernels = kernels;
        this.tuning = before;
        this.effort = effort;
        this.step = step;
        this.caches = MachineCaches.host();
        this.laboratory = new Laboratory(effort, caches);
    }

    /** What was measured, in the order in which it was. */
    List<Tuned> found() {
        return found;
    }

    /**
     * The clock, in which everything else is counted, and the memory.
     *
     * @param peaks measures the peaks of one thread
     */
    void machine(Supplier<Yardsticks> peaks) {
        List<Yardsticks> all = new ArrayList<>();
        for (int i = 0; i < effort.peaks(); i++) {
            all.add(peaks.get());
            step.accept("peaks");
        }
        double[] clocks = all.stream().mapToDouble(this::clock).sorted().toArray();
        double[] reads = all.stream()
                .mapToDouble(y -> y.bandwidth(Yardsticks.MEMORY))
                .sorted()
                .toArray();
        double clock = clocks[clocks.length - 1];
        double read = reads[reads.length - 1];
        accept("gemm_*", "ghz", clock, "two vector multiply-adds a cycle at " + best(clocks, "GHz"));
        accept("gemm_*", "memory_bytes_per_cycle", read / clock, "reading memory at " + best(reads, "GB/s"));
    }

    /** GHz at which two vector multiply-adds a cycle make the peak. */
    private double clock(Yardsticks y) {
        double f64 = y.arithmetic(DType.F64) / (4 * here.machine().lanes(64));
        double f32 = y.arithmetic(DType.F32) / (4 * here.machine().lanes(32));
        return Math.max(f64, f32);
    }

    private static String best(double[] sorted, String unit) {
        return Figures.digits(sorted[sorted.length - 1]) + " " + unit + ", the best of " + sorted.length + " from "
                + Figures.digits(sorted[0]) + " on";
    }

    /**
     * The register tiles of a type, their block sizes, and what a block costs beside its loops.
     *
     * @param type F64 or F32
     */
    void packed(DType type) {
        List<KernelId> tiles = kernels.packed(type);
        if (tiles.isEmpty()) {
            return;
        }
        int first = found.size();
        KernelId best = shares(type, tiles);
        boolean changed = columns(type, best) | rows(type, best);
        if (changed) {
            found.subList(first, first + tiles.size()).clear();
            best = shares(type, tiles);
        }
        Problem problem = laboratory.product(type.id(), "n64");
        fit(new Experiment(problem, best, 1, tuning), Kernels.pattern(type), "block_cycles", 1, 1e5);
        step.accept("blocks");
    }

    /** Returns the fastest tile. */
    private KernelId shares(DType type, List<KernelId> tiles) {
        Problem problem = laboratory.product(type.id(), effort.large());
        List<Experiment> all =
                tiles.stream().map(id -> new Experiment(problem, id, 1, tuning)).toList();
        List<Timing> timings = laboratory.measure(all);
        KernelId best = tiles.getFirst();
        double fastest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < tiles.size(); i++) {
            fit(all.get(i), timings.get(i), Kernels.pattern(type, tiles.get(i)), "fma_share", 0.01, 1);
            if (timings.get(i).median() < fastest) {
                fastest = timings.get(i).median();
                best = tiles.get(i);
            }
        }
        step.accept("tiles");
        return best;
    }

    private boolean columns(DType type, KernelId best) {
        double filling = (double) caches.core().l2() * 8 / type.bits() / DEPTH;
        List<Integer> candidates = new ArrayList<>();
        for (double share : SHARES_OF_L2) {
            int columns = (int) (share * filling / COLUMN_GRAIN) * COLUMN_GRAIN;
            candidates.add(Math.clamp(columns, 2 * COLUMN_GRAIN, 4096));
        }
        boolean changed = block(
                type, best, effort.large(), "nc", candidates.stream().distinct().toList());
        step.accept("columns");
        return changed;
    }

    private boolean rows(DType type, KernelId best) {
        List<Integer> candidates = Arrays.stream(ROWS).boxed().toList();
        boolean changed = block(type, best, effort.tall(), "mc", candidates);
        step.accept("rows");
        return changed;
    }

    /** Measures block sizes beside the present one; returns whether another takes its place. */
    private boolean block(DType type, KernelId best, String shape, String constant, List<Integer> candidates) {
        String pattern = Kernels.pattern(type);
        Experiment present = new Experiment(laboratory.product(type.id(), shape), best, 1, tuning);
        List<Experiment> all = new ArrayList<>(List.of(present));
        candidates.forEach(size -> all.add(present.with(here.line(pattern, constant, size, ""))));
        List<Timing> timings = laboratory.measure(all);
        int fastest = 0;
        for (int i = 1; i < all.size(); i++) {
            double limit = timings.get(fastest).median() * (fastest == 0 ? 1 - GAIN : 1);
            fastest = timings.get(i).median() < limit ? i : fastest;
        }
        if (fastest == 0) {
            return false;
        }
        Timing now = timings.get(fastest);
        String figure = words(present, now) + ", "
                + Figures.digits(timings.getFirst().median() / now.median()) + " times as fast as before";
        record(here.line(pattern, constant, candidates.get(fastest - 1), figure), present, now.isNoisy());
        return !now.isNoisy();
    }

    /**
     * The unpacked kernel of a type.
     *
     * @param type F64 or F32
     */
    void small(DType type) {
        for (KernelId id : kernels.small(type)) {
            Problem medium = laboratory.product(type.id(), "n64");
            fit(new Experiment(medium, id, 1, tuning), id.toString(), "fma_share", 0.01, 1);
            step.accept("small");
            Problem tiny = laboratory.product(type.id(), "n8");
            fit(new Experiment(tiny, id, 1, tuning), id.toString(), "call_cycles", 1, 1e5);
            step.accept("calls");
        }
    }

    /**
     * What starting and joining threads costs.
     *
     * @param threads at least 2
     */
    void forks(int threads) {
        List<KernelId> tiles = kernels.packed(DType.F64);
        if (!tiles.isEmpty()) {
            Problem problem = laboratory.product(DType.F64.id(), "n128");
            fit(new Experiment(problem, tiles.getFirst(), threads, tuning), "gemm_*", "fork_cycles", 1, 1e6);
            step.accept("threads");
        }
    }

    private void fit(Experiment experiment, String pattern, String constant, double low, double high) {
        fit(experiment, laboratory.measure(List.of(experiment)).getFirst(), pattern, constant, low, high);
    }

    private void fit(Experiment experiment, Timing timing, String pattern, String constant, double low, double high) {
        double value = Fit.constant(
                x -> experiment.with(here.line(pattern, constant, x, "")).predicted(), timing.median(), low, high);
        record(
                here.line(pattern, constant, threeDigits(value), words(experiment, timing)),
                experiment,
                timing.isNoisy());
    }

    private static String words(Experiment experiment, Timing timing) {
        Problem problem = experiment.problem();
        return problem.precision() + " " + problem.workload().size() + " at " + timing.gigaflops(problem.operations());
    }

    /** As much as a measurement is worth. */
    private static double threeDigits(double value) {
        return new BigDecimal(value).round(new MathContext(3)).doubleValue();
    }

    private void accept(String pattern, String constant, double value, String figure) {
        Tuning.Line line = here.line(pattern, constant, threeDigits(value), figure);
        found.add(new Tuned(line, kernels.shipped(constant), false));
        tuning = Tuned.over(line, tuning);
    }

    private void record(Tuning.Line line, Experiment experiment, boolean noisy) {
        double shipped = kernels.shipped(experiment.kernel(), line.constant());
        found.add(new Tuned(line, shipped, noisy));
        if (!noisy) {
            tuning = Tuned.over(line, tuning);
        }
    }
}
