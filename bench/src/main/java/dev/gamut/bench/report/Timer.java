package dev.gamut.bench.report;

import java.util.Arrays;
import java.util.function.IntConsumer;

/** Times something that is run again and again: warm-up, then the median of samples within a time budget. */
final class Timer {
    /** A sample is at least this long, so that the clock's own cost and grain do not count. */
    private static final double SAMPLE_SECONDS = 2e-3;

    private static final int FEWEST = 3;
    private static final int MOST = 25;

    /** Where the fastest sample takes less than this share of the median, the JIT compiler was still at work. */
    private static final double UNSETTLED = 0.6;

    private static final int MOST_REPEATS = 2;

    private int sets;
    private int set;

    /**
     * Seconds for one run.
     *
     * @param run computes once, on one of several sets of operands
     * @param sets how many sets there are; runs take them in turn
     * @param warmUp seconds to run before anything counts
     * @param patience seconds to go on warming up while runs take longer than {@code plausible}: until the JIT compiler
     *     has done with a kernel, runs may take a thousand times as long
     * @param plausible seconds that a compiled run does not exceed
     * @param budget seconds to measure
     * @return the median over samples
     */
    double seconds(IntConsumer run, int sets, double warmUp, double patience, double plausible, double budget) {
        this.sets = sets;
        this.set = 0;
        double once = warmUp(run, warmUp, patience, plausible);
        double[] seconds = samples(run, once, budget);
        for (int again = 0; again < MOST_REPEATS && seconds[0] < UNSETTLED * median(seconds); again++) {
            seconds = samples(run, seconds[0], budget);
        }
        return median(seconds);
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }

    /** Seconds of one run, several times, sorted. */
    private double[] samples(IntConsumer run, double once, double budget) {
        int runs = (int) Math.clamp(SAMPLE_SECONDS / once, 1, 1 << 20);
        double[] seconds = new double[once > budget ? 1 : (int) Math.clamp(budget / (once * runs), FEWEST, MOST)];
        for (int s = 0; s < seconds.length; s++) {
            seconds[s] = sample(run, runs) / runs;
        }
        Arrays.sort(seconds);
        return seconds;
    }

    /** Runs for a time, twice at least unless one run takes it all; returns the seconds of the last runs. */
    private double warmUp(IntConsumer run, double budget, double patience, double plausible) {
        double spent = 0;
        double last = 0;
        int runs = 1;
        int samples = 0;
        while (spent < budget || samples < 2 && spent < 4 * budget || last > plausible && spent < patience) {
            double seconds = sample(run, runs);
            spent += seconds;
            last = seconds / runs;
            samples++;
            if (seconds < SAMPLE_SECONDS && runs < 1 << 20) {
                runs *= 2;
            } else if (seconds > 4 * SAMPLE_SECONDS) {
                runs = Math.max(1, runs / 2);
            }
        }
        return Math.max(last, 1e-9);
    }

    private double sample(IntConsumer run, int runs) {
        long start = System.nanoTime();
        for (int i = 0; i < runs; i++) {
            run.accept(set);
            set = set + 1 == sets ? 0 : set + 1;
        }
        return Math.max(System.nanoTime() - start, 1) / 1e9;
    }
}
