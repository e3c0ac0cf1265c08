package dev.gamut.ffm.opencl;

import static dev.gamut.dtype.DType.F32;
import static dev.gamut.dtype.DType.F64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.Gamut;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceInfo;
import dev.gamut.device.DeviceTensor;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of CLBlast that the rules do not reach: operands beyond what it counts to, and sizes that its fast kernels take. Sums are exact. */
class ClBlastTest {
    /** Elements before each operand. */
    private static final int FIRST = 3;

    private Gamut gamut;
    private Device device;

    @BeforeEach
    void open() {
        ClHost host = ClHost.get();
        assumeTrue(host.failure() == null, () -> "cannot run here: " + host.failure());
        assumeTrue(host.blas() != null, () -> "cannot run here: " + host.blasFailure());
        gamut = Gamut.open();
        device = gamut.device("opencl:0");
    }

    @AfterEach
    void close() {
        if (device != null) {
            device.close();
            gamut.close();
        }
    }

    private static float[] numbers(long count) {
        float[] numbers = new float[Math.toIntExact(FIRST + count)];
        Arrays.fill(numbers, Float.NaN);
        for (int i = FIRST; i < numbers.length; i++) {
            numbers[i] = i * 7 % 11 - 5;
        }
        return numbers;
    }

    private DeviceTensor there(float[] numbers) {
        return device.copyOf(Tensor.of(numbers, numbers.length));
    }

    private static GemmArgs args(Object a, Object b, Object c) {
        GemmArgs args = new GemmArgs();
        args.a().set(a, FIRST);
        args.b().set(b, FIRST);
        args.c().set(c, FIRST);
        return args;
    }

    private void product(GemmDesc desc, boolean vector, long most) {
        float[] a = numbers(desc.a().extent(desc.batch()));
        float[] b = numbers(desc.b().extent(desc.batch()));
        float[] c = numbers(desc.c().extent(desc.batch()));
        float[] before = c.clone();
        for (double[] factors : new double[][] {{1, 0}, {-2, 1}}) {
            float[] right = before.clone();
            gamut.plan(desc).run(args(a, b, right).scalars(factors[0], factors[1]));
            try (DeviceTensor x = there(a);
                    DeviceTensor y = there(b);
                    DeviceTensor z = there(before)) {
                GemmArgs args = new GemmArgs().scalars(factors[0], factors[1]);
                args.a().set(x.buffer(), F32, FIRST);
                args.b().set(y.buffer(), F32, FIRST);
                args.c().set(z.buffer(), F32, FIRST);
                GemmExecutor executor = new ClBlastExecutor(ClHost.get().blas(), desc, vector, device, most);
                executor.execute(args);
                z.copyTo(Tensor.of(c, c.length));
            }
            assertArrayEquals(right, c, desc + ", alpha " + factors[0]);
        }
    }

    /** Where nothing is within reach all of it is copied. */
    @ParameterizedTest
    @ValueSource(longs = {ClBlast.MOST, 0})
    void operandsThatBeginBeyondTheCountAreCopied(long most) {
        GemmDesc desc = GemmDesc.of(F32, 5, 6, 7);
        product(desc, false, most);
        product(desc.batch(3, 35, 0, 30), false, most);
        product(desc.a(MatrixDesc.rowMajor(F32, 7, 5).transpose()), false, most);
        product(GemmDesc.of(F32, 5, 1, 7), true, most);
        product(GemmDesc.of(F32, 1, 6, 7), true, most);
        for (ReduceOp op : ClBlast.REDUCTIONS.keySet()) {
            reduction(op, most);
        }
    }

    private void reduction(ReduceOp op, long most) {
        Layout everySecond = Layout.of(new long[] {1_000}, new long[] {2});
        ReduceDesc desc = ReduceDesc.of(op, F32, everySecond, ReduceDesc.ALL);
        float[] x = numbers(everySecond.extent());
        ReduceArgs onHost = new ReduceArgs();
        float[] right = new float[FIRST + 1];
        onHost.x().set(x, FIRST);
        onHost.out().set(right, FIRST);
        if (op.isBinary()) {
            onHost.y().set(x, FIRST);
        }
        gamut.plan(desc).run(onHost);
        ClBlastReduce kernel = ClBlastReduce.kernels(ClHost::get).stream()
                .filter(k -> k.info().id().op().equals(desc.operation())
                        && k.info().id().types().contains(F32))
                .findFirst()
                .orElseThrow();
        try (DeviceTensor near = there(x);
                DeviceTensor out = device.zeros(F32, FIRST + 1)) {
            ReduceArgs args = new ReduceArgs();
            args.x().set(near.buffer(), F32, FIRST);
            args.y().set(near.buffer(), F32, FIRST);
            args.out().set(out.buffer(), F32, FIRST);
            kernel.executor(desc, device, most).execute(args);
            float[] found = new float[FIRST + 1];
            out.copyTo(Tensor.of(found, found.length));
            assertArrayEquals(right, found, op.toString());
        }
    }

    /** Multiples of all that its kernels for whole blocks and vectors ask for, either way round. */
    @Test
    void productsWithVectorsOfWholeBlocks() {
        MatrixDesc rows = MatrixDesc.rowMajor(F32, 512, 256);
        MatrixDesc cols = MatrixDesc.rowMajor(F32, 256, 512).transpose();
        for (MatrixDesc a : List.of(rows, cols)) {
            product(GemmDesc.of(F32, 512, 1, 256).a(a), true, ClBlast.MOST);
            product(GemmDesc.of(F32, 1, 512, 256).b(a.transpose()), true, ClBlast.MOST);
        }
    }

    /** What the tuning table says of PoCL. */
    @Test
    void theFasterKernelIsTaken() {
        assumeTrue(
                device.info().kind() == DeviceInfo.Kind.CPU, () -> "cannot run here: " + device.info() + " is no CPU");
        assertEquals("gemm_f64_f64_f64_f64_clblast", chosen(F64, 500, 500, 500));
        assertEquals("gemm_f32_f32_f32_f32_8x16_opencl", chosen(F32, 500, 500, 500));
        assertEquals("gemm_f32_f32_f32_f32_8x16_opencl", chosen(F32, 1, 2_000, 2_000));
        for (int n : new int[] {500, 2_000}) {
            assertEquals("gemm_f32_f32_f32_f32_clblastgemv", chosen(F32, n, 1, n));
            assertEquals("gemm_f64_f64_f64_f64_clblastgemv", chosen(F64, n, 1, n));
            assertEquals("gemm_f64_f64_f64_f64_clblastgemv", chosen(F64, 1, n, n));
        }
        assertEquals("gemm_f32_f32_f32_f32_8x16_opencl", chosen(F32, 50, 1, 50));
        ReduceDesc sum = ReduceDesc.of(ReduceOp.SUM, F32, Layout.rowMajor(1 << 20), ReduceDesc.ALL);
        assertEquals("sum_f32_f32_opencl", gamut.plan(sum, device).kernel().toString());
    }

    private String chosen(DType type, long m, long n, long k) {
        return gamut.plan(GemmDesc.of(type, m, n, k), device).kernel().toString();
    }

    @Test
    void itsKernelsAreThere() {
        List<String> kernels = new OpenClProvider(ClHost::get)
                .kernels().stream()
                        .filter(kernel ->
                                kernel.unavailable(Capabilities.host()).isEmpty())
                        .map(Object::toString)
                        .filter(kernel -> kernel.contains("clblast"))
                        .sorted()
                        .toList();
        assertEquals(
                List.of(
                        "asum_f32_f32_clblast",
                        "asum_f64_f64_clblast",
                        "dot_f32_f32_clblast",
                        "dot_f64_f64_clblast",
                        "gemm_f32_f32_f32_f32_clblast",
                        "gemm_f32_f32_f32_f32_clblastgemv",
                        "gemm_f64_f64_f64_f64_clblast",
                        "gemm_f64_f64_f64_f64_clblastgemv",
                        "sum_f32_f32_clblast",
                        "sum_f64_f64_clblast"),
                kernels);
    }
}
