package dev.gamut.bench.machine;

/**
 * How fast data of one cache level, or of memory, are moved: GB/s, all threads together, bytes read and bytes written
 * counted. Immutable.
 *
 * @param read reading, at the best number of streams
 * @param streams that number, for each thread
 * @param copy copying
 * @param triad STREAM's triad, two arrays read and one written
 */
public record Bandwidth(double read, int streams, double copy, double triad) {
    /**
     * The better of two measurements, operation by operation.
     *
     * @param other another measurement of the same level
     */
    Bandwidth atLeast(Bandwidth other) {
        return new Bandwidth(
                Math.max(read, other.read),
                read >= other.read ? streams : other.streams,
                Math.max(copy, other.copy),
                Math.max(triad, other.triad));
    }

    /**
     * What one thread has of it.
     *
     * @param threads threads that it was measured on
     */
    Bandwidth share(int threads) {
        return new Bandwidth(read / threads, streams, copy / threads, triad / threads);
    }
}
