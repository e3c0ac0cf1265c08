package dev.gamut.ffm.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Quantise;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each function that is bound fails once, at several of its calls: an exception says which and with what, nothing is left, all goes on. */
class GpuFailureTest {
    private static final int UNKNOWN = 999;

    /** Calls of one function that are made to fail. */
    private static final int TRIES = 5;

    /** Asked once, when a library is looked for or a program first used: see {@link GpuHostTest}; of collectives: {@link GpuRanksTest}. */
    private static final Set<Call> OF_THE_SEARCH = EnumSet.of(
            Call.RUNTIME_VERSION,
            Call.DRIVER_VERSION,
            Call.DEVICE_COUNT,
            Call.DEVICE_PROPERTIES,
            Call.DEVICE_ATTRIBUTE,
            Call.PROGRAM_LOAD,
            Call.PROGRAM_FUNCTION);

    private static double[] numbers(int count, int modulus) {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i * 7 % modulus - modulus / 2;
        }
        return numbers;
    }

    private static Tensor tensor(DType type, int rows, int cols) {
        double[] numbers = numbers(rows * cols, 7);
        Tensor t = Tensor.zeros(type, rows, cols);
        for (int i = 0; i < numbers.length; i++) {
            t.set(numbers[i], i / cols, i % cols);
        }
        return t;
    }

    /** All that a device does: what it computed, as numbers to compare. */
    private static List<Double> everything(Gamut gamut, Vendor vendor) {
        List<Double> found = new ArrayList<>();
        try (Device gpu = gamut.device(vendor.id() + ":0");
                Stream other = gpu.newStream()) {
            products(gamut, gpu, found);
            if (hasPrograms(vendor)) {
                weights(gamut, gpu, found);
            }
            transfers(gpu, other, found);
            try (DeviceTensor x = gpu.copyOf(tensor(DType.F32, 5, 6))) {
                found.add(gamut.sum(x));
            }
        }
        return found;
    }

    private static void products(Gamut gamut, Device gpu, List<Double> found) {
        try (DeviceTensor a = gpu.copyOf(tensor(DType.F32, 5, 6));
                DeviceTensor b = gpu.copyOf(tensor(DType.F32, 6, 3));
                DeviceTensor c = gpu.zeros(DType.F32, 10, 3);
                DeviceTensor bias = gpu.copyOf(Tensor.of(new float[] {1, 2, 3}, 3))) {
            GemmDesc two = GemmDesc.of(DType.F32, 5, 3, 6).batch(2, 0, 0, 15);
            GemmDesc biased = two.epilogue(List.of(new Epilogue.Bias(true, DType.F32)));
            run(gamut, gpu, biased, a, b, c, 2, 0, Epilogue.NONE.bias(bias.tensor()));
            run(gamut, gpu, two, a, b, c, 0, 3, Epilogue.NONE);
            collect(c.toHost(), found);
        }
        try (DeviceTensor a = gpu.copyOf(tensor(DType.I8, 5, 6));
                DeviceTensor b = gpu.copyOf(tensor(DType.I8, 3, 6));
                DeviceTensor c = gpu.zeros(DType.I32, 5, 3)) {
            GemmDesc desc = GemmDesc.of(DType.I8, 5, 3, 6);
            desc = desc.b(MatrixDesc.of("b", b.tensor().transpose()));
            run(gamut, gpu, desc, a, b, c, 1, 0, Epilogue.NONE);
            run(gamut, gpu, desc, a, b, c, -1, 3, Epilogue.NONE);
            collect(c.toHost(), found);
        }
    }

    private static boolean hasPrograms(Vendor vendor) {
        return vendor == Vendor.CUDA && Ptx.missing().isEmpty();
    }

    private static void weights(Gamut gamut, Device gpu, List<Double> found) {
        Tensor codes = gamut.quantise(tensor(DType.F32, 64, 4), Quantise.int4().blocks(32));
        try (DeviceTensor a = gpu.copyOf(tensor(DType.F32, 5, 64));
                DeviceTensor b = gpu.copyOf(codes);
                DeviceTensor c = gpu.zeros(DType.F32, 5, 4)) {
            gamut.gemm(a, b, c);
            gamut.gemm(a, gamut.pack(b), c, g -> g.beta(1));
            collect(c.toHost(), found);
        }
    }

    private static void run(
            Gamut gamut,
            Device gpu,
            GemmDesc desc,
            DeviceTensor a,
            DeviceTensor b,
            DeviceTensor c,
            double alpha,
            double beta,
            Epilogue epilogue) {
        GemmArgs args = new GemmArgs().scalars(alpha, beta).epilogue(epilogue);
        args.a().set(a.buffer(), desc.a().type(), 0);
        args.b().set(b.buffer(), desc.b().type(), 0);
        args.c().set(c.buffer(), desc.c().type(), 0);
        gamut.plan(desc, gpu).run(args);
    }

    private static void transfers(Device gpu, Stream other, List<Double> found) {
        try (HostBuffer from = gpu.allocateHost(64);
                HostBuffer to = gpu.allocateHost(64);
                DeviceBuffer x = gpu.allocate(64);
                DeviceBuffer y = gpu.allocate(64)) {
            from.segment().fill((byte) 3);
            try (Event there = x.copyFrom(from, 0, gpu.stream())) {
                other.waitFor(there);
                y.copyFrom(x, 0, 0, 64, other).close();
                try (Event back = y.copyTo(to, 0, other)) {
                    back.isDone();
                    back.await();
                }
            }
            found.add((double) to.segment().get(ValueLayout.JAVA_BYTE, 63));
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

    private static Optional<GamutException> thrown(Runnable work) {
        try {
            work.run();
            return Optional.empty();
        } catch (GamutException e) {
            return Optional.of(e);
        }
    }

    private static String expected(Simulator simulator, Call call, int code) {
        String name = call.role() == Call.Role.PRODUCTS
                ? simulator.vendor() == Vendor.CUDA
                        ? "CUBLAS_STATUS_EXECUTION_FAILED"
                        : "HIPBLAS_STATUS_EXECUTION_FAILED"
                : simulator.vendor() == Vendor.CUDA ? "cudaErrorUnknown" : "hipErrorUnknown";
        return simulator.vendor().function(call) + " returned " + name + " (" + code + ")";
    }

    private static Map<Call, Long> counts(Simulator simulator) {
        Map<Call, Long> counts = new EnumMap<>(Call.class);
        for (Call call : Call.values()) {
            counts.put(call, simulator.calls(call));
        }
        return counts;
    }

    @ParameterizedTest
    @EnumSource
    void eachCallMayFailOnce(Vendor vendor) {
        Simulator simulator = Simulator.of(vendor);
        try (Gamut gamut = Gamut.open()) {
            List<Double> right = everything(gamut, vendor);
            long nothing = simulator.open();
            Map<Call, Long> before = counts(simulator);
            assertEquals(right, everything(gamut, vendor));
            Map<Call, Long> after = counts(simulator);
            for (Call call : Call.values()) {
                int calls = (int) (after.get(call) - before.get(call));
                // What tells of another call's failure has none of its own.
                if (call == Call.LAST_ERROR
                        || call == Call.LAUNCH && !hasPrograms(vendor)
                        || OF_THE_SEARCH.contains(call)
                        || call.role() == Call.Role.RANKS) {
                    continue;
                }
                assertTrue(calls > 0, call + " is never called");
                int code = call.role() == Call.Role.PRODUCTS ? vendor == Vendor.CUDA ? 13 : 5 : UNKNOWN;
                for (int i = 0; i < Math.min(calls, TRIES); i++) {
                    int nth = 1 + i * calls / Math.min(calls, TRIES);
                    String what = call + ", call " + nth + " of " + calls;
                    simulator.fail(call, nth, code);
                    GamutException e = thrown(() -> everything(gamut, vendor))
                            .orElseThrow(() -> new AssertionError("nothing was thrown by " + what));
                    assertTrue(e instanceof NativeCallException, what + ": " + e);
                    assertEquals(expected(simulator, call, code), e.getMessage(), what);
                    assertEquals(nothing, simulator.open(), what);
                    assertEquals(right, everything(gamut, vendor), what);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutRoomTheDeviceGoesOn(Vendor vendor) {
        Simulator simulator = Simulator.of(vendor);
        long nothing;
        try (Gamut gamut = Gamut.open()) {
            everything(gamut, vendor);
            nothing = simulator.open();
            try (Device gpu = gamut.device(vendor.id() + ":0")) {
                long most = gpu.info().largest();
                try (DeviceBuffer half = gpu.allocate(most / 2 + 1)) {
                    OutOfDeviceMemoryException e =
                            assertThrows(OutOfDeviceMemoryException.class, () -> gpu.allocate(most / 2 + 1));
                    assertTrue(e.getMessage().contains(vendor.function(Call.MALLOC) + " returned "), e.getMessage());
                    gpu.allocate(half.byteSize() / 2).close();
                }
                try (DeviceBuffer again = gpu.allocate(most / 2 + 1)) {
                    assertEquals(most / 2 + 1, again.byteSize());
                }
            }
        }
        assertEquals(nothing, simulator.open());
    }

    /** The simulator frees at once and works late: what was freed too early would be an illegal address. */
    @ParameterizedTest
    @EnumSource
    void memoryThatIsInUseIsFreedLaterAndForNewMemoryWhereThereIsNoRoom(Vendor vendor) {
        Simulator.of(vendor);
        try (Gamut gamut = Gamut.open();
                Device gpu = gamut.device(vendor.id() + ":0");
                DeviceTensor c = gpu.zeros(DType.F32, 4, 4)) {
            long most = gpu.info().largest();
            DeviceTensor ones =
                    gpu.copyOf(Tensor.of(new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 4, 4));
            gamut.gemm(ones, ones, c);
            DeviceBuffer large = gpu.allocate(most / 2 + 1);
            ones.close();
            large.close();
            gpu.allocate(most / 2 + 1).close();
            float[] found = new float[16];
            c.copyTo(Tensor.of(found, 4, 4));
            float[] fours = new float[16];
            Arrays.fill(fours, 4);
            assertArrayEquals(fours, found);
        }
    }
}
