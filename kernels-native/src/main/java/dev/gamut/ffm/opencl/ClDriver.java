package dev.gamut.ffm.opencl;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.gamut.device.DeviceDriver;
import dev.gamut.device.DeviceInfo;
import dev.gamut.device.Releases;
import dev.gamut.error.OutOfDeviceMemoryException;
import dev.gamut.ffm.opencl.abi.opencl_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/** A device of OpenCL. Commands that were put into a queue keep their memory, as OpenCL says. Thread-safe. */
final class ClDriver implements DeviceDriver {
    private static final Set<Integer> NO_ROOM = Set.of(
            opencl_h.CL_MEM_OBJECT_ALLOCATION_FAILURE(),
            opencl_h.CL_OUT_OF_RESOURCES(),
            opencl_h.CL_OUT_OF_HOST_MEMORY(),
            opencl_h.CL_INVALID_BUFFER_SIZE());

    private final ClPlace place;
    private final ClLibrary library;
    private final Releases releases = new Releases();

    ClDriver(ClPlace place) {
        this.place = place;
        this.library = place.library();
        place.context(); // a device that cannot be used says so now
    }

    ClPlace place() {
        return place;
    }

    Releases releases() {
        return releases;
    }

    @Override
    public DeviceInfo info() {
        return place.info();
    }

    @Override
    public long allocate(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            long buffer = library.createBuffer(place.context(), bytes, status);
            int code = status.get(JAVA_INT, 0);
            if (NO_ROOM.contains(code)) {
                throw new OutOfDeviceMemoryException(
                        info().name(), bytes, "clCreateBuffer returned " + ClStatus.name(code));
            }
            ClStatus.check("clCreateBuffer", code);
            return buffer;
        }
    }

    @Override
    public void free(long memory) {
        releases.free(() -> library.releaseBuffer(memory));
    }

    @Override
    public long createQueue() {
        return library.createQueue(place.context(), place.device());
    }

    @Override
    public void freeQueue(long queue) {
        releases.free(() -> library.releaseQueue(queue));
    }

    @Override
    public void write(long queue, MemorySegment from, long memory, long offset, boolean waits) {
        library.write(queue, from, memory, offset, waits);
    }

    @Override
    public void read(long queue, long memory, long offset, MemorySegment to, boolean waits) {
        library.read(queue, memory, offset, to, waits);
    }

    @Override
    public void copy(long queue, long from, long fromOffset, long to, long toOffset, long bytes) {
        library.copy(queue, from, fromOffset, to, toOffset, bytes);
    }

    @Override
    public void clear(long queue, long memory, long bytes) {
        library.clear(queue, memory, bytes);
    }

    /** Behind what is in the queue, which is set going: another queue may wait for it. */
    @Override
    public long record(long queue) {
        long event = library.mark(queue);
        try {
            library.flush(queue);
            return event;
        } catch (RuntimeException e) {
            freeEvent(event);
            throw e;
        }
    }

    @Override
    public boolean isDone(long event) {
        return library.isDone(event);
    }

    @Override
    public void await(long event) {
        library.await(event);
    }

    @Override
    public void freeEvent(long event) {
        releases.free(() -> library.releaseEvent(event));
    }

    @Override
    public void waitFor(long queue, long event) {
        library.barrier(queue, event);
    }

    @Override
    public void finish(long queue) {
        library.finish(queue);
    }

    /** Context and programs stay with the place. */
    @Override
    public void close() {
        releases.again();
    }
}
