package dev.gamut.dtype;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Four-bit two's complement integers, -8 to 7, and the packing of four-bit codes of any kind two to a byte: the element
 * with the even index is in the low nibble.
 *
 * <p>Source of the packing order: the one that GGUF, ONNX and the OCP MX data sets share, low nibble first. All methods
 * are thread-safe, except that writing one nibble rewrites the byte that its neighbour lies in: see {@link #setNibble}.
 */
public final class Int4 {
    /** The least value. */
    public static final int MIN = -8;

    /** The largest value. */
    public static final int MAX = 7;

    private Int4() {}

    /**
     * Rounds to the nearest integer, ties to even, and saturates.
     *
     * @param v any value; NaN becomes 0
     * @return the integer, -8 to 7
     */
    public static byte fromDouble(double v) {
        return saturate((long) Math.rint(v));
    }

    /**
     * Saturates an integer.
     *
     * @param v any value
     * @return the nearest value from -8 to 7
     */
    public static byte saturate(long v) {
        return (byte) Math.clamp(v, MIN, MAX);
    }

    /**
     * Extends the sign of a four-bit code.
     *
     * @param code a code; its upper four bits are ignored
     * @return its value, -8 to 7
     */
    public static byte toByte(int code) {
        return (byte) (code << 28 >> 28);
    }

    /**
     * Packs two codes.
     *
     * @param even the code with the even index, for the low nibble; bits above the fourth are ignored
     * @param odd the code with the odd index, for the high nibble; bits above the fourth are ignored
     * @return the byte that holds both
     */
    public static byte pack(int even, int odd) {
        return (byte) (even & 0xF | odd << 4);
    }

    /**
     * The value in the low nibble.
     *
     * @param packed two elements
     * @return the element with the even index, -8 to 7
     */
    public static byte even(byte packed) {
        return toByte(packed);
    }

    /**
     * The value in the high nibble.
     *
     * @param packed two elements
     * @return the element with the odd index, -8 to 7
     */
    public static byte odd(byte packed) {
        return (byte) (packed >> 4);
    }

    /**
     * Reads a four-bit code.
     *
     * @param s where the codes lie
     * @param index which code, counted in nibbles from the start of the segment
     * @return the code, 0 to 15
     * @throws IndexOutOfBoundsException if the code lies outside the segment
     */
    public static int getNibble(MemorySegment s, long index) {
        return s.get(ValueLayout.JAVA_BYTE, index >> 1) >>> shift(index) & 0xF;
    }

    /**
     * Writes a four-bit code and keeps the other one in its byte. Two threads must not write codes of the same byte at
     * the same time, as one of the two could be lost.
     *
     * @param s where the codes lie
     * @param index which code, counted in nibbles from the start of the segment
     * @param code the code; bits above the fourth are ignored
     * @throws IndexOutOfBoundsException if the code lies outside the segment
     */
    public static void setNibble(MemorySegment s, long index, int code) {
        int shift = shift(index);
        int kept = s.get(ValueLayout.JAVA_BYTE, index >> 1) & 0xF0 >>> shift;
        s.set(ValueLayout.JAVA_BYTE, index >> 1, (byte) (kept | (code & 0xF) << shift));
    }

    private static int shift(long index) {
        return (int) (index & 1) << 2;
    }
}
