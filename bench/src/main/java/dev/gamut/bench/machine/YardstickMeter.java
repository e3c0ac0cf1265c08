package dev.gamut.bench.machine;

import dev.gamut.dtype.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Measures {@link Yardsticks}: each loop on all threads at once, the best of several tries. */
public final class YardstickMeter implements AutoCloseable {
    /** Few enough that the JIT compiler meets the loop as a method, not only as a loop it is stuck in. */
    private static final int STEPS = 4_000;

    private static final int[] ALL_STREAMS = {1, 2, 4, 8};
    private static final int[] SOME_STREAMS = {1, 4};

    /** How long one try of one loop takes. */
    private static final double TRY_SECONDS = 0.015;

    /** Tries without any gain after which the best is taken. */
    private static final int TRIES = 3;

    /** Nanoseconds after which the best is taken anyway: on a busy machine there is always one more gain. */
    private static final long LONGEST = 100_000_000L;

    /** The same while the JIT compiler has not done with the loop. */
    private static final long PATIENCE = 3_000_000_000L;

    /**
     * Less than so many 10^9 a second on each thread is not the machine but the interpreter, or code of the JIT compiler's
     * first tier: vectors are a hundred times as slow in them.
     */
    private static final double COMPILED = 4;

    /** Of each last level cache: other programs, or other guests of the machine, may hold the rest of a large one. */
    private static final long MOST_OF_LAST_LEVEL = 16L << 20;

    /** One try of a loop in C, in seconds: shorter, as it has no warm-up to do. */
    private static final double C_TRY = 0.008;

    /** Rounds of a peak in C: a tenth of a millisecond, so that a call costs nothing beside it. */
    private static final int C_STEPS = 20_000;

    /** Calls of an empty function between two looks at the clock. */
    private static final int CALLS = 10_000;

    /** Tries of these calls before the first that counts: until the JIT compiler is done with their loop. */
    private static final int CALL_WARM_UPS = 5;

    private static final int CACHE_LINE = 64;

    /** Keeps results alive. */
    private static volatile double sink;

    private final int threads;
    private final MachineCaches caches;
    private final double seconds;
    private final ExecutorService pool;
    private final double[] memory;

    /** Elements before the first that begins a cache line. */
    private final int misaligned;

    /** Elements of each thread's part of memory. */
    private final int partOfThread;

    /**
     * A meter.
     *
     * @param threads threads to run at once
     * @param caches the machine's caches
     * @param seconds how long one try of one loop may take
     * @param memory an array larger than the caches, see {@link #memory}
     */
    YardstickMeter(int threads, MachineCaches caches, double seconds, double[] memory) {
        this.threads = threads;
        this.caches = caches;
        this.seconds = seconds;
        this.memory = memory;
        this.misaligned = (int) (-CLibrary.address(memory) & CACHE_LINE - 1) / Double.BYTES;
        this.partOfThread = (memory.length - misaligned) / threads / Streams.grain() * Streams.grain();
        this.pool = Executors.newFixedThreadPool(threads);
    }

    /**
     * An array of four times all caches that the threads have between them, twice where that is more than 1 GiB; 64 MiB
     * at least, a third of the heap at most.
     *
     * @param threads threads that will read it, each a part of its own
     * @param caches the machine's caches
     */
    static double[] memory(int threads, MachineCaches caches) {
        long total = caches.total(threads);
        long wanted = Math.clamp(4 * total, 64L << 20, Math.clamp(2 * total, 1L << 30, 8L << 30));
        double[] array = new double[(int) (Math.min(wanted, Runtime.getRuntime().maxMemory() / 3) / Double.BYTES)];
        Arrays.fill(array, 1e-3);
        return array;
    }

    /**
     * Measures a number of threads on an array made for it.
     *
     * @param threads threads to run at once
     * @param caches the machine's caches
     */
    public static Yardsticks measured(int threads, MachineCaches caches) {
        try (YardstickMeter meter = new YardstickMeter(threads, caches, TRY_SECONDS, memory(threads, caches))) {
            return meter.measure();
        }
    }

    /** A loop that one thread runs once; its result keeps it alive. */
    private interface Loop {
        double run(int thread);
    }

    /** A loop, and how much of what is counted one thread does in it. */
    private record Work(double amount, Loop loop) {}

    /** Measures everything: two to three seconds, and what the JIT compiler takes the first time. */
    public Yardsticks measure() {
        Map<DType, Double> arithmetic = Map.of(DType.F64, f64(), DType.F32, f32());
        long all = (long) partOfThread * Double.BYTES;
        Map<String, Bandwidth> levels = new HashMap<>();
        compile(caches.core().l1() / 2);
        levels.put("L1", bandwidth(caches.core().l1() / 2, SOME_STREAMS));
        levels.put("L2", bandwidth(caches.core().l2() / 2, SOME_STREAMS));
        Bandwidth main = bandwidth(all, ALL_STREAMS);
        boolean third = caches.core().l3() > caches.core().l2();
        levels.put("L3", third ? bandwidth(lastLevelPart(), SOME_STREAMS).atLeast(main) : main);
        levels.put(Yardsticks.MEMORY, main);
        return new Yardsticks(threads, arithmetic, levels, c());
    }

    private double f64() {
        return Math.max(
                fma(FmaPeak.f64Operations(FmaPeak.FEW, STEPS), t -> FmaPeak.f64Few(STEPS, 0.999_999)),
                fma(FmaPeak.f64Operations(FmaPeak.MANY, STEPS), t -> FmaPeak.f64Many(STEPS, 0.999_999)));
    }

    private double f32() {
        return Math.max(
                fma(FmaPeak.f32Operations(FmaPeak.FEW, STEPS), t -> FmaPeak.f32Few(STEPS, 0.999f)),
                fma(FmaPeak.f32Operations(FmaPeak.MANY, STEPS), t -> FmaPeak.f32Many(STEPS, 0.999f)));
    }

    private double fma(double operations, Loop loop) {
        Work work = new Work(operations, loop);
        compile(work);
        return best(seconds, work);
    }

    private CYardsticks c() {
        Optional<String> unavailable = CLoops.unavailable();
        if (unavailable.isPresent()) {
            return new CYardsticks(unavailable.get(), Map.of());
        }
        Map<String, Figure> figures = new LinkedHashMap<>();
        for (CPeak peak : CPeak.all()) {
            figures.put(peak.name() + "_gops", figure(peak));
        }
        figures.put(CYardsticks.CALL, Figure.of(threads / callsPerNanosecond(), Figure.NANOSECONDS));
        return new CYardsticks(CLoops.compiler(), figures);
    }

    private Figure figure(CPeak peak) {
        if (!peak.missing().isEmpty()) {
            return Figure.missing(peak.missing());
        }
        return Figure.of(best(C_TRY, new Work(peak.run(1) * C_STEPS, t -> peak.run(C_STEPS))), Figure.GOPS);
    }

    private double callsPerNanosecond() {
        Work calls = new Work(CALLS, t -> {
            for (int i = 0; i < CALLS; i++) {
                CLoops.empty();
            }
            return 0;
        });
        for (int i = 0; i < CALL_WARM_UPS; i++) {
            oneTry(C_TRY, calls);
        }
        return best(C_TRY, calls);
    }

    /** Half of a thread's share of the last level, or more where its second level would hold that. */
    private long lastLevelPart() {
        long share = Math.min(caches.core().l3() / 2, MOST_OF_LAST_LEVEL) * caches.lastLevels(threads) / threads;
        return Math.max(share, caches.core().l2() * 3 / 2);
    }

    /**
     * Bandwidth of a level.
     *
     * @param bytes what each thread reads and writes, a part of its own
     * @param streamCounts numbers of streams to read in
     */
    private Bandwidth bandwidth(long bytes, int... streamCounts) {
        Bandwidth best = new Bandwidth(0, 0, best(seconds, copy(bytes)), best(seconds, triad(bytes)));
        for (int streams : streamCounts) {
            best = best.atLeast(new Bandwidth(best(seconds, read(bytes, streams)), streams, 0, 0));
        }
        return best;
    }

    /** Runs all that moves memory until it is compiled, on data so near that slowness means that it is not. */
    private void compile(long bytes) {
        compile(copy(bytes));
        compile(triad(bytes));
        for (int streams : ALL_STREAMS) {
            compile(read(bytes, streams));
        }
    }

    private Work read(long bytes, int streams) {
        int n = part(bytes);
        return passes(n, 1, from -> Streams.read(streams, memory, from, n));
    }

    private Work copy(long bytes) {
        int third = part(bytes / 3);
        return passes(third, 2, from -> {
            Streams.copy(memory, from, third);
            return 0;
        });
    }

    private Work triad(long bytes) {
        int third = part(bytes / 3);
        return passes(third, 3, from -> {
            Streams.triad(memory, from, third);
            return 0;
        });
    }

    /** A loop over a part of memory that begins at some element. */
    private interface Pass {
        double run(int from);
    }

    /** A loop that moves some arrays of n elements, repeated so that a look at the clock costs nothing. */
    private Work passes(int n, int arrays, Pass pass) {
        int repeats = Math.max(1, (1 << 18) / n);
        return new Work((double) n * Double.BYTES * arrays * repeats, t -> {
            double sum = 0;
            for (int r = 0; r < repeats; r++) {
                sum += pass.run(misaligned + t * partOfThread);
            }
            return sum;
        });
    }

    /** Elements of a part of a size, a multiple of what the loops take at once. */
    private int part(long bytes) {
        long elements = Math.min(bytes / Double.BYTES, partOfThread);
        return (int) Math.max(elements / Streams.grain(), 1) * Streams.grain();
    }

    /** Runs Java code until it is compiled. */
    private void compile(Work work) {
        long start = System.nanoTime();
        while (oneTry(seconds, work) < COMPILED * threads && System.nanoTime() - start < PATIENCE) {}
    }

    /** Amount per nanosecond of all threads together: the best of several tries, once none has brought more for a while. */
    private double best(double trySeconds, Work work) {
        double best = 0;
        int sinceBetter = 0;
        long start = System.nanoTime();
        while (sinceBetter < TRIES && System.nanoTime() - start < LONGEST) {
            double rate = oneTry(trySeconds, work);
            sinceBetter = rate > 1.02 * best ? 0 : sinceBetter + 1;
            best = Math.max(best, rate);
        }
        return best;
    }

    private double oneTry(double trySeconds, Work work) {
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<Double>> rates = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            rates.add(pool.submit(() -> {
                start.await();
                return alone(trySeconds, work, thread);
            }));
        }
        double sum = 0;
        for (Future<Double> rate : rates) {
            try {
                sum += rate.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException("measuring the machine's peaks failed", e);
            }
        }
        return sum;
    }

    private static double alone(double trySeconds, Work work, int thread) {
        double total = 0;
        int runs = 0;
        long begin = System.nanoTime();
        long elapsed = 0;
        while (elapsed < trySeconds * 1e9) {
            total += work.loop.run(thread);
            runs++;
            elapsed = System.nanoTime() - begin;
        }
        sink = total;
        return work.amount * runs / elapsed;
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
