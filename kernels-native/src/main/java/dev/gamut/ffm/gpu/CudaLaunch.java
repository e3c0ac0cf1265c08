package dev.gamut.ffm.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.ffm.program.Launch;
import dev.gamut.tensor.RemoteMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** One call of a function that PTX has. */
final class CudaLaunch implements Launch {
    /** {@code dim3}, which is passed by value. */
    static final MemoryLayout DIM3 = MemoryLayout.structLayout(JAVA_INT, JAVA_INT, JAVA_INT);

    /** Groups along the second and the third axis. */
    private static final long MOST = 65_535;

    private final Device device;
    private final GpuDriver driver;
    private final long function;
    private final Arena arena = Arena.ofConfined();
    private final List<MemorySegment> arguments = new ArrayList<>();

    CudaLaunch(Device device, long function) {
        this.device = device;
        this.driver = (GpuDriver) device.driver();
        this.function = function;
    }

    @Override
    public Launch memory(RemoteMemory memory) {
        return longs(memory == null ? 0 : ((DeviceBuffer) memory).handle());
    }

    @Override
    public Launch longs(long... values) {
        arguments.add(arena.allocateFrom(JAVA_LONG, values));
        return this;
    }

    /** Programs go over what a range lacks along the second and third axis. */
    @Override
    public void run(long x, long y, long z, int localX, int localY) {
        MemorySegment pointers = arena.allocate(ADDRESS, arguments.size());
        for (int i = 0; i < arguments.size(); i++) {
            pointers.setAtIndex(ADDRESS, i, arguments.get(i));
        }
        driver.launch(
                device.stream().handle(),
                function,
                dim3(groups(x, localX), Math.min(MOST, groups(y, localY)), Math.min(MOST, z)),
                dim3(localX, localY, 1),
                pointers);
    }

    private static long groups(long size, long of) {
        return (size + of - 1) / of;
    }

    private MemorySegment dim3(long x, long y, long z) {
        MemorySegment dim3 = arena.allocate(DIM3);
        dim3.setAtIndex(JAVA_INT, 0, Math.toIntExact(x));
        dim3.setAtIndex(JAVA_INT, 1, Math.toIntExact(y));
        dim3.setAtIndex(JAVA_INT, 2, Math.toIntExact(z));
        return dim3;
    }

    @Override
    public void close() {
        arena.close();
    }
}
