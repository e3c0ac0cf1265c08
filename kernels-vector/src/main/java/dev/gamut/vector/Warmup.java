package dev.gamut.vector;

/**
 * Gets a kernel compiled before its first large problem. Until C2 has compiled it, every vector is a heap object: the
 * first large call allocated gigabytes. Once for each kernel and JVM, for a limited time. Thread-safe.
 */
public final class Warmup {
    /** Runs a kernel on small operands. */
    @FunctionalInterface
    public interface Body {
        /**
         * Runs until the kernel is fast or the time is up.
         *
         * @param deadline in terms of {@link System#nanoTime}
         */
        void run(long deadline);
    }

    private final long budget;
    private boolean done;

    /**
     * Not run yet.
     *
     * @param budget nanoseconds it may take
     */
    public Warmup(long budget) {
        this.budget = budget;
    }

    /**
     * Runs a body, the first time only.
     *
     * @param body what to run
     */
    public synchronized void once(Body body) {
        if (!done) {
            done = true;
            body.run(System.nanoTime() + budget);
        }
    }
}
