package dev.gamut.internal.collective;

import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.CollectiveDesc;
import dev.gamut.collective.Communicator;
import dev.gamut.collective.Request;
import dev.gamut.device.Device;
import dev.gamut.device.Event;
import dev.gamut.internal.event.CollectiveEvent;
import dev.gamut.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What communicators of all engines share: checks of calls, one caller at a time, choice of algorithms, and a thread that carries out
 * non-blocking calls in their order.
 */
public abstract class RankCommunicator implements Communicator {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /** Choices kept; a map that overflows starts again. */
    private static final int CHOICES = 1_024;

    private static final long IDLE_MILLIS = 1_000;

    private final int rank;
    private final int size;
    private final Choice.Costs costs;
    private final QuantisedTransport quantised;
    private final HostCopies copies = new HostCopies();
    private final AtomicReference<Thread> caller = new AtomicReference<>();
    private final Map<CollectiveDesc, List<Choice>> choices = new ConcurrentHashMap<>();
    private final Algorithms wanted = Algorithms.configured();
    private volatile Duration deadline = DEADLINE;
    private volatile boolean closed;
    private ThreadPoolExecutor progress;
    private Pending last = Pending.NONE;
    private Operation known;

    RankCommunicator(int rank, int size, Choice.Costs costs) {
        this.rank = rank;
        this.size = size;
        this.costs = costs;
        this.quantised = new QuantisedTransport(rank, size);
    }

    /**
     * Carries out a call, all earlier ones of this rank having ended.
     *
     * @param operation what
     * @param watch its time
     */
    abstract void execute(Operation operation, Watch watch);

    /**
     * Tells the other ranks that this one comes to no more meetings of a call.
     *
     * @param why what it threw
     * @param watch of the call
     */
    abstract void giveUp(Throwable why, Watch watch);

    abstract Request startMessage(boolean sends, Tensor x, int peer, int tag, Watch watch);

    abstract Communicator divide(int colour, int key, Watch watch);

    abstract Communicator survivors(Watch watch);

    /** Frees the engine's side; no call is under way. */
    abstract void release();

    @Override
    public final int rank() {
        return rank;
    }

    @Override
    public final int size() {
        return size;
    }

    @Override
    public final void deadline(Duration longest) {
        if (longest.isNegative() || longest.isZero()) {
            throw new IllegalArgumentException("deadline is " + longest + "; it must be above 0");
        }
        deadline = longest;
    }

    final Duration deadline() {
        return deadline;
    }

    @Override
    public final void run(CollectiveCall call) {
        enter();
        try {
            Operation operation = checked(call);
            if (last.isDone()) {
                recorded(operation, watch(operation));
            } else {
                enqueue(operation).await();
            }
        } finally {
            leave();
        }
    }

    @Override
    public final Request start(CollectiveCall call) {
        enter();
        try {
            return enqueue(checked(call));
        } finally {
            leave();
        }
    }

    /** A call that is made again need not be checked again. */
    private Operation checked(CollectiveCall call) {
        if (known == null || known.call() != call) {
            known = new Operation(call, rank, size);
        }
        known.requireReachable(place());
        return known;
    }

    /** Name of the device that the engine is on, empty for the host. */
    Optional<String> place() {
        return Optional.empty();
    }

    /** Whether the engine carries out a call on tensors of its device where they lie. */
    boolean isInPlace(Operation operation) {
        return false;
    }

    private void recorded(Operation operation, Watch watch) {
        if (!CollectiveEvent.isWatched()) {
            carryOut(operation, watch);
            return;
        }
        CollectiveEvent event = new CollectiveEvent();
        event.begin();
        carryOut(operation, watch);
        event.operation = operation.desc().toString();
        event.engine = engine();
        event.rank = rank;
        event.ranks = size;
        event.commit();
    }

    private void carryOut(Operation operation, Watch watch) {
        if (operation.device().isPresent() && !isInPlace(operation)) {
            inSteps(operation, copies::execute, here -> carryOut(here, watch), watch);
        } else if (operation.desc().transport().isPresent()) {
            inSteps(operation, quantised::execute, step -> execute(step, watch), watch);
        } else {
            execute(operation, watch);
        }
    }

    /** A call that the engine carries out step by step: where this rank throws between them, it comes to none of those that follow. */
    private void inSteps(
            Operation operation,
            BiConsumer<Operation, Consumer<Operation>> call,
            Consumer<Operation> engine,
            Watch watch) {
        Throwable[] told = {null}; // by the engine
        try {
            call.accept(operation, step -> {
                try {
                    engine.accept(step);
                } catch (Throwable e) {
                    told[0] = e;
                    throw e;
                }
            });
        } catch (Throwable e) {
            if (e != told[0]) {
                giveUp(e, watch);
            }
            throw e;
        }
    }

    private Watch watch(Operation operation) {
        return new Watch(operation.desc(), operation.call().deadline().orElse(deadline));
    }

    private Pending enqueue(Operation operation) {
        if (progress == null) {
            progress = new ThreadPoolExecutor(
                    1, 1, IDLE_MILLIS, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), this::thread);
            progress.allowCoreThreadTimeOut(true);
        }
        Watch watch = watch(operation);
        Runnable body = () -> recorded(operation, watch);
        Pending request = operation
                .device()
                .map(device -> pending(watch, body, device))
                .orElseGet(() -> new Pending(watch, body, () -> {}));
        last = request;
        progress.execute(request);
        return request;
    }

    /** With a stream of its own, which begins where the caller's is now: what the caller puts into that later does not hold up the call. */
    private static Pending pending(Watch watch, Runnable body, Device device) {
        dev.gamut.device.Stream own = device.newStream();
        try (Event now = device.stream().record()) {
            own.waitFor(now);
        } catch (RuntimeException e) {
            own.close();
            throw e;
        }
        return new Pending(watch, () -> own.run(body), own::close);
    }

    private Thread thread(Runnable body) {
        Thread thread = new Thread(body, Thread.currentThread().getName() + "-progress");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public final Request startSend(Tensor x, int peer, int tag) {
        return message(true, x, peer, tag);
    }

    @Override
    public final Request startReceive(Tensor x, int peer, int tag) {
        return message(false, x, peer, tag);
    }

    private Request message(boolean sends, Tensor x, int peer, int tag) {
        enter();
        try {
            if (peer < 0 || peer >= size) {
                throw new IllegalArgumentException("peer is " + peer + "; allowed are 0 to " + (size - 1));
            }
            if (tag < 0 || tag > MOST_TAG) {
                throw new IllegalArgumentException("tag is " + tag + "; allowed are 0 to " + MOST_TAG);
            }
            Operation.checkMessage(x, !sends);
            String what = (sends ? "send " : "receive ") + Operation.contents(x) + (sends ? " to " : " from ") + "rank "
                    + peer + " tag " + tag;
            return startMessage(sends, x, peer, tag, new Watch(what, deadline));
        } finally {
            leave();
        }
    }

    @Override
    public final Communicator split(int colour, int key) {
        if (colour < -1) {
            throw new IllegalArgumentException("colour is " + colour + "; it must be at least 0, or -1 for no group");
        }
        return alone("split", watch -> divide(colour, key, watch));
    }

    @Override
    public final Communicator shrink() {
        return alone("shrink", this::survivors);
    }

    private Communicator alone(String what, Function<Watch, Communicator> body) {
        enter();
        try {
            if (!last.isDone()) {
                last.await();
            }
            Communicator made = body.apply(new Watch(what, deadline));
            if (made != null) {
                made.deadline(deadline);
            }
            return made;
        } finally {
            leave();
        }
    }

    /** What every MPI allows, less what engines keep for themselves. */
    static final int MOST_TAG = 16_383;

    /** Whether no rule of the user names an algorithm for a call. */
    final boolean isFree(CollectiveDesc desc) {
        return wanted.name(desc).isEmpty();
    }

    /** The schedule that is best for a call. */
    final Schedule choose(Operation operation) {
        return rankedFor(operation).getFirst().schedule();
    }

    private List<Choice> rankedFor(Operation operation) {
        CollectiveDesc desc = operation.desc();
        List<Choice> known = choices.get(desc);
        if (known == null) {
            known = Choice.rank(desc, operation::admits, size, costs, wanted.name(desc));
            if (choices.size() >= CHOICES) {
                choices.clear();
            }
            choices.put(desc, known);
        }
        return known;
    }

    @Override
    public final List<String> explain(CollectiveCall call) {
        Operation operation = new Operation(call, rank, size);
        if (operation.desc().transport().isPresent()) {
            return List.of(QuantisedTransport.explain(operation.desc()));
        }
        return Stream.concat(
                        library(operation).stream(),
                        rankedFor(operation).stream().map(Choice::toString))
                .toList();
    }

    /** What is used before any algorithm, for people: a collective that the engine's library has for a call. */
    Optional<String> library(Operation operation) {
        return Optional.empty();
    }

    /** Admits one thread, while the communicator is open. */
    final void enter() {
        Thread self = Thread.currentThread();
        Thread other = caller.compareAndExchange(null, self);
        if (other != null) {
            throw new IllegalStateException("rank " + rank + "'s communicator is in use by thread " + other.getName()
                    + "; one thread at a time may call it, use dup() for another");
        }
        if (closed) {
            caller.set(null);
            throw new IllegalStateException("rank " + rank + "'s communicator is closed");
        }
    }

    final void leave() {
        caller.set(null);
    }

    @Override
    public final void close() {
        enter();
        try {
            end();
        } finally {
            leave();
        }
    }

    /** Closes, whatever state it is in. */
    public final void end() {
        if (!closed) {
            closed = true;
            last.cancel();
            if (progress != null) {
                progress.shutdownNow().forEach(left -> ((Pending) left).drop());
            }
            known = null;
            release();
            copies.close();
        }
    }
}
