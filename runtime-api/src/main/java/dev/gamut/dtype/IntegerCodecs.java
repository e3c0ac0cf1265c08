package dev.gamut.dtype;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * The codecs of the integer types. Rounding is to the nearest integer, ties to even; values out of range saturate; NaN
 * becomes 0, which is what Java's own narrowing makes of it.
 */
final class IntegerCodecs {
    private IntegerCodecs() {}

    /** 64-bit signed integers; {@code load} rounds those beyond 2^53. */
    static final class I64 extends Codec {
        @Override
        double load(MemorySegment s, long index) {
            return s.getAtIndex(JAVA_LONG_UNALIGNED, index);
        }

        @Override
        long loadLong(MemorySegment s, long index) {
            return s.getAtIndex(JAVA_LONG_UNALIGNED, index);
        }

        @Override
        void store(MemorySegment s, long index, double v) {
            s.setAtIndex(JAVA_LONG_UNALIGNED, index, (long) Math.rint(v));
        }

        @Override
        void storeLong(MemorySegment s, long index, long v) {
            s.setAtIndex(JAVA_LONG_UNALIGNED, index, v);
        }

        @Override
        double round(double v) {
            return (long) Math.rint(v);
        }

        @Override
        double truncate(double v) {
            return (long) v;
        }
    }

    /** 32-bit signed integers. */
    static final class I32 extends Codec {
        @Override
        double load(MemorySegment s, long index) {
            return s.getAtIndex(JAVA_INT_UNALIGNED, index);
        }

        @Override
        long loadLong(MemorySegment s, long index) {
            return s.getAtIndex(JAVA_INT_UNALIGNED, index);
        }

        @Override
        void store(MemorySegment s, long index, double v) {
            s.setAtIndex(JAVA_INT_UNALIGNED, index, (int) Math.rint(v));
        }

        @Override
        void storeLong(MemorySegment s, long index, long v) {
            s.setAtIndex(JAVA_INT_UNALIGNED, index, Math.clamp(v, Integer.MIN_VALUE, Integer.MAX_VALUE));
        }

        @Override
        double round(double v) {
            return (int) Math.rint(v);
        }

        @Override
        double truncate(double v) {
            return (int) v;
        }
    }

    /** 8-bit signed integers. */
    static final class I8 extends Codec {
        @Override
        double load(MemorySegment s, long index) {
            return s.get(JAVA_BYTE, index);
        }

        @Override
        long loadLong(MemorySegment s, long index) {
            return s.get(JAVA_BYTE, index);
        }

        @Override
        void store(MemorySegment s, long index, double v) {
            s.set(JAVA_BYTE, index, saturate((long) Math.rint(v)));
        }

        @Override
        void storeLong(MemorySegment s, long index, long v) {
            s.set(JAVA_BYTE, index, saturate(v));
        }

        @Override
        double round(double v) {
            return saturate((long) Math.rint(v));
        }

        @Override
        double truncate(double v) {
            return saturate((long) v);
        }

        private static byte saturate(long v) {
            return (byte) Math.clamp(v, Byte.MIN_VALUE, Byte.MAX_VALUE);
        }
    }

    /** 8-bit unsigned integers. */
    static final class U8 extends Codec {
        private static final int MAX = 255;

        @Override
        double load(MemorySegment s, long index) {
            return s.get(JAVA_BYTE, index) & 0xFF;
        }

        @Override
        long loadLong(MemorySegment s, long index) {
            return s.get(JAVA_BYTE, index) & 0xFF;
        }

        @Override
        void store(MemorySegment s, long index, double v) {
            s.set(JAVA_BYTE, index, (byte) saturate((long) Math.rint(v)));
        }

        @Override
        void storeLong(MemorySegment s, long index, long v) {
            s.set(JAVA_BYTE, index, (byte) saturate(v));
        }

        @Override
        double round(double v) {
            return saturate((long) Math.rint(v));
        }

        @Override
        double truncate(double v) {
            return saturate((long) v);
        }

        private static int saturate(long v) {
            return Math.clamp(v, 0, MAX);
        }
    }

    /** 4-bit signed integers, two to a byte. */
    static final class I4 extends Codec {
        @Override
        double load(MemorySegment s, long index) {
            return Int4.toByte(Int4.getNibble(s, index));
        }

        @Override
        long loadLong(MemorySegment s, long index) {
            return Int4.toByte(Int4.getNibble(s, index));
        }

        @Override
        void store(MemorySegment s, long index, double v) {
            Int4.setNibble(s, index, Int4.fromDouble(v));
        }

        @Override
        void storeLong(MemorySegment s, long index, long v) {
            Int4.setNibble(s, index, Int4.saturate(v));
        }

        @Override
        double round(double v) {
            return Int4.fromDouble(v);
        }

        @Override
        double truncate(double v) {
            return Int4.saturate((long) v);
        }
    }
}
