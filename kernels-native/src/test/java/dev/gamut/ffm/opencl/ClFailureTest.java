package dev.gamut.ffm.opencl;

import static dev.gamut.dtype.DType.BF16;
import static dev.gamut.dtype.DType.F32;
import static dev.gamut.dtype.DType.F64;
import static dev.gamut.dtype.DType.I32;
import static dev.gamut.dtype.DType.I8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Gamut;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.device.DeviceTensor;
import dev.gamut.device.Event;
import dev.gamut.device.HostBuffer;
import dev.gamut.device.Stream;
import dev.gamut.dtype.DType;
import dev.gamut.error.GamutException;
import dev.gamut.error.NativeCallException;
import dev.gamut.error.OutOfDeviceMemoryException;
import dev.gamut.ffm.StandIn;
import dev.gamut.ffm.library.SystemLibrary;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each function of OpenCL that is bound fails once, at several of its calls: an exception says which and with what, nothing is left, all goes on. */
class ClFailureTest {
    private static final int INVALID_OPERATION = -59;
    private static final int OUT_OF_RESOURCES = -5;

    /** Calls of one function that are made to fail. */
    private static final int TRIES = 4;

    /** Asked once, when a library is looked for, a device first opened or a program first used. */
    private static final Set<String> OF_THE_SEARCH = Set.of(
            "clGetPlatformIDs",
            "clGetPlatformInfo",
            "clGetDeviceIDs",
            "clGetDeviceInfo",
            "clCreateContext",
            "clCreateProgramWithSource",
            "clBuildProgram",
            "clGetProgramBuildInfo",
            "clReleaseProgram");

    /** Asked until something has ended: how often depends on how fast the device was this time, so a later call may not come. */
    private static final Set<String> ASKED_BY_TIME = Set.of("clGetEventInfo");

    /** Which of the calls from now on fails. */
    private static final int NEVER = 0;

    private StandIn library;

    @BeforeEach
    void aStandInIsThere() {
        library = StandIn.of("GAMUT_OPENCL", "opencl-test.sh");
    }

    private static Tensor tensor(DType type, int rows, int cols) {
        Tensor t = Tensor.zeros(type, rows, cols);
        for (int i = 0; i < rows * cols; i++) {
            t.set(i * 7 % 5 - 2, i / cols, i % cols);
        }
        return t;
    }

    /** All that a device does: what it computed, as numbers to compare. */
    private static List<Double> everything(Gamut gamut) {
        List<Double> found = new ArrayList<>();
        try (Device device = gamut.device("opencl:0");
                Stream other = device.newStream()) {
            product(gamut, device, F32, F32, 6, found);
            product(gamut, device, F64, F64, 1, found);
            product(gamut, device, I8, I32, 6, found);
            try (DeviceTensor x = device.copyOf(tensor(F32, 5, 6));
                    DeviceTensor narrow = device.zeros(BF16, 5, 6)) {
                found.add(gamut.sum(x));
                gamut.convert(x, narrow);
                collect(narrow.toHost(), found);
            }
            transfers(device, other);
        }
        return found;
    }

    private static void product(
            Gamut gamut, Device device, DType operands, DType result, int cols, List<Double> found) {
        try (DeviceTensor a = device.copyOf(tensor(operands, 5, 7));
                DeviceTensor b = device.copyOf(tensor(operands, 7, cols));
                DeviceTensor c = device.zeros(result, 5, cols)) {
            gamut.gemm(a, b, c);
            gamut.gemm(a, b, c, g -> g.alpha(-2).beta(1));
            collect(c.toHost(), found);
        }
    }

    private static void transfers(Device device, Stream other) {
        try (HostBuffer host = device.allocateHost(64);
                DeviceBuffer x = device.allocate(64);
                DeviceBuffer y = device.allocate(64)) {
            try (Event there = x.copyFrom(host, 0, device.stream())) {
                other.waitFor(there);
                y.copyFrom(x, 0, 0, 64, other).close();
                try (Event back = y.copyTo(host, 0, other)) {
                    back.isDone();
                    back.await();
                }
            }
            y.copyFrom(MemorySegment.ofArray(new byte[64]), 0);
            other.synchronize();
        }
    }

    private static void collect(Tensor t, List<Double> found) {
        for (long row = 0; row < t.size(0); row++) {
            for (long col = 0; col < t.size(1); col++) {
                found.add(t.get(row, col));
            }
        }
    }

    /** How often each function of the list that is bound was called. */
    private Map<String, Long> counts() throws Exception {
        String bound = "--include-typedef cl_api_";
        Map<String, Long> counts = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("src/main/jextract/opencl.args"))) {
            if (line.startsWith(bound)) {
                String name = line.substring(bound.length());
                counts.put(name, library.calls(name));
            }
        }
        return counts;
    }

    private static Optional<NativeCallException> thrown(Runnable work) {
        try {
            work.run();
            return Optional.empty();
        } catch (NativeCallException e) {
            return Optional.of(e);
        }
    }

    @Test
    void eachCallMayFailOnce() throws Exception {
        long leaks = Device.leaks();
        try (Gamut gamut = Gamut.open()) {
            List<Double> right = everything(gamut);
            long nothing = library.open();
            Map<String, Long> before = counts();
            assertEquals(right, everything(gamut));
            Map<String, Long> after = counts();
            for (String function : before.keySet()) {
                int calls = (int) (after.get(function) - before.get(function));
                if (OF_THE_SEARCH.contains(function)) {
                    continue;
                }
                assertTrue(calls > 0, function + " is never called");
                for (int i = 0; i < Math.min(calls, TRIES); i++) {
                    int nth = 1 + i * calls / Math.min(calls, TRIES);
                    String what = function + ", call " + nth + " of " + calls;
                    long earlier = library.calls(function);
                    library.fail(function, nth, INVALID_OPERATION);
                    Optional<NativeCallException> thrown = thrown(() -> everything(gamut));
                    if (nth > 1 && library.calls(function) - earlier < nth && ASKED_BY_TIME.contains(function)) {
                        library.fail(function, NEVER, INVALID_OPERATION);
                        assertEquals(Optional.empty(), thrown, what);
                        continue;
                    }
                    NativeCallException e =
                            thrown.orElseThrow(() -> new AssertionError("nothing was thrown by " + what));
                    assertEquals(function + " returned CL_INVALID_OPERATION (-59)", e.getMessage(), what);
                    assertEquals(nothing, library.open(), what);
                    assertEquals(right, everything(gamut), what);
                }
            }
        }
        assertEquals(leaks, Device.leaks());
    }

    @Test
    void withoutRoomTheDeviceGoesOn() {
        try (Gamut gamut = Gamut.open()) {
            List<Double> right = everything(gamut);
            long nothing = library.open();
            library.fail("clCreateBuffer", 2, OUT_OF_RESOURCES);
            OutOfDeviceMemoryException e = assertThrows(OutOfDeviceMemoryException.class, () -> everything(gamut));
            assertTrue(e.getMessage().contains("clCreateBuffer returned CL_OUT_OF_RESOURCES"), e.getMessage());
            assertEquals(nothing, library.open());
            assertEquals(right, everything(gamut));
        }
    }

    /** What is done once for a device may fail too, and is done again. */
    @Test
    void openingAndCompilingMayFailOnce() {
        SystemLibrary openCl = new SystemLibrary(Optional.of(library.file()), List.of());
        SystemLibrary none = new SystemLibrary(Optional.of("none"), List.of());
        ClPlace place = ClHost.of(openCl, none).places().getFirst();
        library.fail("clCreateContext", 1, INVALID_OPERATION);
        assertEquals(
                "clCreateContext returned CL_INVALID_OPERATION (-59)",
                assertThrows(NativeCallException.class, () -> new ClDriver(place))
                        .getMessage());
        new ClDriver(place).close();
        String source = "kernel void nothing() {}";
        long open = library.open();
        for (String function : List.of("clCreateProgramWithSource", "clBuildProgram")) {
            library.fail(function, 1, INVALID_OPERATION);
            GamutException e = assertThrows(GamutException.class, () -> place.program(source));
            assertTrue(e.getMessage().startsWith(function + " returned CL_INVALID_OPERATION (-59)"), e.getMessage());
            assertEquals(open, library.open());
        }
        assertTrue(place.program(source) != 0);
        GamutException e = assertThrows(GamutException.class, () -> place.program("kernel void wrong( {}"));
        assertTrue(
                e.getMessage().startsWith("clBuildProgram returned CL_BUILD_PROGRAM_FAILURE (-11): "), e.getMessage());
        assertEquals(open + 1, library.open());
    }
}
