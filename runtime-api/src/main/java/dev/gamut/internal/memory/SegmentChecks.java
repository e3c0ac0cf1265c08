package dev.gamut.internal.memory;

import java.lang.foreign.MemorySegment;

/** What is checked about a segment before it is read or written, so that nothing ends halfway. Thread-safe. */
public final class SegmentChecks {
    private static final Thread STRANGER = new Thread(() -> {}, "gamut-probe");

    private SegmentChecks() {}

    /**
     * Refuses what this thread cannot use.
     *
     * @param name of the argument
     * @param segment its memory
     * @param written whether a result is written to it
     * @throws IllegalArgumentException naming the argument
     */
    public static void requireUsable(String name, MemorySegment segment, boolean written) {
        if (!segment.scope().isAlive()) {
            throw new IllegalArgumentException(name + " is a segment whose arena is closed");
        }
        if (written && segment.isReadOnly()) {
            throw new IllegalArgumentException(name + " is a read-only segment; the result is written to it");
        }
        if (!segment.isAccessibleBy(Thread.currentThread())) {
            throw new IllegalArgumentException(name + " is a segment confined to another thread");
        }
    }

    /** Whether one thread alone can use it. Probes with a thread that is not started: such segments are accessible by their owner alone. */
    public static boolean isConfined(MemorySegment segment) {
        return !segment.isAccessibleBy(STRANGER);
    }
}
