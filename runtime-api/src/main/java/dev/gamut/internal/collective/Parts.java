package dev.gamut.internal.collective;

import dev.gamut.dtype.DType;
import java.util.Arrays;

/**
 * Where the parts of a buffer lie: bytes from its start, and elements.
 *
 * @param first byte at which each part begins
 * @param count elements of each part
 */
record Parts(long[] first, long[] count) {
    /** Parts of whole cache lines, so that no two ranks write to one. */
    private static final int LINE = 64;

    /** One part. */
    static Parts whole(long elements) {
        return new Parts(new long[1], new long[] {elements});
    }

    /**
     * Cuts into nearly equal parts; the last ones may be empty.
     *
     * @param type of the elements
     * @param sized the type by whose size is cut, so that buffers of two types have the same parts
     */
    static Parts even(DType type, DType sized, long elements, int parts) {
        long perLine = (long) LINE * Byte.SIZE / sized.bits();
        long each = (elements + parts - 1) / parts;
        each = (each + perLine - 1) / perLine * perLine;
        long[] first = new long[parts];
        long[] count = new long[parts];
        for (int i = 0; i < parts; i++) {
            long from = Math.min(elements, i * each);
            first[i] = type.bytes(from);
            count[i] = Math.min(elements, from + each) - from;
        }
        return new Parts(first, count);
    }

    /** One after the other, each from a whole byte on. */
    static Parts of(DType type, long[] counts) {
        long[] first = new long[counts.length];
        for (int i = 1; i < counts.length; i++) {
            first[i] = first[i - 1] + type.bytes(counts[i - 1]);
        }
        return new Parts(first, counts.clone());
    }

    /** Elements of all parts. */
    long elements() {
        return Arrays.stream(count).sum();
    }
}
