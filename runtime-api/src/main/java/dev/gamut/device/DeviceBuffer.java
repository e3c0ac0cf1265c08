package dev.gamut.device;

import dev.gamut.device.TransferEvent.Direction;
import dev.gamut.internal.memory.SegmentChecks;
import dev.gamut.tensor.RemoteMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Memory on a device. Copies come in two forms: those with the host's own memory return when they are done; those with a
 * {@link HostBuffer} are put into a stream. Both are in order with what the same stream does. Thread-safe; whoever closes it while work
 * that uses it is under way does not disturb that work.
 */
public final class DeviceBuffer extends Resource implements RemoteMemory {
    private static final long PIECE = 4 << 20;
    private static final long LINE = 64;

    private final long bytes;

    DeviceBuffer(Device device, long bytes, long handle, boolean kept) {
        super(device, "buffer of " + bytes + " bytes", handle, free(device.driver(), handle), kept);
        this.bytes = bytes;
    }

    private static Runnable free(DeviceDriver driver, long handle) {
        return () -> driver.free(handle);
    }

    @Override
    public String place() {
        return device().info().name();
    }

    @Override
    public Object owner() {
        return device();
    }

    @Override
    public long byteSize() {
        return bytes;
    }

    /**
     * Copies from the host and waits for it.
     *
     * @param from any memory that this thread may read
     * @param offset byte of this buffer where the first one goes
     */
    public void copyFrom(MemorySegment from, long offset) {
        SegmentChecks.requireUsable("from", from, false);
        check("from", from.byteSize(), offset);
        if (from.byteSize() > 0) {
            TransferEvent.of(this, Direction.TO_DEVICE, from.byteSize(), true, () -> write(from, offset));
        }
    }

    private DeviceBuffer write(MemorySegment from, long offset) {
        Device.Work work = (driver, queue) -> inPieces(from, (piece, at) -> {
            if (piece != from) {
                piece.copyFrom(from.asSlice(at, piece.byteSize()));
            }
            driver.write(queue, piece, handle(), offset + at, true);
        });
        device().inStream(work, this);
        return this;
    }

    /**
     * Copies to the host and waits for it.
     *
     * @param to any memory that this thread may write
     * @param offset byte of this buffer that goes first
     */
    public void copyTo(MemorySegment to, long offset) {
        SegmentChecks.requireUsable("to", to, true);
        check("to", to.byteSize(), offset);
        if (to.byteSize() > 0) {
            TransferEvent.of(this, Direction.TO_HOST, to.byteSize(), true, () -> read(to, offset));
        }
    }

    private DeviceBuffer read(MemorySegment to, long offset) {
        Device.Work work = (driver, queue) -> inPieces(to, (piece, at) -> {
            driver.read(queue, handle(), offset + at, piece, true);
            if (piece != to) {
                to.asSlice(at, piece.byteSize()).copyFrom(piece);
            }
        });
        device().inStream(work, this);
        return this;
    }

    /** A part of a copy. */
    private interface Piece {
        void copy(MemorySegment reachable, long at);
    }

    /** Native memory goes as it is. A heap's goes piece by piece through memory that is taken once: new pages take longer than a copy. */
    private static void inPieces(MemorySegment memory, Piece work) {
        if (memory.isNative()) {
            work.copy(memory, 0);
            return;
        }
        try (Arena arena = Arena.ofShared()) {
            long bytes = memory.byteSize();
            MemorySegment room = arena.allocate(Math.min(PIECE, bytes), LINE);
            for (long at = 0; at < bytes; at += PIECE) {
                work.copy(room.asSlice(0, Math.min(PIECE, bytes - at)), at);
            }
        }
    }

    /**
     * Puts a copy from the host into a stream.
     *
     * @param from not to be changed before the event
     * @param offset byte of this buffer where the first one goes
     * @param stream of the same device
     * @return done when the copy is
     */
    public Event copyFrom(HostBuffer from, long offset, Stream stream) {
        check("from", from.byteSize(), offset);
        return TransferEvent.of(
                this,
                Direction.TO_DEVICE,
                from.byteSize(),
                false,
                () -> transfer(
                        from, stream, (driver, queue) -> driver.write(queue, from.memory(), handle(), offset, false)));
    }

    /**
     * Puts a copy to the host into a stream.
     *
     * @param to not to be read before the event
     * @param offset byte of this buffer that goes first
     * @param stream of the same device
     * @return done when the copy is
     */
    public Event copyTo(HostBuffer to, long offset, Stream stream) {
        check("to", to.byteSize(), offset);
        return TransferEvent.of(
                this,
                Direction.TO_HOST,
                to.byteSize(),
                false,
                () -> transfer(
                        to, stream, (driver, queue) -> driver.read(queue, handle(), offset, to.memory(), false)));
    }

    /**
     * Puts a copy within the device into a stream.
     *
     * @param from another buffer of the same device
     * @param fromOffset byte of it that goes first
     * @param offset byte of this buffer where it goes
     * @param size bytes
     * @param stream of the same device
     * @return done when the copy is
     */
    public Event copyFrom(DeviceBuffer from, long fromOffset, long offset, long size, Stream stream) {
        check("size", size, offset);
        from.check("size", size, fromOffset);
        if (from == this) {
            throw new IllegalArgumentException("from is the buffer itself; another one of the device is needed");
        }
        return TransferEvent.of(
                this,
                Direction.WITHIN_DEVICE,
                size,
                false,
                () -> transfer(from, stream, (driver, queue) -> {
                    if (size > 0) {
                        driver.copy(queue, from.handle(), fromOffset, handle(), offset, size);
                    }
                }));
    }

    private void check(String name, long size, long offset) {
        requireOpen();
        if (size < 0 || offset < 0 || size > bytes - offset) {
            throw new IllegalArgumentException(
                    name + " is of " + size + " bytes; from byte " + offset + " on the buffer has " + (bytes - offset));
        }
    }

    /** Both ends stay alive until the stream has come so far. */
    private Event transfer(Resource other, Stream stream, Device.Work work) {
        if (other.device() != device() || stream.device() != device()) {
            throw new IllegalArgumentException("buffers are on " + place() + " and "
                    + other.device().info().name() + ", the stream is on "
                    + stream.device().info().name() + "; all must be on one open device");
        }
        stream.hold();
        try {
            hold();
            try {
                other.hold();
            } catch (IllegalStateException e) {
                release();
                throw e;
            }
            try {
                work.put(device().driver(), stream.handle());
            } catch (RuntimeException e) {
                release();
                other.release();
                throw e;
            }
            return stream.transfer(List.of(life(), other.life()));
        } finally {
            stream.release();
        }
    }
}
