package dev.gamut.ffm.gpu;

import dev.gamut.device.DeviceDriver;
import dev.gamut.device.DeviceInfo;
import dev.gamut.device.Ending;
import dev.gamut.device.Releases;
import dev.gamut.error.NativeCallException;
import dev.gamut.error.OutOfDeviceMemoryException;
import dev.gamut.gemm.GemmDesc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A device of CUDA or ROCm, its primary context shared with whoever else uses the runtime in this process. Thread-safe: the current device,
 * which each thread has its own of, is set before each call and left so.
 *
 * <p>Memory is given out again, or back to the library, once what was in the queues when it was freed has been done: the library promises to wait for
 * that in no version.
 */
final class GpuDriver implements DeviceDriver {
    /** Memory to be freed behind marks; {@code known} is false where not all marks could be set, so that only the end is late enough. */
    private record Retired(long memory, Deque<Long> marks, boolean known) {}

    private static final Cleaner ENDS = Cleaner.create();

    private final GpuPlace place;
    private final Functions runtime;
    private final OptionalLong blasHandle;
    private final Releases releases = new Releases();
    private final Set<Long> queues = new LinkedHashSet<>();
    private final List<Retired> retired = new ArrayList<>();
    private final Spare spare;
    private final Set<LtCall> calls = new LinkedHashSet<>();

    GpuDriver(GpuPlace place) {
        this.place = place;
        this.runtime = place.runtime();
        this.spare = new Spare(place.info().memory());
        enter(); // a device that cannot be used says so now
        this.blasHandle = place.blas() == null
                ? OptionalLong.empty()
                : OptionalLong.of(place.blas().create(Call.BLAS_CREATE));
    }

    /** Makes this the current device of the thread. */
    void enter() {
        runtime.call(Call.SET_DEVICE, place.number());
    }

    /** The library for products. */
    Functions blas() {
        return place.blas();
    }

    long blasHandle() {
        return blasHandle.getAsLong();
    }

    Releases releases() {
        return releases;
    }

    /** Frees a thing of a library; what is refused is tried again at the end. */
    void release(Functions library, Call call, long handle) {
        releases.free(() -> library.call(call, handle));
    }

    @Override
    public DeviceInfo info() {
        return place.info();
    }

    @Override
    public synchronized long allocate(long bytes) {
        enter();
        sweep(false);
        long size = spare.rounded(bytes);
        long kept = spare.take(size);
        if (kept != 0) {
            return kept;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment made = arena.allocate(ValueLayout.JAVA_LONG);
            int status = runtime.status(Call.MALLOC, made, size);
            if (status == Constant.OUT_OF_MEMORY) {
                runtime.failure(Call.MALLOC, status); // which the library forgets by that
                sweep(true);
                drain();
                size = bytes;
                status = runtime.status(Call.MALLOC, made, size);
            }
            if (status == Constant.OUT_OF_MEMORY) {
                throw new OutOfDeviceMemoryException(
                        info().name(),
                        bytes,
                        runtime.failure(Call.MALLOC, status).getMessage());
            }
            if (status != 0) {
                throw runtime.failure(Call.MALLOC, status);
            }
            long memory = made.get(ValueLayout.JAVA_LONG, 0);
            spare.made(memory, size);
            return memory;
        }
    }

    private void drain() {
        Ending ending = new Ending();
        spare.drain().forEach(memory -> ending.then(() -> release(runtime, Call.FREE, memory)));
        ending.end();
    }

    /** Memory that nothing uses any more. */
    private void recycle(long memory) {
        if (!spare.keep(memory)) {
            release(runtime, Call.FREE, memory);
        }
    }

    @Override
    public synchronized void free(long memory) {
        Deque<Long> marks = new ArrayDeque<>();
        try {
            enter();
            for (long queue : queues) {
                if (isBusy(queue)) {
                    marks.add(record(queue));
                }
            }
        } catch (NativeCallException e) {
            retired.add(new Retired(memory, marks, false));
            throw e;
        }
        if (marks.isEmpty()) {
            recycle(memory);
        } else {
            retired.add(new Retired(memory, marks, true));
        }
    }

    private boolean isBusy(long queue) {
        return isUnderWay(Call.STREAM_QUERY, queue);
    }

    private boolean isUnderWay(Call query, long handle) {
        int status = runtime.status(query, handle);
        if (status != 0 && status != Constant.NOT_READY) {
            throw runtime.failure(query, status);
        }
        return status != 0;
    }

    /**
     * Frees memory whose time has come.
     *
     * @param waits whether to wait for that of which is known when that is
     */
    private void sweep(boolean waits) {
        Iterator<Retired> each = retired.iterator();
        while (each.hasNext()) {
            Retired one = each.next();
            if (one.known && isPast(one.marks, waits)) {
                each.remove();
                recycle(one.memory);
            }
        }
    }

    private boolean isPast(Deque<Long> marks, boolean waits) {
        while (!marks.isEmpty()) {
            if (waits) {
                runtime.call(Call.EVENT_SYNCHRONIZE, marks.peek());
            } else if (isUnderWay(Call.EVENT_QUERY, marks.peek())) {
                return false;
            }
            release(runtime, Call.EVENT_DESTROY, marks.remove());
        }
        return true;
    }

    /**
     * Makes a call ready, to be ended with who uses it or with this device, whichever is first.
     *
     * @param user whom nobody refers to any more once the call is not needed
     * @param key what it computes
     * @param desc the same, for people
     */
    synchronized LtCall ready(Object user, LtCall.Key key, GemmDesc desc) {
        LtCall made = new LtCall(this, key, desc);
        calls.add(made);
        ENDS.register(user, () -> end(made));
        return made;
    }

    private synchronized void end(LtCall call) {
        if (calls.remove(call)) {
            call.end();
        }
    }

    @Override
    public void pin(MemorySegment memory) {
        enter();
        runtime.call(Call.HOST_REGISTER, memory.address(), memory.byteSize(), 0);
    }

    /** Whichever device is current. */
    @Override
    public void unpin(MemorySegment memory) {
        release(runtime, Call.HOST_UNREGISTER, memory.address());
    }

    /** Independent of the legacy default stream, which other code may use. */
    @Override
    public synchronized long createQueue() {
        enter();
        long queue = runtime.create(Call.STREAM_CREATE, Constant.NON_BLOCKING);
        queues.add(queue);
        return queue;
    }

    @Override
    public synchronized void freeQueue(long queue) {
        new Ending()
                .then(this::enter)
                .then(() -> {
                    queues.remove(queue);
                    release(runtime, Call.STREAM_DESTROY, queue);
                })
                .end();
    }

    @Override
    public void write(long queue, MemorySegment from, long memory, long offset, boolean waits) {
        transfer(queue, there(memory, offset), from, from.byteSize(), Constant.TO_DEVICE, waits);
    }

    @Override
    public void read(long queue, long memory, long offset, MemorySegment to, boolean waits) {
        transfer(queue, to, there(memory, offset), to.byteSize(), Constant.TO_HOST, waits);
    }

    private static MemorySegment there(long memory, long offset) {
        return MemorySegment.ofAddress(memory + offset);
    }

    /** As segments, so that memory of the host cannot be closed during the call. */
    private void transfer(long queue, MemorySegment to, MemorySegment from, long bytes, int direction, boolean waits) {
        enter();
        runtime.call(Call.COPY, to, from, bytes, direction, queue);
        if (waits) {
            settle(queue);
        }
        Reference.reachabilityFence(to);
        Reference.reachabilityFence(from);
    }

    /** Waits; where that fails it is tried again before the exception, for the caller's memory ends with it. */
    private void settle(long queue) {
        int status = runtime.status(Call.STREAM_SYNCHRONIZE, queue);
        if (status != 0) {
            NativeCallException failure = runtime.failure(Call.STREAM_SYNCHRONIZE, status);
            runtime.status(Call.STREAM_SYNCHRONIZE, queue);
            throw failure;
        }
    }

    @Override
    public void copy(long queue, long from, long fromOffset, long to, long toOffset, long bytes) {
        transfer(queue, there(to, toOffset), there(from, fromOffset), bytes, Constant.WITHIN_DEVICE, false);
    }

    /** Puts a copy of rows with gaps between them into a queue. */
    void copyRows(long queue, long from, long fromPitch, long to, long toPitch, long bytes, long rows) {
        enter();
        runtime.call(Call.COPY_ROWS, to, toPitch, from, fromPitch, bytes, rows, Constant.WITHIN_DEVICE, queue);
    }

    /** A function of PTX. */
    long function(String module, String name) {
        enter();
        return runtime.program(module, name);
    }

    /** Puts a call of a function of PTX into a queue. */
    void launch(long queue, long function, MemorySegment groups, MemorySegment items, MemorySegment arguments) {
        enter();
        runtime.call(Call.LAUNCH, function, groups, items, arguments, 0L, queue);
    }

    @Override
    public void clear(long queue, long memory, long bytes) {
        enter();
        runtime.call(Call.SET, memory, 0, bytes, queue);
    }

    @Override
    public long record(long queue) {
        enter();
        long event = runtime.create(Call.EVENT_CREATE, Constant.WITHOUT_TIMING);
        int status = runtime.status(Call.EVENT_RECORD, event, queue);
        if (status != 0) {
            NativeCallException failure = runtime.failure(Call.EVENT_RECORD, status);
            release(runtime, Call.EVENT_DESTROY, event);
            throw failure;
        }
        return event;
    }

    @Override
    public boolean isDone(long event) {
        enter();
        return !isUnderWay(Call.EVENT_QUERY, event);
    }

    @Override
    public void await(long event) {
        enter();
        runtime.call(Call.EVENT_SYNCHRONIZE, event);
    }

    /** Whichever device is current. */
    @Override
    public void freeEvent(long event) {
        release(runtime, Call.EVENT_DESTROY, event);
    }

    @Override
    public void waitFor(long queue, long event) {
        enter();
        runtime.call(Call.STREAM_WAIT_EVENT, queue, event, 0);
    }

    @Override
    public void finish(long queue) {
        enter();
        settle(queue);
    }

    /** All queues have ended: nothing uses memory any more. */
    @Override
    public synchronized void close() {
        Ending ending = new Ending().then(this::enter);
        for (Retired one : retired) {
            one.marks.forEach(mark -> ending.then(() -> release(runtime, Call.EVENT_DESTROY, mark)));
            ending.then(() -> release(runtime, Call.FREE, one.memory));
        }
        retired.clear();
        ending.then(this::drain);
        calls.forEach(call -> ending.then(call::end));
        calls.clear();
        blasHandle.ifPresent(handle -> ending.then(() -> release(place.blas(), Call.BLAS_DESTROY, handle)));
        ending.then(releases::again).end();
    }
}
