package dev.gamut.vector.reduce;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * exp of F32 vectors whose elements are at most 0: {@link F64Exp} in F32, with a polynomial of degree 7, whose
 * remainder is below 0.1 u; again below 3 u in all and exact for 0. Arguments below -86 are taken for -86: against a
 * sum that is at least 1 that is off by less than 2^-123.
 */
final class F32Exp {
    private static final VectorSpecies<Float> SPECIES = Shapes.F32;
    private static final Class<? extends FloatVector> CLASS = Shapes.F32_CLASS;
    private static final float LOG2_E = 0x1.715476p0f;
    private static final float LN2_HIGH = 0x1.62e43p-1f;
    private static final float LN2_LOW = -0x1.05c61p-29f;

    /** Adding it rounds to an integer, which then stands in the low bits. */
    private static final float ROUNDER = 0x1.8p23f;

    private static final int ONE = Float.floatToRawIntBits(1.0f);
    private static final float LEAST = -86;

    private F32Exp() {}

    static FloatVector exp(FloatVector argument) {
        FloatVector x = CLASS.cast(argument).max(LEAST);
        FloatVector shifted = x.fma(splat(LOG2_E), splat(ROUNDER));
        FloatVector k = shifted.sub(ROUNDER);
        FloatVector r = k.fma(splat(-LN2_LOW), k.fma(splat(-LN2_HIGH), x));
        FloatVector tail = tail(r);
        FloatVector value = tail.mul(r).fma(r, r).add(1.0f);
        IntVector bits =
                shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(ONE);
        return value.mul(bits.reinterpretAsFloats());
    }

    /** (exp(r) - 1 - r) / r². */
    private static FloatVector tail(FloatVector r) {
        FloatVector q = CLASS.cast(r).fma(splat(0x1.a01a02p-13f), splat(0x1.6c16c2p-10f));
        q = q.fma(r, splat(0x1.111112p-7f));
        q = q.fma(r, splat(0x1.555556p-5f));
        q = q.fma(r, splat(0x1.555556p-3f));
        return q.fma(r, splat(0.5f));
    }

    private static FloatVector splat(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
