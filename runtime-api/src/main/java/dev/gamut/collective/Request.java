package dev.gamut.collective;

import java.time.Duration;

/**
 * A call under way. Tensors must be left alone until it has ended. Thread-safe.
 */
public interface Request {
    /** Whether it has ended, well or not. */
    boolean isDone();

    /**
     * Waits for its end, at most until its deadline.
     *
     * @throws dev.gamut.error.RankFailureException if ranks are missing
     * @throws java.util.concurrent.CancellationException if it was cancelled, or this thread interrupted, which cancels it
     */
    void await();

    /**
     * Waits for its end, but not longer than given; the call goes on.
     *
     * @param longest how long to wait
     * @return whether it has ended
     * @throws dev.gamut.error.RankFailureException if ranks are missing
     * @throws java.util.concurrent.CancellationException if it was cancelled
     * @throws InterruptedException if this thread is interrupted; the call goes on
     */
    boolean await(Duration longest) throws InterruptedException;

    /**
     * Gives it up. Where other ranks wait for this one, they get a {@link dev.gamut.error.RankFailureException} and the communicator
     * is broken.
     *
     * @return false if it had ended before
     */
    boolean cancel();
}
