package dev.gamut.vector.reduce;

import dev.gamut.dtype.DType;
import dev.gamut.tensor.Operand;
import java.lang.foreign.MemorySegment;

/** Where results are stored, rounded once to their type. */
final class Output {
    private final DType type;
    private double[] doubles;
    private float[] floats;
    private long[] longs;
    private MemorySegment segment;
    private long offset;

    Output(DType type) {
        this.type = type;
    }

    void bind(Operand operand) {
        Object array = operand.array();
        doubles = array instanceof double[] d ? d : null;
        floats = array instanceof float[] f ? f : null;
        longs = array instanceof long[] l ? l : null;
        segment = doubles == null && floats == null && longs == null ? operand.segment() : null;
        offset = operand.offset();
    }

    void release() {
        doubles = null;
        floats = null;
        longs = null;
        segment = null;
    }

    void put(long index, double value) {
        if (doubles != null) {
            doubles[(int) (offset + index)] = value;
        } else if (floats != null) {
            floats[(int) (offset + index)] = (float) value;
        } else if (longs != null) {
            longs[(int) (offset + index)] = (long) value;
        } else {
            type.store(segment, offset + index, value);
        }
    }

    void putIndex(long index, long value) {
        if (longs != null) {
            longs[(int) (offset + index)] = value;
        } else {
            type.storeLong(segment, offset + index, value);
        }
    }
}
