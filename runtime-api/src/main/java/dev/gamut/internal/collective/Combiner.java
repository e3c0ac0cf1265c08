package dev.gamut.internal.collective;

import dev.gamut.collective.CollectiveDesc;
import dev.gamut.collective.Combine;
import dev.gamut.dtype.Convert;
import dev.gamut.dtype.DType;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/**
 * Combines elements of several ranks one after the other in the accumulator's type, and rounds once. Blocks that stay in the first
 * cache pass through arrays of that type. One thread at a time.
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
     * @param to where the results go
     * @param first byte at which they begin
     * @param n elements
     */
    void combine(CollectiveDesc desc, Sources sources, MemorySegment to, long first, long n) {
        DType type = desc.type();
        Lanes<?> own = lanes.computeIfAbsent(type.sumAccumulator(), any -> lanes(Arithmetic.of(type)));
        for (long at = 0; at < n; at += BLOCK) {
            int length = (int) Math.min(BLOCK, n - at);
            long offset = type.bytes(at);
            own.block(desc, sources, offset, to, first + desc.result().bytes(at), length);
        }
    }

    private static <A> Lanes<A> lanes(Arithmetic<A> arithmetic) {
        return new Lanes<>(arithmetic);
    }

    /** Scratch memory of one accumulator type. */
    private static final class Lanes<A> {
        private final Arithmetic<A> arithmetic;
        private final A sum;
        private final A next;
        private final MemorySegment sums;
        private final MemorySegment nexts;

        Lanes(Arithmetic<A> arithmetic) {
            this.arithmetic = arithmetic;
            this.sum = arithmetic.array().apply(BLOCK);
            this.next = arithmetic.array().apply(BLOCK);
            this.sums = arithmetic.segment().apply(sum);
            this.nexts = arithmetic.segment().apply(next);
        }

        void block(CollectiveDesc desc, Sources sources, long offset, MemorySegment to, long first, int n) {
            DType type = desc.type();
            Arithmetic.Operation<A> operation = arithmetic.operations().get(desc.combine());
            decode(type, sources, 0, offset, sums, n);
            for (int s = 1; s < sources.memory.length; s++) {
                decode(type, sources, s, offset, nexts, n);
                operation.apply(sum, next, n);
            }
            if (desc.combine() == Combine.AVERAGE) {
                arithmetic.divide().apply(sum, sources.memory.length, n);
            }
            DType result = desc.result();
            Convert.convert(sums, arithmetic.type(), 0, to.asSlice(first, result.bytes(n)), result, 0, n);
        }

        private void decode(DType type, Sources sources, int s, long offset, MemorySegment into, int n) {
            MemorySegment from = sources.memory[s].asSlice(sources.first[s] + offset, type.bytes(n));
            Convert.convert(from, type, 0, into, arithmetic.type(), 0, n);
        }
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
