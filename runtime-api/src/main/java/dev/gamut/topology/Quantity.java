package dev.gamut.topology;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/** Numbers with units in topology files; what is printed reads back as the very same number. */
enum Quantity {
    /** Time, in seconds. */
    SECONDS("a time such as 1.5us", units("s", "1", "ms", "1e-3", "us", "1e-6", "ns", "1e-9")),
    /** Memory, in bytes. */
    BYTES(
            "a size such as 64GiB",
            units(
                    "TiB",
                    "1099511627776",
                    "GiB",
                    "1073741824",
                    "MiB",
                    "1048576",
                    "KiB",
                    "1024",
                    "TB",
                    "1e12",
                    "GB",
                    "1e9",
                    "MB",
                    "1e6",
                    "KB",
                    "1e3",
                    "B",
                    "1")),
    /** Bandwidth, in bytes a second. */
    BYTES_PER_SECOND(
            "a bandwidth such as 25GB/s",
            units("TB/s", "1e12", "GB/s", "1e9", "MB/s", "1e6", "KB/s", "1e3", "B/s", "1"));

    private final String example;
    private final Map<String, BigDecimal> units;

    Quantity(String example, Map<String, BigDecimal> units) {
        this.example = example;
        this.units = units;
    }

    private static Map<String, BigDecimal> units(String... namesAndFactors) {
        Map<String, BigDecimal> all = new LinkedHashMap<>();
        for (int i = 0; i < namesAndFactors.length; i += 2) {
            all.put(namesAndFactors[i], new BigDecimal(namesAndFactors[i + 1]));
        }
        return all;
    }

    /** The number that a text such as {@code 1.5us} means. */
    BigDecimal parse(String text) {
        int unit = 0;
        while (unit < text.length() && "0123456789.".indexOf(text.charAt(unit)) >= 0) {
            unit++;
        }
        BigDecimal factor = units.get(text.substring(unit));
        if (unit == 0 || unit > 400 || factor == null) {
            throw wrong(text);
        }
        try {
            return new BigDecimal(text.substring(0, unit)).multiply(factor);
        } catch (NumberFormatException e) {
            throw wrong(text);
        }
    }

    private IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is not " + example + "; units are " + String.join(", ", units.keySet()));
    }

    /** In the unit of which it is a number of at least 1 with fewest digits; in the smallest one where it is less. */
    String print(BigDecimal value) {
        BigDecimal smallest = units.values().stream().min(BigDecimal::compareTo).orElseThrow();
        String shortest = null;
        for (Map.Entry<String, BigDecimal> unit : units.entrySet()) {
            boolean small =
                    value.compareTo(unit.getValue()) < 0 && !unit.getValue().equals(smallest);
            String number = small ? null : exact(value, unit.getValue());
            if (number != null
                    && (shortest == null || number.length() + unit.getKey().length() < shortest.length())) {
                shortest = number + unit.getKey();
            }
        }
        return shortest;
    }

    private static String exact(BigDecimal value, BigDecimal unit) {
        try {
            return value.divide(unit).stripTrailingZeros().toPlainString();
        } catch (ArithmeticException e) {
            return null;
        }
    }
}
