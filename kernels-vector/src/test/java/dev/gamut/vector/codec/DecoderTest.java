package dev.gamut.vector.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gamut.dtype.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Decoders against the scalar codecs: every code, and every way to begin and to end. */
class DecoderTest {
    private static final float UNTOUCHED = 123.25f;

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"BF16", "F16", "F8E4M3", "F8E5M2", "I8", "U8", "I4", "F4E2M1"})
    void everyCodeIsDecodedAsTheCodecSays(DType type) {
        int codes = type.bits() == 16 ? 1 << 16 : 1 << 8;
        Object all = type.bits() == 16 ? new short[codes] : new byte[codes];
        for (int code = 0; code < codes; code++) {
            if (all instanceof short[] shorts) {
                shorts[code] = (short) code;
            } else {
                ((byte[]) all)[code] = (byte) code;
            }
        }
        compare(type, all, 0, type.isSubByte() ? 2 * codes : codes);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"BF16", "F16", "F8E4M3", "F8E5M2", "I8", "U8", "I4", "F4E2M1"})
    void anyPartMayBeDecoded(DType type) {
        Random random = new Random(5);
        Object some;
        if (type.bits() == 16) {
            short[] shorts = new short[200];
            for (int i = 0; i < shorts.length; i++) {
                shorts[i] = (short) random.nextInt();
            }
            some = shorts;
        } else {
            byte[] bytes = new byte[100];
            random.nextBytes(bytes);
            some = bytes;
        }
        int length = type.bits() == 8 ? 100 : 200;
        for (int n = 0; n < 70; n++) {
            compare(type, some, 0, n);
            compare(type, some, 1, n);
            compare(type, some, length - n, n);
        }
    }

    @SuppressWarnings("unchecked")
    private static <A> void compare(DType type, A codes, int from, int n) {
        float[] got = new float[n + 7];
        Arrays.fill(got, UNTOUCHED);
        ((Decoder<A>) Decoder.of(type)).decode(codes, from, got, 3, n);
        MemorySegment segment =
                codes instanceof short[] shorts ? MemorySegment.ofArray(shorts) : MemorySegment.ofArray((byte[]) codes);
        for (int i = 0; i < got.length; i++) {
            boolean inside = i >= 3 && i < 3 + n;
            float want = inside ? (float) type.load(segment, from + i - 3) : UNTOUCHED;
            assertEquals(want, got[i], type + " element " + (from + i - 3) + " of " + n);
        }
    }
}
