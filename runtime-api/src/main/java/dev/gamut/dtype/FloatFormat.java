package dev.gamut.dtype;

/**
 * The fields of a signed binary floating-point format of at most 16 bits, with rounding into it and decoding out of it.
 *
 * <p>Formats differ only in these numbers, so that one encoder, tested over every code of every format, serves all.
 * It is a record because the compiler trusts the fields of records: with a constant format every field folds.
 *
 * @param bits the width of a code, the sign included
 * @param fractionBits the stored significand bits
 * @param bias the exponent bias
 * @param maxCode the code of the largest finite value
 * @param overflowCode the code that larger values get: infinity, or {@code maxCode} where there is none
 * @param nanCode the code that NaN gets (quiet where the format tells quiet from signalling), 0 where there is none
 */
record FloatFormat(int bits, int fractionBits, int bias, int maxCode, int overflowCode, int nanCode) {
    private static final int DOUBLE_FRACTION_BITS = 52;
    private static final int DOUBLE_BIAS = 1023;
    private static final long DOUBLE_HIDDEN_BIT = 1L << DOUBLE_FRACTION_BITS;

    /** The code nearest to {@code v}, ties to the even code. */
    int encode(double v) {
        return encode(v, true);
    }

    /** The code of the value of largest magnitude not above that of {@code v}. */
    int encodeTowardZero(double v) {
        return encode(v, false);
    }

    private int encode(double v, boolean nearest) {
        long doubleBits = Double.doubleToRawLongBits(v);
        int sign = (int) (doubleBits >>> 63) << (bits - 1);
        if (Double.isNaN(v)) {
            return nanCode == 0 ? 0 : sign | nanCode;
        }
        if (Double.isInfinite(v)) {
            return sign | overflowCode;
        }
        int exponent = (int) (doubleBits >>> DOUBLE_FRACTION_BITS & 0x7FF) - DOUBLE_BIAS;
        int minExponent = 1 - bias;
        int kept = Math.max(exponent, minExponent);
        // Subnormal results lose one bit more for each step below the smallest normal exponent. At 54 nothing is left
        // to round, so clamping there keeps the shift legal. Subnormal doubles, which have no hidden bit, end there.
        int shift = Math.min(DOUBLE_FRACTION_BITS - fractionBits + kept - exponent, 54);
        long significand = doubleBits & DOUBLE_HIDDEN_BIT - 1 | DOUBLE_HIDDEN_BIT;
        if (nearest) {
            significand += (1L << (shift - 1)) - 1 + (significand >>> shift & 1);
        }
        // The hidden bit adds one to the exponent field, and a carry out of the rounding moves up to the next binade.
        int magnitude = (kept - minExponent << fractionBits) + (int) (significand >>> shift);
        if (magnitude > maxCode) {
            magnitude = nearest ? overflowCode : maxCode;
        }
        return sign | magnitude;
    }

    /** The exact value of a code; higher bits of {@code code} are ignored. */
    float decode(int code) {
        int magnitude = code & signBit() - 1;
        float sign = (code & signBit()) == 0 ? 1 : -1;
        if (magnitude > maxCode) {
            return hasInfinity() && magnitude == overflowCode ? sign * Float.POSITIVE_INFINITY : Float.NaN;
        }
        int field = magnitude >>> fractionBits;
        int fraction = magnitude & (1 << fractionBits) - 1;
        int significand = field == 0 ? fraction : fraction | 1 << fractionBits;
        return sign * Math.scalb((float) significand, Math.max(field, 1) - bias - fractionBits);
    }

    /** The values of all codes, in the order of the codes: up to 8 bits a look-up is the fastest decoder. */
    float[] table() {
        float[] values = new float[1 << bits];
        for (int code = 0; code < values.length; code++) {
            values[code] = decode(code);
        }
        return values;
    }

    boolean hasInfinity() {
        return overflowCode != maxCode;
    }

    private int signBit() {
        return 1 << (bits - 1);
    }

    /** The range of the values of this format. */
    Range range() {
        double max = decode(maxCode);
        double minNormal = decode(1 << fractionBits);
        return new Range(fractionBits + 1, -max, max, minNormal, decode(1), hasInfinity(), nanCode != 0);
    }
}
