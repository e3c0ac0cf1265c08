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
     * Gives it up, which breaks the communicator: this rank counts as missing, and the others, where they wait for it and in later calls,
     * get a {@link dev.gamut.error.RankFailureException}.
     *
     * @return false if it had ended before
     */
    boolean cancel();
}
