package dev.gamut.vector.codec;

import dev.gamut.dtype.DType;

/**
 * Turns codes of one type into F32 numbers, exactly, as all types of up to 16 bits allow. Stateless and thread-safe.
 *
 * <p>Vectors of codes have as many lanes as one of F32, so that a load and its widening are one instruction.
 *
 * @param <A> the array that holds codes: {@code short[]} for 16 bits, {@code byte[]} for fewer
 */
public abstract class Decoder<A> {
    Decoder() {}

    /**
     * Whether there is a decoder of a type.
     *
     * @param type any type
     * @return true where it has at most 16 bits and is not F8E8M0
     */
    public static boolean decodes(DType type) {
        return type.bits() <= 16 && type != DType.F8E8M0;
    }

    /**
     * The decoder of a type.
     *
     * @param type of at most 16 bits, not F8E8M0, which is for scale factors only
     * @return the same object each time
     */
    public static Decoder<?> of(DType type) {
        return switch (type) {
            case BF16 -> Bf16Decoder.INSTANCE;
            case F16 -> Fp16Decoder.INSTANCE;
            case F8E4M3 -> Fp8Decoder.E4M3;
            case F8E5M2 -> Fp8Decoder.E5M2;
            case I8 -> ByteDecoder.SIGNED;
            case U8 -> ByteDecoder.UNSIGNED;
            case I4 -> NibbleDecoder.I4;
            case F4E2M1 -> NibbleDecoder.F4E2M1;
            default ->
                throw new IllegalArgumentException(
                        "type is " + type + "; decoders are for BF16, F16, F8E4M3, F8E5M2, I8, U8, I4 and F4E2M1");
        };
    }

    /**
     * Decodes elements [s, s + n) of an array to dst[d], ..., dst[d + n - 1]; a byte holds two elements of 4 bits.
     *
     * @param src codes
     * @param s first element
     * @param dst numbers
     * @param d where the first one goes
     * @param n elements
     */
    public abstract void decode(A src, int s, float[] dst, int d, int n);
}
