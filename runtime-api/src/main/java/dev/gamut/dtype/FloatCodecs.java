package dev.gamut.dtype;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/** The codecs of the floating-point types and of the power-of-two scale. */
final class FloatCodecs {
    private FloatCodecs() {}

    /** Rounds half to even and saturates; NaN becomes 0. */
    private static long toLong(double v) {
        return (long) Math.rint(v);
    }

    /**
     * Widens an integer for a second rounding to at most 24 bits. A plain cast would round twice; here the bits that a
     * double cannot hold are folded into one that it can (a sticky bit), so that no tie appears where there was none.
     */
    private static double sticky(long v) {
        long magnitude = Math.abs(v);
        if (magnitude >>> 53 == 0 || v == Long.MIN_VALUE) {
            return v;
        }
        long lost = magnitude & 0x7FF;
        long widened = magnitude - lost | (lost == 0 ? 0 : 0x800);
        return v < 0 ? -widened : widened;
    }

    /** IEEE binary64. */
    static final class F64 extends Codec {
        @Override
        double load(MemorySegment s, long index) {
            return s.getAtIndex(JAVA_DOUBLE_UNALIGNED, index);
        }

        @Override
        long loadLong(MemorySegment s, long index) {
            return toLong(load(s, index));
        }

        @Override
        void store(MemorySegment s, long index, double v) {
            s.setAtIndex(JAVA_DOUBLE_UNALIGNED, index, v);
        }

        @Override
        void storeLong(MemorySegment s, long index, long v) {
            s.setAtIndex(JAVA_DOUBLE_UNALIGNED, index, v);
        }

        @Override
        double round(double v) {
            return v;
        }

        @Override
        double truncate(double v) {
            return v;
        }
    }

    /** IEEE binary32. */
    static final class F32 extends Codec {
        @Override
        double load(MemorySegment s, long index) {
            return s.getAtIndex(JAVA_FLOAT_UNALIGNED, index);
        }

        @Override
        long loadLong(MemorySegment s, long index) {
            return toLong(load(s, index));
        }

        @Override
        void store(MemorySegment s, long index, double v) {
            s.setAtIndex(JAVA_FLOAT_UNALIGNED, index, (float) v);
        }

        @Override
        void storeLong(MemorySegment s, long index, long v) {
            s.setAtIndex(JAVA_FLOAT_UNALIGNED, index, v);
        }

        @Override
        double round(double v) {
            return (float) v;
        }

        @Override
        double truncate(double v) {
            float nearest = (float) v;
            boolean away = Math.abs((double) nearest) > Math.abs(v);
            return away ? Math.copySign(Math.nextDown(Math.abs(nearest)), nearest) : nearest;
        }
    }

    /** IEEE binary16. */
    static final class F16 extends Codec {
        @Override
        double load(MemorySegment s, long index) {
            return Fp16.toFloat(s.getAtIndex(JAVA_SHORT_UNALIGNED, index));
        }

        @Override
        long loadLong(MemorySegment s, long index) {
            return toLong(load(s, index));
        }

        @Override
        void store(MemorySegment s, long index, double v) {
            s.setAtIndex(JAVA_SHORT_UNALIGNED, index, Fp16.fromDouble(v));
        }

        @Override
        void storeLong(MemorySegment s, long index, long v) {
            s.setAtIndex(JAVA_SHORT_UNALIGNED, index, Fp16.fromDouble(sticky(v)));
        }

        @Override
        double round(double v) {
            return Fp16.toFloat(Fp16.fromDouble(v));
        }

        @Override
        double truncate(double v) {
            return Fp16.FORMAT.decode(Fp16.FORMAT.encodeTowardZero(v));
        }
    }

    /** bfloat16. */
    static final class BF16 extends Codec {
        @Override
        double load(MemorySegment s, long index) {
            return Bf16.toFloat(s.getAtIndex(JAVA_SHORT_UNALIGNED, index));
        }

        @Override
        long loadLong(MemorySegment s, long index) {
            return toLong(load(s, index));
        }

        @Override
        void store(MemorySegment s, long index, double v) {
            s.setAtIndex(JAVA_SHORT_UNALIGNED, index, Bf16.fromDouble(v));
        }

        @Override
        void storeLong(MemorySegment s, long index, long v) {
            s.setAtIndex(JAVA_SHORT_UNALIGNED, index, Bf16.fromDouble(sticky(v)));
        }

        @Override
        double round(double v) {
            return Bf16.toFloat(Bf16.fromDouble(v));
        }

        @Override
        double truncate(double v) {
            return Bf16.FORMAT.decode(Bf16.FORMAT.encodeTowardZero(v));
        }
    }

    /** OCP E4M3. */
    static final class F8E4M3 extends Codec {
        @Override
        double load(MemorySegment s, long index) {
            return Fp8.e4m3ToFloat(s.get(JAVA_BYTE, index));
        }

        @Override
        long loadLong(MemorySegment s, long index) {
            return toLong(load(s, index));
        }

        @Override
        void store(MemorySegment s, long index, double v) {
            s.set(JAVA_BYTE, index, Fp8.e4m3FromDouble(v));
        }

        @Override
        void storeLong(MemorySegment s, long index, long v) {
            s.set(JAVA_BYTE, index, Fp8.e4m3FromDouble(sticky(v)));
        }

        @Override
        double round(double v) {
            return Fp8.e4m3ToFloat(Fp8.e4m3FromDouble(v));
        }

        @Override
        double truncate(double v) {
            return Fp8.E4M3.decode(Fp8.E4M3.encodeTowardZero(v));
        }
    }

    /** OCP E5M2. */
    static final class F8E5M2 extends Codec {
        @Override
        double load(MemorySegment s, long index) {
            return Fp8.e5m2ToFloat(s.get(JAVA_BYTE, index));
        }

        @Override
        long loadLong(MemorySegment s, long index) {
            return toLong(load(s, index));
        }

        @Override
        void store(MemorySegment s, long index, double v) {
            s.set(JAVA_BYTE, index, Fp8.e5m2FromDouble(v));
        }

        @Override
        void storeLong(MemorySegment s, long index, long v) {
            s.set(JAVA_BYTE, index, Fp8.e5m2FromDouble(sticky(v)));
        }

        @Override
        double round(double v) {
            return Fp8.e5m2ToFloat(Fp8.e5m2FromDouble(v));
        }

        @Override
        double truncate(double v) {
            return Fp8.E5M2.decode(Fp8.E5M2.encodeTowardZero(v));
        }
    }

    /** OCP E8M0. */
    static final class F8E8M0 extends Codec {
        @Override
        double load(MemorySegment s, long index) {
            return E8m0.toFloat(s.get(JAVA_BYTE, index));
        }

        @Override
        long loadLong(MemorySegment s, long index) {
            return toLong(load(s, index));
        }

        @Override
        void store(MemorySegment s, long index, double v) {
            s.set(JAVA_BYTE, index, E8m0.fromDouble(v));
        }

        @Override
        void storeLong(MemorySegment s, long index, long v) {
            s.set(JAVA_BYTE, index, E8m0.fromDouble(sticky(v)));
        }

        @Override
        double round(double v) {
            return E8m0.toFloat(E8m0.fromDouble(v));
        }

        @Override
        double truncate(double v) {
            return E8m0.toFloat(E8m0.fromDoubleTowardZero(v));
        }
    }

    /** OCP E2M1, two to a byte. */
    static final class F4E2M1 extends Codec {
        @Override
        double load(MemorySegment s, long index) {
            return Fp4.toFloat((byte) Int4.getNibble(s, index));
        }

        @Override
        long loadLong(MemorySegment s, long index) {
            return toLong(load(s, index));
        }

        @Override
        void store(MemorySegment s, long index, double v) {
            Int4.setNibble(s, index, Fp4.fromDouble(v));
        }

        @Override
        void storeLong(MemorySegment s, long index, long v) {
            Int4.setNibble(s, index, Fp4.fromDouble(sticky(v)));
        }

        @Override
        double round(double v) {
            return Fp4.toFloat(Fp4.fromDouble(v));
        }

        @Override
        double truncate(double v) {
            return Fp4.FORMAT.decode(Fp4.FORMAT.encodeTowardZero(v));
        }
    }
}
