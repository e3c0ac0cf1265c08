package dev.gamut.ffm.nvml;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.error.NativeCallException;
import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SharedLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/** Functions of NVML (nvml.h of the driver). Opened once and never closed. Thread-safe, as NVML is. */
final class NvmlLibrary {
    private static final int LONGEST_NAME = 96;
    private static final long LONGEST_ERROR = 256;

    private final MethodHandle errorString;
    private final MethodHandle energy;
    private final List<MemorySegment> devices = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    NvmlLibrary(SharedLibrary library) throws LoadFailure {
        errorString = bound(library, "nvmlErrorString", ADDRESS, JAVA_INT);
        energy = bound(library, "nvmlDeviceGetTotalEnergyConsumption", JAVA_INT, ADDRESS, ADDRESS);
        MethodHandle init = bound(library, "nvmlInit_v2", JAVA_INT);
        MethodHandle count = bound(library, "nvmlDeviceGetCount_v2", JAVA_INT, ADDRESS);
        MethodHandle handle = bound(library, "nvmlDeviceGetHandleByIndex_v2", JAVA_INT, JAVA_INT, ADDRESS);
        MethodHandle name = bound(library, "nvmlDeviceGetName", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
        try (Arena arena = Arena.ofConfined()) {
            check("nvmlInit_v2", called(init));
            MemorySegment number = arena.allocate(JAVA_INT);
            check("nvmlDeviceGetCount_v2", called(count, number));
            for (int i = 0; i < number.get(JAVA_INT, 0); i++) {
                MemorySegment out = arena.allocate(ADDRESS);
                check("nvmlDeviceGetHandleByIndex_v2", called(handle, i, out));
                MemorySegment device = out.get(ADDRESS, 0);
                MemorySegment text = arena.allocate(LONGEST_NAME);
                check("nvmlDeviceGetName", called(name, device, text, LONGEST_NAME));
                add(device, "cuda:" + i + " " + text.getString(0));
            }
        } catch (NativeCallException e) { // a driver's own failure is a reason here
            throw new LoadFailure(library.origin() + ": " + e.getMessage());
        }
        if (devices.isEmpty()) {
            throw new LoadFailure(library.origin() + " has no device that counts its energy");
        }
    }

    /** Keeps a device that counts; those before Volta do not. */
    private void add(MemorySegment device, String name) {
        try {
            millijoules(device);
            devices.add(device);
            names.add(name);
        } catch (NativeCallException e) {
            System.getLogger("dev.gamut").log(System.Logger.Level.DEBUG, name + ": " + e.getMessage());
        }
    }

    private static MethodHandle bound(
            SharedLibrary library, String name, MemoryLayout result, MemoryLayout... parameters) throws LoadFailure {
        return Linker.nativeLinker()
                .downcallHandle(library.find(name), FunctionDescriptor.of(result, parameters))
                .asSpreader(Object[].class, parameters.length);
    }

    private static Object called(MethodHandle function, Object... arguments) {
        try {
            return function.invoke(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e); // a downcall throws nothing else
        }
    }

    private void check(String function, Object status) {
        if ((int) status != 0) {
            MemorySegment text = (MemorySegment) called(errorString, status);
            throw new NativeCallException(
                    function, (int) status, text.reinterpret(LONGEST_ERROR).getString(0));
        }
    }

    List<String> names() {
        return List.copyOf(names);
    }

    long millijoules(int device) {
        return millijoules(devices.get(device));
    }

    private long millijoules(MemorySegment device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            check("nvmlDeviceGetTotalEnergyConsumption", called(energy, device, out));
            return out.get(JAVA_LONG, 0);
        }
    }
}
