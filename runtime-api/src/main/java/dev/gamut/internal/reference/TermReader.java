package dev.gamut.internal.reference;

import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Operand;
import java.lang.foreign.MemorySegment;

/** Reads the terms of one result of a reduction after the other, in row-major order of the logical shape, block by block. */
final class TermReader {
    private final DType type;
    private final Layout kept;
    private final Layout outer;
    private final long rowSize;
    private final long rowStride;
    private final long terms;
    private MemorySegment data;
    private long offset;
    private long start;
    private long done;

    /**
     * For one operand.
     *
     * @param type its element type
     * @param layout its shape and strides
     * @param axis the reduced axis, or {@link ReduceDesc#ALL}
     */
    TermReader(DType type, Layout layout, int axis) {
        this.type = type;
        boolean all = axis == ReduceDesc.ALL;
        Layout reduced = all ? layout : Layout.of(new long[] {layout.size(axis)}, new long[] {layout.stride(axis)});
        int last = reduced.rank() - 1;
        this.kept = all ? Layout.rowMajor() : layout.without(axis);
        this.outer = last < 0 ? reduced : reduced.without(last);
        this.rowSize = last < 0 ? 1 : reduced.size(last);
        this.rowStride = last < 0 ? 0 : reduced.stride(last);
        this.terms = reduced.size();
    }

    void bind(Operand operand) {
        data = operand.segment();
        offset = operand.offset();
    }

    void release() {
        data = null;
    }

    /** Terms of one result. */
    long terms() {
        return terms;
    }

    /** Goes to the first term of a result, which may be the present one again. */
    void start(long result) {
        start = offset + position(kept, result);
        done = 0;
    }

    /** Reads the next terms as F64 and returns how many there were, 0 at the end. */
    int doubles(double[] out) {
        int count = 0;
        while (count < out.length && done < terms) {
            long at = next();
            int run = runLength(out.length - count);
            for (int i = 0; i < run; i++) {
                out[count++] = type.load(data, at + i * rowStride);
            }
            done += run;
        }
        return count;
    }

    /** Reads the next terms as integers and returns how many there were, 0 at the end. */
    int longs(long[] out) {
        int count = 0;
        while (count < out.length && done < terms) {
            long at = next();
            int run = runLength(out.length - count);
            for (int i = 0; i < run; i++) {
                out[count++] = type.loadLong(data, at + i * rowStride);
            }
            done += run;
        }
        return count;
    }

    private long next() {
        return start + position(outer, done / rowSize) + done % rowSize * rowStride;
    }

    private int runLength(int room) {
        return (int) Math.min(room, rowSize - done % rowSize);
    }

    /** Where the element with a row-major number lies. */
    private static long position(Layout layout, long number) {
        long at = 0;
        long rest = number;
        for (int axis = layout.rank() - 1; axis >= 0; axis--) {
            at += rest % layout.size(axis) * layout.stride(axis);
            rest /= layout.size(axis);
        }
        return at;
    }
}
