package dev.gamut.dtype;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bulk conversions: all pairs of types against exact arithmetic. */
class ConvertTest {
    private static final int N = 4_099;
    /** Odd, so that wide elements are unaligned and four-bit ones start in a high nibble. */
    private static final int START = 3;

    static Stream<Arguments> pairs() {
        return Stream.of(DType.values())
                .flatMap(a -> Stream.of(DType.values())
                        .flatMap(b -> Stream.of(Rounding.NEAREST_EVEN, Rounding.TOWARD_ZERO)
                                .map(r -> Arguments.of(a, b, r))));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everyPairOfTypesRoundsOnce(DType from, DType to, Rounding rounding) {
        MemorySegment src = samples(from, to);
        MemorySegment dst = filled(to.bytes(N + 2 * START));
        byte[] before = bytes(dst);
        Convert.convert(src, from, START, dst, to, START - 1, N, rounding);
        for (int i = 0; i < N; i++) {
            checkElement(src, from, START + i, dst, to, START - 1 + i, rounding);
        }
        assertUntouchedOutside(to, before, dst, START - 1, N);
    }

    private static void checkElement(
            MemorySegment src, DType from, int i, MemorySegment dst, DType to, int j, Rounding rounding) {
        double v = from.load(src, i);
        double result = to.load(dst, j);
        if (Double.isNaN(v)) {
            assertEquals(to.hasNaN() ? Double.NaN : 0, result);
        } else if (Double.isInfinite(v)) {
            assertEquals(to.round(v), result);
        } else {
            BigDecimal exact = ExactRounding.exact(from, src, i);
            BigDecimal expected = ExactRounding.round(to, exact, rounding);
            if (expected == null) {
                assertEquals(v < 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY, result);
            } else {
                BigDecimal actual = ExactRounding.exact(to, dst, j);
                assertEquals(0, expected.compareTo(actual), () -> exact + " became " + actual + ", not " + expected);
            }
        }
    }

    /** Elements over the whole range of the source and of the target, with many on and beside ties. */
    private static MemorySegment samples(DType from, DType to) {
        MemorySegment s = MemorySegment.ofArray(new byte[(int) from.bytes(N + 2 * START)]);
        Random random = new Random(from.ordinal() * 31L + to.ordinal());
        for (int i = 0; i < N + 2 * START; i++) {
            switch (i % 4) {
                case 0 -> from.storeLong(s, i, random.nextLong() >> random.nextInt(64));
                case 1 -> from.store(s, i, Double.longBitsToDouble(random.nextLong()));
                case 2 -> from.store(s, i, random.nextGaussian() * 8);
                default -> nearTie(from, to, s, i, random);
            }
        }
        return s;
    }

    private static void nearTie(DType from, DType to, MemorySegment s, int i, Random random) {
        if (from.isInteger()) {
            long tie = (2 * (random.nextLong() >>> 1 + random.nextInt(60)) + 1) << 62 - to.precision() % 62;
            from.storeLong(s, i, tie + random.nextInt(3) - 1);
        } else {
            double below = to.round(random.nextGaussian() * Math.scalb(1.0, random.nextInt(40) - 20));
            double tie = below + Math.ulp(below) * Math.scalb(0.5, Math.max(0, 53 - to.precision()));
            from.store(s, i, random.nextBoolean() ? tie : Math.nextUp(tie));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTypeToItselfCopiesEveryCode(DType type) {
        Random random = new Random(7);
        byte[] codes = new byte[(int) type.bytes(N + 8)];
        random.nextBytes(codes);
        MemorySegment src = MemorySegment.ofArray(codes);
        for (int n : new int[] {0, 1, 2, 3, 64, N}) {
            for (int from = 0; from < 3; from++) {
                for (int to = 0; to < 3; to++) {
                    MemorySegment dst = filled(codes.length);
                    byte[] before = bytes(dst);
                    Convert.convert(src, type, from, dst, type, to, n);
                    assertSameCodes(type, src, from, dst, to, n);
                    assertUntouchedOutside(type, before, dst, to, n);
                }
            }
        }
    }

    private static void assertSameCodes(DType type, MemorySegment src, int from, MemorySegment dst, int to, int n) {
        if (type.isSubByte()) {
            for (int i = 0; i < n; i++) {
                assertEquals(Int4.getNibble(src, from + i), Int4.getNibble(dst, to + i));
            }
        } else {
            MemorySegment expected = src.asSlice(type.bytes(from), type.bytes(n));
            assertEquals(-1, expected.mismatch(dst.asSlice(type.bytes(to), type.bytes(n))));
        }
    }

    /** Of which the JDK has an implementation of its own. */
    @Test
    void randomNumbersAreThoseOfSplitMix64() {
        for (long seed : new long[] {0, 9, -1, 1_234_567, Long.MIN_VALUE}) {
            SplittableRandom random = new SplittableRandom(seed);
            for (int number = 0; number < 1_000; number++) {
                assertEquals((random.nextLong() >>> 40) * 0x1p-24, Stochastic.draw(seed, number));
            }
        }
    }

    /** One of the two neighbours, the nearer one more often, saturation beyond the range, and never an infinity. */
    @Test
    void stochasticRoundingPicksANeighbour() {
        for (DType to : List.of(DType.BF16, DType.F16, DType.F8E4M3, DType.F4E2M1, DType.I8, DType.U8, DType.I4)) {
            for (double v : new double[] {1.3, -2.7, 0.1, to.minNormal() * 0.3, 1e30, -1e30, 0, -0.0}) {
                double below = to.truncate(v);
                int away = 0;
                for (int i = 0; i < 1000; i++) {
                    double got = Stochastic.round(to, v, 9, i);
                    if (got != below) {
                        away++;
                        assertTrue(Math.abs(got) > Math.abs(v), to + ": " + v + " became " + got);
                        assertEquals(below, to.truncate(Math.nextDown(Math.abs(got)) * Math.signum(v)));
                    }
                }
                boolean exact = below == v || Math.abs(v) > to.maxFinite() || v < to.lowest();
                assertEquals(exact, away == 0, to + ": " + v);
            }
            assertEquals(to.hasNaN(), Double.isNaN(Stochastic.round(to, Double.NaN, 1, 1)));
        }
        MemorySegment segment = MemorySegment.ofArray(new double[1]);
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> Convert.stochastic(
                        segment, DType.F64, 0, MemorySegment.ofArray(new float[1]), DType.F32, 0, 1, 0, 0));
        assertTrue(e.getMessage().contains("at most 16 bits"));
        assertThrows(
                IllegalArgumentException.class,
                () -> Convert.convert(
                        segment,
                        DType.F64,
                        0,
                        MemorySegment.ofArray(new byte[1]),
                        DType.I8,
                        0,
                        1,
                        Rounding.STOCHASTIC));
    }

    @Test
    void longsReachFloatsInOneRounding() {
        // Above the tie between 2^60 and the next float; as a double it is the tie, which would go down.
        long v = (1L << 60) + (1L << 36) + 1;
        assertEquals(0x1.000002p60, single(DType.I64, v, DType.F32));
        long bf = (1L << 60) + (1L << 52) + 1;
        assertEquals(0x1.02p60, single(DType.I64, bf, DType.BF16));
        assertEquals(-0x1.02p60, single(DType.I64, -bf, DType.BF16));
        assertEquals(-0x1p63, single(DType.I64, Long.MIN_VALUE, DType.BF16));
    }

    private static double single(DType from, long v, DType to) {
        MemorySegment src = MemorySegment.ofArray(new long[1]);
        MemorySegment dst = MemorySegment.ofArray(new long[1]);
        from.storeLong(src, 0, v);
        Convert.convert(src, from, 0, dst, to, 0, 1);
        return to.load(dst, 0);
    }

    @ParameterizedTest
    @EnumSource
    void longsTruncateExactly(DType to) {
        long[] values = {
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            Long.MIN_VALUE + 1,
            (1L << 53) + 1,
            -(1L << 53) - 1,
            (1L << 54) + 3,
            0,
            1,
            -1
        };
        MemorySegment dst = MemorySegment.ofArray(new long[values.length]);
        MemorySegment src = MemorySegment.ofArray(values);
        Convert.convert(src, DType.I64, 0, dst, to, 0, values.length, Rounding.TOWARD_ZERO);
        for (int i = 0; i < values.length; i++) {
            checkElement(src, DType.I64, i, dst, to, i, Rounding.TOWARD_ZERO);
        }
    }

    @Test
    void lossesAreCounted() {
        double[] values = {1, 500, -1e9, Double.POSITIVE_INFINITY, Double.NaN, 448, 1e300, -0.0};
        assertEquals(new Convert.Loss(4, 0, 0), loss(values, DType.F8E4M3));
        assertEquals(new Convert.Loss(0, 2, 0), loss(values, DType.F16));
        assertEquals(new Convert.Loss(0, 1, 0), loss(values, DType.F32));
        assertEquals(new Convert.Loss(0, 0, 0), loss(values, DType.F64));
        assertEquals(new Convert.Loss(5, 0, 1), loss(values, DType.I8));
        assertEquals(new Convert.Loss(2, 0, 1), loss(values, DType.I64));
        assertEquals(new Convert.Loss(5, 0, 1), loss(values, DType.F4E2M1));
        assertEquals(new Convert.Loss(1, 0, 0), loss(new double[] {0x1p63, -0x1p63, Math.nextDown(0x1p63)}, DType.I64));
        assertTrue(loss(values, DType.F64).isNone());
        assertFalse(loss(values, DType.F32).isNone());
    }

    private static Convert.Loss loss(double[] values, DType to) {
        MemorySegment dst = MemorySegment.ofArray(new double[values.length]);
        MemorySegment src = MemorySegment.ofArray(values);
        return Convert.convertCounting(src, DType.F64, 0, dst, to, 0, values.length, Rounding.NEAREST_EVEN);
    }

    @Test
    void truncationSaturatesAndCountsInsteadOfOverflowing() {
        MemorySegment src = MemorySegment.ofArray(new double[] {1e6, Double.NEGATIVE_INFINITY});
        MemorySegment dst = MemorySegment.ofArray(new short[2]);
        var loss = Convert.convertCounting(src, DType.F64, 0, dst, DType.F16, 0, 2, Rounding.TOWARD_ZERO);
        assertEquals(new Convert.Loss(1, 0, 0), loss);
        assertEquals(65_504, DType.F16.load(dst, 0));
        assertEquals(Double.NEGATIVE_INFINITY, DType.F16.load(dst, 1));
    }

    @Test
    void badRangesAreRefused() {
        MemorySegment eight = MemorySegment.ofArray(new double[8]);
        MemorySegment other = MemorySegment.ofArray(new double[8]);
        assertRefused("n is -1", eight, DType.F64, 0, other, DType.F64, 0, -1);
        assertRefused("srcIndex is -1", eight, DType.F64, -1, other, DType.F64, 0, 1);
        assertRefused("dstIndex is -2", eight, DType.F64, 0, other, DType.F64, -2, 1);
        assertRefused("src has room for 8", eight, DType.F64, 1, other, DType.I4, 0, 8);
        assertRefused("dst has room for 128", eight, DType.F64, 0, other, DType.I4, 121, 8);
        assertRefused("src has room for 8", eight, DType.F64, Long.MAX_VALUE, other, DType.F64, 0, 1);
        assertRefused("src has room for 16", eight, DType.F32, 1, other, DType.I4, 0, Long.MAX_VALUE);
        assertRefused("read-only", eight, DType.F64, 0, other.asReadOnly(), DType.F64, 0, 1);
        assertRefused("overlaps", eight, DType.F64, 0, eight, DType.F32, 0, 8);
        assertRefused("overlaps", eight, DType.I4, 0, eight, DType.I4, 1, 1);
    }

    private static void assertRefused(
            String message, MemorySegment src, DType from, long i, MemorySegment dst, DType to, long j, long n) {
        var error = assertThrows(IllegalArgumentException.class, () -> Convert.convert(src, from, i, dst, to, j, n));
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }

    @Test
    void apartRangesOfOneSegmentAndEmptyRangesAreAllowed() {
        MemorySegment s = MemorySegment.ofArray(new double[] {1, 2, 3, 4});
        Convert.convert(s, DType.F64, 0, s, DType.F32, 4, 2);
        assertEquals(2, DType.F32.load(s, 5));
        Convert.convert(s, DType.F64, 4, s, DType.I4, 64, 0);
        Convert.convert(s, DType.F64, 0, s, DType.F64, 0, 0);
        Convert.convert(s, DType.F64, 1, s, DType.F32, 3, 0);
        assertEquals(1, DType.F64.load(s, 0));
    }

    private static MemorySegment filled(long size) {
        byte[] bytes = new byte[(int) size];
        Arrays.fill(bytes, (byte) 0x5A);
        return MemorySegment.ofArray(bytes);
    }

    private static byte[] bytes(MemorySegment s) {
        return s.toArray(ValueLayout.JAVA_BYTE);
    }

    private static void assertUntouchedOutside(DType type, byte[] before, MemorySegment dst, int start, int n) {
        byte[] after = bytes(dst);
        int width = type.isSubByte() ? 1 : type.bits() / 4;
        // Counted in nibbles, so that one comparison serves all widths.
        for (int i = 0; i < 2 * after.length; i++) {
            if (i < start * width || i >= (start + n) * width) {
                int shift = i % 2 * 4;
                assertEquals(before[i / 2] >> shift & 0xF, after[i / 2] >> shift & 0xF, "nibble " + i);
            }
        }
    }
}
