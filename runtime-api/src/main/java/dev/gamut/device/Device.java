package dev.gamut.device;

import dev.gamut.dtype.DType;
import dev.gamut.error.OutOfDeviceMemoryException;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A place where tensors live and are computed with, by {@code gamut.device("opencl:0")}. Each opening is a device of its own: memory of
 * one cannot be used with another. Thread-safe.
 *
 * <pre>{@code
 * try (Device gpu = gamut.device("opencl:0");
 *         DeviceTensor a = gpu.copyOf(x); DeviceTensor b = gpu.copyOf(y); DeviceTensor c = gpu.zeros(F32, m, n)) {
 *     gamut.gemm(a, b, c);
 *     Tensor result = c.toHost();
 * }
 * }</pre>
 *
 * <p>Operations whose operands are all on a device return when they are in its stream; what is copied to the host afterwards waits for
 * them. Whatever is not closed before its device is a leak, as is what the garbage collector finds: leaks are ended, counted ({@link
 * #leaks}) and logged, with the place where they were allocated if the system property {@code gamut.device.traces} is true.
 */
public final class Device implements AutoCloseable {
    private final DeviceDriver driver;
    private final Resources resources;
    private final Stream stream;
    private final List<Runnable> endings = new ArrayList<>();
    private boolean closed;

    /** Something to be put into a queue. */
    @FunctionalInterface
    interface Work {
        void put(DeviceDriver driver, long queue);
    }

    /**
     * A device that was just opened; programmes get theirs from {@code Gamut.device}.
     *
     * @param driver the library's side of it, which ends with this device
     */
    public Device(DeviceDriver driver) {
        this.driver = driver;
        this.resources = new Resources(driver.info().name(), driver::close);
        try {
            this.stream = Stream.of(this, true);
        } catch (RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    /** What it is. */
    public DeviceInfo info() {
        return driver.info();
    }

    /** The library's side, for kernels. */
    public DeviceDriver driver() {
        return driver;
    }

    Resources resources() {
        return resources;
    }

    /** Throws {@link IllegalStateException} where it has been closed. */
    public void requireOpen() {
        resources.requireOpen();
    }

    /**
     * Memory, its contents undefined.
     *
     * @param bytes at least 1
     * @return to be closed by the caller
     * @throws OutOfDeviceMemoryException where there is no room; the device is as before
     */
    public DeviceBuffer allocate(long bytes) {
        return allocate(bytes, false);
    }

    /**
     * Memory that kernels keep, such as operands laid out beforehand: freed with the device, or before it where nobody refers to it any more or
     * somebody closes it. It is no leak, nor counted by {@link #open}.
     *
     * @param bytes at least 1
     * @throws OutOfDeviceMemoryException where there is no room; the device is as before
     */
    public DeviceBuffer keep(long bytes) {
        return allocate(bytes, true);
    }

    private DeviceBuffer allocate(long bytes, boolean kept) {
        requireOpen();
        atLeast1(bytes);
        if (bytes > info().largest()) {
            throw new OutOfDeviceMemoryException(info().name(), bytes, "one buffer has at most " + info().largest());
        }
        return whileOpen(() -> new DeviceBuffer(this, bytes, room(bytes), kept));
    }

    /** Where there is none, what the stream keeps for its next operation goes first. */
    private long room(long bytes) {
        try {
            return driver.allocate(bytes);
        } catch (OutOfDeviceMemoryException e) {
            if (!stream().scratch().spare()) {
                throw e;
            }
            return driver.allocate(bytes);
        }
    }

    /**
     * Memory of the host for copies that a stream makes.
     *
     * @param bytes at least 1
     * @return to be closed by the caller
     */
    public HostBuffer allocateHost(long bytes) {
        requireOpen();
        atLeast1(bytes);
        return whileOpen(() -> HostBuffer.of(this, bytes));
    }

    private static void atLeast1(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes is " + bytes + "; it must be at least 1");
        }
    }

    /**
     * A row-major tensor of zeros.
     *
     * @param type element type
     * @param shape sizes; rows of 4-bit elements are padded to whole bytes
     * @return to be closed by the caller
     */
    public DeviceTensor zeros(DType type, long... shape) {
        DeviceTensor made = DeviceTensor.of(this, type, rows(type, shape));
        try {
            inStream(
                    (of, queue) -> of.clear(
                            queue, made.buffer().handle(), made.buffer().byteSize()),
                    made.buffer());
            return made;
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private static Layout rows(DType type, long[] shape) {
        int last = shape.length - 1;
        if (!type.isSubByte() || last < 1) {
            return Layout.rowMajor(shape);
        }
        long[] padded = shape.clone();
        padded[last] = (shape[last] + 1) / 2 * 2;
        Layout room = Layout.rowMajor(padded);
        long[] strides = new long[shape.length];
        for (int axis = 0; axis < strides.length; axis++) {
            strides[axis] = room.stride(axis);
        }
        return Layout.of(shape, strides);
    }

    /**
     * A copy of a tensor of the host, scale factors included, with the same layout.
     *
     * @param host plain or quantised numbers
     * @return to be closed by the caller
     */
    public DeviceTensor copyOf(Tensor host) {
        return DeviceTensor.copyOf(this, host);
    }

    /** The stream that operations of this thread go to: the device's own, or that of {@link Stream#run}. */
    public Stream stream() {
        Stream current = Stream.current(this);
        return current != null ? current : stream;
    }

    /** Memory for the steps of one operation that this thread puts into its stream, to be closed behind the last one. */
    public Scratch.Use scratch() {
        return stream().scratch().use();
    }

    /** Another stream, to be closed by the caller. */
    public Stream newStream() {
        requireOpen();
        return whileOpen(() -> Stream.of(this, false));
    }

    /** Waits for all that this thread's stream has been given. */
    public void synchronize() {
        stream().synchronize();
    }

    /** Keeps the library's side open meanwhile: it ends after the device's own stream. */
    private <T> T whileOpen(Supplier<T> work) {
        stream.hold();
        try {
            return work.get();
        } finally {
            stream.release();
        }
    }

    /** Puts something into this thread's stream while a buffer is held. */
    void inStream(Work work, Resource used) {
        Stream into = stream();
        into.hold();
        try {
            used.hold();
            try {
                work.put(driver, into.handle());
            } finally {
                used.release();
            }
        } finally {
            into.release();
        }
    }

    /** How many buffers, streams and events are open; the device's own stream and what kernels keep are not counted. */
    public int open() {
        return (int) resources.alive().stream()
                .filter(life -> life != stream.life() && !life.isKept())
                .count();
    }

    /** Resources of any device of this process that were leaked. */
    public static long leaks() {
        return Leaks.count();
    }

    /**
     * Adds what is to be done when the device is closed, before anything of it ends.
     *
     * @param ending to be run once
     */
    public void onClose(Runnable ending) {
        synchronized (endings) {
            endings.add(ending);
        }
    }

    /** Waits for the device's stream, reports and ends what is still open, and ends the device. */
    @Override
    public void close() {
        List<Runnable> last;
        synchronized (endings) {
            if (closed) {
                return;
            }
            closed = true;
            last = List.copyOf(endings);
        }
        Ending ending = new Ending(); // whatever the library refuses
        last.forEach(ending::then);
        ending.then(stream::end).then(resources::close);
        resources.alive().forEach(ending::then);
        ending.end();
    }

    @Override
    public String toString() {
        return info().toString();
    }
}
