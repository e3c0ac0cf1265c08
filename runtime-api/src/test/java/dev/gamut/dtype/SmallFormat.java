package dev.gamut.dtype;

import java.math.BigDecimal;
import java.util.function.DoubleToIntFunction;
import java.util.function.IntToDoubleFunction;

/**
 * The floating-point formats of at most 16 bits, each with an oracle that shares nothing with the codecs: values come
 * from the fields as exact decimals, rounding compares distances to the two neighbouring codes.
 */
enum SmallFormat {
    F16(
            DType.F16,
            5,
            10,
            Special.IEEE,
            v -> Fp16.fromDouble(v),
            v -> Fp16.fromFloat((float) v),
            c -> Fp16.toFloat((short) c)),
    BF16(
            DType.BF16,
            8,
            7,
            Special.IEEE,
            v -> Bf16.fromDouble(v),
            v -> Bf16.fromFloat((float) v),
            c -> Bf16.toFloat((short) c)),
    E4M3(
            DType.F8E4M3,
            4,
            3,
            Special.LAST_CODE_NAN,
            v -> Fp8.e4m3FromDouble(v),
            v -> Fp8.e4m3FromFloat((float) v),
            c -> Fp8.e4m3ToFloat((byte) c)),
    E5M2(
            DType.F8E5M2,
            5,
            2,
            Special.IEEE,
            v -> Fp8.e5m2FromDouble(v),
            v -> Fp8.e5m2FromFloat((float) v),
            c -> Fp8.e5m2ToFloat((byte) c)),
    E2M1(
            DType.F4E2M1,
            2,
            1,
            Special.NONE,
            v -> Fp4.fromDouble(v),
            v -> Fp4.fromFloat((float) v),
            c -> Fp4.toFloat((byte) c));

    /** What the codes with the largest exponent field mean. */
    enum Special {
        /** Infinity and NaNs. */
        IEEE,
        /** Numbers, except for the last code, which is NaN. */
        LAST_CODE_NAN,
        /** Numbers. */
        NONE
    }

    final DType type;
    final int codes;
    /** The code of -0. */
    final int signBit;
    /** The largest code of a positive finite value. */
    final int maxCode;

    private final int fractionBits;
    private final int bias;
    private final Special special;
    private final DoubleToIntFunction fromDouble;
    private final DoubleToIntFunction fromFloat;
    private final IntToDoubleFunction toFloat;
    private final BigDecimal[] magnitudes;

    SmallFormat(
            DType type,
            int exponentBits,
            int fractionBits,
            Special special,
            DoubleToIntFunction fromDouble,
            DoubleToIntFunction fromFloat,
            IntToDoubleFunction toFloat) {
        this.type = type;
        this.fractionBits = fractionBits;
        this.special = special;
        this.fromDouble = fromDouble;
        this.fromFloat = fromFloat;
        this.toFloat = toFloat;
        bias = (1 << (exponentBits - 1)) - 1;
        signBit = 1 << (exponentBits + fractionBits);
        codes = 2 * signBit;
        maxCode = switch (special) {
            case IEEE -> signBit - 1 - (1 << fractionBits);
            case LAST_CODE_NAN -> signBit - 2;
            case NONE -> signBit - 1;
        };
        // One entry beyond the largest value: what the next code would mean in a format without end.
        magnitudes = new BigDecimal[maxCode + 2];
        for (int code = 0; code < magnitudes.length; code++) {
            magnitudes[code] = exact(code);
        }
    }

    /** The code that the codec under test gives a double. */
    int encode(double v) {
        return fromDouble.applyAsInt(v) & codes - 1;
    }

    /** The code that the codec under test gives a float. */
    int encodeFloat(float v) {
        return fromFloat.applyAsInt(v) & codes - 1;
    }

    /** The value that the codec under test gives a code. */
    double decode(int code) {
        return toFloat.applyAsDouble(code);
    }

    boolean isNaN(int code) {
        int magnitude = code & signBit - 1;
        return switch (special) {
            case IEEE -> magnitude > maxCode + 1;
            case LAST_CODE_NAN -> magnitude == signBit - 1;
            case NONE -> false;
        };
    }

    /** The value of a code from its fields. */
    double expectedValue(int code) {
        int magnitude = code & signBit - 1;
        boolean negative = (code & signBit) != 0;
        if (isNaN(code)) {
            return Double.NaN;
        }
        double v = magnitude > maxCode ? Double.POSITIVE_INFINITY : magnitudes[magnitude].doubleValue();
        return negative ? -v : v;
    }

    /** The code nearest to a number, ties to even; not for NaN. */
    int expectedCode(double v) {
        int sign = 1 / v < 0 || v < 0 ? signBit : 0;
        return Double.isInfinite(v) ? sign | overflowCode() : expectedCode(new BigDecimal(v), sign);
    }

    /** The code nearest to a number, ties to even; a zero result gets the sign given. */
    int expectedCode(BigDecimal v, int sign) {
        BigDecimal magnitude = v.abs();
        int below = floor(magnitude);
        if (below > maxCode) {
            return sign | overflowCode();
        }
        int order = magnitude.subtract(magnitudes[below]).compareTo(magnitudes[below + 1].subtract(magnitude));
        int nearest = order < 0 || order == 0 && below % 2 == 0 ? below : below + 1;
        return sign | (nearest > maxCode ? overflowCode() : nearest);
    }

    /** The code of the largest magnitude not above that of a finite number. */
    int expectedTruncation(double v) {
        int sign = 1 / v < 0 || v < 0 ? signBit : 0;
        return sign | Math.min(maxCode, floor(new BigDecimal(v).abs()));
    }

    /** The exact middle between the value of a positive code and the next. */
    double midpoint(int code) {
        return magnitudes[code].add(magnitudes[code + 1]).divide(BigDecimal.TWO).doubleValue();
    }

    private int overflowCode() {
        return special == Special.IEEE ? maxCode + 1 : maxCode;
    }

    private int floor(BigDecimal magnitude) {
        int low = 0;
        int high = maxCode + 1;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (magnitudes[middle].compareTo(magnitude) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private BigDecimal exact(int magnitude) {
        int exponent = magnitude >> fractionBits;
        BigDecimal fraction =
                BigDecimal.valueOf(magnitude % (1 << fractionBits)).divide(powerOfTwo(fractionBits));
        return exponent == 0
                ? fraction.multiply(powerOfTwo(1 - bias))
                : fraction.add(BigDecimal.ONE).multiply(powerOfTwo(exponent - bias));
    }

    private static BigDecimal powerOfTwo(int exponent) {
        BigDecimal power = BigDecimal.TWO.pow(Math.abs(exponent));
        return exponent < 0 ? BigDecimal.ONE.divide(power) : power;
    }
}
