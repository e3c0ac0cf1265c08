package dev.gamut.bench.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;

/**
 * How fast one arithmetic unit is just now, beside another: the rate of a loop in C over that of a second one, in some
 * milliseconds. Units that a processor's cores or its guests share have phases in which they are slow, seconds long, while others are
 * not. Used by one thread at a time.
 */
public final class UnitProbe implements DoubleSupplier, AutoCloseable {
    /** Long enough for the clock, short beside what is measured between two probes. */
    private static final double TRY_SECONDS = 0.4e-3;

    /** The best of some tries: an interruption is no phase. */
    private static final int TRIES = 3;

    private static final int STEPS = 500;

    private final CPeak unit;
    private final CPeak beside;
    private final ExecutorService pool;
    private final int threads;

    private UnitProbe(CPeak unit, CPeak beside, int threads) {
        this.unit = unit;
        this.beside = beside;
        this.threads = threads;
        this.pool = Executors.newFixedThreadPool(threads);
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
     * @param threads to run each on at once
     * @throws IllegalArgumentException if one of them cannot
     */
    public static UnitProbe of(String unit, String beside, int threads) {
        for (String name : List.of(unit, beside)) {
            missing(name).ifPresent(why -> {
                throw new IllegalArgumentException(name + " is " + why);
            });
        }
        return new UnitProbe(find(unit).orElseThrow(), find(beside).orElseThrow(), threads);
    }

    /** The ratio now; of several threads the least one. */
    @Override
    public double getAsDouble() {
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<Double>> ratios = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            ratios.add(pool.submit(() -> {
                start.await();
                return best(unit) / best(beside);
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
    }
}
