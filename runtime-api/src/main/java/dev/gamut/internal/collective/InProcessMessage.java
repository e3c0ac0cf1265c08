package dev.gamut.internal.collective;

import dev.gamut.collective.Request;
import java.time.Duration;
import java.util.Set;

/** One side of a message in a mailbox. */
final class InProcessMessage implements Request {
    private final InProcessGroup group;
    private final int peer;
    private final Watch watch;
    private final Mailbox mailbox;
    private final Mailbox.Post post;
    private volatile boolean cancelled;

    InProcessMessage(InProcessGroup group, int peer, Watch watch, Mailbox mailbox, Mailbox.Post post) {
        this.group = group;
        this.peer = peer;
        this.watch = watch;
        this.mailbox = mailbox;
        this.post = post;
        mailbox.put(post);
    }

    @Override
    public boolean isDone() {
        return post.hasEnded() || cancelled;
    }

    @Override
    public void await() {
        for (int turn = 0; !isDone(); turn++) {
            rest(turn);
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
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            rest(turn);
        }
        rethrow();
        return true;
    }

    private void rest(int turn) {
        group.pause(turn);
        boolean ended = group.hasEnded(peer);
        boolean over = watch.isOver();
        if (!ended && !over && !watch.isCancelled() && group.isWhole()) {
            return;
        }
        mailbox.withdraw(post);
        if (post.hasEnded()) { // it may have come just before the peer went
            return;
        }
        group.requireWhole(watch);
        if (watch.isCancelled()) {
            throw watch.cancellation();
        }
        group.fail(Set.of(peer), ended ? "ended" : "did not come in time", watch);
        group.requireWhole(watch);
    }

    private void rethrow() {
        if (!post.hasEnded()) {
            throw watch.cancellation();
        }
        if (!post.difference().isEmpty()) {
            throw new IllegalArgumentException(post.difference());
        }
    }

    @Override
    public boolean cancel() {
        mailbox.withdraw(post);
        boolean underWay = !post.hasEnded();
        cancelled = underWay;
        return underWay;
    }
}
