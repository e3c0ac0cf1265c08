package dev.gamut.vector.gemm;

import dev.gamut.vector.codec.Shapes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Weights of 4 bits. Integers are loaded, of eight weights each. One of the eight at a time, without the others, is put into the
 * fraction of a float that begins with 2^23, where a weight plus 8 then stands for 2^s times that; taking off 2^23 + 8·2^s leaves 2^s
 * times the weight, exactly. Three places s, which two shifts bring all weights to, take an operation fewer for each weight than
 * shifting it to where it can be converted. x comes in that order and divided by 2^s, so that no lane has to move; the factors of four
 * neighbouring lanes are the same.
 */
final class I4Dots extends CodeDots {
    private static final VectorSpecies<Float> S = Shapes.FLOATS;
    private static final Class<? extends FloatVector> CLASS =
            FloatVector.zero(S).getClass();
    private static final VectorSpecies<Byte> BYTES = S.withLanes(byte.class);
    private static final VectorSpecies<Integer> INTS = Shapes.INTS;
    private static final int L = Shapes.LANES;
    /** Weights in an integer. */
    private static final int EACH = 8;

    private static final int STEP = EACH * L;
    private static final int FACTORS = STEP / SHARED;

    /** Bits of a float from which on floats are one apart. */
    private static final int ONE_APART = 0x4B000000;

    private static final int LOW = 8;
    private static final int MIDDLE = 12;
    private static final int HIGH = 16;
    private static final IntVector LOW_MASK = IntVector.broadcast(INTS, 15 << LOW);
    private static final IntVector MIDDLE_MASK = IntVector.broadcast(INTS, 15 << MIDDLE);
    private static final IntVector HIGH_MASK = IntVector.broadcast(INTS, 15 << HIGH);
    private static final IntVector LOW_ZERO = IntVector.broadcast(INTS, ONE_APART | 8 << LOW);
    private static final IntVector MIDDLE_ZERO = IntVector.broadcast(INTS, ONE_APART | 8 << MIDDLE);
    private static final IntVector HIGH_ZERO = IntVector.broadcast(INTS, ONE_APART | 8 << HIGH);

    /** The weights of an integer in the order in which they are taken, and where they stand then. */
    private static final int[] ORDER = {2, 3, 4, 5, 6, 7, 0, 1};

    private static final int[] PLACES = {LOW, MIDDLE, HIGH, LOW, MIDDLE, HIGH, LOW, MIDDLE};

    /** Lane l takes factor l / 4. */
    private static final VectorShuffle<Float> SPREAD = VectorShuffle.fromOp(S, lane -> lane * EACH / SHARED);

    @Override
    int step() {
        return STEP;
    }

    @Override
    int excess() {
        return L - FACTORS;
    }

    @Override
    void arrange(float[] x, int steps, float[] to) {
        for (int p = 0; p < steps * STEP; p += STEP) {
            for (int j = 0; j < EACH; j++) {
                for (int lane = 0; lane < L; lane++) {
                    to[p + j * L + lane] = Math.scalb(x[p + lane * EACH + ORDER[j]], -PLACES[j]);
                }
            }
        }
    }

    /** Half of the rows at a time: a loop over all of them has more nodes than C2 inlines, and makes objects of vectors. */
    @Override
    void dots(byte[] w, int[] at, int steps, float[] x, float[] s, float[] lanes) {
        half(w, at, 0, steps, x, s, lanes);
        half(w, at, ROWS / 2, steps, x, s, lanes);
    }

    private static void half(byte[] w, int[] at, int first, int steps, float[] x, float[] s, float[] lanes) {
        FloatVector a0 = FloatVector.zero(S);
        FloatVector a1 = FloatVector.zero(S);
        FloatVector a2 = FloatVector.zero(S);
        FloatVector a3 = FloatVector.zero(S);
        int w0 = at[first];
        int w1 = at[first + 1];
        int w2 = at[first + 2];
        int w3 = at[first + 3];
        int s0 = at[ROWS + first];
        int s1 = at[ROWS + first + 1];
        int s2 = at[ROWS + first + 2];
        int s3 = at[ROWS + first + 3];
        IntVector lowMask = LOW_MASK;
        IntVector middleMask = MIDDLE_MASK;
        IntVector highMask = HIGH_MASK;
        IntVector low = LOW_ZERO;
        IntVector middle = MIDDLE_ZERO;
        IntVector high = HIGH_ZERO;
        for (int q = 0, p = 0, b = 0; q < steps; q++, p += STEP, b += STEP / 2) {
            FloatVector v0 = FloatVector.fromArray(S, x, p);
            FloatVector v1 = FloatVector.fromArray(S, x, p + L);
            FloatVector v2 = FloatVector.fromArray(S, x, p + 2 * L);
            FloatVector v3 = FloatVector.fromArray(S, x, p + 3 * L);
            FloatVector v4 = FloatVector.fromArray(S, x, p + 4 * L);
            FloatVector v5 = FloatVector.fromArray(S, x, p + 5 * L);
            FloatVector v6 = FloatVector.fromArray(S, x, p + 6 * L);
            FloatVector v7 = FloatVector.fromArray(S, x, p + 7 * L);
            IntVector i = ByteVector.fromArray(BYTES, w, w0 + b).reinterpretAsInts();
            IntVector h = i.lanewise(VectorOperators.LSHR, 12);
            IntVector l = i.lanewise(VectorOperators.LSHL, 8);
            FloatVector t = i.and(lowMask)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .mul(v0);
            t = i.and(middleMask)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v1, t);
            t = i.and(highMask)
                    .lanewise(VectorOperators.XOR, high)
                    .reinterpretAsFloats()
                    .sub(high.reinterpretAsFloats())
                    .fma(v2, t);
            t = h.and(lowMask)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .fma(v3, t);
            t = h.and(middleMask)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v4, t);
            t = h.and(highMask)
                    .lanewise(VectorOperators.XOR, high)
                    .reinterpretAsFloats()
                    .sub(high.reinterpretAsFloats())
                    .fma(v5, t);
            t = l.and(lowMask)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .fma(v6, t);
            t = l.and(middleMask)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v7, t);
            a0 = t.fma(FloatVector.fromArray(S, s, s0 + q * FACTORS).rearrange(SPREAD), a0);
            i = ByteVector.fromArray(BYTES, w, w1 + b).reinterpretAsInts();
            h = i.lanewise(VectorOperators.LSHR, 12);
            l = i.lanewise(VectorOperators.LSHL, 8);
            t = i.and(lowMask)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .mul(v0);
            t = i.and(middleMask)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v1, t);
            t = i.and(highMask)
                    .lanewise(VectorOperators.XOR, high)
                    .reinterpretAsFloats()
                    .sub(high.reinterpretAsFloats())
                    .fma(v2, t);
            t = h.and(lowMask)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .fma(v3, t);
            t = h.and(middleMask)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v4, t);
            t = h.and(highMask)
                    .lanewise(VectorOperators.XOR, high)
                    .reinterpretAsFloats()
                    .sub(high.reinterpretAsFloats())
                    .fma(v5, t);
            t = l.and(lowMask)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .fma(v6, t);
            t = l.and(middleMask)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v7, t);
            a1 = t.fma(FloatVector.fromArray(S, s, s1 + q * FACTORS).rearrange(SPREAD), a1);
            i = ByteVector.fromArray(BYTES, w, w2 + b).reinterpretAsInts();
            h = i.lanewise(VectorOperators.LSHR, 12);
            l = i.lanewise(VectorOperators.LSHL, 8);
            t = i.and(lowMask)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .mul(v0);
            t = i.and(middleMask)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v1, t);
            t = i.and(highMask)
                    .lanewise(VectorOperators.XOR, high)
                    .reinterpretAsFloats()
                    .sub(high.reinterpretAsFloats())
                    .fma(v2, t);
            t = h.and(lowMask)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .fma(v3, t);
            t = h.and(middleMask)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v4, t);
            t = h.and(highMask)
                    .lanewise(VectorOperators.XOR, high)
                    .reinterpretAsFloats()
                    .sub(high.reinterpretAsFloats())
                    .fma(v5, t);
            t = l.and(lowMask)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .fma(v6, t);
            t = l.and(middleMask)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v7, t);
            a2 = t.fma(FloatVector.fromArray(S, s, s2 + q * FACTORS).rearrange(SPREAD), a2);
            i = ByteVector.fromArray(BYTES, w, w3 + b).reinterpretAsInts();
            h = i.lanewise(VectorOperators.LSHR, 12);
            l = i.lanewise(VectorOperators.LSHL, 8);
            t = i.and(lowMask)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .mul(v0);
            t = i.and(middleMask)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v1, t);
            t = i.and(highMask)
                    .lanewise(VectorOperators.XOR, high)
                    .reinterpretAsFloats()
                    .sub(high.reinterpretAsFloats())
                    .fma(v2, t);
            t = h.and(lowMask)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .fma(v3, t);
            t = h.and(middleMask)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v4, t);
            t = h.and(highMask)
                    .lanewise(VectorOperators.XOR, high)
                    .reinterpretAsFloats()
                    .sub(high.reinterpretAsFloats())
                    .fma(v5, t);
            t = l.and(lowMask)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .fma(v6, t);
            t = l.and(middleMask)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v7, t);
            a3 = t.fma(FloatVector.fromArray(S, s, s3 + q * FACTORS).rearrange(SPREAD), a3);
        }
        int to = first * L;
        CLASS.cast(a0).intoArray(lanes, to);
        CLASS.cast(a1).intoArray(lanes, to + L);
        CLASS.cast(a2).intoArray(lanes, to + 2 * L);
        CLASS.cast(a3).intoArray(lanes, to + 3 * L);
    }
}
