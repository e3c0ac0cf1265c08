package dev.gamut.vector.codec;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Fp4;
import dev.gamut.dtype.Fp8;

/**
 * What rounding F32 numbers to a floating-point type of up to 8 bits needs, derived from its traits. A record, so that the
 * compiler trusts its fields.
 *
 * @param type the type
 * @param dropped fraction bits of an F32 that the type does not have
 * @param rounder just under half a unit in bits of an F32, less the difference of the exponents' biases
 * @param overflowCode the code of all larger numbers: infinity, or the largest where there is none
 * @param minNormalBits the smallest normal number as an F32
 * @param unitMaker a number whose last bit is the type's smallest subnormal
 * @param unitMakerBits its bits
 * @param nanCode what NaN becomes, 0 where there is none
 */
record SmallFloat(
        DType type,
        int dropped,
        int rounder,
        int overflowCode,
        int minNormalBits,
        float unitMaker,
        int unitMakerBits,
        int nanCode) {
    private static final int F32_FRACTION = 23;
    private static final int F32_BIAS = 127;

    SmallFloat(DType type) {
        this(type, F32_FRACTION + 1 - type.precision(), Math.scalb(1f, F32_FRACTION) * (float) type.minSubnormal());
    }

    private SmallFloat(DType type, int dropped, float unitMaker) {
        this(
                type,
                dropped,
                (1 << dropped - 1) - 1 - (F32_BIAS + Math.getExponent(type.minNormal()) - 1 << F32_FRACTION),
                code(type, Float.POSITIVE_INFINITY),
                Float.floatToIntBits((float) type.minNormal()),
                unitMaker,
                Float.floatToIntBits(unitMaker),
                code(type, Float.NaN));
    }

    /** One number, for what does not fill a vector. */
    int encode(float x) {
        return code(type, x);
    }

    private static int code(DType type, float x) {
        return switch (type) {
            case F8E4M3 -> Fp8.e4m3FromFloat(x) & 0xFF;
            case F8E5M2 -> Fp8.e5m2FromFloat(x) & 0xFF;
            case F4E2M1 -> Fp4.fromFloat(x);
            default -> throw new IllegalArgumentException("type is " + type + "; it must be F8E4M3, F8E5M2 or F4E2M1");
        };
    }
}
