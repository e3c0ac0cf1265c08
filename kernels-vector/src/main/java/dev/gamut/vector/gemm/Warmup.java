package dev.gamut.vector.gemm;

/**
 * Gets a kernel compiled before its first large problem. Until C2 has compiled it, every vector is a heap object: the
 * first large call allocated gigabytes. Once for each kernel and JVM, for at most {@link #BUDGET_NANOS}.
 */
final class Warmup {
    private static final long BUDGET_NANOS = 400_000_000;

    /** Runs a kernel on tiny operands. */
    @FunctionalInterface
    interface Body {
        /**
         * Runs until the kernel is fast or the time is up.
         *
         * @param deadline in terms of {@link System#nanoTime}
         */
        void run(long deadline);
    }

    private boolean done;

    synchronized void once(Body body) {
        if (!done) {
            done = true;
            body.run(System.nanoTime() + BUDGET_NANOS);
        }
    }
}
