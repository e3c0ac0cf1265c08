package dev.gamut.bench.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes on the command line: 8, 4K, 64M, 1G.
 *
 * @param bytes 0 to 2^53
 */
record ByteSize(long bytes) {
    private static final long MOST = 1L << 53;

    private static final Pattern FORM = Pattern.compile("(\\d{1,12})([kmgKMG]?)[bB]?");

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException saying what is allowed
     */
    static ByteSize parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no size; allowed are numbers such as 8, 4K, 64M, 1G");
        }
        int shift =
                10 * (1 + "kmg".indexOf(m.group(2).isEmpty() ? "-" : m.group(2).toLowerCase(Locale.ROOT)));
        long number = Long.parseLong(m.group(1));
        if (number > MOST >> shift) {
            throw new IllegalArgumentException(
                    "'" + text + "' is too large; allowed are at most " + (MOST >> 30) + "G");
        }
        return new ByteSize(number << shift);
    }
}
