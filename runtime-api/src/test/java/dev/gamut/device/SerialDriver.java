package dev.gamut.device;

import dev.gamut.error.NativeCallException;
import dev.gamut.error.OutOfDeviceMemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * A device in Java: memory that only it reaches, queues that work as late as they may, handles that are checked and counted. What a
 * library would crash on is an {@link AssertionError}.
 */
final class SerialDriver implements DeviceDriver {
    /** Small, so that tests can fill it. */
    static final long CAPACITY = 1 << 20;

    private record Mark(long queue, boolean[] passed) {}

    private final DeviceInfo info;
    private final Map<Long, MemorySegment> memories = new HashMap<>();
    private final Map<Long, Queue<Runnable>> queues = new HashMap<>();
    private final Map<Long, Mark> events = new HashMap<>();
    private long next = 1;
    private long used;
    private int failing;
    private int refusals;
    private boolean closed;

    SerialDriver(DeviceInfo info) {
        this.info = info;
    }

    /** The n-th allocation from now on fails. */
    synchronized void failAllocation(int n) {
        failing = n;
    }

    /** The next n times memory is freed, it says that it refuses. */
    synchronized void refuseToFree(int n) {
        refusals = n;
    }

    /** Bytes that are taken. */
    synchronized long used() {
        return used;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    private static <T> T known(Map<Long, T> table, long handle) {
        T found = table.get(handle);
        if (found == null) {
            throw new AssertionError("handle " + handle + " is not one, or was freed");
        }
        return found;
    }

    @Override
    public synchronized long allocate(long bytes) {
        if (failing > 0 && --failing == 0 || used + bytes > CAPACITY) {
            throw new OutOfDeviceMemoryException(info.name(), bytes, used + " of " + CAPACITY + " are taken");
        }
        used += bytes;
        memories.put(next, Arena.ofAuto().allocate(bytes).fill((byte) 0x5A));
        return next++;
    }

    @Override
    public synchronized void free(long memory) {
        used -= known(memories, memory).byteSize();
        memories.remove(memory);
        if (refusals > 0) {
            refusals--;
            throw new NativeCallException("free", 5, "REFUSED");
        }
    }

    synchronized MemorySegment memory(long handle) {
        return known(memories, handle);
    }

    @Override
    public synchronized long createQueue() {
        queues.put(next, new ArrayDeque<>());
        return next++;
    }

    @Override
    public synchronized void freeQueue(long queue) {
        finish(queue);
        queues.remove(queue);
    }

    synchronized void put(long queue, Runnable work) {
        known(queues, queue).add(work);
    }

    @Override
    public synchronized void write(long queue, MemorySegment from, long memory, long offset, boolean waits) {
        MemorySegment to = memory(memory).asSlice(offset, from.byteSize());
        put(queue, () -> to.copyFrom(from));
        if (waits) {
            finish(queue);
        }
    }

    @Override
    public synchronized void read(long queue, long memory, long offset, MemorySegment to, boolean waits) {
        MemorySegment from = memory(memory).asSlice(offset, to.byteSize());
        put(queue, () -> to.copyFrom(from));
        if (waits) {
            finish(queue);
        }
    }

    @Override
    public synchronized void copy(long queue, long from, long fromOffset, long to, long toOffset, long bytes) {
        MemorySegment source = memory(from).asSlice(fromOffset, bytes);
        MemorySegment target = memory(to).asSlice(toOffset, bytes);
        put(queue, () -> target.copyFrom(source));
    }

    @Override
    public synchronized void clear(long queue, long memory, long bytes) {
        MemorySegment target = memory(memory).asSlice(0, bytes);
        put(queue, () -> target.fill((byte) 0));
    }

    @Override
    public synchronized long record(long queue) {
        boolean[] passed = {false};
        put(queue, () -> passed[0] = true);
        events.put(next, new Mark(queue, passed));
        return next++;
    }

    @Override
    public synchronized boolean isDone(long event) {
        return known(events, event).passed[0];
    }

    @Override
    public synchronized void await(long event) {
        until(known(events, event));
    }

    private void until(Mark mark) {
        while (!mark.passed[0]) {
            known(queues, mark.queue).remove().run();
        }
    }

    @Override
    public synchronized void freeEvent(long event) {
        known(events, event);
        events.remove(event);
    }

    @Override
    public synchronized void waitFor(long queue, long event) {
        Mark mark = known(events, event);
        put(queue, () -> until(mark));
    }

    @Override
    public synchronized void finish(long queue) {
        Queue<Runnable> works = known(queues, queue);
        while (!works.isEmpty()) {
            works.remove().run();
        }
    }

    @Override
    public synchronized void close() {
        if (!memories.isEmpty() || !queues.isEmpty() || !events.isEmpty() || closed || used != 0) {
            throw new AssertionError("closed with " + memories.size() + " memories, " + queues.size() + " queues and "
                    + events.size() + " events");
        }
        closed = true;
    }
}
