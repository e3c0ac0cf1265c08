package dev.gamut.vector.codec;

import dev.gamut.dtype.Fp16;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * F16. C2 makes vector instructions of the first loop where the CPU has them for this type; they keep an NaN's payload,
 * which is not ours to keep.
 */
final class Fp16Encoder extends Encoder<short[]> {
    static final Fp16Encoder INSTANCE = new Fp16Encoder();

    /** Elements that are looked at for NaN together. */
    private static final int CHUNK = 1024;

    private static final VectorSpecies<Float> FLOATS = Shapes.FLOATS;
    private static final VectorSpecies<Integer> INTS = Shapes.INTS;
    private static final int L = Shapes.LANES;

    private Fp16Encoder() {}

    @Override
    public void encode(float[] src, int s, short[] dst, int d, int n) {
        for (int i = 0; i < n; i += CHUNK) {
            int count = Math.min(CHUNK, n - i);
            round(src, s + i, dst, d + i, count);
            if (hasNan(src, s + i, count)) {
                for (int j = i; j < i + count; j++) {
                    dst[d + j] = Fp16.fromFloat(src[s + j]);
                }
            }
        }
    }

    private static void round(float[] src, int s, short[] dst, int d, int n) {
        for (int i = 0; i < n; i++) {
            dst[d + i] = Float.floatToFloat16(src[s + i]);
        }
    }

    private static boolean hasNan(float[] src, int s, int n) {
        IntVector signs = IntVector.zero(INTS);
        IntVector infinity = IntVector.broadcast(INTS, INFINITY);
        int i = 0;
        for (; i <= n - L; i += L) {
            IntVector bits = FloatVector.fromArray(FLOATS, src, s + i).reinterpretAsInts();
            signs = signs.or(infinity.sub(bits.and(Integer.MAX_VALUE)));
        }
        int sign = signs.reduceLanes(VectorOperators.OR);
        for (; i < n; i++) {
            sign |= INFINITY - (Float.floatToRawIntBits(src[s + i]) & Integer.MAX_VALUE);
        }
        return sign < 0;
    }
}
