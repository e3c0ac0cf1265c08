package dev.gamut.vector.codec;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Integers of 8 bits. */
final class ByteDecoder extends Decoder<byte[]> {
    static final ByteDecoder SIGNED = new ByteDecoder(true);
    static final ByteDecoder UNSIGNED = new ByteDecoder(false);

    private static final VectorSpecies<Byte> BYTES = Shapes.BYTES;
    private static final VectorSpecies<Integer> INTS = Shapes.INTS;
    private static final VectorSpecies<Float> FLOATS = Shapes.FLOATS;
    private static final int L = Shapes.LANES;
    private static final int LOADED = BYTES.length();

    private final boolean isSigned;

    private ByteDecoder(boolean isSigned) {
        this.isSigned = isSigned;
    }

    @Override
    public void decode(byte[] src, int s, float[] dst, int d, int n) {
        int i = isSigned ? signed(src, s, dst, d, n) : unsigned(src, s, dst, d, n);
        for (; i < n; i++) {
            dst[d + i] = isSigned ? src[s + i] : src[s + i] & 0xFF;
        }
    }

    private static int signed(byte[] src, int s, float[] dst, int d, int n) {
        int i = 0;
        for (; i <= n - LOADED; i += LOADED) {
            ByteVector codes = ByteVector.fromArray(BYTES, src, s + i);
            for (int part = 0; part * L < LOADED; part++) {
                FloatVector x = (FloatVector) codes.convertShape(VectorOperators.B2F, FLOATS, part);
                x.intoArray(dst, d + i + part * L);
            }
        }
        return i;
    }

    private static int unsigned(byte[] src, int s, float[] dst, int d, int n) {
        int i = 0;
        for (; i <= n - LOADED; i += LOADED) {
            ByteVector codes = ByteVector.fromArray(BYTES, src, s + i);
            for (int part = 0; part * L < LOADED; part++) {
                IntVector x = (IntVector) codes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
                ((FloatVector) x.convert(VectorOperators.I2F, 0)).intoArray(dst, d + i + part * L);
            }
        }
        return i;
    }
}
