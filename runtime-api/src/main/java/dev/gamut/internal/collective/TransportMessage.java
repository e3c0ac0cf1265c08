package dev.gamut.internal.collective;

import dev.gamut.collective.Request;
import dev.gamut.error.NativeCallException;
import dev.gamut.spi.Transport.Transfer;
import java.time.Duration;

/**
 * A message over a transport: first what it holds, in words, then its bytes. Makes progress while it is asked about or waited for.
 * Thread-safe.
 */
final class TransportMessage implements Request {
    /** Room for the words. */
    static final int HEAD = 64;

    /** What is done once all has come. */
    interface End {
        /**
         * Frees memory.
         *
         * @param arrived whether to look at what came, and copy it where it goes
         */
        void run(boolean arrived);
    }

    private final Vigil vigil;
    private final Watch watch;
    private final int peer;
    private final Transfer head;
    private final Transfer body;
    private final End end;
    private boolean done;
    private RuntimeException failure;

    TransportMessage(Vigil vigil, Watch watch, int peer, Transfer head, Transfer body, End end) {
        this.vigil = vigil;
        this.watch = watch;
        this.peer = peer;
        this.head = head;
        this.body = body;
        this.end = end;
    }

    /** Whether nothing is under way any more, without asking. */
    synchronized boolean isOver() {
        return done;
    }

    @Override
    public synchronized boolean isDone() {
        if (done) {
            return true;
        }
        try {
            if (!(head.test() & body.test())) {
                return false;
            }
            done = true;
            end.run(true);
        } catch (NativeCallException e) {
            failed(() -> vigil.fail(watch, peer, e));
        } catch (IllegalArgumentException e) {
            failure = e;
        }
        return true;
    }

    private synchronized void failed(Runnable thrower) {
        try {
            thrower.run();
        } catch (RuntimeException e) {
            failure = e;
        }
        drop();
    }

    /** Lets go of both transfers; memory is kept where they may still use it. */
    private void drop() {
        done = true;
        if (head.cancel() & body.cancel()) {
            end.run(false);
        }
    }

    @Override
    public void await() {
        long since = System.nanoTime();
        for (int turn = 0; !isDone(); turn++) {
            if (watch.isCancelled()) {
                cancel();
            } else {
                rest(turn, since);
            }
        }
        rethrow();
    }

    @Override
    public boolean await(Duration longest) throws InterruptedException {
        long since = System.nanoTime();
        for (int turn = 0; !isDone(); turn++) {
            if (System.nanoTime() - since > longest.toNanos()) {
                return false;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            rest(turn, since);
        }
        rethrow();
        return true;
    }

    private void rest(int turn, long since) {
        try {
            vigil.rest(turn, since, TransportCommunicator.BUSY_NANOS, watch, peer);
        } catch (RuntimeException e) {
            failed(() -> {
                throw e;
            });
        }
    }

    /** Ends it with its communicator. */
    synchronized void close() {
        if (!done) {
            failure = watch.cancellation();
            drop();
        }
    }

    private synchronized void rethrow() {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public synchronized boolean cancel() {
        if (isDone()) {
            return false;
        }
        failure = watch.cancellation();
        drop();
        vigil.giveUp(watch, failure.getMessage());
        return true;
    }
}
