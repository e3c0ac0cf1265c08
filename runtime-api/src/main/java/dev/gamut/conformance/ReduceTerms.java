package dev.gamut.conformance;

import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Operand;
import java.lang.foreign.MemorySegment;

/** The terms of each result of a reduction, in row-major order of the logical shape, from any layout. */
final class ReduceTerms {
    private final DType type;
    private final Layout layout;
    private final int axis;
    private final MemorySegment data;
    private final long offset;
    private final int terms;

    ReduceTerms(ReduceDesc desc, Layout layout, Operand operand) {
        this.type = desc.type();
        this.layout = layout;
        this.axis = desc.axis();
        this.data = operand.segment();
        this.offset = operand.offset();
        this.terms = Math.toIntExact(desc.terms());
    }

    /** Terms as doubles; I64 beyond 2^53 is rounded. */
    double[] doubles(long result) {
        double[] values = new double[terms];
        for (int t = 0; t < terms; t++) {
            values[t] = type.load(data, index(result, t));
        }
        return values;
    }

    /** Terms of an integer type. */
    long[] longs(long result) {
        long[] values = new long[terms];
        for (int t = 0; t < terms; t++) {
            values[t] = type.loadLong(data, index(result, t));
        }
        return values;
    }

    private long index(long result, long term) {
        if (axis == ReduceDesc.ALL) {
            return offset + position(layout, term);
        }
        return offset + position(layout.without(axis), result) + term * layout.stride(axis);
    }

    /** Offset of an element given by its row-major number. */
    private static long position(Layout layout, long number) {
        long rest = number;
        long at = 0;
        for (int d = layout.rank() - 1; d >= 0; d--) {
            at += rest % layout.size(d) * layout.stride(d);
            rest /= layout.size(d);
        }
        return at;
    }
}
