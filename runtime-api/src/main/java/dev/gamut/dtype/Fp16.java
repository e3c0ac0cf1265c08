package dev.gamut.dtype;

/**
 * Conversions to and from IEEE 754 binary16: 1 sign, 5 exponent (bias 15) and 10 fraction bits.
 *
 * <p>Encoding rounds once, to nearest with ties to even, whatever the source width. Values of magnitude 65,520 and
 * above become infinity; subnormals (steps of 2^-24) and signed zeros are kept; every NaN becomes the quiet NaN 0x7E00
 * with the sign it had. Source: IEEE 754-2019, section 3.6. All methods are pure and thread-safe.
 */
public final class Fp16 {
    static final FloatFormat FORMAT = new FloatFormat(16, 10, 15, 0x7BFF, 0x7C00, 0x7E00);

    private Fp16() {}

    /**
     * Rounds a double to binary16 directly, not through float, which would round twice.
     *
     * @param v any value
     * @return the code of the nearest binary16 value
     */
    public static short fromDouble(double v) {
        return (short) FORMAT.encode(v);
    }

    /**
     * Rounds a float to binary16.
     *
     * @param v any value
     * @return the code of the nearest binary16 value
     */
    public static short fromFloat(float v) {
        // The JDK's conversion leaves the payload of a NaN to the hardware; one NaN per sign keeps results
        // reproducible.
        return Float.isNaN(v) ? (short) FORMAT.encode(v) : Float.floatToFloat16(v);
    }

    /**
     * Widens a binary16 code to float, exactly.
     *
     * @param code any code
     * @return its value
     */
    public static float toFloat(short code) {
        return Float.float16ToFloat(code);
    }
}
