package dev.gamut.bench.machine;

/**
 * A measured figure, or the reason why there is none. Immutable.
 *
 * @param value the figure; NaN where there is none
 * @param unit {@link #GOPS}, of which more is better, or {@link #NANOSECONDS}, of which less is
 * @param missing why there is none; empty where there is one
 */
public record Figure(double value, String unit, String missing) {
    /** 10^9 operations a second, all threads together. */
    public static final String GOPS = "GOP/s";

    /** Nanoseconds each thread takes. */
    public static final String NANOSECONDS = "ns";

    static Figure of(double value, String unit) {
        return new Figure(value, unit, "");
    }

    static Figure missing(String reason) {
        return new Figure(Double.NaN, GOPS, reason);
    }

    /** Whether there is a figure. */
    public boolean present() {
        return missing.isEmpty();
    }

    Figure better(Figure other) {
        if (!present() || !other.present()) {
            return present() ? this : other;
        }
        return value > other.value == unit.equals(GOPS) ? this : other;
    }

    /** What one thread has of it: its share of a rate, but all of a time. */
    Figure share(int threads) {
        return unit.equals(GOPS) ? new Figure(value / threads, unit, missing) : this;
    }

    Object asJson() {
        return present() ? (Object) rounded(value) : missing;
    }

    /** Two digits behind the point, as much as is worth printing. */
    static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
