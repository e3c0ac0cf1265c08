package dev.gamut.vector.gemm;

import dev.gamut.vector.codec.Shapes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Weights of 8 bits for vectors of 8 lanes: 32 of them are loaded as integers of four each. A weight is shifted to the top of its integer, what lies
 * below is masked, and the integer converted, which gives 2^24 times the weight, exactly. x comes in that order and divided by 2^24.
 *
 * <p>That takes four operations for eight weights where {@link I8Dots} takes three, but one load instead of four, none of which C2 folds into the
 * extension of bytes, and one factor instead of two: 15.9 instead of 12.1 GB/s from memory, 17.0 instead of 12.3 from L2 (AMD EPYC of family 25, in turn; of 24 that
 * reading reaches). Tried and lost: as many bits put into the fraction of a float, as with weights of 4 bits (12.4 and 13.0), one row at a time
 * (11.3 and 16.2), two (12.8 and 15.6).
 */
final class I8Words extends CodeDots {
    private static final VectorSpecies<Float> S = Shapes.FLOATS;
    private static final Class<? extends FloatVector> CLASS =
            FloatVector.zero(S).getClass();
    private static final VectorSpecies<Byte> BYTES = S.withLanes(byte.class);
    private static final VectorSpecies<Integer> INTS = Shapes.INTS;
    private static final int L = Shapes.LANES;

    /** Lanes of which a vector's weights share a factor. */
    static final int LANES = SHARED / Integer.BYTES;

    private static final int TOP = Integer.SIZE - Byte.SIZE;
    private static final IntVector TOP_MASK = IntVector.broadcast(INTS, -1 << TOP);
    private static final float UNIT = 0x1p-24f;

    @Override
    int step() {
        return SHARED;
    }

    @Override
    int excess() {
        return 0;
    }

    @Override
    void arrange(float[] x, int steps, float[] to) {
        for (int p = 0; p < steps * SHARED; p += SHARED) {
            for (int j = 0; j < Integer.BYTES; j++) {
                for (int lane = 0; lane < L; lane++) {
                    to[p + j * L + lane] = x[p + lane * Integer.BYTES + j] * UNIT;
                }
            }
        }
    }

    /** Half of the rows at a time, as {@link I4Dots} does. */
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
        IntVector top = TOP_MASK;
        for (int q = 0, p = 0; q < steps; q++, p += SHARED) {
            FloatVector v0 = FloatVector.fromArray(S, x, p);
            FloatVector v1 = FloatVector.fromArray(S, x, p + L);
            FloatVector v2 = FloatVector.fromArray(S, x, p + 2 * L);
            FloatVector v3 = FloatVector.fromArray(S, x, p + 3 * L);
            IntVector i = ByteVector.fromArray(BYTES, w, w0 + p).reinterpretAsInts();
            FloatVector t =
                    ((FloatVector) i.lanewise(VectorOperators.LSHL, TOP).convert(VectorOperators.I2F, 0)).mul(v0);
            t = ((FloatVector) i.lanewise(VectorOperators.LSHL, 16).and(top).convert(VectorOperators.I2F, 0))
                    .fma(v1, t);
            t = ((FloatVector) i.lanewise(VectorOperators.LSHL, 8).and(top).convert(VectorOperators.I2F, 0)).fma(v2, t);
            t = ((FloatVector) i.and(top).convert(VectorOperators.I2F, 0)).fma(v3, t);
            a0 = t.fma(FloatVector.broadcast(S, s[s0 + q]), a0);
            i = ByteVector.fromArray(BYTES, w, w1 + p).reinterpretAsInts();
            t = ((FloatVector) i.lanewise(VectorOperators.LSHL, TOP).convert(VectorOperators.I2F, 0)).mul(v0);
            t = ((FloatVector) i.lanewise(VectorOperators.LSHL, 16).and(top).convert(VectorOperators.I2F, 0))
                    .fma(v1, t);
            t = ((FloatVector) i.lanewise(VectorOperators.LSHL, 8).and(top).convert(VectorOperators.I2F, 0)).fma(v2, t);
            t = ((FloatVector) i.and(top).convert(VectorOperators.I2F, 0)).fma(v3, t);
            a1 = t.fma(FloatVector.broadcast(S, s[s1 + q]), a1);
            i = ByteVector.fromArray(BYTES, w, w2 + p).reinterpretAsInts();
            t = ((FloatVector) i.lanewise(VectorOperators.LSHL, TOP).convert(VectorOperators.I2F, 0)).mul(v0);
            t = ((FloatVector) i.lanewise(VectorOperators.LSHL, 16).and(top).convert(VectorOperators.I2F, 0))
                    .fma(v1, t);
            t = ((FloatVector) i.lanewise(VectorOperators.LSHL, 8).and(top).convert(VectorOperators.I2F, 0)).fma(v2, t);
            t = ((FloatVector) i.and(top).convert(VectorOperators.I2F, 0)).fma(v3, t);
            a2 = t.fma(FloatVector.broadcast(S, s[s2 + q]), a2);
            i = ByteVector.fromArray(BYTES, w, w3 + p).reinterpretAsInts();
            t = ((FloatVector) i.lanewise(VectorOperators.LSHL, TOP).convert(VectorOperators.I2F, 0)).mul(v0);
            t = ((FloatVector) i.lanewise(VectorOperators.LSHL, 16).and(top).convert(VectorOperators.I2F, 0))
                    .fma(v1, t);
            t = ((FloatVector) i.lanewise(VectorOperators.LSHL, 8).and(top).convert(VectorOperators.I2F, 0)).fma(v2, t);
            t = ((FloatVector) i.and(top).convert(VectorOperators.I2F, 0)).fma(v3, t);
            a3 = t.fma(FloatVector.broadcast(S, s[s3 + q]), a3);
        }
        CLASS.cast(a0).intoArray(lanes, first * L);
        CLASS.cast(a1).intoArray(lanes, (first + 1) * L);
        CLASS.cast(a2).intoArray(lanes, (first + 2) * L);
        CLASS.cast(a3).intoArray(lanes, (first + 3) * L);
    }
}
