package dev.gamut.bench.machine;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;

/**
 * How fast one arithmetic unit is just now, beside another: the rate of a loop in C over that of a second one, in some
 * milliseconds. Units that a processor's cores or its guests share have phases in which they are slow, seconds long, while those of other
 * cores are not. So threads are moved to the processors where the unit is fastest just then, on Linux: at first, and again after each
 * time that it was slow; where they were before they may run again once the probe is closed.
 *
 * <p>Used by one thread, that which computes what is measured: it alone is moved where one thread is probed, otherwise all threads of the process.
 */
public final class UnitProbe implements DoubleSupplier, AutoCloseable {
    /** Long enough for the clock, short beside what is measured between two probes. */
    private static final double TRY_SECONDS = 0.4e-3;

    /** The best of some tries: an interruption is no phase. */
    private static final int TRIES = 3;

    private static final int STEPS = 500;

    /** Processors that are tried, 3 ms each. */
    private static final int MOST_PROCESSORS = 64;

    private final CPeak unit;
    private final CPeak beside;
    private final double least;
    private final ExecutorService pool;
    private final int threads;
    /** Where this thread might run before; empty where that is not known. */
    private final BitSet allowed;

    private boolean slow = true;

    private UnitProbe(CPeak unit, CPeak beside, double least, int threads) {
        this.unit = unit;
        this.beside = beside;
        this.least = least;
        this.threads = threads;
        this.pool = Executors.newFixedThreadPool(threads);
        this.allowed = Affinity.of(Affinity.THIS_THREAD).orElseGet(BitSet::new);
    }

    /**
     * Why a loop cannot run here.
     *
     * @param name of a loop, such as {@code amx_i8_l1}
     * @return empty where it can
     */
    public static Optional<String> missing(String name) {
        Optional<CPeak> peak = find(name);
        if (peak.isEmpty()) {
            return Optional.of(CLoops.unavailable().orElse("not available: there is no loop " + name + " here"));
        }
        return Optional.of(peak.get().missing()).filter(text -> !text.isEmpty());
    }

    private static Optional<CPeak> find(String name) {
        return CPeak.all().stream().filter(peak -> peak.name().equals(name)).findFirst();
    }

    /**
     * A probe of loops that can run here.
     *
     * @param unit the loop whose rate is the numerator
     * @param beside the other
     * @param least the ratio below which the unit is slow
     * @param threads to run each on at once
     * @throws IllegalArgumentException if one of them cannot
     */
    public static UnitProbe of(String unit, String beside, double least, int threads) {
        for (String name : List.of(unit, beside)) {
            missing(name).ifPresent(why -> {
                throw new IllegalArgumentException(name + " is " + why);
            });
        }
        return new UnitProbe(find(unit).orElseThrow(), find(beside).orElseThrow(), least, threads);
    }

    /** The ratio now; of several threads the least one. */
    @Override
    public double getAsDouble() {
        if (slow) {
            move();
        }
        double ratio = threads == 1 ? ratio() : ofAll();
        slow = !(ratio >= least);
        return ratio;
    }

    /** To where the unit is fastest, if there is more than one place; one processor of each core, since they share its units. */
    private void move() {
        if (allowed.cardinality() <= threads) {
            return;
        }
        record Place(int processor, double ratio) {}
        BitSet fastest = new BitSet();
        Set<String> cores = new HashSet<>();
        allowed.stream()
                .filter(processor -> cores.add(Affinity.core(processor)))
                .limit(MOST_PROCESSORS)
                .filter(processor -> Affinity.set(Affinity.THIS_THREAD, only(processor)))
                .mapToObj(processor -> new Place(processor, ratio()))
                .sorted(Comparator.comparingDouble(Place::ratio).reversed())
                .limit(threads)
                .forEach(place -> fastest.set(place.processor()));
        keepTo(fastest.cardinality() == threads ? fastest : allowed);
    }

    private static BitSet only(int processor) {
        BitSet set = new BitSet();
        set.set(processor);
        return set;
    }

    private void keepTo(BitSet processors) {
        Affinity.set(Affinity.THIS_THREAD, processors);
        if (threads > 1) {
            Affinity.threads().forEach(thread -> Affinity.set(thread, processors));
        }
    }

    private double ratio() {
        return best(unit) / best(beside);
    }

    private double ofAll() {
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<Double>> ratios = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            ratios.add(pool.submit(() -> {
                start.await();
                return ratio();
            }));
        }
        double least = Double.POSITIVE_INFINITY;
        for (Future<Double> ratio : ratios) {
            try {
                least = Math.min(least, ratio.get());
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException("probing " + unit.name() + " failed", e);
            }
        }
        return least;
    }

    /** Operations a nanosecond. */
    private static double best(CPeak peak) {
        double best = 0;
        for (int i = 0; i < TRIES; i++) {
            double operations = 0;
            long start = System.nanoTime();
            long elapsed = 0;
            while (elapsed < TRY_SECONDS * 1e9) {
                operations += peak.run(STEPS);
                elapsed = System.nanoTime() - start;
            }
            best = Math.max(best, operations / elapsed);
        }
        return best;
    }

    @Override
    public void close() {
        pool.shutdownNow();
        if (!allowed.isEmpty()) {
            keepTo(allowed);
        }
    }
}
