package dev.gamut.vector.gemm;

import dev.gamut.vector.codec.Shapes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Weights of 8 bits for vectors of 16 lanes. */
final class I8Dots extends CodeDots {
    private static final VectorSpecies<Byte> BYTES = Shapes.BYTES;
    private static final VectorSpecies<Float> S = Shapes.FLOATS;
    private static final Class<? extends FloatVector> CLASS =
            FloatVector.zero(S).getClass();
    private static final int L = Shapes.LANES;

    /** Lanes of which two vectors of weights share a factor. */
    static final int LANES = SHARED / 2;

    /** Two vectors. */
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
    void dots(byte[] w, int[] at, int steps, float[] x, float[] s, float[] lanes) {
        FloatVector a0 = FloatVector.zero(S);
        FloatVector a1 = FloatVector.zero(S);
        FloatVector a2 = FloatVector.zero(S);
        FloatVector a3 = FloatVector.zero(S);
        FloatVector a4 = FloatVector.zero(S);
        FloatVector a5 = FloatVector.zero(S);
        FloatVector a6 = FloatVector.zero(S);
        FloatVector a7 = FloatVector.zero(S);
        int w0 = at[0];
        int w1 = at[1];
        int w2 = at[2];
        int w3 = at[3];
        int w4 = at[4];
        int w5 = at[5];
        int w6 = at[6];
        int w7 = at[7];
        int s0 = at[ROWS];
        int s1 = at[ROWS + 1];
        int s2 = at[ROWS + 2];
        int s3 = at[ROWS + 3];
        int s4 = at[ROWS + 4];
        int s5 = at[ROWS + 5];
        int s6 = at[ROWS + 6];
        int s7 = at[ROWS + 7];
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
            FloatVector c4 =
                    (FloatVector) ByteVector.fromArray(BYTES, w, w4 + p).convertShape(VectorOperators.B2F, S, 0);
            FloatVector d4 =
                    (FloatVector) ByteVector.fromArray(BYTES, w, w4 + p + L).convertShape(VectorOperators.B2F, S, 0);
            a4 = d4.fma(v, c4.mul(u)).fma(FloatVector.broadcast(S, s[s4 + q]), a4);
            FloatVector c5 =
                    (FloatVector) ByteVector.fromArray(BYTES, w, w5 + p).convertShape(VectorOperators.B2F, S, 0);
            FloatVector d5 =
                    (FloatVector) ByteVector.fromArray(BYTES, w, w5 + p + L).convertShape(VectorOperators.B2F, S, 0);
            a5 = d5.fma(v, c5.mul(u)).fma(FloatVector.broadcast(S, s[s5 + q]), a5);
            FloatVector c6 =
                    (FloatVector) ByteVector.fromArray(BYTES, w, w6 + p).convertShape(VectorOperators.B2F, S, 0);
            FloatVector d6 =
                    (FloatVector) ByteVector.fromArray(BYTES, w, w6 + p + L).convertShape(VectorOperators.B2F, S, 0);
            a6 = d6.fma(v, c6.mul(u)).fma(FloatVector.broadcast(S, s[s6 + q]), a6);
            FloatVector c7 =
                    (FloatVector) ByteVector.fromArray(BYTES, w, w7 + p).convertShape(VectorOperators.B2F, S, 0);
            FloatVector d7 =
                    (FloatVector) ByteVector.fromArray(BYTES, w, w7 + p + L).convertShape(VectorOperators.B2F, S, 0);
            a7 = d7.fma(v, c7.mul(u)).fma(FloatVector.broadcast(S, s[s7 + q]), a7);
        }
        CLASS.cast(a0).intoArray(lanes, 0);
        CLASS.cast(a1).intoArray(lanes, L);
        CLASS.cast(a2).intoArray(lanes, 2 * L);
        CLASS.cast(a3).intoArray(lanes, 3 * L);
        CLASS.cast(a4).intoArray(lanes, 4 * L);
        CLASS.cast(a5).intoArray(lanes, 5 * L);
        CLASS.cast(a6).intoArray(lanes, 6 * L);
        CLASS.cast(a7).intoArray(lanes, 7 * L);
    }
}
