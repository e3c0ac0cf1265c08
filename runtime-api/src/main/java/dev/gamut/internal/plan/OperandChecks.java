package dev.gamut.internal.plan;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Operand;
import java.lang.foreign.MemorySegment;

/** What is checked about an operand's memory before anything is computed, so that nothing can crash or corrupt. */
final class OperandChecks {
    private OperandChecks() {}

    /**
     * An operand must exist, store its type, reach far enough, be alive, and be reachable from the threads that will use
     * it.
     */
    static void memory(String name, Operand operand, DType type, long extent, boolean written, int threads) {
        if (operand.isEmpty()) {
            throw new IllegalArgumentException(name + " is null; an array, a segment or a tensor is needed");
        }
        if (operand.array() != null && !Operand.holds(operand.array(), type)) {
            throw new IllegalArgumentException(
                    name + " is a " + operand.array().getClass().getSimpleName() + ", which does not store " + type);
        }
        if (operand.tensor() != null && operand.tensor().dtype() != type) {
            throw new IllegalArgumentException(
                    name + " holds " + operand.tensor().dtype() + "; the plan takes " + type);
        }
        long capacity = operand.capacity(type);
        long offset = operand.offset();
        if (offset < 0 || extent > capacity - offset) {
            throw new IllegalArgumentException(
                    name + " holds " + capacity + " elements; " + extent + " from offset " + offset + " on are needed");
        }
        MemorySegment segment = operand.segmentOrNull();
        if (segment != null) {
            segment(name, segment, written, threads);
        }
    }

    private static void segment(String name, MemorySegment segment, boolean written, int threads) {
        if (!segment.scope().isAlive()) {
            throw new IllegalArgumentException(name + " is a segment whose arena is closed");
        }
        if (written && segment.isReadOnly()) {
            throw new IllegalArgumentException(name + " is a read-only segment; the result is written to it");
        }
        if (!segment.isAccessibleBy(Thread.currentThread())) {
            throw new IllegalArgumentException(name + " is a segment confined to another thread");
        }
        if (threads > 1 && confined(segment)) {
            throw new IllegalArgumentException(name + " is a segment confined to this thread, and " + threads
                    + " threads would use it; use a shared or automatic arena, or a Gamut with one thread");
        }
    }

    /** Probes with a thread that is not started: confined segments are accessible by their owner alone. */
    private static boolean confined(MemorySegment segment) {
        return !segment.isAccessibleBy(STRANGER);
    }

    private static final Thread STRANGER = new Thread(() -> {}, "gamut-probe");

    /** C must share no element with an operand that is read. */
    static void disjoint(String name, MatrixDesc x, Operand operand, MatrixDesc c, Operand result, long batch) {
        if (!sameMemory(operand, result)) {
            return;
        }
        long bitsX = x.type().bits();
        long bitsC = c.type().bits();
        long startX = start(operand, bitsX);
        long startC = start(result, bitsC);
        long endX = startX + x.extent(batch) * bitsX;
        long endC = startC + c.extent(batch) * bitsC;
        if (endX <= startC || endC <= startX || endX == startX || endC == startC) {
            return;
        }
        if (batch == 1 && bitsX == bitsC && apartAsRectangles(x, startX / bitsX, c, startC / bitsC)) {
            return;
        }
        throw new IllegalArgumentException("c shares elements with " + name + "; the result needs memory of its own");
    }

    private static boolean sameMemory(Operand a, Operand b) {
        if (a.array() != null || b.array() != null) {
            return a.array() == b.array()
                    || a.array() != null && heapBase(b) == a.array()
                    || b.array() != null && heapBase(a) == b.array();
        }
        return a.segmentOrNull().isNative() == b.segmentOrNull().isNative()
                && (a.segmentOrNull().isNative() || heapBase(a) == heapBase(b));
    }

    private static Object heapBase(Operand operand) {
        MemorySegment segment = operand.segmentOrNull();
        return segment == null || segment.isNative() ? null : segment.heapBase().orElse(null);
    }

    /** First bit of an operand within its array, or its absolute address in bits. */
    private static long start(Operand operand, long bits) {
        MemorySegment segment = operand.segmentOrNull();
        return (segment == null ? 0 : segment.address() * 8) + operand.offset() * bits;
    }

    /**
     * Two panels of one matrix with the same leading dimension, so that an in-place factorisation may read one panel and
     * write another. An element's index modulo the leading dimension lies in a circular interval as wide as its panel:
     * where the intervals are apart, no element is shared. (Panels apart by rows have been told apart by their ranges.)
     */
    private static boolean apartAsRectangles(MatrixDesc x, long startX, MatrixDesc c, long startC) {
        long ld = Math.max(x.rowStride(), x.colStride());
        boolean unit = Math.min(x.rowStride(), x.colStride()) == 1 && Math.min(c.rowStride(), c.colStride()) == 1;
        if (!unit || ld != Math.max(c.rowStride(), c.colStride())) {
            return false;
        }
        return Math.floorMod(startC - startX, ld) >= width(x) && Math.floorMod(startX - startC, ld) >= width(c);
    }

    private static long width(MatrixDesc panel) {
        return panel.colStride() == 1 ? panel.cols() : panel.rows();
    }
}
