package dev.gamut.dtype;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Traits, names, and single elements in memory. */
class DTypeTest {
    @ParameterizedTest
    @CsvSource({
        "F64, 64, FLOAT, 53, 0x1.fffffffffffffp1023, 0x1p-1022, 0x1p-1074, true, true, F64, F64",
        "F32, 32, FLOAT, 24, 0x1.fffffep127, 0x1p-126, 0x1p-149, true, true, F32, F32",
        "F16, 16, FLOAT, 11, 65504, 0x1p-14, 0x1p-24, true, true, F32, F32",
        "BF16, 16, FLOAT, 8, 0x1.fep127, 0x1p-126, 0x1p-133, true, true, F32, F32",
        "F8E4M3, 8, FLOAT, 4, 448, 0x1p-6, 0x1p-9, false, true, F32, F32",
        "F8E5M2, 8, FLOAT, 3, 57344, 0x1p-14, 0x1p-16, true, true, F32, F32",
        "F8E8M0, 8, SCALE, 1, 0x1p127, 0x1p-127, 0x1p-127, false, true, F32, F32",
        "F4E2M1, 4, FLOAT, 2, 6, 1, 0.5, false, false, F32, F32",
        "I64, 64, SIGNED, 63, 0x1p63, 1, 1, false, false, I32, I64",
        "I32, 32, SIGNED, 31, 2147483647, 1, 1, false, false, I32, I64",
        "I8, 8, SIGNED, 7, 127, 1, 1, false, false, I32, I64",
        "U8, 8, UNSIGNED, 8, 255, 1, 1, false, false, I32, I64",
        "I4, 4, SIGNED, 3, 7, 1, 1, false, false, I32, I64",
    })
    void traitsAreThoseOfTheSpecifications(
            DType type,
            int bits,
            DType.Kind kind,
            int precision,
            String max,
            String minNormal,
            String minSubnormal,
            boolean hasInfinity,
            boolean hasNaN,
            DType gemmAccumulator,
            DType sumAccumulator) {
        assertEquals(bits, type.bits());
        assertEquals(kind, type.kind());
        assertEquals(precision, type.precision());
        assertEquals(number(max), type.maxFinite());
        assertEquals(number(minNormal), type.minNormal());
        assertEquals(number(minSubnormal), type.minSubnormal());
        assertEquals(hasInfinity, type.hasInfinity());
        assertEquals(hasNaN, type.hasNaN());
        assertEquals(gemmAccumulator, type.gemmAccumulator());
        assertEquals(sumAccumulator, type.sumAccumulator());
    }

    private static double number(String text) {
        return Double.parseDouble(text.startsWith("0x") && !text.contains("p") ? text + "p0" : text);
    }

    @Test
    void lowestValuesMirrorTheLargestExceptWhereThereIsNoSign() {
        for (DType type : DType.values()) {
            double expected = switch (type) {
                case U8 -> 0;
                case F8E8M0 -> 0x1p-127;
                case I64 -> -0x1p63;
                case I32, I8, I4 -> -type.maxFinite() - 1;
                default -> -type.maxFinite();
            };
            assertEquals(expected, type.lowest(), type::id);
        }
    }

    @ParameterizedTest
    @EnumSource
    void kindsAndRoundoffAreConsistent(DType type) {
        assertEquals(type.name().matches("[IU]\\d+"), type.isInteger());
        assertEquals(type.name().startsWith("F") && type != DType.F8E8M0 || type == DType.BF16, type.isFloat());
        assertEquals(type.isInteger() ? 0 : Math.pow(2, -type.precision()), type.unitRoundoff());
        assertEquals(type == DType.I4 || type == DType.F4E2M1, type.isSubByte());
    }

    @ParameterizedTest
    @EnumSource
    void idsParseInAnyCase(DType type) {
        assertEquals(type.name().toLowerCase(Locale.ROOT), type.id());
        assertEquals(type, DType.parse(type.id()));
        assertEquals(type, DType.parse(type.name()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "f33", " f32", "float", "i4 "})
    void unknownIdsAreRefusedWithWhatIsAllowed(String id) {
        var error = assertThrows(IllegalArgumentException.class, () -> DType.parse(id));
        assertTrue(error.getMessage().contains("'" + id + "'"), error.getMessage());
        for (DType type : DType.values()) {
            assertTrue(error.getMessage().contains(type.id()), error.getMessage());
        }
    }

    @Test
    void nullIdIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> DType.parse(null));
    }

    @Test
    void sizesRoundUpToWholeBytes() {
        assertEquals(0, DType.I4.bytes(0));
        assertEquals(1, DType.I4.bytes(1));
        assertEquals(1, DType.F4E2M1.bytes(2));
        assertEquals(2, DType.F4E2M1.bytes(3));
        assertEquals(1L << 62, DType.I4.bytes(Long.MAX_VALUE));
        assertEquals(7, DType.F32.elements(31));
        assertEquals(6, DType.I4.elements(3));
        assertEquals(Long.MAX_VALUE, DType.F4E2M1.elements(Long.MAX_VALUE)); // memory whose size nobody knows
        assertEquals(24, DType.F64.bytes(3));
        assertEquals(3, DType.F8E8M0.bytes(3));
        assertEquals((1L << 63) - 8, DType.F64.bytes((1L << 60) - 1));
        assertEquals(1L << 62, DType.F32.bytes(1L << 60));
        assertThrows(IllegalArgumentException.class, () -> DType.F64.bytes(1L << 60));
        assertThrows(IllegalArgumentException.class, () -> DType.I4.bytes(-1));
    }

    @ParameterizedTest
    @EnumSource
    void elementsKeepTheirValueAndLeaveTheirNeighboursAlone(DType type) {
        double[] values = type == DType.F8E8M0 ? new double[] {0.25, 1, 2, 4, 64} : new double[] {0, 1, 2, 4, 6};
        int n = 23;
        byte[] bytes = new byte[(int) type.bytes(n) + 1];
        // An odd start makes every access unaligned.
        MemorySegment s = MemorySegment.ofArray(bytes).asSlice(1);
        for (int i = 0; i < n; i++) {
            type.store(s, i, values[i % values.length]);
        }
        for (int i = 0; i < n; i++) {
            type.storeLong(s, i, i % 3 + 1);
            assertEquals(type.round(i % 3 + 1), type.load(s, i));
            assertEquals(Math.round(type.round(i % 3 + 1)), type.loadLong(s, i));
            type.store(s, i, values[i % values.length]);
            for (int j = 0; j < n; j++) {
                assertEquals(values[j % values.length], type.load(s, j), "element " + j);
            }
        }
        assertThrows(IndexOutOfBoundsException.class, () -> type.load(s, n + 1));
        assertThrows(IndexOutOfBoundsException.class, () -> type.store(s, -1, 0));
    }

    @ParameterizedTest
    @EnumSource
    void anyKindOfMemoryServes(DType type) {
        try (Arena arena = Arena.ofConfined()) {
            Stream.of(
                            arena.allocate(16),
                            MemorySegment.ofArray(new byte[16]),
                            MemorySegment.ofArray(new short[8]),
                            MemorySegment.ofArray(new char[8]),
                            MemorySegment.ofArray(new int[4]),
                            MemorySegment.ofArray(new float[4]),
                            MemorySegment.ofArray(new long[2]),
                            MemorySegment.ofArray(new double[2]))
                    .forEach(s -> {
                        type.store(s, 1, 2);
                        assertEquals(2, type.load(s, 1));
                        type.storeLong(s, 0, 4);
                        assertEquals(4, type.loadLong(s, 0));
                    });
        }
    }

    @Test
    void elementsLieInNativeByteOrder() {
        byte[] bytes = new byte[16];
        MemorySegment s = MemorySegment.ofArray(bytes);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        DType.F64.store(s, 1, Math.PI);
        assertEquals(Math.PI, buffer.getDouble(8));
        DType.F32.store(s, 3, Math.E);
        assertEquals((float) Math.E, buffer.getFloat(12));
        DType.BF16.store(s, 7, -1.5);
        assertEquals((short) 0xBFC0, buffer.getShort(14));
        DType.I64.storeLong(s, 0, 0x0123456789ABCDEFL);
        assertEquals(0x0123456789ABCDEFL, buffer.getLong(0));
        DType.F4E2M1.store(s, 3, -6);
        DType.I4.storeLong(s, 2, -2);
        assertEquals((byte) 0xFE, bytes[1]);
    }

    @Property(tries = 20_000, seed = "1")
    void roundIsWhatLoadFindsAfterStore(@ForAll DType type, @ForAll double v) {
        MemorySegment s = MemorySegment.ofArray(new byte[8]);
        type.store(s, 0, v);
        assertEquals(type.load(s, 0), type.round(v));
        assertEquals(type.round(v), type.round(type.round(v)));
        double t = type.truncate(v);
        assertEquals(t, type.round(t), "a truncated value is one of the type's");
    }

    @Test
    void zerosKeepTheirSignWhereThereIsOne() {
        for (DType type : DType.values()) {
            if (type.isFloat()) {
                assertEquals(-0.0, type.round(-0.0), type::id);
                assertEquals(-0.0, type.round(-type.minSubnormal() / 4), type::id);
                assertEquals(0.0, type.round(0.0), type::id);
                assertEquals(-0.0, type.truncate(-type.minSubnormal() / 4), type::id);
            } else if (type.isInteger()) {
                assertEquals(0.0, type.round(-0.0), type::id);
                assertEquals(0.0, type.round(-0.25), type::id);
                assertEquals(0.0, type.truncate(-0.75), type::id);
            }
        }
    }

    @Test
    void valuesOutOfRangeBecomeInfiniteOrSaturate() {
        for (DType type : DType.values()) {
            double above = type.hasInfinity() ? Double.POSITIVE_INFINITY : type.maxFinite();
            double below = type.hasInfinity() ? Double.NEGATIVE_INFINITY : type.lowest();
            assertEquals(above, type.round(Double.POSITIVE_INFINITY), type::id);
            assertEquals(below, type.round(Double.NEGATIVE_INFINITY), type::id);
            assertEquals(above, type.truncate(Double.POSITIVE_INFINITY), type::id);
            assertEquals(below, type.truncate(Double.NEGATIVE_INFINITY), type::id);
            if (type != DType.F64) {
                assertEquals(above, type.round(Double.MAX_VALUE), type::id);
                assertEquals(below, type.round(-Double.MAX_VALUE), type::id);
                assertEquals(type.maxFinite(), type.truncate(Double.MAX_VALUE), type::id);
                assertEquals(type.lowest(), type.truncate(-Double.MAX_VALUE), type::id);
            }
            assertEquals(type.hasNaN() ? Double.NaN : 0, type.round(Double.NaN), type::id);
            assertEquals(type.hasNaN() ? Double.NaN : 0, type.truncate(Double.NaN), type::id);
        }
    }

    @Test
    void integersRoundHalfToEven() {
        for (DType type : DType.values()) {
            if (type.isInteger()) {
                assertEquals(2, type.round(1.5), type::id);
                assertEquals(2, type.round(2.5), type::id);
                assertEquals(3, type.round(2.500001), type::id);
                assertEquals(1, type.truncate(1.99), type::id);
            }
        }
        assertEquals(-2, DType.I8.round(-2.5));
        assertEquals(-2, DType.I4.truncate(-2.99));
    }

    @Test
    void longsAreStoredExactlyOrSaturated() {
        MemorySegment s = MemorySegment.ofArray(new long[1]);
        for (long v : new long[] {Long.MIN_VALUE, Long.MIN_VALUE + 1, (1L << 53) + 1, Long.MAX_VALUE}) {
            DType.I64.storeLong(s, 0, v);
            assertEquals(v, DType.I64.loadLong(s, 0));
        }
        for (DType type : new DType[] {DType.I32, DType.I8, DType.U8, DType.I4}) {
            type.storeLong(s, 0, Long.MAX_VALUE);
            assertEquals((long) type.maxFinite(), type.loadLong(s, 0), type::id);
            type.storeLong(s, 0, Long.MIN_VALUE);
            assertEquals((long) type.lowest(), type.loadLong(s, 0), type::id);
        }
    }

    @Test
    void floatsReadAsLongsRoundHalfToEven() {
        MemorySegment s = MemorySegment.ofArray(new double[1]);
        DType.F64.store(s, 0, 2.5);
        assertEquals(2, DType.F64.loadLong(s, 0));
        DType.F32.store(s, 0, -3.5);
        assertEquals(-4, DType.F32.loadLong(s, 0));
        DType.F16.store(s, 0, Double.POSITIVE_INFINITY);
        assertEquals(Long.MAX_VALUE, DType.F16.loadLong(s, 0));
        DType.BF16.store(s, 0, Double.NaN);
        assertEquals(0, DType.BF16.loadLong(s, 0));
    }

    @Test
    void accumulatorsAreNeverNarrowerThanTheirOperands() {
        for (DType type : DType.values()) {
            assertFalse(type.sumAccumulator().bits() < type.bits(), type::id);
        }
    }
}
