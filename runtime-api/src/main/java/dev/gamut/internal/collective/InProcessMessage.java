package dev.gamut.internal.collective;

import dev.gamut.collective.Request;
import java.time.Duration;
import java.util.Set;

/** One side of a message in a mailbox. */
final class InProcessMessage implements Request {
    private final InProcessGroup group;
    private final int rank;
    private final int peer;
    private final Watch watch;
    private final Mailbox mailbox;
    private final Mailbox.Post post;

    /** Why the message does not come any more; its post was withdrawn before. */
    private volatile RuntimeException failure;

    InProcessMessage(InProcessGroup group, int rank, int peer, Watch watch, Mailbox mailbox, Mailbox.Post post) {
        this.group = group;
        this.rank = rank;
        this.peer = peer;
        this.watch = watch;
        this.mailbox = mailbox;
        this.post = post;
        mailbox.put(post);
    }

    @Override
    public boolean isDone() {
        if (!isOver()) {
            look();
        }
        return isOver();
    }

    private boolean isOver() {
        return post.hasEnded() || failure != null;
    }

    @Override
    public void await() {
        for (int turn = 0; !isDone(); turn++) {
            group.pause(turn);
            if (Thread.currentThread().isInterrupted()) {
                cancel();
            }
        }
        rethrow();
    }

    @Override
    public boolean await(Duration longest) throws InterruptedException {
        long begun = System.nanoTime();
        for (int turn = 0; !isDone(); turn++) {
            if (System.nanoTime() - begun > longest.toNanos()) {
                return false;
            }
            group.pause(turn);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        rethrow();
        return true;
    }

    /** Ends it where waiting is in vain. Whether a rank has ended is read before what it left here: what it did before counts. */
    private synchronized void look() {
        boolean ended = group.hasEnded(peer);
        if (isOver()) {
            return;
        }
        if (ended || watch.isOver() || !group.isWhole()) {
            mailbox.withdraw(post);
            if (!post.hasEnded()) {
                group.fail(Set.of(peer), ended ? "ended" : "did not come in time", watch);
                failure = group.failure(watch);
            }
        }
    }

    private void rethrow() {
        if (!post.hasEnded()) {
            throw failure;
        }
        if (!post.difference().isEmpty()) {
            throw new IllegalArgumentException(post.difference());
        }
    }

    @Override
    public synchronized boolean cancel() {
        mailbox.withdraw(post);
        if (isOver()) {
            return false;
        }
        group.fail(Set.of(rank), "gave it up", watch);
        failure = watch.cancellation();
        return true;
    }
}
