package dev.gamut.ffm.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.dtype.DType;
import dev.gamut.ffm.program.Launch;
import dev.gamut.tensor.RemoteMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** One call of a kernel of OpenCL C: its arguments in order, then its range. One thread; freed by {@link #close}. */
final class ClLaunch implements Launch {
    private final Device device;
    private final ClDriver driver;
    private final ClLibrary library;
    private final Arena arena = Arena.ofConfined();
    private final long kernel;
    private int arguments;

    ClLaunch(Device device, String source, String name) {
        this.device = device;
        this.driver = (ClDriver) device.driver();
        ClPlace place = driver.place();
        this.library = place.library();
        this.kernel = library.createKernel(place.program(source), name);
    }

    private ClLaunch argument(long size, MemorySegment value) {
        library.setArgument(kernel, arguments++, size, value);
        return this;
    }

    @Override
    public ClLaunch memory(RemoteMemory memory) {
        return memory == null
                ? argument(ADDRESS.byteSize(), MemorySegment.NULL)
                : argument(
                        ADDRESS.byteSize(),
                        arena.allocateFrom(ADDRESS, MemorySegment.ofAddress(((DeviceBuffer) memory).handle())));
    }

    @Override
    public ClLaunch longs(long... values) {
        return argument(values.length * JAVA_LONG.byteSize(), arena.allocateFrom(JAVA_LONG, values));
    }

    /** A number of a type. */
    ClLaunch number(DType type, double value) {
        if (type.isInteger()) {
            return longs((long) value);
        }
        return type.precision() > Float.PRECISION
                ? argument(JAVA_DOUBLE.byteSize(), arena.allocateFrom(JAVA_DOUBLE, value))
                : argument(JAVA_FLOAT.byteSize(), arena.allocateFrom(JAVA_FLOAT, (float) value));
    }

    @Override
    public void run(long x, long y, long z, int localX, int localY) {
        MemorySegment global = arena.allocateFrom(JAVA_LONG, up(x, localX), up(y, localY), z);
        MemorySegment local = arena.allocateFrom(JAVA_LONG, localX, localY, 1);
        library.launch(device.stream().handle(), kernel, global, local);
    }

    private static long up(long size, long multiple) {
        return (size + multiple - 1) / multiple * multiple;
    }

    @Override
    public void close() {
        arena.close();
        driver.releases().free(() -> library.releaseKernel(kernel));
    }
}
