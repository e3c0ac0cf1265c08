package dev.gamut.vector.gemm;

import dev.gamut.vector.codec.Shapes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Weights of 8 bits. */
final class I8Dots extends CodeDots {
    private static final VectorSpecies<Byte> BYTES = Shapes.BYTES;
    private static final VectorSpecies<Float> S = Shapes.FLOATS;
    private static final int L = Shapes.LANES;
    /** Two vectors: a divisor of {@link #SHARED}. */
    private static final int STEP = 2 * L;

    @Override
    int step() {
        return STEP;
    }

    @Override
    int excess() {
        return 0;
    }

    @Override
    void arrange(float[] x, int steps, float[] to) {
        System.arraycopy(x, 0, to, 0, steps * STEP);
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
        for (int p = 0; p < steps * STEP; p += STEP) {
            FloatVector u = FloatVector.fromArray(S, x, p);
            FloatVector v = FloatVector.fromArray(S, x, p + L);
            int q = p / SHARED;
            FloatVector c0 =
                    (FloatVector) ByteVector.fromArray(BYTES, w, w0 + p).convertShape(VectorOperators.B2F, S, 0);
            FloatVector d0 =
                    (FloatVector) ByteVector.fromArray(BYTES, w, w0 + p + L).convertShape(VectorOperators.B2F, S, 0);
            a0 = d0.fma(v, c0.mul(u)).fma(FloatVector.broadcast(S, s[s0 + q]), a0);
            FloatVector c1 =
                    (FloatVector) ByteVector.fromArray(BYTES, w, w1 + p).convertShape(VectorOperators.B2F, S, 0);
            FloatVector d1 =
                    (FloatVector) ByteVector.fromArray(BYTES, w, w1 + p + L).convertShape(VectorOperators.B2F, S, 0);
            a1 = d1.fma(v, c1.mul(u)).fma(FloatVector.broadcast(S, s[s1 + q]), a1);
            FloatVector c2 =
                    (FloatVector) ByteVector.fromArray(BYTES, w, w2 + p).convertShape(VectorOperators.B2F, S, 0);
            FloatVector d2 =
                    (FloatVector) ByteVector.fromArray(BYTES, w, w2 + p + L).convertShape(VectorOperators.B2F, S, 0);
            a2 = d2.fma(v, c2.mul(u)).fma(FloatVector.broadcast(S, s[s2 + q]), a2);
            FloatVector c3 =
                    (FloatVector) ByteVector.fromArray(BYTES, w, w3 + p).convertShape(VectorOperators.B2F, S, 0);
            FloatVector d3 =
                    (FloatVector) ByteVector.fromArray(BYTES, w, w3 + p + L).convertShape(VectorOperators.B2F, S, 0);
            a3 = d3.fma(v, c3.mul(u)).fma(FloatVector.broadcast(S, s[s3 + q]), a3);
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
