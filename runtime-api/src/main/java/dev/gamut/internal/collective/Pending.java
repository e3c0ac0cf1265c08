package dev.gamut.internal.collective;

import dev.gamut.collective.Request;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A call that another thread carries out. */
final class Pending implements Request, Runnable {
    /** One that has ended. */
    static final Pending NONE = new Pending(new Watch("nothing", Duration.ofSeconds(1)), () -> {}, () -> {});

    static {
        NONE.run();
    }

    private final Watch watch;
    private final Runnable body;
    private final Runnable after;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    /**
     * To be run.
     *
     * @param watch its time
     * @param body the call
     * @param after what is to be done when that has ended, or never begins
     */
    Pending(Watch watch, Runnable body, Runnable after) {
        this.watch = watch;
        this.body = body;
        this.after = after;
    }

    @Override
    public void run() {
        try {
            try {
                body.run();
            } finally {
                after.run();
            }
            end.complete(null);
        } catch (Throwable e) { // handed to whoever waits, whatever it is
            end.completeExceptionally(e);
        }
    }

    @Override
    public boolean isDone() {
        return end.isDone();
    }

    @Override
    public void await() {
        try {
            end.get();
        } catch (InterruptedException e) {
            watch.cancel();
            Thread.currentThread().interrupt();
            throw watch.cancellation();
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        }
    }

    @Override
    public boolean await(Duration longest) throws InterruptedException {
        try {
            end.get(longest.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        }
    }

    private static RuntimeException thrown(Throwable cause) {
        return switch (cause) {
            case CancellationException e -> e;
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new CompletionException(cause);
        };
    }

    /** Nobody will run it: it ends here, for whoever waits. */
    void drop() {
        watch.cancel();
        try {
            after.run();
            end.completeExceptionally(watch.cancellation());
        } catch (Throwable e) { // handed to whoever waits, whatever it is
            end.completeExceptionally(e);
        }
    }

    @Override
    public boolean cancel() {
        boolean underWay = !end.isDone();
        watch.cancel();
        return underWay;
    }
}
