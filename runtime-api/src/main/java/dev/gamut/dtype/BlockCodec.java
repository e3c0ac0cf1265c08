package dev.gamut.dtype;

import java.lang.foreign.MemorySegment;

/**
 * Moves blocks of elements between memory and arrays of the type that their sums are accumulated in, with one rounding on the way back.
 * Where in an array an element stands is the codec's own choice, the same both ways: fit for what is done to each element alone. Has
 * scratch memory: one thread at a time.
 */
public sealed interface BlockCodec permits BlockCodec.Same, BlockCodec.InOrder, Bf16Pairs {
    /**
     * Loads a block.
     *
     * @param from where the elements lie
     * @param first byte at which they begin
     * @param into an array of accumulators, a whole one
     * @param n elements, at most those of the codec and of the array
     */
    void load(MemorySegment from, long first, MemorySegment into, int n);

    /**
     * Stores a block.
     *
     * @param from an array of accumulators, a whole one
     * @param to where the elements go
     * @param first byte at which they begin
     * @param n elements, at most those of the codec and of the array
     */
    void store(MemorySegment from, MemorySegment to, long first, int n);

    /**
     * The fastest codec.
     *
     * @param type of what is loaded
     * @param result of what is stored, that type or its accumulator
     * @param most elements of a block, even
     */
    static BlockCodec of(DType type, DType result, int most) {
        if (type == result && type == type.sumAccumulator()) {
            return new Same(type);
        }
        return type == result && type == DType.BF16 ? new Bf16Pairs(most) : new InOrder(type, result);
    }

    /**
     * Accumulators themselves.
     *
     * @param type of theirs
     */
    record Same(DType type) implements BlockCodec {
        @Override
        public void load(MemorySegment from, long first, MemorySegment into, int n) {
            MemorySegment.copy(from, first, into, 0, type.bytes(n));
        }

        @Override
        public void store(MemorySegment from, MemorySegment to, long first, int n) {
            MemorySegment.copy(from, 0, to, first, type.bytes(n));
        }
    }

    /**
     * Any types, in the order of memory.
     *
     * @param type of what is loaded
     * @param result of what is stored
     */
    record InOrder(DType type, DType result) implements BlockCodec {
        @Override
        public void load(MemorySegment from, long first, MemorySegment into, int n) {
            Convert.convert(from.asSlice(first, type.bytes(n)), type, 0, into, type.sumAccumulator(), 0, n);
        }

        @Override
        public void store(MemorySegment from, MemorySegment to, long first, int n) {
            Convert.convert(from, type.sumAccumulator(), 0, to.asSlice(first, result.bytes(n)), result, 0, n);
        }
    }
}
