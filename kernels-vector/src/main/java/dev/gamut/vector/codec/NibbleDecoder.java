package dev.gamut.vector.codec;

import dev.gamut.dtype.Fp4;
import dev.gamut.dtype.Int4;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Types of 4 bits, two to a byte, the low nibble first. Eight bytes go to all lanes of a vector of longs, each lane is shifted
 * until it begins with its own byte, and its two nibbles are moved to the top of its two integers.
 */
final class NibbleDecoder extends Decoder<byte[]> {
    static final NibbleDecoder I4 = new NibbleDecoder(false);
    static final NibbleDecoder F4E2M1 = new NibbleDecoder(true);

    private static final VarHandle BYTES_AS_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VectorSpecies<Integer> INTS = Shapes.INTS;
    private static final VectorSpecies<Long> LONGS = Shapes.LONGS;
    private static final int L = Shapes.LANES;

    /** Elements in eight bytes. */
    private static final int STEP = 16;

    /** How far each lane is shifted. */
    private static final LongVector OWN_BYTE = LongVector.zero(LONGS).addIndex(Byte.SIZE);

    /** From the top of an integer to where F32 has the exponent's last bits and the fraction's first one. */
    private static final int TO_EXPONENT = 6;

    /** The biases of F32 and F4E2M1 differ by that. */
    private static final float POWER = 0x1p126f;

    private final boolean isFloat;

    private NibbleDecoder(boolean isFloat) {
        this.isFloat = isFloat;
    }

    @Override
    public void decode(byte[] src, int s, float[] dst, int d, int n) {
        int i = Math.min(n, s % 2);
        scalars(src, s, dst, d, 0, i);
        int whole = i + (n - i) / STEP * STEP;
        if (isFloat) {
            floats(src, s, dst, d, i, whole);
        } else {
            integers(src, s, dst, d, i, whole);
        }
        scalars(src, s, dst, d, whole, n);
    }

    private static void integers(byte[] src, int s, float[] dst, int d, int from, int to) {
        for (int i = from; i < to; i += STEP) {
            long codes = (long) BYTES_AS_LONG.get(src, s + i >> 1);
            for (int part = 0; part < STEP; part += L) {
                IntVector top = nibbles(codes >>> part * 4);
                FloatVector x =
                        (FloatVector) top.lanewise(VectorOperators.ASHR, 28).convert(VectorOperators.I2F, 0);
                x.intoArray(dst, d + i + part);
            }
        }
    }

    private static void floats(byte[] src, int s, float[] dst, int d, int from, int to) {
        for (int i = from; i < to; i += STEP) {
            long codes = (long) BYTES_AS_LONG.get(src, s + i >> 1);
            for (int part = 0; part < STEP; part += L) {
                IntVector top = nibbles(codes >>> part * 4);
                FloatVector x = top.and(Integer.MAX_VALUE)
                        .lanewise(VectorOperators.LSHR, TO_EXPONENT)
                        .reinterpretAsFloats()
                        .mul(POWER);
                x.reinterpretAsInts()
                        .or(top.and(Integer.MIN_VALUE))
                        .reinterpretAsFloats()
                        .intoArray(dst, d + i + part);
            }
        }
    }

    /** The next nibbles at the top of integers. */
    private static IntVector nibbles(long codes) {
        LongVector own = LongVector.broadcast(LONGS, codes).lanewise(VectorOperators.LSHR, OWN_BYTE);
        LongVector even = own.and(0x0F).lanewise(VectorOperators.LSHL, 28);
        LongVector odd = own.and(0xF0).lanewise(VectorOperators.LSHL, 56);
        return even.or(odd).reinterpretAsInts();
    }

    private void scalars(byte[] src, int s, float[] dst, int d, int from, int to) {
        for (int i = from; i < to; i++) {
            byte both = src[s + i >> 1];
            int code = (s + i) % 2 == 0 ? Int4.even(both) : Int4.odd(both);
            dst[d + i] = isFloat ? Fp4.toFloat((byte) code) : code;
        }
    }
}
