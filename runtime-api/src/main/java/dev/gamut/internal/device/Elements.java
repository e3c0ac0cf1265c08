package dev.gamut.internal.device;

import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import java.lang.foreign.MemorySegment;

/** Copies of a layout's elements that leave alone what lies between them. */
final class Elements {
    private Elements() {}

    /** Whether nothing lies between the elements. */
    static boolean areAll(DType type, Layout layout) {
        return layout.size() == layout.extent() && layout.isInjective() && !type.isSubByte();
    }

    /**
     * Copies.
     *
     * @param type of both
     * @param layout of both
     * @param from memory whose first element is the layout's
     * @param to memory
     * @param first its element that is the layout's first
     */
    static void copy(DType type, Layout layout, MemorySegment from, MemorySegment to, long first) {
        if (areAll(type, layout)) {
            run(type, from, 0, to, first, layout.extent());
        } else {
            axis(type, layout, 0, from, 0, to, first);
        }
    }

    private static void axis(
            DType type, Layout layout, int axis, MemorySegment from, long source, MemorySegment to, long target) {
        if (axis == layout.rank()) {
            run(type, from, source, to, target, 1);
            return;
        }
        long size = layout.size(axis);
        long stride = layout.stride(axis);
        if (axis == layout.rank() - 1 && stride == 1) {
            run(type, from, source, to, target, size);
            return;
        }
        for (long i = 0; i < size; i++) {
            axis(type, layout, axis + 1, from, source + i * stride, to, target + i * stride);
        }
    }

    private static void run(DType type, MemorySegment from, long source, MemorySegment to, long target, long count) {
        if (type.isSubByte()) {
            for (long i = 0; i < count; i++) {
                type.store(to, target + i, type.load(from, source + i));
            }
        } else {
            MemorySegment.copy(from, type.bytes(source), to, type.bytes(target), type.bytes(count));
        }
    }
}
