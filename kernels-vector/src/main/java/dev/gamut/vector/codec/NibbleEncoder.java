package dev.gamut.vector.codec;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Int4;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Types of 4 bits, two to a byte, the low nibble first. Eight codes that lie in the bytes of a long are moved together there: four
 * operations on longs for each type of CPU, where vectors would need a rearrangement that few have.
 */
final class NibbleEncoder extends Encoder<byte[]> {
    static final NibbleEncoder I4 = new NibbleEncoder(null);
    static final NibbleEncoder F4E2M1 = new NibbleEncoder(new SmallFloat(DType.F4E2M1));

    private static final VectorSpecies<Float> FLOATS = Shapes.FLOATS;
    private static final VectorSpecies<Integer> INTS = Shapes.INTS;
    private static final VectorSpecies<Byte> BYTES = Shapes.BYTES;
    private static final int L = Shapes.LANES;

    /** Elements of a step. */
    private static final int STEP = BYTES.length();

    private static final VarHandle BYTES_AS_INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle BYTES_AS_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

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
        int whole = i + Math.max(0, (n - i) / STEP - 1) * STEP;
        if (format == null) {
            integers(src, s + i, dst, d + i >> 1, whole - i);
        } else {
            floats(src, s + i, dst, d + i >> 1, whole - i);
        }
        scalars(src, s, dst, d, whole, n);
    }

    private static void integers(float[] src, int s, byte[] dst, int d, int n) {
        for (int i = 0; i < n; i += STEP) {
            ByteVector codes = integers(src, s + i, 0);
            if (STEP > L) {
                codes = codes.or(integers(src, s + i + L, 1));
            }
            codes.intoArray(dst, d + i / 2);
            pack(dst, d + i / 2);
        }
    }

    private void floats(float[] src, int s, byte[] dst, int d, int n) {
        for (int i = 0; i < n; i += STEP) {
            ByteVector codes = floats(src, s + i, 0);
            if (STEP > L) {
                codes = codes.or(floats(src, s + i + L, 1));
            }
            codes.intoArray(dst, d + i / 2);
            pack(dst, d + i / 2);
        }
    }

    /** The codes of a vector of numbers, in one part of a vector of bytes. */
    private static ByteVector integers(float[] src, int at, int part) {
        IntVector bits = FloatVector.fromArray(FLOATS, src, at).reinterpretAsInts();
        IntVector magnitude = bits.and(Integer.MAX_VALUE);
        IntVector isNumber = IntVector.broadcast(INTS, INFINITY)
                .sub(magnitude)
                .lanewise(VectorOperators.ASHR, 31)
                .not();
        FloatVector limited =
                magnitude.min(MOST_BITS).or(bits.and(Integer.MIN_VALUE)).reinterpretAsFloats();
        IntVector rounded = limited.add(ONE_APART).reinterpretAsInts().sub(ONE_APART_BITS);
        IntVector code = rounded.max(Int4.MIN).min(Int4.MAX).and(isNumber).and(0xF);
        return (ByteVector) code.convertShape(VectorOperators.I2B, BYTES, -part);
    }

    /** The same for floating-point codes. */
    private ByteVector floats(float[] src, int at, int part) {
        SmallFloat f = format;
        IntVector bits = FloatVector.fromArray(FLOATS, src, at).reinterpretAsInts();
        IntVector magnitude = bits.and(Integer.MAX_VALUE);
        IntVector sign = bits.lanewise(VectorOperators.LSHR, 28).and(0x8);
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
        IntVector isNumber = IntVector.broadcast(INTS, INFINITY)
                .sub(magnitude)
                .lanewise(VectorOperators.ASHR, 31)
                .not();
        IntVector code = normal.max(subnormal).or(sign).and(isNumber);
        return (ByteVector) code.convertShape(VectorOperators.I2B, BYTES, -part);
    }

    /** Two codes to a byte for those of a step, the second half of which lies where the next step will write. */
    private static void pack(byte[] dst, int at) {
        int first = pack((long) BYTES_AS_LONG.get(dst, at));
        if (STEP > Long.BYTES) {
            BYTES_AS_INT.set(dst, at + Integer.BYTES, pack((long) BYTES_AS_LONG.get(dst, at + Long.BYTES)));
        }
        BYTES_AS_INT.set(dst, at, first);
    }

    /** The low nibbles of eight bytes. */
    private static int pack(long codes) {
        long pairs = (codes | codes >>> 4) & 0x00FF_00FF_00FF_00FFL;
        long fours = (pairs | pairs >>> 8) & 0x0000_FFFF_0000_FFFFL;
        return (int) (fours | fours >>> 16);
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
