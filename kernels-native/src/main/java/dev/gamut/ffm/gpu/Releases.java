package dev.gamut.ffm.gpu;

import java.util.ArrayDeque;
import java.util.Deque;

/** Frees what a vendor's library has made; what it refuses to free is told, and tried once more at the end. Thread-safe. */
final class Releases {
    private record Refused(Functions library, Call call, long handle) {}

    private final Deque<Refused> refused = new ArrayDeque<>();

    /**
     * Frees a thing.
     *
     * @throws dev.gamut.error.NativeCallException where that is refused
     */
    void free(Functions library, Call call, long handle) {
        int status = library.status(call, handle);
        if (status != 0) {
            synchronized (refused) {
                refused.add(new Refused(library, call, handle));
            }
            throw library.failure(call, status);
        }
    }

    /** Tries again what was refused. */
    void again() {
        synchronized (refused) {
            while (!refused.isEmpty()) {
                Refused one = refused.remove();
                one.library.call(one.call, one.handle);
            }
        }
    }
}
