package dev.gamut.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.convert.ConvertArgs;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.convert.ConvertPlan;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A plan that is run again and again allocates nothing on the calling thread, once the JIT has compiled the way there. */
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Gamut GAMUT = Gamut.open(GamutConfig.defaults().threads(2));

    @AfterAll
    static void close() {
        GAMUT.close();
    }

    @TestFactory
    Stream<DynamicTest> products() {
        return Stream.of(DType.F64, DType.F32)
                .flatMap(type -> Stream.of(new long[][] {{8, 8, 8}, {64, 64, 64}, {200, 130, 300}, {300, 1, 300}})
                        .map(s -> DynamicTest.dynamicTest(type + " " + s[0] + "×" + s[1] + "×" + s[2], () -> {
                            GemmPlan plan = GAMUT.plan(GemmDesc.of(type, s[0], s[1], s[2]));
                            GemmArgs args = new GemmArgs();
                            args.a().set(Tensor.zeros(type, s[0], s[2]));
                            args.b().set(Tensor.zeros(type, s[2], s[1]));
                            args.c().set(Tensor.zeros(type, s[0], s[1]));
                            assertAllocatesNothing(() -> plan.run(args));
                            Object a = args.a().array();
                            Object b = args.b().array();
                            Object c = args.c().array();
                            assertAllocatesNothing(() -> plan.run(a, b, c));
                        })));
    }

    @TestFactory
    Stream<DynamicTest> narrowProducts() {
        Scaling groups = Scaling.perBlock(0, 32, DType.F16);
        return Stream.of(
                narrow(DType.I8, DType.I8, DType.I32, Scaling.NONE, 70),
                narrow(DType.I8, DType.I8, DType.I32, Scaling.NONE, 2_100),
                narrow(DType.U8, DType.I8, DType.F32, Scaling.NONE, 300),
                narrow(DType.BF16, DType.BF16, DType.BF16, Scaling.NONE, 300),
                narrow(DType.F16, DType.F16, DType.F32, Scaling.NONE, 300),
                narrow(DType.F8E4M3, DType.F8E4M3, DType.F32, Scaling.NONE, 300),
                narrow(DType.F32, DType.I8, DType.F32, groups, 320),
                narrow(DType.F32, DType.I4, DType.F32, Scaling.perBlock(0, 32, DType.F32), 320),
                narrow(DType.BF16, DType.I4, DType.BF16, groups, 320),
                narrow(DType.I8, DType.I4, DType.F32, groups, 320));
    }

    private static DynamicTest narrow(DType a, DType b, DType c, Scaling scaling, int k) {
        return DynamicTest.dynamicTest(a + " × " + b + " to " + c + " k = " + k, () -> {
            for (int m : new int[] {1, 40}) {
                Tensor left = Tensor.zeros(a, m, k);
                assertProductAllocatesNothing(left, scaled(Tensor.zeros(b, k, 48), scaling), c);
                // Rows of weights that lie along k are what decoding reads.
                Scaling across = scaling.hasScales() ? Scaling.perBlock(1, 32, scaling.scaleType()) : scaling;
                assertProductAllocatesNothing(
                        left, scaled(Tensor.zeros(b, 48, k), across).transpose(), c);
            }
        });
    }

    private static Tensor scaled(Tensor x, Scaling scaling) {
        return scaling.hasScales()
                ? x.scaled(
                        scaling,
                        Tensor.zeros(
                                scaling.scaleType(),
                                scaling.scaleShape(x.layout().shape())),
                        null)
                : x;
    }

    private static void assertProductAllocatesNothing(Tensor a, Tensor b, DType c) {
        MatrixDesc result = MatrixDesc.rowMajor(c, a.asMatrix().layout().shape()[0], 48);
        GemmPlan plan = GAMUT.plan(GemmDesc.of(MatrixDesc.of("a", a), MatrixDesc.of("b", b), result));
        GemmArgs args = new GemmArgs();
        args.a().set(a);
        args.b().set(b);
        args.c().set(Tensor.zeros(c, result.rows(), 48));
        assertAllocatesNothing(() -> plan.run(args));
    }

    @TestFactory
    Stream<DynamicTest> emulatedProducts() {
        return Stream.of("residue_vec", "vecf32", "vecbf16")
                .map(kernel -> DynamicTest.dynamicTest(kernel, () -> {
                    try (Gamut forced = Gamut.open(GamutConfig.defaults()
                            .threads(2)
                            .kernel("gemm_f64_f64_f64_f64_" + kernel)
                            .strict(true))) {
                        GemmPlan plan =
                                forced.plan(GemmDesc.of(DType.F64, 70, 130, 300).accuracy(Accuracy.within(0.1)));
                        double[] a = new SplittableRandom(1).doubles(70 * 300).toArray();
                        double[] b = new SplittableRandom(2).doubles(300 * 130).toArray();
                        double[] c = new double[70 * 130];
                        assertAllocatesNothing(() -> plan.run(a, b, c));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> activations() {
        return Stream.of(Epilogue.NONE.gelu(), Epilogue.NONE.geluTanh(), Epilogue.NONE.silu())
                .map(epilogue -> DynamicTest.dynamicTest(epilogue.ops().toString(), () -> {
                    GemmPlan plan =
                            GAMUT.plan(GemmDesc.of(DType.F32, 40, 48, 70).epilogue(epilogue.ops()));
                    GemmArgs args = new GemmArgs();
                    args.a().set(Tensor.zeros(DType.F32, 40, 70));
                    args.b().set(Tensor.zeros(DType.F32, 70, 48));
                    args.c().set(Tensor.zeros(DType.F32, 40, 48));
                    args.epilogue(epilogue);
                    assertAllocatesNothing(() -> plan.run(args));
                }));
    }

    @TestFactory
    Stream<DynamicTest> conversions() {
        Stream<DType[]> all = Stream.of(
                        DType.BF16, DType.F16, DType.F8E4M3, DType.F8E5M2, DType.F4E2M1, DType.I8, DType.U8, DType.I4)
                .flatMap(type -> Stream.of(new DType[] {DType.F32, type}, new DType[] {type, DType.F32}));
        return all.map(pair -> DynamicTest.dynamicTest(pair[0] + " to " + pair[1], () -> {
            ConvertPlan plan = GAMUT.plan(
                    ConvertDesc.of(MatrixDesc.rowMajor(pair[0], 9, 1_000), MatrixDesc.rowMajor(pair[1], 9, 1_000)));
            ConvertArgs args = new ConvertArgs();
            args.x().set(Tensor.zeros(pair[0], 9, 1_000));
            args.y().set(Tensor.zeros(pair[1], 9, 1_000));
            assertAllocatesNothing(() -> plan.run(args));
        }));
    }

    @TestFactory
    Stream<DynamicTest> quantising() {
        return Stream.of(DType.I8, DType.F8E4M3, DType.F8E5M2)
                .map(type -> DynamicTest.dynamicTest("to " + type, () -> {
                    Tensor y = scaled(Tensor.zeros(type, 9, 1_024), Scaling.perBlock(1, 32, DType.F32));
                    ConvertPlan plan =
                            GAMUT.plan(ConvertDesc.of(MatrixDesc.rowMajor(DType.F32, 9, 1_024), MatrixDesc.of("y", y)));
                    ConvertArgs args = new ConvertArgs();
                    args.x().set(Tensor.zeros(DType.F32, 9, 1_024));
                    args.y().set(y);
                    assertAllocatesNothing(() -> plan.run(args));
                }));
    }

    @TestFactory
    Stream<DynamicTest> sums() {
        return Stream.of(DType.F64, DType.F32, DType.BF16, DType.I8)
                .flatMap(type -> List.of(ReduceOp.SUM, ReduceOp.NRM2, ReduceOp.ARGMAX).stream()
                        .map(op -> DynamicTest.dynamicTest(type + " " + op, () -> {
                            ReducePlan plan =
                                    GAMUT.plan(ReduceDesc.of(op, type, Layout.rowMajor(5_000), ReduceDesc.ALL));
                            ReduceArgs args = new ReduceArgs();
                            args.x().set(Tensor.zeros(type, 5_000));
                            args.out().set(Tensor.zeros(plan.desc().result(), 1));
                            assertAllocatesNothing(() -> plan.run(args));
                        })));
    }

    @TestFactory
    Stream<DynamicTest> compensatedSums() {
        return Stream.of(new long[] {5_000}, new long[] {300, 37})
                .map(shape -> DynamicTest.dynamicTest(Arrays.toString(shape), () -> {
                    int axis = shape.length == 1 ? ReduceDesc.ALL : 0;
                    Layout layout = Layout.rowMajor(shape);
                    ReducePlan plan = GAMUT.plan(ReduceDesc.of(ReduceOp.SUM, DType.F64, layout, axis)
                            .accuracy(Accuracy.within(1.25 * 0x1p-53)));
                    ReduceArgs args = new ReduceArgs();
                    args.x().set(Tensor.zeros(DType.F64, shape));
                    args.out().set(Tensor.zeros(DType.F64, plan.desc().results()));
                    assertAllocatesNothing(() -> plan.run(args));
                }));
    }

    /** Until then the interpreter makes objects that compiled code does without; how long that takes is the JIT's affair. */
    private static void assertAllocatesNothing(Runnable run) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long least = Long.MAX_VALUE;
        while (least != 0 && System.nanoTime() < deadline) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 200; i++) {
                run.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes allocated by 200 runs");
    }
}
