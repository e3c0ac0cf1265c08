package dev.gamut.dtype;

import java.lang.foreign.MemorySegment;

/**
 * Moves the elements of one type between memory and Java numbers; stateless.
 *
 * <p>A class rather than an interface, as calls through a class cost less where the compiler cannot tell which type it
 * has. Each type's methods stand alone, without further virtual calls, so that they inline whole.
 */
abstract class Codec {
    abstract double load(MemorySegment s, long index);

    abstract long loadLong(MemorySegment s, long index);

    abstract void store(MemorySegment s, long index, double v);

    abstract void storeLong(MemorySegment s, long index, long v);

    /** The value that {@link #store} would leave for {@link #load}. */
    abstract double round(double v);

    /** As {@link #round}, but to the value of largest magnitude that is not above that of {@code v}. */
    abstract double truncate(double v);
}
