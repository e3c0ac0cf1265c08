package dev.gamut.ffm.gpu;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.device.DeviceInfo;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/**
 * One device of a vendor.
 *
 * @param runtime its runtime
 * @param blas its library for products, or null
 * @param number of the device
 * @param capability ten times the major one, and the minor one
 * @param driver its version, as the runtime counts
 * @param info what is known of it
 */
record GpuPlace(Functions runtime, Functions blas, int number, int capability, int driver, DeviceInfo info) {
    /** Room for what the runtime knows of a device: 1,008 bytes in CUDA 13.0, 1,472 in ROCm 6.3, and newer ones add to it. */
    private static final long PROPERTIES = 16_384;

    /** Where the memory's size stands, behind the name, two identifiers and a mask. */
    private static final long MEMORY = 288;

    private static final int MAJOR = 10;

    static GpuPlace of(Functions runtime, Functions blas, int number) {
        Vendor vendor = runtime.vendor();
        int capability = attribute(runtime, Constant.CAPABILITY_MAJOR, number) * MAJOR
                + attribute(runtime, Constant.CAPABILITY_MINOR, number);
        int driver = runtime.number(Call.DRIVER_VERSION);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment properties = arena.allocate(PROPERTIES, JAVA_LONG.byteAlignment());
            runtime.call(Call.DEVICE_PROPERTIES, properties, number);
            long memory = properties.get(JAVA_LONG, MEMORY);
            return new GpuPlace(
                    runtime,
                    blas,
                    number,
                    capability,
                    driver,
                    new DeviceInfo(
                            vendor.id() + ":" + number,
                            properties.getString(0),
                            DeviceInfo.Kind.GPU,
                            memory,
                            memory,
                            attribute(runtime, Constant.UNITS, number),
                            Set.copyOf(vendor.arithmetic(capability)),
                            vendor.title() + " " + runtime.version() + ", driver "
                                    + vendor.text(driver) + ", capability " + capability / MAJOR + "."
                                    + capability % MAJOR));
        }
    }

    private static int attribute(Functions runtime, Constant which, int device) {
        return runtime.number(Call.DEVICE_ATTRIBUTE, which.of(runtime.vendor()), device);
    }
}
