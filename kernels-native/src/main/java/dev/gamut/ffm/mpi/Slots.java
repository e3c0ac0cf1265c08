package dev.gamut.ffm.mpi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Native memory for what a transfer is asked by, used again and again. Thread-safe. */
final class Slots {
    private static final long LINE = 64;
    private static final ConcurrentLinkedDeque<Slot> FREE = new ConcurrentLinkedDeque<>();

    private Slots() {}

    /**
     * Memory of one transfer.
     *
     * @param request the library's handle
     * @param flag whether it has ended
     * @param status how
     * @param count bytes received
     */
    record Slot(MemorySegment request, MemorySegment flag, MemorySegment status, MemorySegment count) {
        private static Slot fresh() {
            MemorySegment line = Arena.global().allocate(2 * LINE, LINE);
            return new Slot(line.asSlice(0, 8), line.asSlice(8, 4), line.asSlice(LINE, LINE), line.asSlice(16, 8));
        }
    }

    static Slot take() {
        Slot slot = FREE.poll();
        return slot == null ? Slot.fresh() : slot;
    }

    /** Gives memory back that the library knows no more. */
    static void give(Slot slot) {
        FREE.push(slot);
    }
}
