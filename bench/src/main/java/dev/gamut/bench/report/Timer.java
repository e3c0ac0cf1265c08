package dev.gamut.bench.report;

import java.util.Arrays;
import java.util.function.IntConsumer;

/** Times something that is run again and again: warm-up, then the median of samples within a time budget. */
final class Timer {
    /** A sample is at least this long, so that the clock's own cost and grain do not count. */
    private static final double SAMPLE_SECONDS = 2e-3;

    private static final int FEWEST = 3;
    private static final int MOST = 25;

    private int turn;

    /**
     * Seconds for one run.
     *
     * @param run computes once; its argument counts on
     * @param warmUp seconds to run before anything counts
     * @param budget seconds to measure
     * @return the median over samples
     */
    double seconds(IntConsumer run, double warmUp, double budget) {
        double once = warmUp(run, warmUp);
        int runs = (int) Math.clamp(SAMPLE_SECONDS / once, 1, 1 << 20);
        int samples = (int) Math.clamp(budget / (once * runs), FEWEST, MOST);
        if (once > budget) {
            samples = 1;
        }
        double[] seconds = new double[samples];
        for (int s = 0; s < samples; s++) {
            seconds[s] = sample(run, runs) / runs;
        }
        Arrays.sort(seconds);
        return seconds[samples / 2];
    }

    /** Runs for a time, twice at least unless one run takes it all; returns the seconds of the last runs. */
    private double warmUp(IntConsumer run, double budget) {
        double spent = 0;
        double last = 0;
        int runs = 1;
        int samples = 0;
        while (spent < budget || samples < 2 && spent < 4 * budget) {
            double seconds = sample(run, runs);
            spent += seconds;
            last = seconds / runs;
            samples++;
            if (seconds < SAMPLE_SECONDS && runs < 1 << 20) {
                runs *= 2;
            }
        }
        return Math.max(last, 1e-9);
    }

    private double sample(IntConsumer run, int runs) {
        long start = System.nanoTime();
        for (int i = 0; i < runs; i++) {
            run.accept(turn);
            turn = turn + 1 & Integer.MAX_VALUE;
        }
        return Math.max(System.nanoTime() - start, 1) / 1e9;
    }
}
