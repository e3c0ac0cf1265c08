package dev.gamut.vector.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gamut.dtype.Convert;
import dev.gamut.dtype.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Encoders against {@link Convert}: codes must be equal, bit by bit. */
class EncoderTest {
    /** Numbers at, just below and just above each code of a type and each tie between two of them, and special ones. */
    private static float[] numbers(DType type) {
        int codes = 1 << type.bits();
        MemorySegment one = MemorySegment.ofArray(new byte[2]);
        float[] all = new float[6 * codes + 4096];
        int at = 0;
        for (int code = 0; code < codes; code++) {
            if (type.bits() == 16) {
                one.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) code);
            } else {
                one.set(ValueLayout.JAVA_BYTE, 0, (byte) code);
            }
            float x = (float) type.load(one, 0);
            float tie = type.isFloat() ? Float.intBitsToFloat(Float.floatToIntBits(x) + tieBits(type)) : x + 0.5f;
            for (float y : new float[] {x, tie}) {
                all[at++] = y;
                all[at++] = Math.nextUp(y);
                all[at++] = Math.nextDown(y);
            }
        }
        Random random = new Random(3);
        while (at < all.length) {
            all[at++] = Float.intBitsToFloat(random.nextInt());
        }
        return all;
    }

    /** Half a unit of the type in bits of a normal F32. */
    private static int tieBits(DType type) {
        return 1 << 23 - type.precision();
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"BF16", "F16", "F8E4M3", "F8E5M2", "I8", "U8", "I4", "F4E2M1"})
    void codesAreThoseOfTheScalarConversion(DType type) {
        float[] numbers = numbers(type);
        compare(type, numbers, 0, numbers.length);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"BF16", "F16", "F8E4M3", "F8E5M2", "I8", "U8", "I4", "F4E2M1"})
    void anyPartMayBeEncoded(DType type) {
        float[] numbers = numbers(type);
        for (int n = 0; n < 70; n++) {
            compare(type, numbers, 1, n);
            compare(type, numbers, numbers.length - n, n);
        }
    }

    @SuppressWarnings("unchecked")
    private static <A> void compare(DType type, float[] numbers, int from, int n) {
        A got = (A) filled(type, n + 7);
        ((Encoder<A>) Encoder.of(type)).encode(numbers, from, got, 3, n);
        Object want = filled(type, n + 7);
        Convert.convert(MemorySegment.ofArray(numbers), DType.F32, from, segment(want), type, 3, n);
        for (int i = 0; i < n + 7; i++) {
            int at = from + i - 3;
            String number = i >= 3 && i < n + 3 ? " of " + numbers[at] : "";
            assertEquals(code(want, i), code(got, i), type + " code " + at + number);
        }
    }

    private static Object filled(DType type, int n) {
        if (type.bits() == 16) {
            short[] shorts = new short[n];
            Arrays.fill(shorts, (short) 0x1234);
            return shorts;
        }
        byte[] bytes = new byte[n];
        Arrays.fill(bytes, (byte) 0x12);
        return bytes;
    }

    private static MemorySegment segment(Object array) {
        return array instanceof short[] shorts ? MemorySegment.ofArray(shorts) : MemorySegment.ofArray((byte[]) array);
    }

    private static int code(Object array, int i) {
        return array instanceof short[] shorts ? shorts[i] : ((byte[]) array)[i];
    }
}
