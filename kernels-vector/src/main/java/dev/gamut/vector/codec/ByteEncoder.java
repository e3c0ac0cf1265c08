package dev.gamut.vector.codec;

import dev.gamut.dtype.DType;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Integers of 8 bits: rounded by adding a number so large that its last bit is 1, saturated, NaN is 0. Magnitudes are
 * limited before, as integers, so that the sum keeps its exponent.
 */
final class ByteEncoder extends Encoder<byte[]> {
    static final ByteEncoder SIGNED = new ByteEncoder(DType.I8);
    static final ByteEncoder UNSIGNED = new ByteEncoder(DType.U8);

    private static final VectorSpecies<Float> FLOATS = Shapes.FLOATS;
    private static final VectorSpecies<Integer> INTS = Shapes.INTS;
    private static final VectorSpecies<Byte> BYTES = Shapes.BYTES;
    private static final int L = Shapes.LANES;
    private static final int STORED = BYTES.length();

    /** 1.5 · 2^23, from which floats of either sign are one apart. */
    private static final float ONE_APART = 0x1.8p23f;

    private static final int ONE_APART_BITS = Float.floatToIntBits(ONE_APART);

    /** Beyond what either type holds. */
    private static final int MOST_BITS = Float.floatToIntBits(512);

    private final int lowest;
    private final int highest;

    private ByteEncoder(DType type) {
        this.lowest = (int) type.lowest();
        this.highest = (int) type.maxFinite();
    }

    @Override
    public void encode(float[] src, int s, byte[] dst, int d, int n) {
        int i = 0;
        for (; i <= n - STORED; i += STORED) {
            ByteVector codes = codes(src, s + i, 0);
            if (STORED > L) {
                codes = codes.or(codes(src, s + i + L, 1));
            }
            codes.intoArray(dst, d + i);
        }
        for (; i < n; i++) {
            float x = src[s + i];
            dst[d + i] = (byte) (Float.isNaN(x) ? 0 : (int) Math.clamp(Math.rint((double) x), lowest, highest));
        }
    }

    /** The codes of a vector of numbers, in one part of a vector of bytes. */
    private ByteVector codes(float[] src, int at, int part) {
        IntVector bits = FloatVector.fromArray(FLOATS, src, at).reinterpretAsInts();
        IntVector magnitude = bits.and(Integer.MAX_VALUE);
        IntVector number = IntVector.broadcast(INTS, INFINITY)
                .sub(magnitude)
                .lanewise(VectorOperators.ASHR, 31)
                .not();
        FloatVector limited =
                magnitude.min(MOST_BITS).or(bits.and(Integer.MIN_VALUE)).reinterpretAsFloats();
        IntVector rounded = limited.add(ONE_APART).reinterpretAsInts().sub(ONE_APART_BITS);
        IntVector code = rounded.max(lowest).min(highest).and(number);
        return (ByteVector) code.convertShape(VectorOperators.I2B, BYTES, -part);
    }
}
