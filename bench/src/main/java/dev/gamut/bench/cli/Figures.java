package dev.gamut.bench.cli;

import java.util.Locale;

/** Numbers as people read them. */
public final class Figures {
    private Figures() {}

    /**
     * A time.
     *
     * @param seconds at least 0
     * @return three digits and a unit from nanoseconds to seconds
     */
    public static String seconds(double seconds) {
        String[] units = {"ns", "µs", "ms", "s"};
        double value = seconds * 1e9;
        int unit = 0;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return digits(value) + " " + units[unit];
    }

    /**
     * Three significant digits, without an exponent from 0.001 on.
     *
     * @param value at least 0
     */
    public static String digits(double value) {
        if (value == 0 || Double.isNaN(value)) {
            return value == 0 ? "0" : "–";
        }
        if (value < 1e-3) {
            return String.format(Locale.ROOT, "%.1e", value);
        }
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
