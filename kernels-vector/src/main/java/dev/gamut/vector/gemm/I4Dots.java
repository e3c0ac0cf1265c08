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
    private static final int LOW_MASK = 15 << LOW;
    private static final int MIDDLE_MASK = 15 << MIDDLE;
    private static final int HIGH_MASK = 15 << HIGH;
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

    @Override
    void dots4(
            byte[] w,
            int w0,
            int w1,
            int w2,
            int w3,
            int steps,
            float[] x,
            float[] s,
            int s0,
            int s1,
            int s2,
            int s3,
            float[] y,
            int y0,
            int apart) {
        FloatVector a0 = FloatVector.zero(S);
        FloatVector a1 = FloatVector.zero(S);
        FloatVector a2 = FloatVector.zero(S);
        FloatVector a3 = FloatVector.zero(S);
        IntVector low = LOW_ZERO;
        IntVector middle = MIDDLE_ZERO;
        IntVector high = HIGH_ZERO;
        for (int q = 0, p = 0, b = 0; q < steps; q++, p += STEP, b += STEP / 2) {
            IntVector w0q = ByteVector.fromArray(BYTES, w, w0 + b).reinterpretAsInts();
            IntVector w1q = ByteVector.fromArray(BYTES, w, w1 + b).reinterpretAsInts();
            IntVector w2q = ByteVector.fromArray(BYTES, w, w2 + b).reinterpretAsInts();
            IntVector w3q = ByteVector.fromArray(BYTES, w, w3 + b).reinterpretAsInts();
            FloatVector v = FloatVector.fromArray(S, x, p);
            FloatVector t0 = w0q.and(LOW_MASK)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .mul(v);
            FloatVector t1 = w1q.and(LOW_MASK)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .mul(v);
            FloatVector t2 = w2q.and(LOW_MASK)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .mul(v);
            FloatVector t3 = w3q.and(LOW_MASK)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .mul(v);
            v = FloatVector.fromArray(S, x, p + L);
            t0 = w0q.and(MIDDLE_MASK)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v, t0);
            t1 = w1q.and(MIDDLE_MASK)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v, t1);
            t2 = w2q.and(MIDDLE_MASK)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v, t2);
            t3 = w3q.and(MIDDLE_MASK)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v, t3);
            v = FloatVector.fromArray(S, x, p + 2 * L);
            t0 = w0q.and(HIGH_MASK)
                    .lanewise(VectorOperators.XOR, high)
                    .reinterpretAsFloats()
                    .sub(high.reinterpretAsFloats())
                    .fma(v, t0);
            t1 = w1q.and(HIGH_MASK)
                    .lanewise(VectorOperators.XOR, high)
                    .reinterpretAsFloats()
                    .sub(high.reinterpretAsFloats())
                    .fma(v, t1);
            t2 = w2q.and(HIGH_MASK)
                    .lanewise(VectorOperators.XOR, high)
                    .reinterpretAsFloats()
                    .sub(high.reinterpretAsFloats())
                    .fma(v, t2);
            t3 = w3q.and(HIGH_MASK)
                    .lanewise(VectorOperators.XOR, high)
                    .reinterpretAsFloats()
                    .sub(high.reinterpretAsFloats())
                    .fma(v, t3);
            v = FloatVector.fromArray(S, x, p + 3 * L);
            IntVector w0h = w0q.lanewise(VectorOperators.LSHR, 12);
            t0 = w0h.and(LOW_MASK)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .fma(v, t0);
            IntVector w1h = w1q.lanewise(VectorOperators.LSHR, 12);
            t1 = w1h.and(LOW_MASK)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .fma(v, t1);
            IntVector w2h = w2q.lanewise(VectorOperators.LSHR, 12);
            t2 = w2h.and(LOW_MASK)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .fma(v, t2);
            IntVector w3h = w3q.lanewise(VectorOperators.LSHR, 12);
            t3 = w3h.and(LOW_MASK)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .fma(v, t3);
            v = FloatVector.fromArray(S, x, p + 4 * L);
            t0 = w0h.and(MIDDLE_MASK)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v, t0);
            t1 = w1h.and(MIDDLE_MASK)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v, t1);
            t2 = w2h.and(MIDDLE_MASK)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v, t2);
            t3 = w3h.and(MIDDLE_MASK)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v, t3);
            v = FloatVector.fromArray(S, x, p + 5 * L);
            t0 = w0h.and(HIGH_MASK)
                    .lanewise(VectorOperators.XOR, high)
                    .reinterpretAsFloats()
                    .sub(high.reinterpretAsFloats())
                    .fma(v, t0);
            t1 = w1h.and(HIGH_MASK)
                    .lanewise(VectorOperators.XOR, high)
                    .reinterpretAsFloats()
                    .sub(high.reinterpretAsFloats())
                    .fma(v, t1);
            t2 = w2h.and(HIGH_MASK)
                    .lanewise(VectorOperators.XOR, high)
                    .reinterpretAsFloats()
                    .sub(high.reinterpretAsFloats())
                    .fma(v, t2);
            t3 = w3h.and(HIGH_MASK)
                    .lanewise(VectorOperators.XOR, high)
                    .reinterpretAsFloats()
                    .sub(high.reinterpretAsFloats())
                    .fma(v, t3);
            v = FloatVector.fromArray(S, x, p + 6 * L);
            IntVector w0l = w0q.lanewise(VectorOperators.LSHL, 8);
            t0 = w0l.and(LOW_MASK)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .fma(v, t0);
            IntVector w1l = w1q.lanewise(VectorOperators.LSHL, 8);
            t1 = w1l.and(LOW_MASK)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .fma(v, t1);
            IntVector w2l = w2q.lanewise(VectorOperators.LSHL, 8);
            t2 = w2l.and(LOW_MASK)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .fma(v, t2);
            IntVector w3l = w3q.lanewise(VectorOperators.LSHL, 8);
            t3 = w3l.and(LOW_MASK)
                    .lanewise(VectorOperators.XOR, low)
                    .reinterpretAsFloats()
                    .sub(low.reinterpretAsFloats())
                    .fma(v, t3);
            v = FloatVector.fromArray(S, x, p + 7 * L);
            t0 = w0l.and(MIDDLE_MASK)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v, t0);
            t1 = w1l.and(MIDDLE_MASK)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v, t1);
            t2 = w2l.and(MIDDLE_MASK)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v, t2);
            t3 = w3l.and(MIDDLE_MASK)
                    .lanewise(VectorOperators.XOR, middle)
                    .reinterpretAsFloats()
                    .sub(middle.reinterpretAsFloats())
                    .fma(v, t3);
            a0 = t0.fma(FloatVector.fromArray(S, s, s0 + q * FACTORS).rearrange(SPREAD), a0);
            a1 = t1.fma(FloatVector.fromArray(S, s, s1 + q * FACTORS).rearrange(SPREAD), a1);
            a2 = t2.fma(FloatVector.fromArray(S, s, s2 + q * FACTORS).rearrange(SPREAD), a2);
            a3 = t3.fma(FloatVector.fromArray(S, s, s3 + q * FACTORS).rearrange(SPREAD), a3);
        }
        if (L > 8) {
            a0 = a0.add(a0.rearrange(Folds.BY_8));
            a1 = a1.add(a1.rearrange(Folds.BY_8));
            a2 = a2.add(a2.rearrange(Folds.BY_8));
            a3 = a3.add(a3.rearrange(Folds.BY_8));
        }
        if (L > 4) {
            a0 = a0.add(a0.rearrange(Folds.BY_4));
            a1 = a1.add(a1.rearrange(Folds.BY_4));
            a2 = a2.add(a2.rearrange(Folds.BY_4));
            a3 = a3.add(a3.rearrange(Folds.BY_4));
        }
        a0 = a0.add(a0.rearrange(Folds.BY_2));
        a1 = a1.add(a1.rearrange(Folds.BY_2));
        a2 = a2.add(a2.rearrange(Folds.BY_2));
        a3 = a3.add(a3.rearrange(Folds.BY_2));
        a0 = a0.add(a0.rearrange(Folds.BY_1));
        a1 = a1.add(a1.rearrange(Folds.BY_1));
        a2 = a2.add(a2.rearrange(Folds.BY_1));
        a3 = a3.add(a3.rearrange(Folds.BY_1));
        y[y0] += a0.lane(0);
        y[y0 + apart] += a1.lane(0);
        y[y0 + 2 * apart] += a2.lane(0);
        y[y0 + 3 * apart] += a3.lane(0);
    }
}
