package dev.gamut.dtype;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The codecs of the small floating-point formats over every code, every midpoint and random values. */
class SmallFormatTest {
    /** Spreads jqwik's numbers, most of which are small, over all exponents. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    @ParameterizedTest
    @EnumSource
    void everyCodeDecodes(SmallFormat format) {
        for (int code = 0; code < format.codes; code++) {
            assertEquals(format.expectedValue(code), format.decode(code), "code " + code);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeSurvivesTheRoundTrip(SmallFormat format) {
        for (int code = 0; code < format.codes; code++) {
            double v = format.decode(code);
            if (format.isNaN(code)) {
                assertTrue(format.isNaN(format.encode(v)), "code " + code);
                assertTrue(format.isNaN(format.encodeFloat((float) v)), "code " + code);
            } else {
                assertEquals(code, format.encode(v));
                assertEquals(code, format.encodeFloat((float) v));
                assertEquals(v, format.type.truncate(v));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyMidpointAndItsNeighboursRound(SmallFormat format) {
        for (int code = 0; code <= format.maxCode; code++) {
            double middle = format.midpoint(code);
            double value = format.expectedValue(code);
            double[] around = {
                middle, Math.nextUp(middle), Math.nextDown(middle), Math.nextUp(value), Math.nextDown(value)
            };
            for (double v : around) {
                checkRounding(format, v);
                checkRounding(format, -v);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void extremesRound(SmallFormat format) {
        double max = format.type.maxFinite();
        double[] extremes = {
            0,
            Double.MIN_VALUE,
            Double.MIN_NORMAL,
            Float.MIN_VALUE,
            Float.MIN_NORMAL,
            1,
            max,
            Math.nextUp(max),
            2 * max,
            Float.MAX_VALUE,
            Double.MAX_VALUE
        };
        for (double v : extremes) {
            checkRounding(format, v);
            checkRounding(format, -v);
        }
        assertEquals(format.expectedCode(Double.POSITIVE_INFINITY), format.encode(Double.POSITIVE_INFINITY));
        assertEquals(format.expectedCode(Double.NEGATIVE_INFINITY), format.encodeFloat(Float.NEGATIVE_INFINITY));
    }

    @ParameterizedTest
    @EnumSource
    void everyKindOfNaNKeepsItsSignOrBecomesZero(SmallFormat format) {
        int[] payloads = {0x7F800001, 0x7FC00000, 0x7FFFFFFF, 0x7F802000, 0x7FA00000};
        for (int payload : payloads) {
            for (int sign : new int[] {0, 1 << 31}) {
                float v = Float.intBitsToFloat(payload | sign);
                int code = format.encodeFloat(v);
                if (format.type.hasNaN()) {
                    assertTrue(format.isNaN(code));
                    assertEquals(sign != 0, (code & format.signBit) != 0);
                } else {
                    assertEquals(0, code);
                }
            }
        }
        int quiet = format.encode(Double.NaN);
        assertEquals(quiet, format.encode(Double.longBitsToDouble(0x7FF0000000000001L)));
        assertEquals(format.type.hasNaN(), format.isNaN(quiet));
    }

    @Property(tries = 20_000, seed = "1")
    void randomDoublesRound(@ForAll SmallFormat format, @ForAll long bits) {
        double v = Double.longBitsToDouble(bits * SPREAD);
        if (!Double.isNaN(v) && !Double.isInfinite(v)) {
            checkRounding(format, v);
        }
    }

    @Property(tries = 50_000, seed = "1")
    void randomDoublesInRangeRound(@ForAll SmallFormat format, @ForAll int code, @ForAll long fraction) {
        double from = Math.abs(format.expectedValue(Math.floorMod(code * SPREAD, format.maxCode)));
        double v = Math.min(from, Double.MAX_VALUE) * (1 + (fraction * SPREAD & 0xFFFFFFFFFFFFL) * 0x1p-48);
        checkRounding(format, v);
        checkRounding(format, -v);
    }

    @Property(tries = 50_000, seed = "1")
    void floatsRoundAsDoublesDo(@ForAll SmallFormat format, @ForAll int bits) {
        float v = Float.intBitsToFloat(bits * (int) SPREAD);
        assertEquals(format.encode(v), format.encodeFloat(v));
    }

    @Test
    void binary16AgreesWithTheJdk() {
        for (int code = 0; code < 1 << 16; code++) {
            assertEquals(Float.float16ToFloat((short) code), (float) SmallFormat.F16.expectedValue(code));
        }
        // An odd stride visits all exponents with ever different fractions.
        for (long bits = 0; bits < 1L << 32; bits += 1_009) {
            float v = Float.intBitsToFloat((int) bits);
            if (!Float.isNaN(v)) {
                assertEquals(Float.floatToFloat16(v), Fp16.fromDouble(v));
            }
        }
    }

    @Test
    void doublesAreNotRoundedThroughFloat() {
        // As a float this is exactly half-way between 1 and the next value, and the tie would go down.
        double justAboveTie = 1 + 0x1p-11 + 0x1p-40;
        assertEquals(0x3C01, Fp16.fromDouble(justAboveTie));
        assertEquals(0x3C00, Fp16.fromFloat((float) justAboveTie));
        assertEquals(0x3F81, Bf16.fromDouble(1 + 0x1p-8 + 0x1p-40));
    }

    private static void checkRounding(SmallFormat format, double v) {
        assertEquals(format.expectedCode(v), format.encode(v), () -> format + " of " + Double.toHexString(v));
        if ((float) v == v) {
            assertEquals(format.expectedCode(v), format.encodeFloat((float) v), () -> format + " of float " + v);
        }
        double truncated = format.expectedValue(format.expectedTruncation(v));
        assertEquals(truncated, format.type.truncate(v), () -> format + " toward 0 of " + Double.toHexString(v));
    }
}
