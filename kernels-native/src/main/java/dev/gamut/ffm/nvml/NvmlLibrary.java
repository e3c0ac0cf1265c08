package dev.gamut.ffm.nvml;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.error.NativeCallException;
import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.NativeFunction;
import dev.gamut.ffm.library.SharedLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Functions of NVML (nvml.h of the driver). Opened once and never closed. Thread-safe, as NVML is. Devices have NVML's own numbers, in the
 * order of the bus, which neither CUDA's order nor {@code CUDA_VISIBLE_DEVICES} changes.
 */
final class NvmlLibrary {
    private static final int LONGEST_NAME = 96;
    private static final long LONGEST_ERROR = 256;

    private final NativeFunction errorString;
    private final NativeFunction energy;
    private final List<MemorySegment> devices = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    NvmlLibrary(SharedLibrary library) throws LoadFailure {
        errorString = NativeFunction.of(library, "nvmlErrorString", ADDRESS, JAVA_INT);
        energy = NativeFunction.of(library, "nvmlDeviceGetTotalEnergyConsumption", JAVA_INT, ADDRESS, ADDRESS);
        NativeFunction init = NativeFunction.of(library, "nvmlInit_v2", JAVA_INT);
        NativeFunction count = NativeFunction.of(library, "nvmlDeviceGetCount_v2", JAVA_INT, ADDRESS);
        NativeFunction handle =
                NativeFunction.of(library, "nvmlDeviceGetHandleByIndex_v2", JAVA_INT, JAVA_INT, ADDRESS);
        NativeFunction name = NativeFunction.of(library, "nvmlDeviceGetName", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
        try (Arena arena = Arena.ofConfined()) {
            check("nvmlInit_v2", init.call());
            MemorySegment number = arena.allocate(JAVA_INT);
            check("nvmlDeviceGetCount_v2", count.call(number));
            for (int i = 0; i < number.get(JAVA_INT, 0); i++) {
                MemorySegment out = arena.allocate(ADDRESS);
                check("nvmlDeviceGetHandleByIndex_v2", handle.call(i, out));
                MemorySegment device = out.get(ADDRESS, 0);
                MemorySegment text = arena.allocate(LONGEST_NAME);
                check("nvmlDeviceGetName", name.call(device, text, LONGEST_NAME));
                add(device, "nvml:" + i + " " + text.getString(0));
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

    private void check(String function, Object status) {
        if ((int) status != 0) {
            MemorySegment text = (MemorySegment) errorString.call(status);
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
            check("nvmlDeviceGetTotalEnergyConsumption", energy.call(device, out));
            return out.get(JAVA_LONG, 0);
        }
    }
}
