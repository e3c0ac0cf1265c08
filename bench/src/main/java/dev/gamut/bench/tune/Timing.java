package dev.gamut.bench.tune;

import dev.gamut.bench.cli.Figures;
import java.util.Arrays;

/**
 * Seconds of one run, over several turns.
 *
 * @param median of all turns
 * @param low first quartile
 * @param high third quartile
 * @param turns how many there were
 * @param presence share of the time in which the computation had a processor; 1 where that cannot be told
 */
record Timing(double median, double low, double high, int turns, double presence) {
    /** Quartiles further apart than this share of the median say that the machine did other work meanwhile. */
    private static final double NOISE = 0.25;

    static Timing of(double[] seconds, double presence) {
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return new Timing(sorted[n / 2], sorted[n / 4], sorted[(3 * n - 1) / 4], n, presence);
    }

    boolean isNoisy() {
        return high - low > NOISE * median;
    }

    /**
     * The speed and its spread.
     *
     * @param operations of one run
     */
    String gigaflops(double operations) {
        double scale = operations / 1e9;
        return Figures.digits(scale / median) + " Gflop/s, quartiles " + Figures.digits(scale / high) + " and "
                + Figures.digits(scale / low) + " of " + turns + " turns";
    }
}
