package dev.gamut.vector.codec;

import dev.gamut.dtype.Bf16;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** BF16: the upper half of an F32. */
final class Bf16Decoder extends Decoder<short[]> {
    static final Bf16Decoder INSTANCE = new Bf16Decoder();

    private static final VectorSpecies<Short> SHORTS = Shapes.SHORTS;
    private static final VectorSpecies<Integer> INTS = Shapes.INTS;
    private static final int L = Shapes.LANES;

    private Bf16Decoder() {}

    @Override
    public void decode(short[] src, int s, float[] dst, int d, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            IntVector codes = (IntVector)
                    ShortVector.fromArray(SHORTS, src, s + i).convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
            codes.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(dst, d + i);
        }
        for (; i < n; i++) {
            dst[d + i] = Bf16.toFloat(src[s + i]);
        }
    }
}
