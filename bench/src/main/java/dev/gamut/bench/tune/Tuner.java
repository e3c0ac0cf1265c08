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
    private static final double GAIN = 0.03;

    /** Shares of L2 that a block of B is tried at. */
    private static final double[] SHARES_OF_L2 = {0.125, 0.25, 0.5, 0.75};

    /** Rows of A to one packing of B. */
    private static final int[] ROWS = {1024, 2048, 4096};

    /** Depth of a block: that of the evaluation order fma-kc256. */
    private static final int DEPTH = 256;

    private static final int COLUMN_GRAIN = 16;

    /** A product most of which is B. */
    private static final String FEW_ROWS = "8x256x256";

    /** A share of a peak that was measured too low may be above 1. */
    private static final Range SHARE = new Range("fma_share", 0.01, 4);

    private static final Range PACKING = new Range("cycles_per_packed_element", 0.02, 10);
    private static final Range BLOCK = new Range("block_cycles", 1, 1e5);
    private static final Range NEAR = new Range("cycles_per_l2_vector", 0.01, 50);
    private static final Range CALL = new Range("call_cycles", 1, 1e5);
    private static final Range FORK = new Range("fork_cycles", 1, 1e6);

    /** Times that two constants are fitted, each with the other as it was found last, until they meet both measurements. */
    private static final int ROUNDS = 4;

    /** Where experiments had a processor for less of the time, what several threads take says nothing. */
    private static final double UNDISTURBED = 0.9;

    static final String NOISY = "too noisy, not written";

    /** A constant and where its value may lie. */
    private record Range(String constant, double low, double high) {}

    private final Here here;
    private final Kernels kernels;
    private final MachineCaches caches;
    private final Laboratory laboratory;
    private final Effort effort;
    private final Consumer<String> step;
    private final List<Tuned> found = new ArrayList<>();
    private Tuning tuning;

    /** The least share of the time in which an experiment of one thread had a processor. */
    private double presence = 1;

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
     * The register tiles of a type and, if all are wanted, what they share: block sizes, and what packing and blocks cost.
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
        if (!kernels.allPacked(type)) {
            return;
        }
        boolean changed = columns(type, best) | rows(type, best);
        if (changed) {
            found.subList(first, first + tiles.size()).clear();
            best = shares(type, tiles);
        }
        overheads(type, best);
    }

    /** What packing and blocks cost beside the loops: packing counts most for a single row of tiles, blocks at n = 16. */
    private void overheads(DType type, KernelId best) {
        String pattern = Kernels.pattern(type);
        int rows = best.tile().orElseThrow().rows(here.machine().lanes(type.bits()));
        Experiment flat = new Experiment(laboratory.product(type.id(), rows + "x256x128"), best, 1, tuning);
        Experiment tiny = new Experiment(laboratory.product(type.id(), "n16"), best, 1, tuning);
        Timing flatTiming = measure(flat);
        Timing tinyTiming = measure(tiny);
        boolean noisy = flatTiming.isNoisy() || tinyTiming.isNoisy();
        Tuning.Line packing = line(flat, flatTiming, pattern, PACKING);
        Tuning.Line block = line(tiny.with(packing), tinyTiming, pattern, BLOCK);
        for (int i = 1; i < ROUNDS; i++) {
            packing = line(flat.with(block), flatTiming, pattern, PACKING);
            block = line(tiny.with(packing), tinyTiming, pattern, BLOCK);
        }
        record(packing, best, noisy ? NOISY : "");
        record(block, best, noisy ? NOISY : "");
        step.accept("blocks");
    }

    /** Returns the fastest tile. */
    private KernelId shares(DType type, List<KernelId> tiles) {
        Problem problem = laboratory.product(type.id(), effort.large());
        List<Experiment> all =
                tiles.stream().map(id -> new Experiment(problem, id, 1, tuning)).toList();
        List<Timing> timings = measure(all);
        KernelId best = tiles.getFirst();
        double fastest = Double.POSITIVE_INFINITY;
        // All or none: a tile by its shipped share beside others by measured ones would compare different things.
        boolean noisy = timings.stream().anyMatch(Timing::isNoisy);
        for (int i = 0; i < tiles.size(); i++) {
            KernelId tile = tiles.get(i);
            record(line(all.get(i), timings.get(i), Kernels.pattern(type, tile), SHARE), tile, noisy ? NOISY : "");
            if (timings.get(i).median() < fastest) {
                fastest = timings.get(i).median();
                best = tile;
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
        List<Timing> timings = measure(all);
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
        record(here.line(pattern, constant, candidates.get(fastest - 1), figure), best, now.isNoisy() ? NOISY : "");
        return !now.isNoisy();
    }

    /**
     * The unpacked kernel of a type.
     *
     * @param type F64 or F32
     */
    void small(DType type) {
        for (KernelId id : kernels.small(type)) {
            fit(laboratory.product(type.id(), "n64"), id, SHARE);
            step.accept("small");
            fit(laboratory.product(type.id(), "n192"), id, NEAR);
            step.accept("second level");
            fit(laboratory.product(type.id(), "n8"), id, CALL);
            step.accept("calls");
        }
    }

    /**
     * The products of a type by other libraries: few rows of A tell most of what copying and packing cost.
     *
     * @param type F64 or F32
     */
    void libraries(DType type) {
        for (KernelId id : kernels.libraries(type)) {
            fit(laboratory.product(type.id(), effort.large()), id, SHARE);
            step.accept("library");
            fit(laboratory.product(type.id(), FEW_ROWS), id, PACKING);
            step.accept("library's packing");
            fit(laboratory.product(type.id(), "n8"), id, CALL);
            step.accept("library's calls");
        }
    }

    /** A constant that one product on one thread tells. */
    private void fit(Problem problem, KernelId id, Range range) {
        Experiment experiment = new Experiment(problem, id, 1, tuning);
        Timing timing = measure(experiment);
        record(line(experiment, timing, id.toString(), range), id, timing.isNoisy() ? NOISY : "");
    }

    /**
     * What starting and joining threads costs.
     *
     * @param threads at least 2
     */
    void forks(int threads) {
        List<KernelId> tiles = kernels.packed(DType.F64);
        if (tiles.isEmpty()) {
            return;
        }
        KernelId tile = tiles.getFirst();
        Experiment experiment = new Experiment(laboratory.product(DType.F64.id(), "n128"), tile, threads, tuning);
        Timing timing = laboratory.measure(List.of(experiment)).getFirst();
        String objection = timing.isNoisy()
                ? NOISY
                : presence < UNDISTURBED ? "other programs had the processors, not written" : "";
        record(line(experiment, timing, "gemm_*", FORK), tile, objection);
        step.accept("threads");
    }

    private Timing measure(Experiment experiment) {
        return measure(List.of(experiment)).getFirst();
    }

    /** Experiments of one thread. */
    private List<Timing> measure(List<Experiment> all) {
        List<Timing> timings = laboratory.measure(all);
        timings.forEach(timing -> presence = Math.min(presence, timing.presence()));
        return timings;
    }

    /** The value with which the model predicts what was measured. */
    private Tuning.Line line(Experiment experiment, Timing timing, String pattern, Range range) {
        double value = Fit.constant(
                x -> experiment.with(here.line(pattern, range.constant, x, "")).predicted(),
                timing.median(),
                range.low,
                range.high);
        return here.line(pattern, range.constant, threeDigits(value), words(experiment, timing));
    }

    private static String words(Experiment experiment, Timing timing) {
        Problem problem = experiment.problem();
        return problem.precision() + " " + problem.workload().size() + " on " + experiment.threads()
                + (experiment.threads() == 1 ? " thread at " : " threads at ")
                + timing.gigaflops(problem.operations());
    }

    /** As much as a measurement is worth. */
    private static double threeDigits(double value) {
        return new BigDecimal(value).round(new MathContext(3)).doubleValue();
    }

    private void accept(String pattern, String constant, double value, String figure) {
        Tuning.Line line = here.line(pattern, constant, threeDigits(value), figure);
        found.add(new Tuned(line, kernels.shipped(constant), ""));
        tuning = Tuned.over(line, tuning);
    }

    private void record(Tuning.Line line, KernelId kernel, String objection) {
        found.add(new Tuned(line, kernels.shipped(kernel, line.constant()), objection));
        if (objection.isEmpty()) {
            tuning = Tuned.over(line, tuning);
        }
    }
}
