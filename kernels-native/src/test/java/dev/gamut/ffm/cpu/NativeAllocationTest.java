package dev.gamut.ffm.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.convert.ConvertArgs;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.convert.ConvertPlan;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.error.UnsupportedProblemException;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A product or reduction in C that is run again and again allocates nothing, in the heap or beside it, and what it held is freed at the end. */
class NativeAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TestFactory
    Stream<DynamicTest> runs() {
        NativeLibraryPresent.assume();
        return Stream.of(DType.F64, DType.F32)
                .flatMap(type -> Stream.of(16, 130, 400)
                        .flatMap(n -> Stream.of(true, false)
                                .map(heap -> DynamicTest.dynamicTest(
                                        type + " " + n + (heap ? " arrays" : " native"), () -> run(type, n, heap)))));
    }

    private static void run(DType type, int n, boolean heap) {
        try (Gamut gamut = open()) {
            GemmPlan plan = gamut.plan(GemmDesc.of(type, n, n, n));
            GemmArgs args = new GemmArgs();
            if (heap) {
                args.a().set(Tensor.zeros(type, n, n));
                args.b().set(Tensor.zeros(type, n, n));
                args.c().set(Tensor.zeros(type, n, n));
                Object a = args.a().array();
                Object b = args.b().array();
                Object c = args.c().array();
                assertAllocatesNothing(() -> plan.run(a, b, c));
            } else {
                args.a().set(memory(type, n), type, 0);
                args.b().set(memory(type, n), type, 0);
                args.c().set(memory(type, n), type, 0);
                assertAllocatesNothing(() -> plan.run(args));
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> narrowRuns() {
        NativeLibraryPresent.assume();
        return Stream.of(
                DynamicTest.dynamicTest("bytes", () -> narrow(tensor(DType.I8, 96), tensor(DType.I8, 96))),
                DynamicTest.dynamicTest("BF16", () -> narrow(tensor(DType.BF16, 96), tensor(DType.BF16, 96))),
                DynamicTest.dynamicTest("weights", () -> narrow(tensor(DType.F32, 96), weights(96))));
    }

    /** Several strips, and more than one chunk of k. */
    @TestFactory
    Stream<DynamicTest> residues() {
        NativeLibraryPresent.assume();
        return Stream.of(true, false)
                .map(packs -> DynamicTest.dynamicTest(packs ? "packed" : "plain", () -> residues(packs)));
    }

    private static void residues(boolean packs) {
        GamutConfig config = GamutConfig.defaults()
                .threads(2)
                .kernel("gemm_*_residue_{vnni,amx,neon*,sve*}")
                .strict(true);
        try (Gamut gamut = Gamut.open(config)) {
            GemmDesc desc = GemmDesc.of(DType.F64, 70, 300, 1100).accuracy(Accuracy.atLeast(DType.F64));
            planned(gamut, desc);
            GemmArgs args = new GemmArgs();
            Tensor b = Tensor.of(new SplittableRandom(2).doubles(1100 * 300).toArray(), 1100, 300);
            args.a().set(new SplittableRandom(1).doubles(70 * 1100).toArray(), 0);
            args.c().set(new double[70 * 300], 0);
            if (packs) {
                args.packedB(gamut.pack(b, desc.accuracy()));
            } else {
                args.b().set(b);
            }
            GemmPlan plan = gamut.plan(packs ? desc.b(args.packedB().desc()) : desc);
            assertAllocatesNothing(() -> plan.run(args));
        }
    }

    @TestFactory
    Stream<DynamicTest> reductions() {
        NativeLibraryPresent.assume();
        return Stream.of(ReduceOp.SUM, ReduceOp.DOT, ReduceOp.MIN, ReduceOp.NRM2)
                .flatMap(op -> Stream.of(100, 300_000)
                        .flatMap(n -> Stream.of(true, false)
                                .map(heap -> DynamicTest.dynamicTest(
                                        op + " " + n + (heap ? " arrays" : " native"), () -> reduction(op, n, heap)))));
    }

    private static void reduction(ReduceOp op, int n, boolean heap) {
        GamutConfig config = GamutConfig.defaults()
                .threads(2)
                .kernel("*_f64_*{avx2,avx512,neon}")
                .strict(true);
        try (Gamut gamut = Gamut.open(config)) {
            ReducePlan plan = planned(gamut, ReduceDesc.of(op, DType.F64, Layout.rowMajor(n), ReduceDesc.ALL));
            ReduceArgs args = new ReduceArgs();
            for (Operand operand : List.of(args.x(), args.y(), args.out())) {
                if (heap) {
                    operand.set(new double[n], 0);
                } else {
                    operand.set(Arena.ofAuto().allocate(8L * n, 8), DType.F64, 0);
                }
            }
            assertAllocatesNothing(() -> plan.run(args));
        }
    }

    @TestFactory
    Stream<DynamicTest> conversions() {
        NativeLibraryPresent.assume();
        Scaling blocks = Scaling.perBlock(1, 32, DType.F32);
        Tensor scales = Tensor.zeros(DType.F32, 96, 3);
        return Stream.of(
                DynamicTest.dynamicTest("plain", () -> conversion(tensor(DType.F32, 96), tensor(DType.BF16, 96))),
                DynamicTest.dynamicTest(
                        "quantised",
                        () -> conversion(
                                tensor(DType.F32, 96), tensor(DType.I8, 96).scaled(blocks, scales, null))));
    }

    private static void conversion(Tensor x, Tensor y) {
        GamutConfig config = GamutConfig.defaults()
                .threads(2)
                .kernel("convert_*_{avx2,avx512,neon}")
                .strict(true);
        try (Gamut gamut = Gamut.open(config)) {
            ConvertPlan plan = planned(gamut, ConvertDesc.of(MatrixDesc.of("x", x), MatrixDesc.of("y", y)));
            ConvertArgs args = new ConvertArgs();
            args.x().set(x);
            args.y().set(y);
            assertAllocatesNothing(() -> plan.run(args));
        }
    }

    private static ConvertPlan planned(Gamut gamut, ConvertDesc desc) {
        try {
            return gamut.plan(desc);
        } catch (UnsupportedProblemException e) {
            return Assumptions.abort("cannot run here: no kernel in C takes " + desc + " on this CPU");
        }
    }

    private static ReducePlan planned(Gamut gamut, ReduceDesc desc) {
        try {
            return gamut.plan(desc);
        } catch (UnsupportedProblemException e) {
            return Assumptions.abort("cannot run here: no kernel in C takes " + desc + " on this CPU");
        }
    }

    private static Tensor tensor(DType type, int n) {
        return Tensor.zeros(type, n, n);
    }

    private static Tensor weights(int n) {
        Tensor scales = Tensor.zeros(DType.F16, n, n / 32);
        return Tensor.zeros(DType.I4, n, n)
                .scaled(Scaling.perBlock(1, 32, DType.F16), scales, null)
                .transpose();
    }

    private static void narrow(Tensor a, Tensor b) {
        GamutConfig config = GamutConfig.defaults()
                .threads(2)
                .kernel("gemm_*_{avx2,avx512,avx512bf16,vnni,amx,neon,sve}")
                .strict(true);
        try (Gamut gamut = Gamut.open(config)) {
            MatrixDesc left = MatrixDesc.of("a", a);
            MatrixDesc right = MatrixDesc.of("b", b);
            DType result = GemmDesc.accumulator(left, right);
            GemmDesc desc = GemmDesc.of(left, right, MatrixDesc.rowMajor(result, left.rows(), right.cols()));
            GemmPlan plan = planned(gamut, desc);
            GemmArgs args = new GemmArgs();
            args.a().set(a);
            args.b().set(b);
            args.c().set(Tensor.zeros(result, left.rows(), right.cols()));
            assertAllocatesNothing(() -> plan.run(args));
        }
    }

    private static GemmPlan planned(Gamut gamut, GemmDesc desc) {
        try {
            return gamut.plan(desc);
        } catch (UnsupportedProblemException e) {
            return Assumptions.abort("cannot run here: no kernel in C takes " + desc + " on this CPU");
        }
    }

    private static Gamut open() {
        return Gamut.open(GamutConfig.defaults()
                .threads(2)
                .kernel("gemm_*_{c,avx2,avx512}")
                .strict(true));
    }

    private static MemorySegment memory(DType type, int n) {
        return Arena.ofAuto().allocate(type.bytes((long) n * n), 64);
    }

    /** Other threads and the JIT may allocate in this one's name for a while. */
    private static void assertAllocatesNothing(Runnable call) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long allocated;
        do {
            for (int i = 0; i < 200; i++) {
                call.run();
            }
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 50; i++) {
                call.run();
            }
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        } while (allocated != 0 && System.nanoTime() < deadline);
        assertEquals(0, allocated, "bytes in 50 runs");
    }

    @Test
    void memoryBesideTheHeapIsGivenBack() throws InterruptedException {
        NativeLibraryPresent.assume();
        long before = Workspace.nativeBytes();
        try (Gamut gamut = open()) {
            int n = 300;
            double[] x = new double[n * n];
            gamut.plan(GemmDesc.of(DType.F64, n, n, n)).run(x, x.clone(), x.clone());
            assertEquals(true, Workspace.nativeBytes() > before, "a workspace is held");
        }
        requireGivenBack(before);
    }

    /**
     * A worker whose task has ended may give its workspace back a little later than the call returns, and its owner is closed: so may one of an
     * earlier test, so that there may be less in the end than there was.
     */
    static void requireGivenBack(long before) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (Workspace.nativeBytes() > before && System.nanoTime() < deadline) {
            Thread.sleep(1);
        }
        assertTrue(
                Workspace.nativeBytes() <= before, () -> Workspace.nativeBytes() + " bytes are held, before " + before);
    }
}
