package dev.gamut.internal.plan;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.internal.memory.SegmentChecks;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** What is checked about an operand's memory before anything is computed, so that nothing can crash or corrupt. */
final class OperandChecks {
    /** Integers up to this magnitude are exact in F64. */
    private static final double EXACT_FACTOR = 0x1p53;

    private OperandChecks() {}

    /**
     * An operand must exist, store its type, reach far enough, be alive, and be reachable from the threads that will use
     * it.
     */
    static void memory(String name, Operand operand, DType type, long extent, boolean written, Engine engine) {
        if (operand.isEmpty()) {
            throw new IllegalArgumentException(name + " is null; an array, a segment or a tensor is needed");
        }
        if (operand.array() != null && !Operand.holds(operand.array(), type)) {
            throw new IllegalArgumentException(
                    name + " is a " + operand.array().getClass().getSimpleName() + ", which does not store " + type);
        }
        if (operand.declared() != null && operand.declared() != type) {
            throw new IllegalArgumentException(name + " holds " + operand.declared() + "; the plan takes " + type);
        }
        long capacity = operand.capacity(type);
        long offset = operand.offset();
        if (offset < 0 || extent > capacity - offset) {
            throw new IllegalArgumentException(
                    name + " holds " + capacity + " elements; " + extent + " from offset " + offset + " on are needed");
        }
        if (type.isSubByte() && offset % (8 / type.bits()) != 0) {
            throw new IllegalArgumentException(
                    name + " starts at element " + offset + "; " + type + " elements start at a whole byte");
        }
        MemorySegment segment = operand.segmentOrNull();
        if (segment != null) {
            segment(name, segment, written, engine);
        }
        if (operand.remote() != null) {
            engine.requireReachable(name, operand.remote());
        }
    }

    /** Scale factors and zero points of a quantised operand are memory too. Their name is put together only to complain. */
    static void factors(String what, String name, Tensor factors, Engine engine) {
        if (factors != null && factors.remote() != null) {
            engine.requireReachable(what + name, factors.remote());
        } else if (factors != null && factors.array() == null) {
            segment(what + name, factors.segment(), false, engine);
        }
    }

    private static void segment(String name, MemorySegment segment, boolean written, Engine engine) {
        SegmentChecks.requireUsable(name, segment, written);
        if (engine.threads() > 1 && SegmentChecks.isConfined(segment)) {
            throw new IllegalArgumentException(name + " is a segment confined to this thread, and " + engine.threads()
                    + " threads would use it; use a shared or automatic arena, or a Gamut with one thread");
        }
    }

    /** C must share no element with a matrix that is read. */
    static void disjoint(String name, MatrixDesc x, Operand operand, MatrixDesc c, Operand result, long batch) {
        long bits = x.type().bits();
        if (overlap(operand, x.type(), x.extent(batch), result, c.type(), c.extent(batch))
                && !(batch == 1
                        && bits == c.type().bits()
                        && apartAsRectangles(x, start(operand, bits), c, start(result, bits)))) {
            throw sharing("c", name);
        }
    }

    /** A contiguous result must share no element with an operand that is read. */
    static void disjoint(
            String name, Operand x, DType typeX, long extentX, String result, Operand out, DType type, long extent) {
        if (overlap(x, typeX, extentX, out, type, extent)) {
            throw sharing(result, name);
        }
    }

    private static IllegalArgumentException sharing(String result, String name) {
        return new IllegalArgumentException(
                result + " shares elements with " + name + "; the result needs memory of its own");
    }

    /** Whether the ranges from first to last element meet. */
    private static boolean overlap(Operand x, DType typeX, long extentX, Operand y, DType typeY, long extentY) {
        if (extentX == 0 || extentY == 0 || !sameMemory(x, y)) {
            return false;
        }
        long startX = start(x, typeX.bits());
        long startY = start(y, typeY.bits());
        return startX < startY + extentY * typeY.bits() && startY < startX + extentX * typeX.bits();
    }

    /** Read-only heap segments hide their array, but not from {@code asOverlappingSlice}. */
    private static boolean sameMemory(Operand a, Operand b) {
        if (a.remote() != null || b.remote() != null) {
            return a.remote() == b.remote();
        }
        MemorySegment x = a.segmentOrNull();
        MemorySegment y = b.segmentOrNull();
        if (x == null && y == null) {
            return a.array() == b.array();
        }
        if (x == null ? y.isNative() : y == null && x.isNative()) {
            return false; // an array and native memory
        }
        if (x != null && y != null && x.isNative() && y.isNative()) {
            return true; // absolute addresses tell
        }
        return a.segment().asOverlappingSlice(b.segment()).isPresent();
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
    private static boolean apartAsRectangles(MatrixDesc x, long firstBitX, MatrixDesc c, long firstBitC) {
        long bits = x.type().bits();
        long ld = Math.max(x.rowStride(), x.colStride());
        boolean unit = Math.min(x.rowStride(), x.colStride()) == 1 && Math.min(c.rowStride(), c.colStride()) == 1;
        if (!unit || ld != Math.max(c.rowStride(), c.colStride()) || (firstBitC - firstBitX) % bits != 0) {
            return false;
        }
        long distance = (firstBitC - firstBitX) / bits;
        return Math.floorMod(distance, ld) >= width(x) && Math.floorMod(-distance, ld) >= width(c);
    }

    private static long width(MatrixDesc panel) {
        return panel.colStride() == 1 ? panel.cols() : panel.rows();
    }

    /** Factors of exact integer results are integers that F64 tells from their neighbours. */
    static void integer(String name, double factor, DType result) {
        if (factor != Math.rint(factor) || Math.abs(factor) > EXACT_FACTOR) {
            throw new IllegalArgumentException(name + " is " + factor + "; an exact " + result
                    + " result needs an integer of magnitude up to 2^53");
        }
    }
}
