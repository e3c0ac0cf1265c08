package dev.gamut.vector.codec;

import dev.gamut.dtype.Bf16;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * BF16: the upper half of an F32, after adding just under half a unit, and the last bit kept for ties. NaN is not looked for in that
 * loop: one that makes sure of it on the way has twice the instructions, and then a core looks less far ahead in memory (0.58 to 0.78
 * of the speed of copying, AMD EPYC 9004).
 */
final class Bf16Encoder extends Encoder<short[]> {
    static final Bf16Encoder INSTANCE = new Bf16Encoder();

    private static final VectorSpecies<Float> FLOATS = Shapes.FLOATS;
    private static final VectorSpecies<Short> SHORTS = Shapes.SHORTS;
    private static final VectorSpecies<Integer> INTS = Shapes.INTS;
    private static final int L = Shapes.LANES;
    private static final int QUIET_NAN = 0x7FC00000;

    private Bf16Encoder() {}

    @Override
    public void encode(float[] src, int s, short[] dst, int d, int n) {
        for (int i = 0; i < n; i += CHUNK) {
            int count = Math.min(CHUNK, n - i);
            round(src, s + i, dst, d + i, count);
            if (hasNan(src, s + i, count)) {
                withNan(src, s + i, dst, d + i, count);
            }
        }
    }

    private static void round(float[] src, int s, short[] dst, int d, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            IntVector bits = FloatVector.fromArray(FLOATS, src, s + i).reinterpretAsInts();
            IntVector last = bits.lanewise(VectorOperators.LSHR, 16).and(1);
            IntVector code = bits.add(last).add(0x7FFF).lanewise(VectorOperators.LSHR, 16);
            ((ShortVector) code.convertShape(VectorOperators.I2S, SHORTS, 0)).intoArray(dst, d + i);
        }
        for (; i < n; i++) {
            dst[d + i] = Bf16.fromFloat(src[s + i]);
        }
    }

    private static void withNan(float[] src, int s, short[] dst, int d, int n) {
        IntVector infinity = IntVector.broadcast(INTS, INFINITY);
        int i = 0;
        for (; i <= n - L; i += L) {
            IntVector bits = FloatVector.fromArray(FLOATS, src, s + i).reinterpretAsInts();
            IntVector sign = bits.and(Integer.MIN_VALUE);
            IntVector nan = infinity.sub(bits.and(Integer.MAX_VALUE)).lanewise(VectorOperators.ASHR, 31);
            IntVector last = bits.lanewise(VectorOperators.LSHR, 16).and(1);
            IntVector rounded = bits.add(last).add(0x7FFF);
            IntVector code = rounded.and(nan.not()).or(sign.or(QUIET_NAN).and(nan));
            ((ShortVector) code.lanewise(VectorOperators.LSHR, 16).convertShape(VectorOperators.I2S, SHORTS, 0))
                    .intoArray(dst, d + i);
        }
        for (; i < n; i++) {
            dst[d + i] = Bf16.fromFloat(src[s + i]);
        }
    }
}
