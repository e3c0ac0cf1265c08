package dev.gamut.conformance;

import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.device.DeviceTensor;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Operands brought to a device for one run: each one's whole memory, with what lies around its elements, and back after it, so that the host
 * sees whatever was written there.
 */
final class Resident implements AutoCloseable {
    private final Device device;
    private final List<AutoCloseable> made = new ArrayList<>();
    private final List<Runnable> returns = new ArrayList<>();

    Resident(Device device) {
        this.device = device;
    }

    /** Points at a copy on the device, or at the same memory of the host. */
    void point(Operand to, Operand from, DType type, boolean moves) {
        if (from.isEmpty()) {
            to.clear();
        } else if (!moves) {
            same(to, from, type);
        } else {
            MemorySegment memory = from.segment();
            DeviceBuffer copy = device.allocate(Math.max(1, memory.byteSize()));
            made.add(copy);
            copy.copyFrom(memory, 0);
            returns.add(() -> {
                byte[] now = new byte[Math.toIntExact(memory.byteSize())];
                copy.copyTo(MemorySegment.ofArray(now), 0);
                memory.copyFrom(MemorySegment.ofArray(now));
            });
            Tensor tensor = from.tensor();
            if (tensor == null) {
                to.set(copy, type, from.offset());
            } else {
                Tensor zeros = tensor.zeroPoints() == null ? null : tensor(tensor.zeroPoints());
                to.set(Tensor.of(copy, type, tensor.layout(), from.offset())
                        .scaled(tensor.scaling(), tensor(tensor.scales()), zeros));
            }
        }
    }

    private static void same(Operand to, Operand from, DType type) {
        if (from.tensor() != null) {
            to.set(from.tensor());
        } else if (from.array() != null) {
            to.set(from.array(), from.offset());
        } else {
            to.set(from.segmentOrNull(), type, from.offset());
        }
    }

    /** A tensor that is read alone. */
    Tensor tensor(Tensor host) {
        DeviceTensor copy = device.copyOf(host);
        made.add(copy);
        return copy.tensor();
    }

    /** Brings the memory of all operands back. */
    void bringBack() {
        returns.forEach(Runnable::run);
    }

    @Override
    public void close() {
        for (AutoCloseable copy : made) {
            try {
                copy.close();
            } catch (Exception e) {
                throw new AssertionError("device memory is closed without exceptions", e);
            }
        }
    }
}
