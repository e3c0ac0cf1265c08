package dev.gamut.vector.reduce;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * exp of F64 vectors whose elements are at most 0: the argument of a log-sum-exp after its maximum is taken off.
 *
 * <p>x = k·ln 2 + r with |r| ≤ 0.347 (W. J. Cody and W. Waite, "Software Manual for the Elementary Functions", 1980,
 * with fused multiply-adds and ln 2 in two parts), exp(r) by its Taylor polynomial of degree 13, whose remainder is
 * below 0.04 u. Errors in units of u: 0.7 from r, 0.4 from the polynomial above 1 + r, 1 from the last addition:
 * below 3 in all. 0 gives 1 exactly. Arguments below -708 are taken for -708: against a sum that is at least 1 that
 * is off by less than 2^-1020. (A comparison and a blend would give 0, but masks of two lanes are boxed on x86.)
 */
final class F64Exp {
    private static final VectorSpecies<Double> SPECIES = Shapes.F64;
    private static final Class<? extends DoubleVector> CLASS = Shapes.F64_CLASS;
    private static final double LOG2_E = 0x1.71547652b82fep0;
    private static final double LN2_HIGH = 0x1.62e42fefa39efp-1;
    private static final double LN2_LOW = 0x1.abc9e3b39803fp-56;

    /** Adding it rounds to an integer, which then stands in the low bits. */
    private static final double ROUNDER = 0x1.8p52;

    private static final long ONE = Double.doubleToRawLongBits(1.0);
    private static final double LEAST = -708;

    private F64Exp() {}

    static DoubleVector exp(DoubleVector argument) {
        DoubleVector x = CLASS.cast(argument).max(LEAST);
        DoubleVector shifted = x.fma(splat(LOG2_E), splat(ROUNDER));
        DoubleVector k = shifted.sub(ROUNDER);
        DoubleVector r = k.fma(splat(-LN2_LOW), k.fma(splat(-LN2_HIGH), x));
        DoubleVector tail = tail(r);
        DoubleVector value = tail.mul(r).fma(r, r).add(1.0);
        LongVector bits =
                shifted.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52).add(ONE);
        return value.mul(bits.reinterpretAsDoubles());
    }

    /** (exp(r) - 1 - r) / r². */
    private static DoubleVector tail(DoubleVector r) {
        DoubleVector q = CLASS.cast(r).fma(splat(0x1.6124613a86d09p-33), splat(0x1.1eed8eff8d898p-29));
        q = q.fma(r, splat(0x1.ae64567f544e4p-26));
        q = q.fma(r, splat(0x1.27e4fb7789f5cp-22));
        q = q.fma(r, splat(0x1.71de3a556c734p-19));
        q = q.fma(r, splat(0x1.a01a01a01a01ap-16));
        q = q.fma(r, splat(0x1.a01a01a01a01ap-13));
        q = q.fma(r, splat(0x1.6c16c16c16c17p-10));
        q = q.fma(r, splat(0x1.1111111111111p-7));
        q = q.fma(r, splat(0x1.5555555555555p-5));
        q = q.fma(r, splat(0x1.5555555555555p-3));
        return q.fma(r, splat(0.5));
    }

    private static DoubleVector splat(double value) {
        return DoubleVector.broadcast(SPECIES, value);
    }
}
