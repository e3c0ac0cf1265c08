package dev.gamut.dtype;

import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * The oracle of the conversions: rounds exact decimals into any type by counting steps of the type at that magnitude.
 * It reads traits but no codec.
 */
final class ExactRounding {
    private ExactRounding() {}

    /** The exact value of a finite element; 64-bit integers do not pass through double. */
    static BigDecimal exact(DType type, MemorySegment s, long index) {
        return type.isInteger() ? BigDecimal.valueOf(type.loadLong(s, index)) : new BigDecimal(type.load(s, index));
    }

    /** What a finite number becomes; null stands for an infinity of its sign. */
    static BigDecimal round(DType type, BigDecimal v, Rounding rounding) {
        boolean nearest = rounding == Rounding.NEAREST_EVEN;
        if (type.isInteger()) {
            return clamp(type, v.setScale(0, nearest ? RoundingMode.HALF_EVEN : RoundingMode.DOWN));
        }
        BigDecimal max = new BigDecimal(type.maxFinite());
        BigDecimal lowest = new BigDecimal(type.lowest());
        BigDecimal step = step(type, v.abs());
        BigDecimal steps = v.divide(step);
        BigDecimal rounded = steps.setScale(0, nearest ? ties(type, steps, step) : RoundingMode.DOWN)
                .multiply(step);
        if (nearest && type.hasInfinity() && rounded.abs().compareTo(max) > 0) {
            return null;
        }
        return rounded.min(max).max(lowest);
    }

    /** The distance between the type's values around a magnitude. */
    private static BigDecimal step(DType type, BigDecimal magnitude) {
        BigDecimal least = new BigDecimal(type.minSubnormal());
        if (magnitude.compareTo(least) <= 0) {
            return least;
        }
        int exponent = Math.getExponent(magnitude.doubleValue());
        if (powerOfTwo(exponent).compareTo(magnitude) > 0) {
            exponent--;
        }
        return powerOfTwo(exponent - type.precision() + 1).max(least);
    }

    /** Ties go to the even code, which is the even number of steps unless a power of two is all there is to a code. */
    private static RoundingMode ties(DType type, BigDecimal steps, BigDecimal step) {
        if (type.kind() != DType.Kind.SCALE || steps.compareTo(new BigDecimal("1.5")) != 0) {
            return RoundingMode.HALF_EVEN;
        }
        int code = Math.getExponent(step.doubleValue()) + 127;
        return code % 2 == 0 ? RoundingMode.HALF_DOWN : RoundingMode.HALF_UP;
    }

    private static BigDecimal powerOfTwo(int exponent) {
        BigDecimal power = BigDecimal.TWO.pow(Math.abs(exponent));
        return exponent < 0 ? BigDecimal.ONE.divide(power) : power;
    }

    private static BigDecimal clamp(DType type, BigDecimal v) {
        BigInteger max = BigInteger.ONE.shiftLeft(type.precision()).subtract(BigInteger.ONE);
        BigInteger min = type.kind() == DType.Kind.UNSIGNED ? BigInteger.ZERO : max.not();
        return v.max(new BigDecimal(min)).min(new BigDecimal(max));
    }
}
