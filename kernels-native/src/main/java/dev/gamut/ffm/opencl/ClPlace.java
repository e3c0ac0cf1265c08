package dev.gamut.ffm.opencl;

import dev.gamut.device.DeviceInfo;
import dev.gamut.dtype.DType;
import dev.gamut.ffm.opencl.abi.opencl_h;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One device of OpenCL with its context and the programs compiled for it, which all openings share and which stay until the process ends:
 * CLBlast keeps programs by the context's address. Thread-safe.
 */
final class ClPlace {
    private static final String FP64 = "cl_khr_fp64";
    private static final String FP16 = "cl_khr_fp16";

    private final ClLibrary library;
    private final long device;
    private final DeviceInfo info;
    private final Map<String, Long> programs = new ConcurrentHashMap<>();
    private long context;

    private ClPlace(ClLibrary library, long device, DeviceInfo info) {
        this.library = library;
        this.device = device;
        this.info = info;
    }

    /** A device as OpenCL describes it. */
    static ClPlace of(ClLibrary library, String name, long platform, long device) {
        String platformName = library.platformText(platform, opencl_h.CL_PLATFORM_NAME());
        return new ClPlace(
                library,
                device,
                new DeviceInfo(
                        name,
                        library.deviceText(device, opencl_h.CL_DEVICE_NAME()),
                        kind(library.deviceNumber(device, opencl_h.CL_DEVICE_TYPE())),
                        library.deviceNumber(device, opencl_h.CL_DEVICE_GLOBAL_MEM_SIZE()),
                        library.deviceNumber(device, opencl_h.CL_DEVICE_MAX_MEM_ALLOC_SIZE()),
                        (int) library.deviceNumber(device, opencl_h.CL_DEVICE_MAX_COMPUTE_UNITS()),
                        arithmetic(library, device),
                        platformName + ", " + library.deviceText(device, opencl_h.CL_DEVICE_VERSION()) + ", driver "
                                + library.deviceText(device, opencl_h.CL_DRIVER_VERSION())));
    }

    private static DeviceInfo.Kind kind(long type) {
        if ((type & opencl_h.CL_DEVICE_TYPE_GPU()) != 0) {
            return DeviceInfo.Kind.GPU;
        }
        return (type & opencl_h.CL_DEVICE_TYPE_CPU()) != 0 ? DeviceInfo.Kind.CPU : DeviceInfo.Kind.ACCELERATOR;
    }

    /** F32 counts where it is IEEE 754's, subnormal numbers included: bounds rest on that. */
    private static Set<DType> arithmetic(ClLibrary library, long device) {
        Set<DType> types = EnumSet.noneOf(DType.class);
        long needed = opencl_h.CL_FP_DENORM()
                | opencl_h.CL_FP_INF_NAN()
                | opencl_h.CL_FP_ROUND_TO_NEAREST()
                | opencl_h.CL_FP_FMA();
        if ((library.deviceNumber(device, opencl_h.CL_DEVICE_SINGLE_FP_CONFIG()) & needed) == needed) {
            types.add(DType.F32);
        }
        Set<String> extensions = Set.of(
                library.deviceText(device, opencl_h.CL_DEVICE_EXTENSIONS()).split(" +"));
        if (extensions.contains(FP64)) {
            types.add(DType.F64);
        }
        if (extensions.contains(FP16)) {
            types.add(DType.F16);
        }
        return types;
    }

    DeviceInfo info() {
        return info;
    }

    ClLibrary library() {
        return library;
    }

    long device() {
        return device;
    }

    synchronized long context() {
        if (context == 0) {
            context = library.createContext(device);
        }
        return context;
    }

    /** A program from its source, compiled once. */
    long program(String source) {
        return programs.computeIfAbsent(source, text -> library.build(context(), device, text));
    }
}
