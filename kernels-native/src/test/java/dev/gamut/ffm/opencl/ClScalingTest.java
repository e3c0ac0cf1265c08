package dev.gamut.ffm.opencl;

import static dev.gamut.dtype.DType.F32;
import static dev.gamut.dtype.DType.F64;
import static dev.gamut.dtype.DType.I32;
import static dev.gamut.dtype.DType.I8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceTensor;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.error.UnsupportedProblemException;
import dev.gamut.tensor.Quantise;
import dev.gamut.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operands with scale factors on a device, bit by bit what the reference makes of them. */
class ClScalingTest {
    private static final int BATCH = 2;
    private static final int ROWS = 3;
    private static final int COLS = 64;

    /** Runs programs of devices alone. */
    private Gamut own;

    private Gamut reference;

    @BeforeEach
    void open() {
        assumeTrue(
                ClHost.get().failure() == null,
                () -> "cannot run here: " + ClHost.get().failure());
        own = Gamut.open(GamutConfig.defaults().kernel("*_opencl").strict(true));
        reference = Gamut.open(GamutConfig.defaults().kernel("*_ref").strict(true));
    }

    @AfterEach
    void close() {
        if (own != null) {
            own.close();
            reference.close();
        }
    }

    /** Each box has its own largest magnitude, a power of two times the largest code: quantised they are what they were. */
    private static Tensor numbers(int batch, int rows, int cols) {
        float[] data = new float[batch * rows * cols];
        for (int i = 0; i < data.length; i++) {
            int code = i % cols % 8 == 0 || i / cols % rows == 0 ? 127 : i % 11 - 5;
            data[i] = code * (1 << (i / cols + i % cols / 32) % 5);
        }
        return Tensor.of(data, batch, rows, cols);
    }

    private static float[] floats(Tensor t) {
        return (float[]) t.array();
    }

    private float[] converted(Gamut gamut, Tensor x) {
        long[] shape = x.layout().shape();
        try (Device device = gamut.device("opencl:0");
                DeviceTensor from = device.copyOf(x);
                DeviceTensor to = device.zeros(F32, shape)) {
            Tensor result = Tensor.zeros(F32, shape);
            gamut.convert(from, to);
            to.copyTo(result);
            return floats(result);
        }
    }

    private float[] onHost(Tensor x) {
        return floats(reference.dequantise(x));
    }

    @Test
    void eachMatrixOfABatchHasItsOwnFactors() {
        Tensor x = numbers(BATCH, ROWS, COLS);
        for (Quantise how : new Quantise[] {
            Quantise.int8(),
            Quantise.int8().perAxis(1),
            Quantise.int8().perAxis(2),
            Quantise.int8().blocks(32),
            Quantise.int8().blocks(2).along(1),
            Quantise.uint8().blocks(16),
            Quantise.fp8e4m3().perAxis(1)
        }) {
            Tensor codes = reference.quantise(x, how);
            assertArrayEquals(onHost(codes), converted(own, codes), how::toString);
            Tensor turned = codes.transpose();
            float[] right = new float[BATCH * ROWS * COLS];
            reference.convert(turned, Tensor.of(right, BATCH, COLS, ROWS));
            assertArrayEquals(right, converted(own, turned), how::toString);
        }
    }

    @Test
    void soDoProducts() {
        Tensor a = Tensor.zeros(F32, BATCH, 5, COLS);
        for (int i = 0; i < floats(a).length; i++) {
            floats(a)[i] = i % 7 - 3; // so that sums are exact
        }
        Tensor b = numbers(BATCH, COLS, 7);
        for (Quantise how : new Quantise[] {
            Quantise.int8().perAxis(2), Quantise.int8().blocks(32).along(1)
        }) {
            Tensor codes = reference.quantise(b, how);
            float[] right = new float[BATCH * 5 * 7];
            reference.gemm(a, codes, Tensor.of(right, BATCH, 5, 7));
            float[] got = new float[right.length];
            try (Device device = own.device("opencl:0");
                    DeviceTensor x = device.copyOf(a);
                    DeviceTensor y = device.copyOf(codes);
                    DeviceTensor z = device.zeros(F32, BATCH, 5, 7)) {
                own.gemm(x, y, z);
                z.copyTo(Tensor.of(got, BATCH, 5, 7));
            }
            assertArrayEquals(right, got, how::toString);
        }
    }

    private static Tensor scaled(Tensor codes, Scaling by, double scale, double zero) {
        long[] shape = by.scaleShape(codes.layout().shape());
        Tensor factors = Tensor.zeros(by.scaleType(), shape);
        factors.set(scale, 0, 0);
        Tensor zeros = by.zeroPointType().map(type -> Tensor.zeros(type, shape)).orElse(null);
        if (zeros != null) {
            zeros.set(zero, 0, 0);
        }
        return codes.scaled(by, factors, zeros);
    }

    private static Tensor row(DType type, double... codes) {
        Tensor t = Tensor.zeros(type, 1, codes.length);
        for (int i = 0; i < codes.length; i++) {
            t.set(codes[i], 0, i);
        }
        return t;
    }

    /** What programs would round twice they leave to the host. */
    @Test
    void whatDoesNotFitF32IsRoundedOnceToo() {
        Scaling by = Scaling.perTensor(F32);
        try (Gamut any = Gamut.open()) {
            for (Tensor x : new Tensor[] {
                scaled(row(F64, 1e39, 0.1, 1 + 0x1p-40), by, 1e-5, 0),
                scaled(row(I8, -128, 3, 99), by.withZeroPoints(F32), 3, 0.1),
                scaled(row(I8, -128, 3, 99), by.withZeroPoints(I32), 0.7, 123_456_789)
            }) {
                assertArrayEquals(onHost(x), converted(any, x), x::toString);
                assertThrows(UnsupportedProblemException.class, () -> converted(own, x), x::toString);
            }
        }
    }
}
