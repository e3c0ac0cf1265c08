package dev.gamut.vector.codec;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Int4;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Types of 4 bits, two to a byte, the low nibble first. Four vectors of numbers become one of bytes, whose pairs are put together
 * as shorts.
 */
final class NibbleEncoder extends Encoder<byte[]> {
    static final NibbleEncoder I4 = new NibbleEncoder(null);
    static final NibbleEncoder F4E2M1 = new NibbleEncoder(new SmallFloat(DType.F4E2M1));

    private static final VectorSpecies<Float> FLOATS = Shapes.FLOATS;
    private static final VectorSpecies<Integer> INTS = Shapes.INTS;
    private static final int L = Shapes.LANES;
    /** Bytes of a vector as large as one of F32. */
    private static final VectorSpecies<Byte> BYTES = FLOATS.withLanes(byte.class);
    /** Half of it. */
    private static final VectorSpecies<Byte> HALF =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

    /** Elements of a step. */
    private static final int STEP = 4 * L;

    private static final float ONE_APART = 0x1.8p23f;
    private static final int ONE_APART_BITS = Float.floatToIntBits(ONE_APART);
    private static final int MOST_BITS = Float.floatToIntBits(512);

    private final SmallFloat format;

    private NibbleEncoder(SmallFloat format) {
        this.format = format;
    }

    @Override
    public void encode(float[] src, int s, byte[] dst, int d, int n) {
        int i = Math.min(n, d % 2);
        scalars(src, s, dst, d, 0, i);
        int whole = i + (n - i) / STEP * STEP;
        if (format == null) {
            integers(src, s + i, dst, d + i >> 1, whole - i);
        } else {
            floats(src, s + i, dst, d + i >> 1, whole - i);
        }
        scalars(src, s, dst, d, whole, n);
    }

    private static void integers(float[] src, int s, byte[] dst, int d, int n) {
        IntVector infinity = IntVector.broadcast(INTS, INFINITY);
        for (int i = 0; i < n; i += STEP) {
            ByteVector codes = ByteVector.zero(BYTES);
            for (int part = 0; part < 4; part++) {
                IntVector bits =
                        FloatVector.fromArray(FLOATS, src, s + i + part * L).reinterpretAsInts();
                IntVector magnitude = bits.and(Integer.MAX_VALUE);
                IntVector isNumber = infinity.sub(magnitude)
                        .lanewise(VectorOperators.ASHR, 31)
                        .not();
                FloatVector limited =
                        magnitude.min(MOST_BITS).or(bits.and(Integer.MIN_VALUE)).reinterpretAsFloats();
                IntVector rounded = limited.add(ONE_APART).reinterpretAsInts().sub(ONE_APART_BITS);
                IntVector code =
                        rounded.max(Int4.MIN).min(Int4.MAX).and(isNumber).and(0xF);
                codes = codes.or((ByteVector) code.convertShape(VectorOperators.I2B, BYTES, -part));
            }
            ShortVector pairs = codes.reinterpretAsShorts();
            ((ByteVector) pairs.or(pairs.lanewise(VectorOperators.LSHR, 4)).convertShape(VectorOperators.S2B, HALF, 0))
                    .intoArray(dst, d + i / 2);
        }
    }

    private void floats(float[] src, int s, byte[] dst, int d, int n) {
        SmallFloat f = format;
        IntVector infinity = IntVector.broadcast(INTS, INFINITY);
        for (int i = 0; i < n; i += STEP) {
            ByteVector codes = ByteVector.zero(BYTES);
            for (int part = 0; part < 4; part++) {
                IntVector bits =
                        FloatVector.fromArray(FLOATS, src, s + i + part * L).reinterpretAsInts();
                IntVector magnitude = bits.and(Integer.MAX_VALUE);
                IntVector sign = bits.lanewise(VectorOperators.LSHR, 28).and(0x8);
                IntVector last =
                        magnitude.lanewise(VectorOperators.LSHR, f.dropped()).and(1);
                IntVector normal = magnitude
                        .add(last)
                        .add(f.rounder())
                        .lanewise(VectorOperators.ASHR, f.dropped())
                        .min(f.overflowCode());
                IntVector subnormal = magnitude
                        .min(f.minNormalBits())
                        .reinterpretAsFloats()
                        .add(f.unitMaker())
                        .reinterpretAsInts()
                        .sub(f.unitMakerBits());
                IntVector isNumber = infinity.sub(magnitude)
                        .lanewise(VectorOperators.ASHR, 31)
                        .not();
                IntVector code = normal.max(subnormal).or(sign).and(isNumber);
                codes = codes.or((ByteVector) code.convertShape(VectorOperators.I2B, BYTES, -part));
            }
            ShortVector pairs = codes.reinterpretAsShorts();
            ((ByteVector) pairs.or(pairs.lanewise(VectorOperators.LSHR, 4)).convertShape(VectorOperators.S2B, HALF, 0))
                    .intoArray(dst, d + i / 2);
        }
    }

    /** Elements [from, to); a byte of which only one element is written keeps the other one. */
    private void scalars(float[] src, int s, byte[] dst, int d, int from, int to) {
        for (int i = from; i < to; i++) {
            int code = format == null ? Int4.fromDouble(src[s + i]) : format.encode(src[s + i]);
            int at = d + i >> 1;
            dst[at] = (d + i) % 2 == 0 ? (byte) (dst[at] & 0xF0 | code & 0xF) : (byte) (dst[at] & 0xF | code << 4);
        }
    }
}
