package dev.gamut.vector.codec;

import dev.gamut.dtype.Fp8;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Floating-point types of 8 bits. Without its sign, a code moved to where F32 has exponent and fraction is the number over a
 * power of two, subnormals too, and a multiplication by that power, which is exact, gives the number. What would be the
 * limit or more gets all exponent bits: NaN, or infinity where there is no fraction.
 */
final class Fp8Decoder extends Decoder<byte[]> {
    static final Fp8Decoder E4M3 = new Fp8Decoder(3, 7, 480, Fp8::e4m3ToFloat);
    static final Fp8Decoder E5M2 = new Fp8Decoder(2, 15, 65536, Fp8::e5m2ToFloat);

    private static final VectorSpecies<Byte> BYTES = Shapes.BYTES;
    private static final VectorSpecies<Integer> INTS = Shapes.INTS;
    private static final int L = Shapes.LANES;
    private static final int LOADED = BYTES.length();
    private static final int F32_FRACTION_BITS = 23;
    private static final int F32_BIAS = 127;
    private static final int F32_EXPONENT = 0x7F800000;

    private final int shift;
    private final float power;
    private final int belowLimit;
    private final float[] table = new float[256];

    private interface One {
        float decode(byte code);
    }

    private Fp8Decoder(int fractionBits, int bias, float limit, One one) {
        shift = F32_FRACTION_BITS - fractionBits;
        power = Math.scalb(1f, F32_BIAS - bias);
        belowLimit = Float.floatToIntBits(limit) - 1;
        for (int code = 0; code < table.length; code++) {
            table[code] = one.decode((byte) code);
        }
    }

    @Override
    public void decode(byte[] src, int s, float[] dst, int d, int n) {
        int i = 0;
        for (; i <= n - LOADED; i += LOADED) {
            ByteVector codes = ByteVector.fromArray(BYTES, src, s + i);
            for (int part = 0; part * L < LOADED; part++) {
                IntVector code = (IntVector) codes.convertShape(VectorOperators.B2I, INTS, part);
                FloatVector x = code.and(0x7F)
                        .lanewise(VectorOperators.LSHL, shift)
                        .reinterpretAsFloats()
                        .mul(power);
                IntVector bits = x.reinterpretAsInts();
                // The sign of the difference, spread over all bits: a mask would be an object where vectors have 128
                // bits.
                IntVector beyond = IntVector.broadcast(INTS, belowLimit)
                        .sub(bits)
                        .lanewise(VectorOperators.ASHR, 31)
                        .and(F32_EXPONENT);
                bits.or(beyond)
                        .or(code.and(Integer.MIN_VALUE))
                        .reinterpretAsFloats()
                        .intoArray(dst, d + i + part * L);
            }
        }
        for (; i < n; i++) {
            dst[d + i] = table[src[s + i] & 0xFF];
        }
    }
}
