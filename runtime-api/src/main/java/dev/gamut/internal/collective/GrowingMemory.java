package dev.gamut.internal.collective;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Native memory kept from call to call, for what other ranks may read at any time: what was outgrown, or left, is freed when nobody can reach it
 * any more. One thread at a time.
 */
final class GrowingMemory {
    private static final long LINE = 64;

    private MemorySegment memory = MemorySegment.NULL;

    /**
     * Memory of a size, its content left over from earlier calls.
     *
     * @param bytes at least 0
     */
    MemorySegment of(long bytes) {
        MemorySegment now = memory; // whoever closes a communicator may let go of it meanwhile
        if (now.byteSize() < bytes) {
            now = Arena.ofAuto().allocate(bytes, LINE);
            memory = now;
        }
        return now.asSlice(0, bytes);
    }

    /** A copy of other memory. */
    MemorySegment copy(MemorySegment from) {
        return of(from.byteSize()).copyFrom(from);
    }

    /** Lets go of it. */
    void release() {
        memory = MemorySegment.NULL;
    }
}
