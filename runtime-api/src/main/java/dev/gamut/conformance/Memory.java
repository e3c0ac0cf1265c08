package dev.gamut.conformance;

import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Memory of one operand under test: filled with poison (NaN where the type has one), elements somewhere inside, and a copy from
 * before the run to tell what was written.
 */
final class Memory {
    /** Where elements lie. */
    enum Place {
        /** A Java array from its start. */
        ARRAY(0),
        /** A Java array, one element in. */
        ARRAY_1(1),
        /** A Java array, three elements in. */
        ARRAY_3(3),
        /** Native memory, 64-byte aligned unless {@link Conformance#NATIVE_MEMORY} says otherwise. */
        NATIVE(0),
        /** The same from its second element on. */
        NATIVE_1(1),
        /** A heap segment that ends before its array does. */
        HEAP_SLICE(2),
        /** A heap segment over bytes, at an odd address. */
        ODD_BYTES(0);

        private final int offset;

        Place(int offset) {
            this.offset = offset;
        }

        private boolean isArray() {
            return name().startsWith("ARRAY");
        }

        /** Elements of poison behind the operand: none where the memory itself tells of being overrun. */
        private int guard() {
            boolean guarded = name().startsWith("NATIVE") && Conformance.NATIVE_MEMORY.isBound();
            return guarded ? 0 : GUARD;
        }
    }

    private static final int GUARD = 6;
    private static final byte POISON = 0x5A;

    private final DType type;
    private final Object array;
    private final MemorySegment segment;
    private final long offset;
    private MemorySegment before;

    private Memory(DType type, Object array, MemorySegment segment, long offset) {
        this.type = type;
        this.array = array;
        this.segment = segment;
        this.offset = offset;
    }

    /** Poisoned memory with room for a number of elements. */
    static Memory of(DType type, long extent, Place place) {
        long offset = type.isSubByte() ? 2L * place.offset : place.offset;
        long elements = offset + extent + place.guard();
        Memory memory = allocate(type, elements, offset, place);
        memory.poison(elements);
        memory.remember();
        return memory;
    }

    private static Memory allocate(DType type, long elements, long offset, Place place) {
        if (place.isArray()) {
            Object array = Tensor.zeros(type, elements).array();
            return new Memory(type, array, Operand.wrap(array), offset);
        }
        long bytes = type.bytes(elements);
        MemorySegment segment = switch (place) {
            case NATIVE, NATIVE_1 ->
                Conformance.NATIVE_MEMORY.orElse(Arena.ofAuto()).allocate(bytes, 64);
            case HEAP_SLICE ->
                Operand.wrap(Tensor.zeros(type, elements + 4).array()).asSlice(0, bytes);
            default ->
                MemorySegment.ofArray(new byte[Math.toIntExact(bytes + 8)]).asSlice(3, bytes);
        };
        return new Memory(type, null, segment, offset);
    }

    private void poison(long elements) {
        segment.fill(POISON);
        if (type.hasNaN()) {
            for (long e = 0; e < elements; e++) {
                type.store(segment, e, Double.NaN);
            }
        }
    }

    /** Takes the copy that later changes are told by. */
    void remember() {
        before = MemorySegment.ofArray(segment.toArray(ValueLayout.JAVA_BYTE));
    }

    /** Back to what was remembered. */
    void restore() {
        segment.copyFrom(before);
    }

    /** Stores an element, counted from the operand's first one. */
    void put(long index, double value) {
        type.store(segment, offset + index, value);
    }

    /** Points an operand here. */
    void point(Operand operand) {
        if (array != null) {
            operand.set(array, offset);
        } else {
            operand.set(segment, type, offset);
        }
    }

    /** Points an operand at the remembered copy. */
    void pointBefore(Operand operand) {
        operand.set(before.asReadOnly(), type, offset);
    }

    /** A view. */
    Tensor tensor(Layout layout) {
        if (array != null) {
            return Tensor.of(array, type, layout, offset);
        }
        long bytes = offset * type.bits() / 8;
        return Tensor.of(segment.asSlice(bytes), type, layout);
    }

    /** Bits of one element, all NaNs alike. */
    long bits(long index) {
        return bits(type, segment, offset + index);
    }

    /** Bits of an element of any segment, all NaNs alike. */
    static long bits(DType type, MemorySegment segment, long index) {
        return type.isInteger() ? type.loadLong(segment, index) : Double.doubleToLongBits(type.load(segment, index));
    }

    /** The memory. */
    MemorySegment segment() {
        return segment;
    }

    /** Where the operand's first element is. */
    long offset() {
        return offset;
    }

    /** Whether nothing differs from the remembered copy. */
    boolean isUntouched() {
        return segment.mismatch(before) < 0;
    }

    /**
     * First byte outside some elements that differs from the remembered copy; -1 where there is none.
     *
     * @param layout which elements may differ
     */
    long strayWrite(Layout layout) {
        MemorySegment now = MemorySegment.ofArray(segment.toArray(ValueLayout.JAVA_BYTE));
        long size = layout.size();
        long[] index = new long[layout.rank()];
        for (long e = 0; e < size; e++) {
            long rest = e;
            for (int d = layout.rank() - 1; d >= 0; d--) {
                index[d] = rest % layout.size(d);
                rest /= layout.size(d);
            }
            putBack(now, offset + layout.at(index));
        }
        return now.mismatch(before);
    }

    /** Gives one element its remembered bits; those of 4 bits share a byte and keep their numbers through the codec. */
    private void putBack(MemorySegment now, long element) {
        if (type.isSubByte()) {
            type.store(now, element, type.load(before, element));
        } else {
            long width = type.bits() / 8;
            MemorySegment.copy(before, element * width, now, element * width, width);
        }
    }
}
