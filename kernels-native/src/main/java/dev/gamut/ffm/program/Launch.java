package dev.gamut.ffm.program;

import dev.gamut.tensor.RemoteMemory;

/** One call of a function of a program: its arguments in order, then its range. One thread; freed by {@link #close}. */
public interface Launch extends AutoCloseable {
    /** A pointer to memory of the device, or none. */
    Launch memory(RemoteMemory memory);

    /** A structure of {@code long}s. */
    Launch longs(long... values);

    /** Puts it into the stream of this thread, its range rounded up to whole groups: functions leave out what is too much. */
    void run(long x, long y, long z, int localX, int localY);

    @Override
    void close();
}
