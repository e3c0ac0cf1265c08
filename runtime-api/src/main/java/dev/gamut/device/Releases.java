package dev.gamut.device;

import java.util.ArrayDeque;
import java.util.Deque;

/** For providers: frees what a library has made; what it refuses to free is told, and tried once more at the end. Thread-safe. */
public final class Releases {
    private final Deque<Runnable> refused = new ArrayDeque<>();

    /** With nothing refused yet. */
    public Releases() {}

    /**
     * Frees a thing.
     *
     * @param release the library's call; what it throws is thrown here
     */
    public void free(Runnable release) {
        try {
            release.run();
        } catch (RuntimeException e) {
            synchronized (refused) {
                refused.add(release);
            }
            throw e;
        }
    }

    /** Tries again what was refused, all of it; throws where that fails, too. */
    public void again() {
        Ending ending = new Ending();
        synchronized (refused) {
            while (!refused.isEmpty()) {
                ending.then(refused.remove());
            }
        }
        ending.end();
    }
}
