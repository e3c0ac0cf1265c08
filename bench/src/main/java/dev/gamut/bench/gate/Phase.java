package dev.gamut.bench.gate;

import dev.gamut.bench.machine.UnitProbe;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a probe beside each pair must show for the pair to count: a unit that is shared has phases in which it is slow, whatever the
 * code does.
 *
 * @param unit loop in C whose rate is looked at
 * @param beside loop in C whose rate it is divided by
 * @param least the ratio of a phase that counts
 */
record Phase(String unit, String beside, double least) {
    private static final Pattern TEXT = Pattern.compile("(\\w+)/(\\w+)>=(\\d+(?:\\.\\d+)?)");

    /** Whether a word of the table is one. */
    static boolean isOne(String word) {
        return word.contains("/");
    }

    /**
     * Reads {@code amx_i8_l1/f64_avx512>=50}.
     *
     * @param word of the table
     */
    static Phase parse(String word) {
        Matcher matcher = TEXT.matcher(word);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + word + "' is no probe; one is written as amx_i8_l1/f64_avx512>=50");
        }
        return new Phase(matcher.group(1), matcher.group(2), Double.parseDouble(matcher.group(3)));
    }

    /** Why there is no such probe here; empty where there is. */
    Optional<String> obstacle() {
        return Stream.of(unit, beside)
                .flatMap(name -> UnitProbe.missing(name).stream().map(why -> name + " is " + why))
                .findFirst();
    }

    /** The probe, for the thread that measures. */
    UnitProbe open(int threads) {
        return UnitProbe.of(unit, beside, least, threads);
    }

    /** Whether a pair counts; one that was measured without a probe does. */
    boolean counts(PairMeter.Pair pair) {
        return !(pair.probe() < least);
    }

    @Override
    public String toString() {
        return unit + "/" + beside + ">="
                + (least == Math.rint(least) ? Long.toString((long) least) : Double.toString(least));
    }
}
