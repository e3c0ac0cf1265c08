package dev.gamut.device;

import java.lang.foreign.MemorySegment;

/**
 * One open device as its library sees it: what a provider writes. {@link Device} and its kin check sizes, ranges and states before
 * anything is called here, and call nothing with a handle that was freed. Handles are the library's own, as numbers. Thread-safe.
 *
 * <p>Work that was put into a queue keeps what it needs: memory may be freed while transfers or kernels that use it are still to come.
 * An error of the library is a {@link dev.gamut.error.NativeCallException}.
 */
public interface DeviceDriver extends AutoCloseable {
    /** What it is. */
    DeviceInfo info();

    /**
     * Memory on the device, its contents undefined.
     *
     * @param bytes at least 1
     * @return its handle
     * @throws dev.gamut.error.OutOfDeviceMemoryException where there is no room
     */
    long allocate(long bytes);

    /**
     * Frees memory.
     *
     * @param memory from {@link #allocate}
     */
    void free(long memory);

    /**
     * Prepares native memory of the host for transfers, where the library has something to do for that.
     *
     * @param memory stays until {@link #unpin}
     */
    default void pin(MemorySegment memory) {}

    /**
     * Ends that.
     *
     * @param memory from {@link #pin}
     */
    default void unpin(MemorySegment memory) {}

    /** A queue that works in the order of what is put into it. */
    long createQueue();

    /**
     * Ends a queue, after what is in it.
     *
     * @param queue from {@link #createQueue}
     */
    void freeQueue(long queue);

    /**
     * Puts a copy from the host into a queue.
     *
     * @param queue where
     * @param from native memory that stays as it is until the copy has ended
     * @param memory on the device
     * @param offset bytes into it
     * @param waits whether to return only then, so that the memory may end after
     */
    void write(long queue, MemorySegment from, long memory, long offset, boolean waits);

    /**
     * Puts a copy to the host into a queue.
     *
     * @param queue where
     * @param memory on the device
     * @param offset bytes into it
     * @param to native memory that stays until the copy has ended
     * @param waits whether to return only then, so that the memory may end after
     */
    void read(long queue, long memory, long offset, MemorySegment to, boolean waits);

    /**
     * Puts a copy on the device into a queue.
     *
     * @param queue where
     * @param from on the device
     * @param fromOffset bytes into it
     * @param to on the device, another memory
     * @param toOffset bytes into it
     * @param bytes at least 1
     */
    void copy(long queue, long from, long fromOffset, long to, long toOffset, long bytes);

    /**
     * Puts zeros into memory.
     *
     * @param queue where
     * @param memory on the device
     * @param bytes from its start, at least 1
     */
    void clear(long queue, long memory, long bytes);

    /**
     * A mark behind what is in a queue.
     *
     * @param queue which
     * @return an event that is done once the queue comes to it
     */
    long record(long queue);

    /**
     * Whether a queue has come to an event.
     *
     * @param event from {@link #record}
     */
    boolean isDone(long event);

    /**
     * Waits for an event.
     *
     * @param event from {@link #record}
     */
    void await(long event);

    /**
     * Frees an event.
     *
     * @param event from {@link #record}
     */
    void freeEvent(long event);

    /**
     * Lets a queue go on only after an event.
     *
     * @param queue which
     * @param event of any queue of this device
     */
    void waitFor(long queue, long event);

    /**
     * Waits until a queue is empty.
     *
     * @param queue which
     */
    void finish(long queue);

    /** Frees the rest, when all of the above has been freed. */
    @Override
    void close();
}
