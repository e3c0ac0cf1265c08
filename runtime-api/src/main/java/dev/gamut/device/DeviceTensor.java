package dev.gamut.device;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import dev.gamut.tensor.TensorView;

/**
 * A tensor in memory of a device that it owns, with scale factors and zero points where the numbers have them. Operations take it like
 * any tensor; {@code gpuTensor.tensor().transpose()} and the like are views that need not be closed. As thread-safe as its memory.
 */
public final class DeviceTensor implements TensorView, AutoCloseable {
    private final DeviceBuffer buffer;
    private final DeviceTensor scales;
    private final DeviceTensor zeroPoints;
    private final Tensor tensor;

    private DeviceTensor(DeviceBuffer buffer, Tensor plain, Scaling by, DeviceTensor scales, DeviceTensor zeroPoints) {
        this.buffer = buffer;
        this.scales = scales;
        this.zeroPoints = zeroPoints;
        this.tensor = scales == null
                ? plain
                : plain.scaled(by, scales.tensor(), zeroPoints == null ? null : zeroPoints.tensor());
    }

    /** Memory for a layout, its contents undefined. */
    static DeviceTensor of(Device device, DType type, Layout layout) {
        DeviceBuffer buffer = device.allocate(Math.max(1, type.bytes(layout.extent())));
        return new DeviceTensor(buffer, Tensor.of(buffer, type, layout, 0), Scaling.NONE, null, null);
    }

    /** A copy of a tensor of the host, gaps between its elements included. */
    static DeviceTensor copyOf(Device device, Tensor host) {
        DeviceTensor numbers = null;
        DeviceTensor scales = null;
        DeviceTensor zeros = null;
        try {
            numbers = of(device, host.dtype(), host.layout());
            scales = host.scales() == null ? null : copyOf(device, host.scales());
            zeros = host.zeroPoints() == null ? null : copyOf(device, host.zeroPoints());
            numbers.buffer.copyFrom(range(host), 0);
            return new DeviceTensor(numbers.buffer, numbers.tensor, host.scaling(), scales, zeros);
        } catch (RuntimeException e) {
            close(numbers);
            close(scales);
            close(zeros);
            throw e;
        }
    }

    /** The bytes from a tensor's first element to its last one. */
    private static java.lang.foreign.MemorySegment range(Tensor host) {
        DType type = host.dtype();
        if (type.isSubByte() && host.offset() % (8 / type.bits()) != 0) {
            throw new IllegalArgumentException(
                    host + " starts at element " + host.offset() + "; " + type + " elements start at a whole byte");
        }
        return host.segment()
                .asSlice(type.bytes(host.offset()), type.bytes(host.layout().extent()));
    }

    @Override
    public Tensor tensor() {
        return tensor;
    }

    /** Where it is. */
    public Device device() {
        return buffer.device();
    }

    /** The memory of the numbers. */
    public DeviceBuffer buffer() {
        return buffer;
    }

    /**
     * Copies the numbers from a tensor of the host, after what this thread's stream does, and waits for it.
     *
     * @param host of the same type and layout; scale factors are not copied
     */
    public void copyFrom(Tensor host) {
        requireAlike(host);
        buffer.copyFrom(range(host), 0);
    }

    /**
     * Copies the numbers to a tensor of the host, after what this thread's stream does, and waits for it.
     *
     * @param host of the same type and layout; what lies between its elements is written too, scale factors are not
     */
    public void copyTo(Tensor host) {
        requireAlike(host);
        buffer.copyTo(range(host), 0);
    }

    private void requireAlike(Tensor host) {
        if (host.dtype() != tensor.dtype() || !host.layout().equals(tensor.layout())) {
            throw new IllegalArgumentException("host is " + host + "; the tensor on the device is " + tensor);
        }
    }

    /** A copy on the host, its scale factors included. */
    public Tensor toHost() {
        DType type = tensor.dtype();
        Tensor room = Tensor.zeros(type, tensor.layout().extent());
        Tensor copy = Tensor.of(room.array(), type, tensor.layout(), 0);
        copyTo(copy);
        return scales == null
                ? copy
                : copy.scaled(tensor.scaling(), scales.toHost(), zeroPoints == null ? null : zeroPoints.toHost());
    }

    /** Frees its memory, once work that uses it has ended. */
    @Override
    public void close() {
        buffer.close();
        close(scales);
        close(zeroPoints);
    }

    private static void close(DeviceTensor tensor) {
        if (tensor != null) {
            tensor.close();
        }
    }

    @Override
    public String toString() {
        return tensor + " on " + buffer.place();
    }
}
