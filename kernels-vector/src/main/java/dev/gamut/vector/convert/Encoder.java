package dev.gamut.vector.convert;

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
     * @param type BF16, F16, I8 or U8
     * @return the same object each time
     */
    public static Encoder<?> of(DType type) {
        return switch (type) {
            case BF16 -> Bf16Encoder.INSTANCE;
            case F16 -> Fp16Encoder.INSTANCE;
            case I8 -> ByteEncoder.SIGNED;
            case U8 -> ByteEncoder.UNSIGNED;
            default ->
                throw new IllegalArgumentException("type is " + type + "; encoders are for BF16, F16, I8 and U8");
        };
    }

    /**
     * Encodes src[s], ..., src[s + n - 1] to elements [d, d + n) of an array.
     *
     * @param src numbers
     * @param s where the first one is
     * @param dst codes
     * @param d first element
     * @param n elements
     */
    public abstract void encode(float[] src, int s, A dst, int d, int n);
}
