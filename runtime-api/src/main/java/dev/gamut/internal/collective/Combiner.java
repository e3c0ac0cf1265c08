package dev.gamut.internal.collective;

import dev.gamut.collective.CollectiveDesc;
import dev.gamut.collective.Combine;
import dev.gamut.dtype.DType;
import dev.gamut.spi.BlockCodec;
import dev.gamut.spi.BlockOperation;
import dev.gamut.tensor.Operand;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/**
 * Combines elements of several ranks one after the other in the accumulator's type, and rounds once. Blocks that stay in the first
 * cache pass through arrays of that type, unless they lie in some already. One thread at a time.
 */
final class Combiner {
    /** Three blocks of F64 take 48 KiB: about what a core's first cache holds. */
    static final int BLOCK = 2048;

    /** Sources of one part, in the order they are combined in. */
    record Sources(MemorySegment[] memory, long[] first) {}

    private final Map<DType, Lanes<?>> lanes = new EnumMap<>(DType.class);

    /**
     * Combines runs of elements.
     *
     * @param desc types and how they are combined, not by index
     * @param sources each a segment and the byte where its run begins
     * @param to where the results go; a source may be the same memory
     * @param first byte at which they begin
     * @param n elements
     */
    void combine(CollectiveDesc desc, Sources sources, MemorySegment to, long first, long n) {
        Lanes<?> own = lanes.get(desc.type());
        if (own == null || own.result != desc.result()) {
            own = lanes(Arithmetic.of(desc.type()), desc);
            lanes.put(desc.type(), own);
        }
        for (long at = 0; at < n; at += BLOCK) {
            int length = (int) Math.min(BLOCK, n - at);
            own.block(
                    desc.combine(),
                    sources,
                    desc.type().bytes(at),
                    to,
                    first + desc.result().bytes(at),
                    length);
        }
    }

    private static <A> Lanes<A> lanes(Arithmetic<A> arithmetic, CollectiveDesc desc) {
        return new Lanes<>(arithmetic, desc.type(), desc.result());
    }

    /** Scratch memory for elements of one type. Arrays of accumulators are combined where they lie. */
    private static final class Lanes<A> {
        private final Arithmetic<A> arithmetic;
        private final DType type;
        private final DType result;
        private final BlockCodec codec;
        private final A sum;
        private final A next;
        private final MemorySegment sums;
        private final MemorySegment nexts;

        /** Adds two runs of codes where they lie; null where there is no such loop. */
        private final BlockOperation<Object> addsCodes;

        private A found;
        private int foundAt;

        Lanes(Arithmetic<A> arithmetic, DType type, DType result) {
            this.arithmetic = arithmetic;
            this.type = type;
            this.result = result;
            this.codec = FastestLoops.codec(type, result, BLOCK);
            this.sum = arithmetic.array().apply(BLOCK);
            this.next = arithmetic.array().apply(BLOCK);
            this.sums = arithmetic.segment().apply(sum);
            this.nexts = arithmetic.segment().apply(next);
            this.addsCodes = type == result && type != arithmetic.type()
                    ? FastestLoops.operation(type, Combine.SUM, null)
                    : null;
        }

        void block(Combine combine, Sources sources, long offset, MemorySegment to, long first, int n) {
            int count = sources.memory.length;
            if (count == 2 && combine == Combine.SUM && addsCodes != null && addCodes(sources, offset, to, first, n)) {
                return;
            }
            if (count == 1) {
                codec.load(sources.memory[0], sources.first[0] + offset, sums, n);
            }
            boolean stored = count > 1 && combineAll(combine, sources, offset, to, first, n);
            if (combine == Combine.AVERAGE) {
                arithmetic.divide().apply(sum, count, n);
            }
            if (!stored) {
                codec.store(sums, to, first, n);
            }
        }

        /** Adds two sources where they and the results lie in arrays of codes; else does nothing. */
        private boolean addCodes(Sources sources, long offset, MemorySegment to, long first, int n) {
            long left = sources.first[0] + offset;
            long right = sources.first[1] + offset;
            Object x = arrayAt(sources.memory[0], left, type);
            Object y = arrayAt(sources.memory[1], right, type);
            Object sums = arrayAt(to, first, type);
            boolean all = x != null && y != null && sums != null;
            if (all) {
                addsCodes.apply(
                        sums,
                        indexAt(to, first, type),
                        x,
                        indexAt(sources.memory[0], left, type),
                        y,
                        indexAt(sources.memory[1], right, type),
                        n);
            }
            return all;
        }

        /** Combines into {@code to}, where that is an array of accumulators and nothing is left to do, else into the scratch memory. */
        private boolean combineAll(Combine combine, Sources sources, long offset, MemorySegment to, long first, int n) {
            BlockOperation<A> operation = arithmetic.operations().get(combine);
            find(sources.memory[0], sources.first[0] + offset, sum, sums, n);
            int last = sources.memory.length - 1;
            for (int s = 1; s < last; s++) {
                A left = found;
                int l = foundAt;
                find(sources.memory[s], sources.first[s] + offset, next, nexts, n);
                operation.apply(sum, 0, left, l, found, foundAt, n);
                found = sum;
                foundAt = 0;
            }
            A left = found;
            int l = foundAt;
            find(sources.memory[last], sources.first[last] + offset, next, nexts, n);
            A target = combine == Combine.AVERAGE ? null : array(to, first, result);
            if (target == null) {
                operation.apply(sum, 0, left, l, found, foundAt, n);
            } else {
                operation.apply(target, index(to, first), left, l, found, foundAt, n);
            }
            return target != null;
        }

        /** Finds a block: where it lies, if that is in an array of accumulators, else in scratch memory, into which it is loaded. */
        private void find(MemorySegment memory, long first, A scratch, MemorySegment scratches, int n) {
            A own = array(memory, first, type);
            if (own == null) {
                codec.load(memory, first, scratches, n);
            }
            found = own == null ? scratch : own;
            foundAt = own == null ? 0 : index(memory, first);
        }

        /** The accumulators that elements of a type are, in an array of theirs; else null. */
        @SuppressWarnings("unchecked")
        private A array(MemorySegment memory, long first, DType elements) {
            return elements == arithmetic.type() ? (A) arrayAt(memory, first, elements) : null;
        }

        private int index(MemorySegment memory, long first) {
            return indexAt(memory, first, arithmetic.type());
        }
    }

    /**
     * The array of a type that elements lie in from some byte on, null where they lie in none. Classes are compared: Class.isInstance of a
     * class that C2 does not know takes 0.1 µs, as long as half a block.
     */
    private static Object arrayAt(MemorySegment memory, long first, DType type) {
        Object base = memory.heapBase().orElse(null);
        boolean fits = base != null
                && base.getClass() == Operand.arrayOf(type)
                && (memory.address() + first) % type.bytes(1) == 0;
        return fits ? base : null;
    }

    private static int indexAt(MemorySegment memory, long first, DType type) {
        return (int) ((memory.address() + first) / type.bytes(1));
    }

    /**
     * Combines values that have indices.
     *
     * @param desc types; ARGMIN or ARGMAX
     * @param values of each source
     * @param indices of each source, I64
     * @param to where values go
     * @param toIndices where indices go
     * @param n elements
     */
    void select(
            CollectiveDesc desc, Sources values, Sources indices, MemorySegment to, MemorySegment toIndices, long n) {
        DType type = desc.type();
        for (long i = 0; i < n; i++) {
            int best = 0;
            for (int s = 1; s < values.memory.length; s++) {
                if (beats(desc, values, indices, s, best, i)) {
                    best = s;
                }
            }
            if (type.isInteger()) {
                type.storeLong(to, i, load(type, values, best, i));
            } else {
                type.store(to, i, number(type, values, best, i));
            }
            DType.I64.storeLong(toIndices, i, load(DType.I64, indices, best, i));
        }
    }

    private static boolean beats(
            CollectiveDesc desc, Sources values, Sources indices, int challenger, int holder, long i) {
        DType type = desc.type();
        boolean lower = load(DType.I64, indices, challenger, i) < load(DType.I64, indices, holder, i);
        int order;
        if (type.isInteger()) {
            order = Long.compare(load(type, values, challenger, i), load(type, values, holder, i));
        } else {
            double x = number(type, values, challenger, i);
            double y = number(type, values, holder, i);
            if (Double.isNaN(x) || Double.isNaN(y)) {
                return Double.isNaN(x) && (lower || !Double.isNaN(y));
            }
            order = x < y ? -1 : x > y ? 1 : 0;
        }
        return order == 0 ? lower : order < 0 == (desc.combine() == Combine.ARGMIN);
    }

    private static long load(DType type, Sources sources, int s, long i) {
        return type.loadLong(sources.memory[s].asSlice(sources.first[s]), i);
    }

    private static double number(DType type, Sources sources, int s, long i) {
        return type.load(sources.memory[s].asSlice(sources.first[s]), i);
    }
}
