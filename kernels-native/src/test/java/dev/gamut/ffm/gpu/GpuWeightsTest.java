package dev.gamut.ffm.gpu;

import static dev.gamut.dtype.DType.F32;
import static dev.gamut.dtype.DType.F8E4M3;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.Gamut;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceTensor;
import dev.gamut.device.Stream;
import dev.gamut.dtype.Scaling;
import dev.gamut.error.UnsupportedProblemException;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Quantise;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Weights of few bits on a simulated device: what becomes F32 when, and where it stays. Their numbers are whole, so that every sum is exact. */
class GpuWeightsTest {
    private static final int ROWS = 5;
    private static final int TERMS = 64;
    private static final int COLS = 3;

    private Simulator simulator;

    @BeforeEach
    void programsAreThere() {
        simulator = Simulator.of(Vendor.CUDA);
        assumeTrue(
                Ptx.missing().isEmpty(),
                () -> "cannot run here: " + Ptx.missing().get());
    }

    private static Tensor matrix(int rows, int cols, int first) {
        float[] data = new float[rows * cols];
        for (int i = 0; i < data.length; i++) {
            data[i] = (first + 2 * (i / cols) + i % cols) % 15 - 7;
        }
        return Tensor.of(data, rows, cols);
    }

    /** Each block of a column has a 7, so that its factor is 1. */
    private static Tensor weights(Gamut gamut, int first) {
        return gamut.quantise(
                matrix(TERMS, COLS, first), Quantise.int4().blocks(32).along(0));
    }

    private static float[] onHost(Gamut gamut, Tensor a, Tensor b) {
        float[] c = new float[ROWS * COLS];
        gamut.gemm(a, b, Tensor.of(c, ROWS, COLS));
        return c;
    }

    private static float[] floats(DeviceTensor t) {
        float[] c = new float[ROWS * COLS];
        t.copyTo(Tensor.of(c, ROWS, COLS));
        return c;
    }

    @Test
    void whatIsPackedBecomesFloatsOnceAndRunsAllocateNothing() {
        long before = simulator.open();
        long leaks = Device.leaks();
        try (Gamut gamut = Gamut.open();
                Device gpu = gamut.device("cuda:0");
                DeviceTensor a = gpu.copyOf(matrix(ROWS, TERMS, 3));
                DeviceTensor c = gpu.zeros(F32, ROWS, COLS)) {
            float[] right = onHost(gamut, matrix(ROWS, TERMS, 3), weights(gamut, 0));
            PackedMatrix packed;
            try (DeviceTensor b = gpu.copyOf(weights(gamut, 0))) {
                for (int run = 0; run < 3; run++) {
                    long launches = simulator.calls(Call.LAUNCH);
                    long allocations = simulator.calls(Call.MALLOC);
                    gamut.gemm(a, b, c);
                    assertEquals(1, simulator.calls(Call.LAUNCH) - launches, "b at each run");
                    assertTrue(run == 0 || simulator.calls(Call.MALLOC) == allocations, "run " + run + " allocates");
                    assertArrayEquals(right, floats(c));
                }
                packed = gamut.pack(b);
            }
            assertEquals(TERMS * COLS * F32.bytes(1), packed.bytes());
            for (int run = 0; run < 3; run++) {
                long launches = simulator.calls(Call.LAUNCH);
                long allocations = simulator.calls(Call.MALLOC);
                gamut.gemm(a, packed, c);
                assertEquals(launches, simulator.calls(Call.LAUNCH), "b is F32");
                assertTrue(run == 0 || simulator.calls(Call.MALLOC) == allocations, "run " + run + " allocates");
                assertArrayEquals(right, floats(c));
            }
            assertEquals(2, gpu.open(), "a and c");
        }
        assertEquals(before, simulator.open());
        assertEquals(leaks, Device.leaks());
    }

    @Test
    void weightsOfABatchHaveFactorsOfTheirOwn() {
        float[] both = new float[2 * TERMS * COLS];
        for (int i = 0; i < both.length; i++) { // the second one's factors are 4
            both[i] = (2 * (i / COLS) + i % COLS) % 15 - 7;
            both[i] *= i < both.length / 2 ? 1 : 4;
        }
        float[] ones = new float[2 * ROWS * TERMS];
        for (int i = 0; i < ones.length; i++) {
            ones[i] = i % 7 - 3;
        }
        Tensor left = Tensor.of(ones, 2, ROWS, TERMS);
        try (Gamut gamut = Gamut.open();
                Device gpu = gamut.device("cuda:0")) {
            Tensor weights = gamut.quantise(
                    Tensor.of(both, 2, TERMS, COLS), Quantise.int4().blocks(32).along(1));
            float[] right = new float[2 * ROWS * COLS];
            gamut.gemm(left, Tensor.of(both, 2, TERMS, COLS), Tensor.of(right, 2, ROWS, COLS));
            float[] got = new float[right.length];
            try (DeviceTensor a = gpu.copyOf(left);
                    DeviceTensor b = gpu.copyOf(weights);
                    DeviceTensor c = gpu.zeros(F32, 2, ROWS, COLS)) {
                long launches = simulator.calls(Call.LAUNCH);
                gamut.gemm(a, b, c);
                assertEquals(1, simulator.calls(Call.LAUNCH) - launches, "b becomes F32 there");
                c.copyTo(Tensor.of(got, 2, ROWS, COLS));
            }
            assertArrayEquals(right, got);
        }
    }

    /** Two matrices of codes with a factor for each 32 of a row: 1, in the second matrix 4 where factors are of each. */
    private static Tensor codes(int rows, int cols, boolean codesOfEach, boolean factorsOfEach) {
        byte[] data = new byte[2 * rows * cols];
        for (int i = 0; i < data.length; i++) {
            F8E4M3.store(MemorySegment.ofArray(data), i, (3 * (i / cols) + i) % 13 - 6);
        }
        int blocks = (cols + 31) / 32;
        float[] factors = new float[2 * rows * blocks];
        Arrays.fill(factors, 0, rows * blocks, 1);
        Arrays.fill(factors, rows * blocks, factors.length, 4);
        Tensor of = Tensor.of(factors, F32, twice(rows, blocks, factorsOfEach), 0);
        return Tensor.of(data, F8E4M3, twice(rows, cols, codesOfEach), 0)
                .scaled(Scaling.perBlock(2, 32, F32), of, null);
    }

    private static Layout twice(long rows, long cols, boolean ofEach) {
        return Layout.of(new long[] {2, rows, cols}, new long[] {ofEach ? rows * cols : 0, cols, 1});
    }

    private static Tensor dequantised(Tensor t) {
        Tensor numbers = Tensor.zeros(F32, t.layout().shape());
        for (long e = 0; e < 2; e++) {
            for (long r = 0; r < t.size(1); r++) {
                for (long c = 0; c < t.size(2); c++) {
                    numbers.set(t.get(e, r, c) * t.scales().get(e, r, c / 32), e, r, c);
                }
            }
        }
        return numbers;
    }

    @Test
    void codesThatServeABatchMayHaveFactorsOfEachMatrix() {
        try (Gamut gamut = Gamut.open();
                Device gpu = gamut.device("cuda:0");
                DeviceTensor c = gpu.zeros(F32, 2, ROWS, COLS)) {
            for (int variant = 0;
                    variant < 32;
                    variant++) { // each twice, as plans serve one sort of factors and the other
                Tensor a = codes(ROWS, TERMS, (variant & 1) != 0, (variant & 4) != 0);
                Tensor b = codes(TERMS, COLS, (variant & 2) != 0, (variant & 8) != 0);
                float[] right = new float[2 * ROWS * COLS];
                gamut.gemm(dequantised(a), dequantised(b), Tensor.of(right, 2, ROWS, COLS));
                float[] got = new float[right.length];
                try (DeviceTensor x = gpu.copyOf(a);
                        DeviceTensor y = gpu.copyOf(b)) {
                    long launches = simulator.calls(Call.LAUNCH);
                    gamut.gemm(x, y, c);
                    assertEquals(2, simulator.calls(Call.LAUNCH) - launches, "a and b become F32 there");
                    c.copyTo(Tensor.of(got, 2, ROWS, COLS));
                }
                assertArrayEquals(right, got, "variant " + variant);
            }
        }
    }

    @Test
    void streamsDoNotShareWhatBecameFloats() {
        try (Gamut gamut = Gamut.open();
                Device gpu = gamut.device("cuda:0");
                Stream other = gpu.newStream();
                DeviceTensor a = gpu.copyOf(matrix(ROWS, TERMS, 3));
                DeviceTensor b = gpu.copyOf(weights(gamut, 0));
                DeviceTensor others = gpu.copyOf(weights(gamut, 7));
                DeviceTensor c = gpu.zeros(F32, ROWS, COLS);
                DeviceTensor d = gpu.zeros(F32, ROWS, COLS)) {
            gpu.synchronize();
            gamut.gemm(a, b, c); // the simulator works as late as it may
            other.run(() -> gamut.gemm(a, others, d));
            other.synchronize();
            assertArrayEquals(onHost(gamut, matrix(ROWS, TERMS, 3), weights(gamut, 0)), floats(c));
            assertArrayEquals(onHost(gamut, matrix(ROWS, TERMS, 3), weights(gamut, 7)), floats(d));
        }
    }

    @Test
    void packedWeightsStayWhereTheyAre() {
        try (Gamut gamut = Gamut.open();
                Device first = gamut.device("cuda:0");
                Device second = gamut.device("cuda:1");
                DeviceTensor b = first.copyOf(weights(gamut, 0));
                DeviceTensor a = second.copyOf(matrix(ROWS, TERMS, 3));
                DeviceTensor c = second.zeros(F32, ROWS, COLS)) {
            PackedMatrix packed = gamut.pack(b);
            Exception e = assertThrows(IllegalArgumentException.class, () -> gamut.gemm(a, packed, c));
            assertTrue(e.getMessage().startsWith("b is packed on cuda:0; the plan takes one"), e.getMessage());
            Tensor host = matrix(ROWS, TERMS, 3);
            assertThrows(
                    UnsupportedProblemException.class, () -> gamut.gemm(host, packed, Tensor.zeros(F32, ROWS, COLS)));
            assertThrows(UnsupportedProblemException.class, () -> gamut.pack(a), "F32 needs no packing here");
        }
    }
}
