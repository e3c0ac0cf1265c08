package dev.gamut.vector.gemm;

import dev.gamut.vector.codec.Shapes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Weights of 4 bits. Integers are loaded, of eight weights each: one of every eight at a time is shifted to the top, the others are
 * masked off, and what is left is 2^28 times a weight. x comes in that order and divided by that, so that no lane has to move; the
 * factors of four neighbouring lanes are the same.
 */
final class I4Dots extends CodeDots {
    private static final VectorSpecies<Float> S = Shapes.FLOATS;
    private static final VectorSpecies<Byte> BYTES = S.withLanes(byte.class);
    private static final int L = Shapes.LANES;
    /** Weights in an integer. */
    private static final int EACH = 8;

    private static final int STEP = EACH * L;
    private static final int FACTORS = STEP / SHARED;
    private static final int TOP = 0xF0000000;
    private static final float DOWN = 0x1p-28f;

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
                    to[p + j * L + lane] = DOWN * x[p + lane * EACH + j];
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
        for (int q = 0, p = 0, b = 0; q < steps; q++, p += STEP, b += STEP / 2) {
            IntVector w0q = ByteVector.fromArray(BYTES, w, w0 + b).reinterpretAsInts();
            IntVector w1q = ByteVector.fromArray(BYTES, w, w1 + b).reinterpretAsInts();
            IntVector w2q = ByteVector.fromArray(BYTES, w, w2 + b).reinterpretAsInts();
            IntVector w3q = ByteVector.fromArray(BYTES, w, w3 + b).reinterpretAsInts();
            FloatVector v = FloatVector.fromArray(S, x, p);
            FloatVector t0 = ((FloatVector)
                            w0q.lanewise(VectorOperators.LSHL, 28).and(TOP).convert(VectorOperators.I2F, 0))
                    .mul(v);
            FloatVector t1 = ((FloatVector)
                            w1q.lanewise(VectorOperators.LSHL, 28).and(TOP).convert(VectorOperators.I2F, 0))
                    .mul(v);
            FloatVector t2 = ((FloatVector)
                            w2q.lanewise(VectorOperators.LSHL, 28).and(TOP).convert(VectorOperators.I2F, 0))
                    .mul(v);
            FloatVector t3 = ((FloatVector)
                            w3q.lanewise(VectorOperators.LSHL, 28).and(TOP).convert(VectorOperators.I2F, 0))
                    .mul(v);
            v = FloatVector.fromArray(S, x, p + L);
            t0 = ((FloatVector) w0q.lanewise(VectorOperators.LSHL, 24).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t0);
            t1 = ((FloatVector) w1q.lanewise(VectorOperators.LSHL, 24).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t1);
            t2 = ((FloatVector) w2q.lanewise(VectorOperators.LSHL, 24).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t2);
            t3 = ((FloatVector) w3q.lanewise(VectorOperators.LSHL, 24).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t3);
            v = FloatVector.fromArray(S, x, p + 2 * L);
            t0 = ((FloatVector) w0q.lanewise(VectorOperators.LSHL, 20).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t0);
            t1 = ((FloatVector) w1q.lanewise(VectorOperators.LSHL, 20).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t1);
            t2 = ((FloatVector) w2q.lanewise(VectorOperators.LSHL, 20).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t2);
            t3 = ((FloatVector) w3q.lanewise(VectorOperators.LSHL, 20).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t3);
            v = FloatVector.fromArray(S, x, p + 3 * L);
            t0 = ((FloatVector) w0q.lanewise(VectorOperators.LSHL, 16).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t0);
            t1 = ((FloatVector) w1q.lanewise(VectorOperators.LSHL, 16).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t1);
            t2 = ((FloatVector) w2q.lanewise(VectorOperators.LSHL, 16).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t2);
            t3 = ((FloatVector) w3q.lanewise(VectorOperators.LSHL, 16).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t3);
            v = FloatVector.fromArray(S, x, p + 4 * L);
            t0 = ((FloatVector) w0q.lanewise(VectorOperators.LSHL, 12).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t0);
            t1 = ((FloatVector) w1q.lanewise(VectorOperators.LSHL, 12).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t1);
            t2 = ((FloatVector) w2q.lanewise(VectorOperators.LSHL, 12).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t2);
            t3 = ((FloatVector) w3q.lanewise(VectorOperators.LSHL, 12).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t3);
            v = FloatVector.fromArray(S, x, p + 5 * L);
            t0 = ((FloatVector) w0q.lanewise(VectorOperators.LSHL, 8).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t0);
            t1 = ((FloatVector) w1q.lanewise(VectorOperators.LSHL, 8).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t1);
            t2 = ((FloatVector) w2q.lanewise(VectorOperators.LSHL, 8).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t2);
            t3 = ((FloatVector) w3q.lanewise(VectorOperators.LSHL, 8).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t3);
            v = FloatVector.fromArray(S, x, p + 6 * L);
            t0 = ((FloatVector) w0q.lanewise(VectorOperators.LSHL, 4).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t0);
            t1 = ((FloatVector) w1q.lanewise(VectorOperators.LSHL, 4).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t1);
            t2 = ((FloatVector) w2q.lanewise(VectorOperators.LSHL, 4).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t2);
            t3 = ((FloatVector) w3q.lanewise(VectorOperators.LSHL, 4).and(TOP).convert(VectorOperators.I2F, 0))
                    .fma(v, t3);
            v = FloatVector.fromArray(S, x, p + 7 * L);
            t0 = ((FloatVector) w0q.and(TOP).convert(VectorOperators.I2F, 0)).fma(v, t0);
            t1 = ((FloatVector) w1q.and(TOP).convert(VectorOperators.I2F, 0)).fma(v, t1);
            t2 = ((FloatVector) w2q.and(TOP).convert(VectorOperators.I2F, 0)).fma(v, t2);
            t3 = ((FloatVector) w3q.and(TOP).convert(VectorOperators.I2F, 0)).fma(v, t3);
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
