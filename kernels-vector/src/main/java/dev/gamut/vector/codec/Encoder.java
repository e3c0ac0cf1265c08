package dev.gamut.vector.codec;

import dev.gamut.dtype.DType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Rounds F32 numbers to codes of one type, to nearest even, as {@link dev.gamut.dtype.Convert} does: the same codes, those of
 * NaN included. Stateless and thread-safe.
 *
 * <p>No masks: choices are made with the signs of integer differences, spread over all bits, because vectors of 128 bits make
 * objects of masks.
 *
 * @param <A> the array that holds codes: {@code short[]} for 16 bits, {@code byte[]} for fewer
 */
public abstract class Encoder<A> {
    /** Bits of an infinity without sign; those of an NaN are more. */
    static final int INFINITY = 0x7F800000;

    /** Elements that are encoded as if none were NaN, and looked at again while they are in L1. */
    static final int CHUNK = 1024;

    Encoder() {}

    /**
     * The encoder of a type.
     *
     * @param type of at most 16 bits, not F8E8M0
     * @return the same object each time
     */
    public static Encoder<?> of(DType type) {
        return switch (type) {
            case BF16 -> Bf16Encoder.INSTANCE;
            case F16 -> Fp16Encoder.INSTANCE;
            case I8 -> ByteEncoder.SIGNED;
            case U8 -> ByteEncoder.UNSIGNED;
            case F8E4M3 -> Fp8Encoder.E4M3;
            case F8E5M2 -> Fp8Encoder.E5M2;
            case I4 -> NibbleEncoder.I4;
            case F4E2M1 -> NibbleEncoder.F4E2M1;
            default ->
                throw new IllegalArgumentException(
                        "type is " + type + "; encoders are for BF16, F16, F8E4M3, F8E5M2, I8, U8, I4 and F4E2M1");
        };
    }

    /** Whether there is a NaN among src[s], ..., src[s + n - 1]. */
    static boolean hasNan(float[] src, int s, int n) {
        IntVector signs = IntVector.zero(Shapes.INTS);
        IntVector infinity = IntVector.broadcast(Shapes.INTS, INFINITY);
        int i = 0;
        for (; i <= n - Shapes.LANES; i += Shapes.LANES) {
            IntVector bits = FloatVector.fromArray(Shapes.FLOATS, src, s + i).reinterpretAsInts();
            signs = infinity.sub(bits.and(Integer.MAX_VALUE)).or(signs);
        }
        int sign = Shapes.INTS_CLASS.cast(signs).reduceLanes(VectorOperators.OR);
        for (; i < n; i++) {
            sign |= INFINITY - (Float.floatToRawIntBits(src[s + i]) & Integer.MAX_VALUE);
        }
        return sign < 0;
    }

    /**
     * Encodes src[s], ..., src[s + n - 1] to elements [d, d + n) of an array; a byte holds two elements of 4 bits.
     *
     * @param src numbers
     * @param s where the first one is
     * @param dst codes
     * @param d first element
     * @param n elements
     */
    public abstract void encode(float[] src, int s, A dst, int d, int n);
}
