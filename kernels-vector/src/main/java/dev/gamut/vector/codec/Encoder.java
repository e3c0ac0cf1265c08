package dev.gamut.vector.codec;

import dev.gamut.dtype.DType;

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
