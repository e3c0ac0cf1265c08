package dev.gamut.dtype;

/**
 * Conversions to and from the 4-bit floating-point format E2M1: 1 sign, 2 exponent (bias 1) and 1 fraction bit, whose
 * magnitudes are 0, 0.5, 1, 1.5, 2, 3, 4 and 6.
 *
 * <p>Encoding rounds once, to nearest with ties to the even code. There is neither infinity nor NaN: larger values,
 * infinities included, saturate to 6, NaN becomes +0; signed zeros are kept. A code is in the low four bits of a byte,
 * the upper four are 0; {@link Int4#pack} puts two of them in a byte. Source: OCP Microscaling Formats (MX) 1.0,
 * section 5.3.3. All methods are pure and thread-safe.
 */
public final class Fp4 {
    static final FloatFormat FORMAT = new FloatFormat(4, 1, 1, 0x7, 0x7, 0);

    private static final float[] VALUES = FORMAT.table();

    private Fp4() {}

    /**
     * Rounds a double to E2M1.
     *
     * @param v any value
     * @return the code of the nearest E2M1 value, 0 to 15
     */
    public static byte fromDouble(double v) {
        return (byte) FORMAT.encode(v);
    }

    /**
     * Rounds a float to E2M1.
     *
     * @param v any value
     * @return the code of the nearest E2M1 value, 0 to 15
     */
    public static byte fromFloat(float v) {
        return (byte) FORMAT.encode(v);
    }

    /**
     * Widens an E2M1 code to float, exactly.
     *
     * @param code a code; its upper four bits are ignored
     * @return its value
     */
    public static float toFloat(byte code) {
        return VALUES[code & 0xF];
    }
}
