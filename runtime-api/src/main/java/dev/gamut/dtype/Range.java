package dev.gamut.dtype;

/**
 * The range and precision of a type's values.
 *
 * @param precision significand bits including the hidden one; for integers the bits that hold the magnitude
 * @param lowest the least finite value
 * @param max the largest finite value
 * @param minNormal the smallest positive value with full precision
 * @param minSubnormal the smallest positive value
 * @param hasInfinity whether infinities are values
 * @param hasNaN whether there is a NaN
 */
record Range(
        int precision,
        double lowest,
        double max,
        double minNormal,
        double minSubnormal,
        boolean hasInfinity,
        boolean hasNaN) {

    static final Range F64 = new Range(
            Double.PRECISION, -Double.MAX_VALUE, Double.MAX_VALUE, Double.MIN_NORMAL, Double.MIN_VALUE, true, true);
    static final Range F32 = new Range(
            Float.PRECISION, -Float.MAX_VALUE, Float.MAX_VALUE, Float.MIN_NORMAL, Float.MIN_VALUE, true, true);
    static final Range F8E8M0 = new Range(1, 0x1p-127, 0x1p127, 0x1p-127, 0x1p-127, false, true);

    static Range signed(int bits) {
        double limit = Math.scalb(1.0, bits - 1);
        return new Range(bits - 1, -limit, limit - 1, 1, 1, false, false);
    }

    static Range unsigned(int bits) {
        return new Range(bits, 0, Math.scalb(1.0, bits) - 1, 1, 1, false, false);
    }
}
