package dev.gamut.vector.codec;

import dev.gamut.dtype.DType;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Floating-point types of 8 bits. Normal results are rounded as integers, by adding just under half a unit and the last bit
 * kept; subnormal ones by adding a number whose last bit is their unit. Of the two codes the larger one is right: below the normal
 * numbers the first one falls by whole binades. NaN has all bits of the largest code.
 */
final class Fp8Encoder extends Encoder<byte[]> {
    static final Fp8Encoder E4M3 = new Fp8Encoder(new SmallFloat(DType.F8E4M3));
    static final Fp8Encoder E5M2 = new Fp8Encoder(new SmallFloat(DType.F8E5M2));

    private static final VectorSpecies<Float> FLOATS = Shapes.FLOATS;
    private static final VectorSpecies<Integer> INTS = Shapes.INTS;
    private static final VectorSpecies<Byte> BYTES = Shapes.BYTES;
    private static final int L = Shapes.LANES;
    private static final int STORED = BYTES.length();

    private final SmallFloat format;

    private Fp8Encoder(SmallFloat format) {
        this.format = format;
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
            dst[d + i] = (byte) format.encode(src[s + i]);
        }
    }

    /** The codes of a vector of numbers, in one part of a vector of bytes. */
    private ByteVector codes(float[] src, int at, int part) {
        SmallFloat f = format;
        IntVector bits = FloatVector.fromArray(FLOATS, src, at).reinterpretAsInts();
        IntVector magnitude = bits.and(Integer.MAX_VALUE);
        IntVector sign = bits.lanewise(VectorOperators.LSHR, 24).and(0x80);
        IntVector last = magnitude.lanewise(VectorOperators.LSHR, f.dropped()).and(1);
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
        IntVector isNan = IntVector.broadcast(INTS, INFINITY).sub(magnitude).lanewise(VectorOperators.ASHR, 31);
        IntVector code = normal.max(subnormal).or(isNan.and(f.nanCode())).or(sign);
        return (ByteVector) code.convertShape(VectorOperators.I2B, BYTES, -part);
    }
}
