package dev.gamut.internal.collective;

import java.time.Duration;
import java.util.concurrent.CancellationException;

/** How long a call may still wait, and whether it was given up. Cancelled by any thread, asked by the one that carries it out. */
public final class Watch {
    private final Object operation;
    private final long begun = System.nanoTime();
    private final long longest;
    private volatile boolean cancelled;

    /**
     * Begins now.
     *
     * @param operation what is watched; its text is asked for where it is needed
     * @param longest how long it may take
     */
    public Watch(Object operation, Duration longest) {
        this.operation = operation;
        this.longest = longest.toNanos();
    }

    /** What is watched. */
    public String operation() {
        return operation.toString();
    }

    /** Time since it began. */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Whether the time is up. */
    public boolean isOver() {
        return System.nanoTime() - begun > longest;
    }

    /** Nanoseconds that are left, at least 0. */
    public long left() {
        return Math.max(0, longest - (System.nanoTime() - begun));
    }

    /** Gives the call up. */
    public void cancel() {
        cancelled = true;
    }

    /** Whether it was given up, or the thread that carries it out was interrupted. */
    public boolean isCancelled() {
        return cancelled || Thread.currentThread().isInterrupted();
    }

    /** What a cancelled call throws; the thread stays interrupted. */
    public CancellationException cancellation() {
        return new CancellationException(
                operation + " was cancelled after " + elapsed().toMillis() + " ms");
    }
}
