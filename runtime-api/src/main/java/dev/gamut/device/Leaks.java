package dev.gamut.device;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;

/** Resources of devices that nobody closed: counted, and told to the log of {@code dev.gamut}. */
final class Leaks {
    private static final AtomicLong COUNT = new AtomicLong();

    private Leaks() {}

    static long count() {
        return COUNT.get();
    }

    static void report(Lifetime life) {
        COUNT.incrementAndGet();
        System.getLogger("dev.gamut").log(Level.WARNING, "leaked: " + life.describe());
    }
}
