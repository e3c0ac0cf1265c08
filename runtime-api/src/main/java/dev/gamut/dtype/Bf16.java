package dev.gamut.dtype;

/**
 * Conversions to and from bfloat16, the upper half of an IEEE 754 binary32: 1 sign, 8 exponent (bias 127) and 7
 * fraction bits.
 *
 * <p>Encoding rounds once, to nearest with ties to even, whatever the source width. Values that round past 0x1.FEp127
 * become infinity; subnormals (steps of 2^-133) and signed zeros are kept; every NaN becomes the quiet NaN 0x7FC0 with
 * the sign it had. Source: IEEE 754-2019, section 3.6, with the parameters of binary32 and precision 8. All methods are
 * pure and thread-safe.
 */
public final class Bf16 {
    static final FloatFormat FORMAT = new FloatFormat(16, 7, 127, 0x7F7F, 0x7F80, 0x7FC0);

    private Bf16() {}

    /**
     * Rounds a double to bfloat16 directly, not through float, which would round twice.
     *
     * @param v any value
     * @return the code of the nearest bfloat16 value
     */
    public static short fromDouble(double v) {
        return (short) FORMAT.encode(v);
    }

    /**
     * Rounds a float to bfloat16.
     *
     * @param v any value
     * @return the code of the nearest bfloat16 value
     */
    public static short fromFloat(float v) {
        int bits = Float.floatToRawIntBits(v);
        if (Float.isNaN(v)) {
            return (short) (bits >>> 16 & 0x8000 | FORMAT.nanCode());
        }
        // Just under half a unit, plus the last kept bit: only ties with an odd neighbour below are carried up.
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }

    /**
     * Widens a bfloat16 code to float, exactly.
     *
     * @param code any code
     * @return its value
     */
    public static float toFloat(short code) {
        return Float.intBitsToFloat(code << 16);
    }
}
