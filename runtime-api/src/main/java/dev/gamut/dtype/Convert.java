package dev.gamut.dtype;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Converts runs of elements from one type to another.
 *
 * <p>Every element is rounded once, straight from its exact value: integers of 64 bits do not pass through double where
 * the target could hold more. Range and NaN are handled as {@link DType} says: infinity where the target has one, else
 * saturation; NaN where the target has one, else 0. Converting a type to itself copies the codes, NaN payloads
 * included.
 *
 * <p>Positions and lengths count elements from the start of a segment. Source and target may not share memory. All
 * methods are thread-safe for disjoint targets; four-bit targets are disjoint only if they share no byte.
 */
public final class Convert {
    private Convert() {}

    /**
     * What a conversion could not keep.
     *
     * @param saturated elements that lay outside the target's finite range and became its nearer limit
     * @param overflowed finite elements that became infinite
     * @param nanLost NaN elements that became 0
     */
    public record Loss(long saturated, long overflowed, long nanLost) {
        /** Nothing. */
        public static final Loss NONE = new Loss(0, 0, 0);

        /**
         * Both together.
         *
         * @param other of other elements
         * @return the sums
         */
        public Loss plus(Loss other) {
            return new Loss(saturated + other.saturated, overflowed + other.overflowed, nanLost + other.nanLost);
        }

        /**
         * Whether every element kept its class and stayed in range.
         *
         * @return true if all counts are 0
         */
        public boolean isNone() {
            return (saturated | overflowed | nanLost) == 0;
        }
    }

    /**
     * Converts {@code n} elements, rounding to nearest even.
     *
     * @param src where the source elements lie
     * @param srcType their type
     * @param srcIndex the first of them
     * @param dst where the results go
     * @param dstType the type to convert to
     * @param dstIndex the first position to write
     * @param n how many elements
     * @throws IllegalArgumentException if an index or {@code n} is negative, a range does not lie in its segment, the
     *     target is read-only, or source and target overlap
     */
    public static void convert(
            MemorySegment src, DType srcType, long srcIndex, MemorySegment dst, DType dstType, long dstIndex, long n) {
        convert(src, srcType, srcIndex, dst, dstType, dstIndex, n, Rounding.NEAREST_EVEN);
    }

    /**
     * Converts {@code n} elements.
     *
     * @param src where the source elements lie
     * @param srcType their type
     * @param srcIndex the first of them
     * @param dst where the results go
     * @param dstType the type to convert to
     * @param dstIndex the first position to write
     * @param n how many elements
     * @param rounding what becomes of values that the target type does not hold
     * @throws IllegalArgumentException if an index or {@code n} is negative, a range does not lie in its segment, the
     *     target is read-only, or source and target overlap
     */
    public static void convert(
            MemorySegment src,
            DType srcType,
            long srcIndex,
            MemorySegment dst,
            DType dstType,
            long dstIndex,
            long n,
            Rounding rounding) {
        check(src, srcType, srcIndex, dst, dstType, dstIndex, n);
        if (Objects.requireNonNull(rounding, "rounding") == Rounding.STOCHASTIC) {
            throw new IllegalArgumentException("rounding is STOCHASTIC, which needs a seed: use stochastic");
        }
        if (srcType == dstType) {
            copy(srcType, src, srcIndex, dst, dstIndex, n);
        } else if (srcType == DType.F32 && dstType == DType.F64) {
            floatsToDoubles(src, srcIndex, dst, dstIndex, n);
        } else if (rounding == Rounding.TOWARD_ZERO) {
            truncate(src, srcType, srcIndex, dst, dstType, dstIndex, n);
        } else if (srcType == DType.F64 && dstType == DType.F32) {
            doublesToFloats(src, srcIndex, dst, dstIndex, n);
        } else if (srcType.isInteger()) {
            for (long i = 0; i < n; i++) {
                dstType.storeLong(dst, dstIndex + i, srcType.loadLong(src, srcIndex + i));
            }
        } else {
            for (long i = 0; i < n; i++) {
                dstType.store(dst, dstIndex + i, srcType.load(src, srcIndex + i));
            }
        }
    }

    /**
     * Converts as {@link #convert} does and counts what was lost; slower, as it looks at every element twice.
     *
     * @param src where the source elements lie
     * @param srcType their type
     * @param srcIndex the first of them
     * @param dst where the results go
     * @param dstType the type to convert to
     * @param dstIndex the first position to write
     * @param n how many elements
     * @param rounding what becomes of values that the target type does not hold
     * @return the elements that saturated, overflowed or lost their NaN
     * @throws IllegalArgumentException if an index or {@code n} is negative, a range does not lie in its segment, the
     *     target is read-only, or source and target overlap
     */
    public static Loss convertCounting(
            MemorySegment src,
            DType srcType,
            long srcIndex,
            MemorySegment dst,
            DType dstType,
            long dstIndex,
            long n,
            Rounding rounding) {
        convert(src, srcType, srcIndex, dst, dstType, dstIndex, n, rounding);
        if (srcType == dstType) {
            return new Loss(0, 0, 0);
        }
        return countLoss(src, srcType, srcIndex, dst, dstType, dstIndex, n);
    }

    /**
     * Converts {@code n} elements with {@link Rounding#STOCHASTIC}; the target has at most 16 bits.
     *
     * @param src where the source elements lie
     * @param srcType their type
     * @param srcIndex the first of them
     * @param dst where the results go
     * @param dstType the type to convert to
     * @param dstIndex the first position to write
     * @param n how many elements
     * @param seed equal seeds give equal results
     * @param number of the first element, from which its random number follows
     * @throws IllegalArgumentException as for {@link #convert}, and if the target has more than 16 bits
     */
    public static void stochastic(
            MemorySegment src,
            DType srcType,
            long srcIndex,
            MemorySegment dst,
            DType dstType,
            long dstIndex,
            long n,
            long seed,
            long number) {
        check(src, srcType, srcIndex, dst, dstType, dstIndex, n);
        Stochastic.requireNarrow(dstType);
        for (long i = 0; i < n; i++) {
            double v = srcType.load(src, srcIndex + i);
            dstType.store(dst, dstIndex + i, Stochastic.round(dstType, v, seed, number + i));
        }
    }

    /**
     * Counts what a conversion could not keep, from its source and its result.
     *
     * @param src where the source elements lie
     * @param srcType their type
     * @param srcIndex the first of them
     * @param dst where the results are
     * @param dstType their type
     * @param dstIndex the first of them
     * @param n how many elements
     * @return the elements that saturated, overflowed or lost their NaN
     */
    public static Loss countLoss(
            MemorySegment src, DType srcType, long srcIndex, MemorySegment dst, DType dstType, long dstIndex, long n) {
        double lowest = dstType.lowest();
        // The largest I64 is not a double: the largest double that an I64 can hold stands for it.
        double max = dstType == DType.I64 ? Math.nextDown(dstType.maxFinite()) : dstType.maxFinite();
        long saturated = 0;
        long overflowed = 0;
        long nanLost = 0;
        for (long i = 0; i < n; i++) {
            double from = srcType.load(src, srcIndex + i);
            double to = dstType.load(dst, dstIndex + i);
            if (Double.isNaN(from)) {
                nanLost += Double.isNaN(to) ? 0 : 1;
            } else if (Double.isInfinite(to)) {
                overflowed += Double.isInfinite(from) ? 0 : 1;
            } else if (from > max || from < lowest) {
                saturated++;
            }
        }
        return new Loss(saturated, overflowed, nanLost);
    }

    private static void truncate(
            MemorySegment src, DType srcType, long srcIndex, MemorySegment dst, DType dstType, long dstIndex, long n) {
        if (srcType.isInteger() && dstType.isInteger()) {
            for (long i = 0; i < n; i++) {
                dstType.storeLong(dst, dstIndex + i, srcType.loadLong(src, srcIndex + i));
            }
        } else if (srcType == DType.I64) {
            // Truncating to double first is harmless, as truncations compose.
            for (long i = 0; i < n; i++) {
                double v = truncateToDouble(srcType.loadLong(src, srcIndex + i));
                dstType.store(dst, dstIndex + i, dstType.truncate(v));
            }
        } else {
            for (long i = 0; i < n; i++) {
                dstType.store(dst, dstIndex + i, dstType.truncate(srcType.load(src, srcIndex + i)));
            }
        }
    }

    private static double truncateToDouble(long v) {
        double nearest = v;
        // 2^63 as a double saturates back to 2^63-1, so the comparison must rule it out by hand.
        boolean away = v >= 0 ? nearest == 0x1p63 || (long) nearest > v : (long) nearest < v;
        return away ? Math.copySign(Math.nextDown(Math.abs(nearest)), nearest) : nearest;
    }

    private static void floatsToDoubles(MemorySegment src, long srcIndex, MemorySegment dst, long dstIndex, long n) {
        for (long i = 0; i < n; i++) {
            double v = src.getAtIndex(JAVA_FLOAT_UNALIGNED, srcIndex + i);
            dst.setAtIndex(JAVA_DOUBLE_UNALIGNED, dstIndex + i, v);
        }
    }

    private static void doublesToFloats(MemorySegment src, long srcIndex, MemorySegment dst, long dstIndex, long n) {
        for (long i = 0; i < n; i++) {
            float v = (float) src.getAtIndex(JAVA_DOUBLE_UNALIGNED, srcIndex + i);
            dst.setAtIndex(JAVA_FLOAT_UNALIGNED, dstIndex + i, v);
        }
    }

    private static void copy(DType type, MemorySegment src, long srcIndex, MemorySegment dst, long dstIndex, long n) {
        if (!type.isSubByte()) {
            MemorySegment.copy(src, type.bytes(srcIndex), dst, type.bytes(dstIndex), type.bytes(n));
        } else if (n > 0 && (srcIndex & 1) == (dstIndex & 1)) {
            copyNibblesInPhase(src, srcIndex, dst, dstIndex, n);
        } else {
            for (long i = 0; i < n; i++) {
                Int4.setNibble(dst, dstIndex + i, Int4.getNibble(src, srcIndex + i));
            }
        }
    }

    /** Copies whole bytes, and apart from them a first element in a high nibble and a last one in a low nibble. */
    private static void copyNibblesInPhase(MemorySegment src, long srcIndex, MemorySegment dst, long dstIndex, long n) {
        long head = srcIndex & 1;
        if (head == 1) {
            Int4.setNibble(dst, dstIndex, Int4.getNibble(src, srcIndex));
        }
        long rest = n - head;
        MemorySegment.copy(src, srcIndex + head >> 1, dst, dstIndex + head >> 1, rest >> 1);
        if ((rest & 1) == 1) {
            Int4.setNibble(dst, dstIndex + n - 1, Int4.getNibble(src, srcIndex + n - 1));
        }
    }

    private static void check(
            MemorySegment src, DType srcType, long srcIndex, MemorySegment dst, DType dstType, long dstIndex, long n) {
        if (n < 0) {
            throw new IllegalArgumentException("n is " + n + ", must be at least 0");
        }
        MemorySegment from = range("src", src, srcType, srcIndex, n);
        MemorySegment to = range("dst", dst, dstType, dstIndex, n);
        if (to.isReadOnly()) {
            throw new IllegalArgumentException("dst is read-only, must be writable");
        }
        if (from.asOverlappingSlice(to).isPresent()) {
            throw new IllegalArgumentException("dst overlaps src, must be apart from it");
        }
    }

    /** The bytes that a range of elements touches, after checking that the segment has them. */
    private static MemorySegment range(String name, MemorySegment s, DType type, long index, long n) {
        Objects.requireNonNull(s, name);
        Objects.requireNonNull(type, name + "Type");
        if (index < 0) {
            throw new IllegalArgumentException(name + "Index is " + index + ", must be at least 0");
        }
        long capacity = type.elements(s.byteSize());
        if (index > capacity - n) {
            throw new IllegalArgumentException(name + "Index is " + index + " and n is " + n + ", but " + name
                    + " has room for " + capacity + " elements of type " + type.id());
        }
        long start = type.isSubByte() ? index >> 1 : type.bytes(index);
        long end = type.bytes(index + n);
        return s.asSlice(start, end - start);
    }
}
