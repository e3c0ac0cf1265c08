package dev.gamut.spi;

import java.lang.foreign.MemorySegment;

/**
 * Moves blocks of elements between memory and arrays of the type that their sums are accumulated in, exactly one way and with one rounding
 * to nearest even the other, as {@link dev.gamut.dtype.Convert} does it; a NaN may be any. Has scratch memory: one thread at a time.
 */
public interface BlockCodec {
    /**
     * Loads a block.
     *
     * @param from where the elements lie
     * @param first byte at which they begin
     * @param into a whole array of accumulators
     * @param n elements, at most those of the codec and of the array
     */
    void load(MemorySegment from, long first, MemorySegment into, int n);

    /**
     * Stores a block.
     *
     * @param from a whole array of accumulators
     * @param to where the elements go
     * @param first byte at which they begin
     * @param n elements, at most those of the codec and of the array
     */
    void store(MemorySegment from, MemorySegment to, long first, int n);
}
