package dev.gamut.bench.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Measures {@link Yardsticks}: each loop on all threads at once, the best of several tries. */
public final class YardstickMeter implements AutoCloseable {
    /** Few enough that the JIT compiler meets the loop as a method, not only as a loop it is stuck in. */
    private static final int STEPS = 4_000;

    private static final int[] MEMORY_STREAMS = {1, 2, 4, 8};
    private static final int[] CACHE_STREAMS = {1, 4};

    /** Tries without any gain after which the best is taken. */
    private static final int TRIES = 3;

    /** Nanoseconds after which the best is taken anyway: on a busy machine there is always one more gain. */
    private static final long LONGEST = 350_000_000L;

    /** The same while the JIT compiler has not done with the loop. */
    private static final long PATIENCE = 3_000_000_000L;

    /** Less than 10^9 a second on each thread is not the machine but the interpreter: vectors are a thousand times as slow in it. */
    private static final double COMPILED = 1;

    /** Of each last level cache: other programs, or other guests of the machine, may hold the rest of a large one. */
    private static final long MOST_OF_LAST_LEVEL = 16L << 20;

    /** Keeps results alive. */
    private static volatile double sink;

    private final int threads;
    private final MachineCaches caches;
    private final double seconds;
    private final ExecutorService pool;
    private final double[] memory;

    /**
     * A meter.
     *
     * @param threads threads to run at once
     * @param caches the machine's caches
     * @param seconds how long one try of one loop may take
     * @param memory an array larger than the caches, see {@link #memory}
     */
    public YardstickMeter(int threads, MachineCaches caches, double seconds, double[] memory) {
        this.threads = threads;
        this.caches = caches;
        this.seconds = seconds;
        this.memory = memory;
        this.pool = Executors.newFixedThreadPool(threads);
    }

    /**
     * An array of four times all caches that the threads have between them, twice where that is more than 1 GiB; 64 MiB
     * at least, a third of the heap at most.
     *
     * @param threads threads that will read it, each a part of its own
     * @param caches the machine's caches
     */
    public static double[] memory(int threads, MachineCaches caches) {
        long total = caches.total(threads);
        long wanted = Math.clamp(4 * total, 64L << 20, Math.clamp(2 * total, 1L << 30, 8L << 30));
        double[] array = new double[(int) (Math.min(wanted, Runtime.getRuntime().maxMemory() / 3) / Double.BYTES)];
        Arrays.fill(array, 1e-3);
        return array;
    }

    /** A loop that one thread runs once. */
    private interface Loop {
        double run(int thread);
    }

    public Yardsticks measure() {
        double f64 = Math.max(
                rate(FmaPeak.f64Operations(FmaPeak.FEW, STEPS), t -> FmaPeak.f64Few(STEPS, 0.999_999)),
                rate(FmaPeak.f64Operations(FmaPeak.MANY, STEPS), t -> FmaPeak.f64Many(STEPS, 0.999_999)));
        double f32 = Math.max(
                rate(FmaPeak.f32Operations(FmaPeak.FEW, STEPS), t -> FmaPeak.f32Few(STEPS, 0.999f)),
                rate(FmaPeak.f32Operations(FmaPeak.MANY, STEPS), t -> FmaPeak.f32Many(STEPS, 0.999f)));
        double l1 = bestRead(caches.core().l1() / 2, CACHE_STREAMS)[0];
        double l2 = bestRead(caches.core().l2() / 2, CACHE_STREAMS)[0];
        double[] main = bestRead((long) memory.length * Double.BYTES / threads, MEMORY_STREAMS);
        double l3 = caches.core().l3() > caches.core().l2() ? bestRead(lastLevelPart(), CACHE_STREAMS)[0] : main[0];
        int third = part((long) memory.length * Double.BYTES / threads) / 3 / Streams.grain() * Streams.grain();
        double copy = rate(16.0 * third, t -> {
            Streams.copy(memory, t * (memory.length / threads), third);
            return 0;
        });
        double triad = rate(24.0 * third, t -> {
            Streams.triad(memory, t * (memory.length / threads), third);
            return 0;
        });
        return new Yardsticks(threads, f64, f32, l1, l2, Math.max(l3, main[0]), main[0], (int) main[1], copy, triad);
    }

    /** Half of a thread's share of the last level, or more where its second level would hold that. */
    private long lastLevelPart() {
        long share = Math.min(caches.core().l3() / 2, MOST_OF_LAST_LEVEL) * caches.lastLevels(threads) / threads;
        return Math.max(share, caches.core().l2() * 3 / 2);
    }

    /** Best bandwidth of reading a part of its own in each thread, and the number of streams that gave it. */
    private double[] bestRead(long bytes, int... streamCounts) {
        int n = part(bytes);
        int repeats = Math.max(1, (1 << 18) / n);
        double[] best = {0, 0};
        for (int streams : streamCounts) {
            double rate = rate((double) n * Double.BYTES * repeats, t -> {
                double sum = 0;
                for (int r = 0; r < repeats; r++) {
                    sum += Streams.read(streams, memory, t * (memory.length / threads), n);
                }
                return sum;
            });
            if (rate > best[0]) {
                best = new double[] {rate, streams};
            }
        }
        return best;
    }

    /** Elements of a part of a size, a multiple of what the loops take at once. */
    private int part(long bytes) {
        long elements = Math.min(bytes / Double.BYTES, memory.length / threads);
        return (int) Math.max(elements / Streams.grain(), 1) * Streams.grain();
    }

    /** Amount per nanosecond of all threads together: the best, once no try has brought more for a while. */
    private double rate(double amountOfOneThread, Loop loop) {
        double best = compiledRate(amountOfOneThread, loop);
        int sinceBetter = 0;
        long start = System.nanoTime();
        while (sinceBetter < TRIES && System.nanoTime() - start < LONGEST) {
            double rate = oneTry(amountOfOneThread, loop);
            sinceBetter = rate > 1.02 * best ? 0 : sinceBetter + 1;
            best = Math.max(best, rate);
        }
        return best;
    }

    /** The first try that ran compiled code: in part only, perhaps, so that it says nothing of the peak but a minimum. */
    private double compiledRate(double amountOfOneThread, Loop loop) {
        double rate = 0;
        long start = System.nanoTime();
        while (rate < COMPILED * threads && System.nanoTime() - start < PATIENCE) {
            rate = oneTry(amountOfOneThread, loop);
        }
        return rate;
    }

    private double oneTry(double amount, Loop loop) {
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<Double>> rates = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            rates.add(pool.submit(() -> {
                start.await();
                return alone(amount, loop, thread);
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

    private double alone(double amount, Loop loop, int thread) {
        double total = 0;
        int runs = 0;
        long begin = System.nanoTime();
        long elapsed = 0;
        while (elapsed < seconds * 1e9) {
            total += loop.run(thread);
            runs++;
            elapsed = System.nanoTime() - begin;
        }
        sink = total;
        return amount * runs / elapsed;
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
