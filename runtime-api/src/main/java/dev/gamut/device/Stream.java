package dev.gamut.device;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Work of a device in order: what is put into a stream begins when what is before it has ended. Different streams do not wait for each
 * other unless told by {@link #waitFor}. Thread-safe.
 *
 * <pre>{@code
 * try (Stream s = gpu.newStream()) {
 *     s.run(() -> gamut.gemm(a, b, c)); // returns when it is under way
 *     s.synchronize();
 * }
 * }</pre>
 */
public final class Stream extends Resource {
    /** What {@link #run} has bound, innermost first. */
    private record Binding(Stream stream, Binding outer) {}

    private static final ScopedValue<Binding> BOUND = ScopedValue.newInstance();

    /** Transfers under way, which keep both their ends; it does not know the stream. */
    private static final class Transfers {
        private record Transfer(long event, List<Lifetime> ends) {}

        private final DeviceDriver driver;
        private final Deque<Transfer> underWay = new ArrayDeque<>();

        Transfers(DeviceDriver driver) {
            this.driver = driver;
        }

        synchronized void add(long event, List<Lifetime> ends) {
            underWay.add(new Transfer(event, ends));
        }

        /** Lets go of those that have ended, in order; of all of them where that is known. What the library refuses stops none of it. */
        synchronized void forget(boolean all) {
            Ending ending = new Ending();
            while (!underWay.isEmpty() && (all || driver.isDone(underWay.peek().event))) {
                Transfer ended = underWay.remove();
                ending.then(() -> driver.freeEvent(ended.event));
                release(ended.ends, ending);
            }
            ending.end();
        }

        static void release(List<Lifetime> ends, Ending ending) {
            ends.forEach(end -> ending.then(end::release));
        }

        /** Ends a queue after what is in it. */
        void end(long queue) {
            new Ending()
                    .then(() -> driver.finish(queue))
                    .then(() -> forget(true))
                    .then(() -> driver.freeQueue(queue))
                    .end();
        }
    }

    private final Transfers transfers;
    private final boolean own;
    private final Scratch scratch = new Scratch(this);

    private Stream(Device device, long handle, boolean own, Transfers transfers) {
        super(device, "stream", handle, () -> transfers.end(handle));
        this.transfers = transfers;
        this.own = own;
    }

    /**
     * A stream.
     *
     * @param own whether it is the device's own, which ends with the device
     */
    static Stream of(Device device, boolean own) {
        DeviceDriver driver = device.driver();
        return new Stream(device, driver.createQueue(), own, new Transfers(driver));
    }

    private static Binding bound() {
        return BOUND.isBound() ? BOUND.get() : null;
    }

    /** The stream of a device that this thread's work is bound to, or null. */
    static Stream current(Device device) {
        Binding binding = bound();
        while (binding != null && binding.stream.device() != device) {
            binding = binding.outer;
        }
        return binding == null ? null : binding.stream;
    }

    /**
     * Runs something whose operations on this stream's device go to this stream instead of the device's own.
     *
     * @param work what to run, on this thread
     */
    public void run(Runnable work) {
        requireOpen();
        ScopedValue.where(BOUND, new Binding(this, bound())).run(work);
    }

    /** A mark behind what is in the stream now. */
    public Event record() {
        hold();
        try {
            return new Event(device(), device().driver().record(handle()));
        } finally {
            release();
        }
    }

    /**
     * Lets what is put into this stream from now on begin only after an event.
     *
     * @param event of any stream of the same device
     */
    public void waitFor(Event event) {
        if (event.device() != device()) {
            throw new IllegalArgumentException(
                    "event is one of " + event.device().info().name() + "; the stream is on "
                            + device().info().name());
        }
        hold();
        try {
            event.hold();
            try {
                device().driver().waitFor(handle(), event.handle());
            } finally {
                event.release();
            }
        } finally {
            release();
        }
    }

    /** Waits until all that was put into it has ended. */
    public void synchronize() {
        hold();
        try {
            device().driver().finish(handle());
            transfers.forget(false);
        } finally {
            release();
        }
    }

    /** Notes what a transfer that was just put into the stream uses; both ends are held by the caller and released here. */
    Event transfer(List<Lifetime> ends) {
        transfers.add(mark(ends), ends);
        transfers.forget(false);
        return record();
    }

    /** A mark behind a transfer, whose ends are let go where the library refuses one: once the stream is empty. */
    private long mark(List<Lifetime> ends) {
        DeviceDriver driver = device().driver();
        try {
            return driver.record(handle());
        } catch (RuntimeException e) {
            Ending ending = new Ending().then(() -> {
                throw e;
            });
            ending.then(() -> driver.finish(handle()));
            Transfers.release(ends, ending);
            ending.end();
            throw e;
        }
    }

    /** Waits for what is in it and frees it; the device's own stream goes on until the device is closed. */
    @Override
    public void close() {
        if (!own) {
            end();
        }
    }

    void end() {
        new Ending().then(super::close).then(scratch::end).end();
    }

    Scratch scratch() {
        return scratch;
    }
}
