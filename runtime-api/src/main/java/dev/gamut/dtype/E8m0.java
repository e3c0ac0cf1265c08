package dev.gamut.dtype;

/**
 * Conversions to and from E8M0, the power-of-two scale of the Open Compute Project's microscaling formats: code c
 * stands for 2^(c-127), code 255 for NaN.
 *
 * <p>There is no sign, no zero and no infinity. Encoding rounds to the nearest power of two, with a value half-way
 * between two of them going to the even code, and saturates: whatever is below 2^-127, zero and negative values
 * included, becomes 2^-127, whatever is above 2^127 becomes 2^127. Source: OCP Microscaling Formats (MX) 1.0, section
 * 5.4.1, which leaves rounding and saturation open. All methods are pure and thread-safe.
 */
public final class E8m0 {
    private static final int NAN = 0xFF;
    private static final int MAX_CODE = 0xFE;
    private static final int BIAS = 127;
    private static final long FRACTION_MASK = (1L << 52) - 1;
    private static final long HALF = 1L << 51;

    private E8m0() {}

    /**
     * Rounds to the nearest power of two.
     *
     * @param v any value
     * @return the code of the nearest E8M0 value
     */
    public static byte fromDouble(double v) {
        int code = codeTowardZero(v);
        if (code < MAX_CODE && v > 0x1p-127) {
            // Adding the code's last bit lets a tie carry only where the code below it is odd.
            long fraction = Double.doubleToRawLongBits(v) & FRACTION_MASK;
            code += (int) (fraction + HALF - 1 + (code & 1) >>> 52);
        }
        return (byte) code;
    }

    /**
     * Rounds down to a power of two.
     *
     * @param v any value
     * @return the code of the largest E8M0 value not above {@code v}, or of 2^-127 where there is none
     */
    public static byte fromDoubleTowardZero(double v) {
        return (byte) codeTowardZero(v);
    }

    /**
     * Widens an E8M0 code to float, exactly; 2^-127 is a subnormal float.
     *
     * @param code any code
     * @return its value
     */
    public static float toFloat(byte code) {
        int field = code & 0xFF;
        if (field == NAN) {
            return Float.NaN;
        }
        // The code is the exponent field of a float, except that 0 would read as zero instead of 2^-127.
        return Float.intBitsToFloat(field == 0 ? 1 << 22 : field << 23);
    }

    private static int codeTowardZero(double v) {
        if (Double.isNaN(v)) {
            return NAN;
        }
        if (v <= 0x1p-127) {
            return 0;
        }
        return Math.min(Math.getExponent(v) + BIAS, MAX_CODE);
    }
}
