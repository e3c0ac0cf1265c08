package dev.gamut.device;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory of the host that a device copies from and to while the host goes on: locked in place where the library does that. Thread-safe. */
public final class HostBuffer extends Resource {
    /** Allocated, aligned to a page, since libraries lock whole pages. */
    private static final long PAGE = 4096;

    private final MemorySegment memory;

    private HostBuffer(Device device, MemorySegment memory, Runnable free) {
        super(device, "host buffer of " + memory.byteSize() + " bytes", memory.address(), free);
        this.memory = memory;
    }

    static HostBuffer of(Device device, long bytes) {
        DeviceDriver driver = device.driver();
        Arena arena = Arena.ofShared();
        try {
            MemorySegment memory = arena.allocate(bytes, PAGE);
            driver.pin(memory);
            return new HostBuffer(device, memory, () -> {
                try {
                    driver.unpin(memory);
                } finally {
                    arena.close();
                }
            });
        } catch (RuntimeException | Error e) {
            if (arena.scope().isAlive()) {
                arena.close();
            }
            throw e;
        }
    }

    /** The memory; it ends when this is closed and transfers that use it have ended. */
    public MemorySegment segment() {
        requireOpen();
        return memory;
    }

    /** The memory as the driver sees it, while it is held. */
    MemorySegment memory() {
        return memory;
    }

    /** Its size. */
    public long byteSize() {
        return memory.byteSize();
    }
}
