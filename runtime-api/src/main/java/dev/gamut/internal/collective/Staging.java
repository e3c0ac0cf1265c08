package dev.gamut.internal.collective;

import dev.gamut.spi.Workspace;
import java.lang.foreign.MemorySegment;

/** Native memory of a call, dealt out piece by piece and kept from call to call. One thread at a time. */
final class Staging {
    private static final long LINE = 64;

    private Workspace workspace = new Workspace();
    private long used;

    /** Memory whose size counts together with that of the others of the call. */
    static long room(long bytes) {
        return (bytes + LINE - 1) / LINE * LINE;
    }

    /**
     * Begins a call.
     *
     * @param bytes rooms of all pieces together
     */
    void begin(long bytes) {
        workspace.memory(bytes);
        used = 0;
    }

    /** The next piece, its content left over from earlier calls. */
    MemorySegment piece(long bytes) {
        MemorySegment piece = workspace.memory(used + room(bytes)).asSlice(used, bytes);
        used += room(bytes);
        return piece;
    }

    /** Leaves the memory to a library that may still use it. */
    void abandon() {
        workspace = new Workspace();
    }

    void close() {
        workspace.close();
    }
}
