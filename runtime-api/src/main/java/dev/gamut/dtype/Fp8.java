package dev.gamut.dtype;

/**
 * Conversions to and from the two 8-bit floating-point formats of the Open Compute Project.
 *
 * <ul>
 *   <li>E4M3: 1 sign, 4 exponent (bias 7) and 3 fraction bits. No infinity; 0x7F and 0xFF are NaN, the largest value is
 *       448. Larger values, infinities included, saturate.
 *   <li>E5M2: 1 sign, 5 exponent (bias 15) and 2 fraction bits, laid out as IEEE 754 would. The largest finite value is
 *       57,344; values of magnitude 61,440 and above become infinity.
 * </ul>
 *
 * <p>Encoding rounds once, to nearest with ties to even, whatever the source width. Subnormals (steps of 2^-9 and
 * 2^-16) and signed zeros are kept; every NaN becomes the NaN 0x7F (E4M3) or 0x7E (E5M2) with the sign it had. Source:
 * OCP 8-bit Floating Point Specification (OFP8) 1.0; E4M3 in its saturating, E5M2 in its non-saturating mode. All
 * methods are pure and thread-safe.
 */
public final class Fp8 {
    static final FloatFormat E4M3 = new FloatFormat(8, 3, 7, 0x7E, 0x7E, 0x7F);
    static final FloatFormat E5M2 = new FloatFormat(8, 2, 15, 0x7B, 0x7C, 0x7E);

    private static final float[] E4M3_VALUES = E4M3.table();
    private static final float[] E5M2_VALUES = E5M2.table();

    private Fp8() {}

    /**
     * Rounds a double to E4M3.
     *
     * @param v any value
     * @return the code of the nearest E4M3 value
     */
    public static byte e4m3FromDouble(double v) {
        return (byte) E4M3.encode(v);
    }

    /**
     * Rounds a float to E4M3.
     *
     * @param v any value
     * @return the code of the nearest E4M3 value
     */
    public static byte e4m3FromFloat(float v) {
        return (byte) E4M3.encode(v);
    }

    /**
     * Widens an E4M3 code to float, exactly.
     *
     * @param code any code
     * @return its value
     */
    public static float e4m3ToFloat(byte code) {
        return E4M3_VALUES[code & 0xFF];
    }

    /**
     * Rounds a double to E5M2.
     *
     * @param v any value
     * @return the code of the nearest E5M2 value
     */
    public static byte e5m2FromDouble(double v) {
        return (byte) E5M2.encode(v);
    }

    /**
     * Rounds a float to E5M2.
     *
     * @param v any value
     * @return the code of the nearest E5M2 value
     */
    public static byte e5m2FromFloat(float v) {
        return (byte) E5M2.encode(v);
    }

    /**
     * Widens an E5M2 code to float, exactly.
     *
     * @param code any code
     * @return its value
     */
    public static float e5m2ToFloat(byte code) {
        return E5M2_VALUES[code & 0xFF];
    }
}
