package dev.gamut.internal.device;

import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.device.DeviceTensor;
import dev.gamut.device.Ending;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The operands of one run, all on the side where the kernel computes: those that live there as they are, copies of the others. Memory of
 * the device is held until {@link #close}, so that nobody frees it while a kernel is being called.
 */
final class Staging implements AutoCloseable {
    private final Device device;
    private final Side side;
    private final List<DeviceBuffer> held = new ArrayList<>();
    private final List<Runnable> freed = new ArrayList<>();
    private final List<Runnable> results = new ArrayList<>();

    Staging(Device device, Side side) {
        this.device = device;
        this.side = side;
    }

    /** A batch of matrices. */
    void matrix(Operand from, Operand to, MatrixDesc matrix, long batch, boolean read, boolean written) {
        Layout layout = Layout.of(
                new long[] {batch, matrix.rows(), matrix.cols()},
                new long[] {matrix.batchStride(), matrix.rowStride(), matrix.colStride()});
        operand(from, to, matrix.type(), layout, read, written);
    }

    /**
     * One operand.
     *
     * @param from where it is
     * @param to is pointed at it or at its copy
     * @param type of its elements
     * @param layout of its elements
     * @param read whether its elements matter
     * @param written whether they change
     */
    void operand(Operand from, Operand to, DType type, Layout layout, boolean read, boolean written) {
        if (from.isEmpty()) {
            to.clear();
        } else if ((from.remote() == null) == (side == Side.HOST)) {
            keep(from, to, type);
        } else if (side == Side.DEVICE) {
            toDevice(from, to, type, layout, read, written);
        } else {
            toHost(from, to, type, layout, read, written);
        }
    }

    private void keep(Operand from, Operand to, DType type) {
        if (from.remote() != null) {
            hold((DeviceBuffer) from.remote());
        }
        if (from.tensor() != null) {
            to.set(withFactors(from.tensor(), from.tensor()));
        } else if (from.remote() != null) {
            to.set(from.remote(), type, from.offset());
        } else if (from.array() != null) {
            to.set(from.array(), from.offset());
        } else {
            to.set(from.segmentOrNull(), type, from.offset());
        }
    }

    private void toDevice(Operand from, Operand to, DType type, Layout layout, boolean read, boolean written) {
        long bytes = type.bytes(layout.extent());
        DeviceBuffer copy = device.allocate(Math.max(1, bytes));
        freed.add(copy::close);
        if (read) {
            copy.copyFrom(from.segment().asSlice(type.bytes(from.offset()), bytes), 0);
        }
        if (from.tensor() != null) {
            to.set(withFactors(Tensor.of(copy, type, from.tensor().layout(), 0), from.tensor()));
        } else {
            to.set(copy, type, 0);
        }
        if (written) {
            MemorySegment target = from.segment();
            long first = from.offset();
            results.add(() -> {
                if (Elements.areAll(type, layout)) {
                    copy.copyTo(target.asSlice(type.bytes(first), bytes), 0);
                    return;
                }
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment room = arena.allocate(bytes);
                    copy.copyTo(room, 0);
                    Elements.copy(type, layout, room, target, first);
                }
            });
        }
    }

    private void toHost(Operand from, Operand to, DType type, Layout layout, boolean read, boolean written) {
        DeviceBuffer memory = (DeviceBuffer) from.remote();
        hold(memory);
        long start = type.bytes(from.offset());
        Tensor room = Tensor.zeros(type, layout.extent());
        if (read) {
            memory.copyTo(room.segment(), start);
        }
        if (from.tensor() != null) {
            to.set(withFactors(Tensor.of(room.array(), type, from.tensor().layout(), 0), from.tensor()));
        } else {
            to.set(room.array(), 0);
        }
        if (written) {
            results.add(() -> {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment whole = room.segment();
                    if (!Elements.areAll(type, layout)) {
                        whole = arena.allocate(whole.byteSize());
                        memory.copyTo(whole, start);
                        Elements.copy(type, layout, room.segment(), whole, 0);
                    }
                    memory.copyFrom(whole, start);
                }
            });
        }
    }

    private Tensor withFactors(Tensor numbers, Tensor as) {
        if (!as.scaling().hasScales()) {
            return numbers;
        }
        Tensor zeros = as.zeroPoints() == null ? null : tensor(as.zeroPoints());
        return numbers.scaled(as.scaling(), tensor(as.scales()), zeros);
    }

    /** A tensor that is read alone: scale factors, a bias. */
    Tensor tensor(Tensor from) {
        if ((from.remote() == null) == (side == Side.HOST)) {
            if (from.remote() != null) {
                hold((DeviceBuffer) from.remote());
            }
            return from;
        }
        if (side == Side.DEVICE) {
            DeviceTensor copy = device.copyOf(from);
            freed.add(copy::close);
            return copy.tensor();
        }
        DeviceBuffer memory = (DeviceBuffer) from.remote();
        hold(memory);
        Tensor room = Tensor.zeros(from.dtype(), from.layout().extent());
        memory.copyTo(room.segment(), from.dtype().bytes(from.offset()));
        return Tensor.of(room.array(), from.dtype(), from.layout(), 0);
    }

    private void hold(DeviceBuffer memory) {
        memory.hold();
        held.add(memory);
    }

    /** Brings results home; waits for them. */
    void finish() {
        results.forEach(Runnable::run);
    }

    @Override
    public void close() {
        Ending ending = new Ending();
        freed.forEach(ending::then);
        held.forEach(memory -> ending.then(memory::release));
        ending.end();
    }
}
