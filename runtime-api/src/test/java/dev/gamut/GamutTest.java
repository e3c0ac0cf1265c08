package dev.gamut;

import static dev.gamut.dtype.DType.BF16;
import static dev.gamut.dtype.DType.F32;
import static dev.gamut.dtype.DType.F64;
import static dev.gamut.dtype.DType.I4;
import static dev.gamut.dtype.DType.I64;
import static dev.gamut.dtype.DType.I8;
import static dev.gamut.gemm.Order.COL_MAJOR;
import static dev.gamut.gemm.Order.ROW_MAJOR;
import static dev.gamut.gemm.Transpose.NO_TRANS;
import static dev.gamut.gemm.Transpose.TRANS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.RunRecord;
import dev.gamut.kernel.KernelId;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The facade from end to end on small problems whose answers can be seen. */
class GamutTest {
    private final Gamut gamut = Gamut.open(GamutConfig.defaults().threads(2));

    @AfterEach
    void close() {
        gamut.close();
    }

    @Test
    void blasOrdersAndTransposes() {
        double[] a = {1, 2, 3, 4, 5, 6}; // 2×3
        double[] at = {1, 4, 2, 5, 3, 6};
        double[] b = {1, 0, 0, 1, 1, 1}; // 3×2
        double[] c = new double[4];
        double[] expected = {4, 5, 10, 11};
        gamut.dgemm(ROW_MAJOR, NO_TRANS, NO_TRANS, 2, 2, 3, 1, a, 3, b, 2, 0, c, 2);
        assertArrayEquals(expected, c);
        gamut.dgemm(ROW_MAJOR, TRANS, NO_TRANS, 2, 2, 3, 1, at, 2, b, 2, 0, c, 2);
        assertArrayEquals(expected, c);
        gamut.dgemm(COL_MAJOR, NO_TRANS, TRANS, 2, 2, 3, 1, at, 2, b, 2, 0, c, 2);
        assertArrayEquals(new double[] {4, 10, 5, 11}, c);
        gamut.dgemm(ROW_MAJOR, NO_TRANS, NO_TRANS, 2, 2, 3, 2, a, 3, b, 2, -1, c, 2);
        assertArrayEquals(new double[] {4, 0, 15, 11}, c);
    }

    @Test
    void blasVectors() {
        double[] a = {1, 2, 3, 4, 5, 6};
        double[] y = {9, 9, 9};
        gamut.dgemv(ROW_MAJOR, NO_TRANS, 2, 3, 1, a, 3, new double[] {1, 1, 1}, 1, 0, y, 2);
        assertArrayEquals(new double[] {6, 9, 15}, y);
        gamut.dgemv(ROW_MAJOR, TRANS, 2, 3, 1, a, 3, new double[] {1, 1}, 1, 1, y, 1);
        assertArrayEquals(new double[] {11, 16, 24}, y);
        float[] z = {0, 0};
        gamut.sgemv(COL_MAJOR, NO_TRANS, 2, 2, 2, new float[] {1, 2, 3, 4}, 2, new float[] {1, 0, 1}, 2, 0, z, 1);
        assertArrayEquals(new float[] {8, 12}, z);
        assertEquals(32, gamut.ddot(3, new double[] {1, 2, 3}, 1, new double[] {4, 5, 6}, 1));
        assertEquals(22, gamut.sdot(2, new float[] {1, 0, 3}, 2, new float[] {4, 6}, 1));
        assertEquals(6, gamut.dasum(3, new double[] {1, -2, 3}, 1));
        assertEquals(5e200, gamut.dnrm2(2, new double[] {3e200, -4e200}, 1), 5e200 * 4 * 0x1p-53);
        assertEquals(1, gamut.idamax(3, new double[] {1, -7, 7}, 1));
        assertEquals(2, gamut.isamax(3, new float[] {1, 2, Float.NaN}, 1));
    }

    @Test
    void tensorsOfEveryKindOfMemory() {
        try (Arena arena = Arena.ofShared()) {
            Tensor a = Tensor.of(arena.allocate(32, 8), F64, Layout.colMajor(2, 2));
            a.set(1, 0, 0);
            a.set(2, 0, 1);
            Tensor b = Tensor.of(new double[] {0, 0, 5, 6, 7, 8}, F64, Layout.rowMajor(2, 2), 2);
            Tensor c = Tensor.zeros(F64, 2, 2);
            gamut.gemm(a, b, c);
            assertArrayEquals(new double[] {19, 22, 0, 0}, (double[]) c.array());
        }
    }

    @Test
    void batchesBroadcastAnOperandOfRankTwo() {
        Tensor a = Tensor.of(new double[] {1, 2, 3, 4}, 2, 1, 2);
        Tensor b = Tensor.of(new double[] {1, 1}, 2, 1);
        Tensor c = Tensor.zeros(F64, 2, 1, 1);
        gamut.gemm(a, b, c);
        assertArrayEquals(new double[] {3, 7}, (double[]) c.array());
    }

    @Test
    void scaledOperandsTransposeWithTheirScales() {
        Tensor codes = Tensor.of(new byte[] {1, 2, 3, 4, 5, 6}, I8, Layout.rowMajor(2, 3), 0);
        Tensor factors = Tensor.of(new float[] {10, 100}, 2, 1);
        Tensor weights = codes.scaled(Scaling.perAxis(0, F32), factors, null); // one factor an output
        Tensor x = Tensor.of(new float[] {1, 1, 1}, 1, 3);
        Tensor y = Tensor.zeros(F32, 1, 2);
        gamut.gemm(x, weights, y, g -> g.transposeB());
        assertArrayEquals(new float[] {60, 1500}, (float[]) y.array());

        Tensor batch = Tensor.of(new byte[] {1, 2, 3, 4, 5, 6}, I8, Layout.rowMajor(1, 2, 3), 0)
                .scaled(Scaling.perAxis(1, F32), Tensor.of(new float[] {10, 100}, 1, 2, 1), null);
        Tensor z = Tensor.zeros(F32, 1, 1, 2);
        gamut.gemm(x, batch, z, g -> g.transposeB());
        assertArrayEquals(new float[] {60, 1500, 0}, java.util.Arrays.copyOf((float[]) z.array(), 3));
    }

    @Test
    void epiloguesRunWhateverTheKernel() {
        Tensor a = Tensor.of(new float[] {1, -1}, 2, 1);
        Tensor b = Tensor.of(new float[] {2, 3}, 1, 2);
        Tensor c = Tensor.zeros(F32, 2, 2);
        Tensor bias = Tensor.of(new float[] {1, -5}, 2);
        gamut.gemm(a, b, c, g -> g.epilogue(e -> e.bias(bias).relu()));
        assertArrayEquals(new float[] {3, 0, 0, 0}, (float[]) c.array());
    }

    @Test
    void integersAreExactAndRequantise() {
        Tensor a = Tensor.of(new byte[] {-128, 127}, I8, Layout.rowMajor(1, 2), 0);
        Tensor b = Tensor.of(new byte[] {-128, 127}, I8, Layout.rowMajor(2, 1), 0);
        Tensor c = Tensor.zeros(I64, 1, 1);
        gamut.gemm(a, b, c);
        assertEquals(128 * 128 + 127 * 127, c.get(0, 0));
        Tensor q = Tensor.zeros(I8, 1, 1);
        Tensor factor = Tensor.of(new float[] {1f / 512}, 1);
        gamut.gemm(a, b, q, g -> g.epilogue(e -> e.requantise(factor, 3)));
        assertEquals(67, q.get(0, 0)); // 32513 / 512 = 63.5, to even 64, plus 3
    }

    @Test
    void reductions() {
        Tensor x = Tensor.of(new double[] {1, 5, 2, 8, 0, 3}, 2, 3);
        assertEquals(19, gamut.sum(x));
        assertEquals(19, gamut.sum(x, Determinism.BITWISE));
        assertEquals(3, gamut.reduce(ReduceOp.ARGMAX, x));
        Tensor rows = gamut.reduce(ReduceOp.MAX, x, 1);
        assertArrayEquals(new double[] {5, 8}, (double[]) rows.array());
        Tensor columns = gamut.reduce(ReduceOp.SUM, x, 0);
        assertArrayEquals(new double[] {9, 5, 5}, (double[]) columns.array());
        assertEquals(
                8,
                gamut.plan(ReduceDesc.of(ReduceOp.MAX, F64, Layout.rowMajor(6), ReduceDesc.ALL))
                        .reduce(x.array()));
    }

    @Test
    void plansAreCachedByDescriptor() {
        GemmPlan plan = gamut.plan(GemmDesc.of(F64, 3, 4, 5));
        assertSame(plan, gamut.plan(GemmDesc.of(F64, 3, 4, 5)));
        assertNotSame(plan, gamut.plan(GemmDesc.of(F64, 3, 4, 6)));
        assertNotSame(plan, gamut.plan(GemmDesc.of(F64, 3, 4, 5).accuracy(Accuracy.within(1))));
    }

    @Test
    void aPlanServesSeveralThreadsAtOnce() throws InterruptedException {
        int n = 24;
        GemmPlan plan = gamut.plan(GemmDesc.of(F64, n, n, n));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread[] threads = new Thread[6];
        for (int t = 0; t < threads.length; t++) {
            double scale = t + 1;
            threads[t] = new Thread(() -> {
                double[] a = new double[n * n];
                double[] b = new double[n * n];
                double[] c = new double[n * n];
                java.util.Arrays.fill(a, scale);
                java.util.Arrays.fill(b, 1);
                for (int i = 0; i < 200; i++) {
                    plan.run(a, b, c);
                    for (double v : c) {
                        assertEquals(n * scale, v);
                    }
                }
            });
            threads[t].setUncaughtExceptionHandler((thread, e) -> failure.set(e));
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(null, failure.get());
    }

    @Test
    void explanationsNameEveryKernelOnceAndTheReferenceLast() {
        Explanation explanation = gamut.explain(GemmDesc.of(BF16, 10, 10, 10));
        List<String> kernels =
                explanation.rows().stream().map(Explanation.Row::kernel).toList();
        long gemms =
                gamut.kernels().stream().filter(k -> k.id().op().equals("gemm")).count();
        assertEquals(gemms, kernels.size());
        assertEquals(kernels.size(), kernels.stream().distinct().count());
        Explanation.Row chosen = explanation.chosen().orElseThrow();
        assertEquals("reference", chosen.provider());
        assertTrue(chosen.seconds().orElseThrow() > 0);
        assertTrue(explanation.rows().stream()
                .skip(1)
                .noneMatch(r -> r.reason().map(String::isBlank).orElse(false)));
        assertTrue(explanation.toString().contains(chosen.kernel()));
    }

    @Test
    void aRunTellsWhatItDid() {
        GemmPlan plan = gamut.plan(GemmDesc.of(F64, 2, 2, 2));
        RunRecord record = plan.newRecord();
        GemmArgs args = new GemmArgs().record(record);
        args.a().set(new double[4], 0);
        args.b().set(new double[4], 0);
        args.c().set(new double[4], 0);
        plan.run(args);
        assertEquals(plan.kernel(), record.kernel());
        assertTrue(record.nanos() > 0);
    }

    @Test
    void aRecordThatIsUsedAgainTellsNothingOfTheRunBefore() {
        GemmPlan plan = gamut.plan(GemmDesc.of(F64, 2, 2, 2));
        GemmPlan nothing = gamut.plan(GemmDesc.of(F32, 0, 2, 2));
        RunRecord record = plan.newRecord();
        GemmArgs args = new GemmArgs().record(record);
        args.a().set(new double[4], 0);
        args.b().set(new double[4], 0);
        args.c().set(new double[4], 0);
        record.detail("12 moduli");
        plan.run(args);
        assertEquals("", record.detail());
        args.a().set(new float[0], 0);
        args.b().set(new float[4], 0);
        args.c().set(new float[0], 0);
        record.detail("12 moduli");
        nothing.run(args);
        assertEquals("", record.detail());
        assertEquals(nothing.kernel(), record.kernel());
        assertEquals(0, record.nanos());
    }

    /** Also of columns, whose first element would lie behind the memory. */
    @Test
    void emptyPartsAreOperands() {
        Tensor columns = Tensor.zeros(F64, 3, 2).slice(1, 1, 2);
        Tensor none = columns.slice(0, 3, 3);
        Tensor c = Tensor.of(new double[] {7}, 1, 1);
        gamut.gemm(none, Tensor.zeros(F64, 1, 4), Tensor.zeros(F64, 0, 4));
        gamut.gemm(none.transpose(), none, c);
        assertEquals(0, c.get(0, 0));
        assertEquals(0, gamut.sum(none));
        assertEquals(0, gamut.sum(Tensor.zeros(F64, 0, 2).slice(1, 1, 2)));
        assertEquals(0, gamut.reduce(ReduceOp.SUM, none, 0).get(0));
    }

    /** Rows of 4-bit tensors are padded to bytes, those of results are not. */
    @Test
    void fourBitsReduceAlongEachAxis() {
        Tensor x = Tensor.zeros(I4, 2, 3, 5);
        for (int i = 0; i < 30; i++) {
            x.set(i * 7 % 16 - 8, i / 15, i / 5 % 3, i % 5);
        }
        for (int axis = 0; axis < 3; axis++) {
            Tensor least = gamut.reduce(ReduceOp.MIN, x, axis);
            assertTrue(least.layout().isRowMajor(), least.toString());
            for (long i = 0; i < least.size(0); i++) {
                for (long j = 0; j < least.size(1); j++) {
                    double want = 7;
                    for (long k = 0; k < x.size(axis); k++) {
                        long[] at = axis == 0
                                ? new long[] {k, i, j}
                                : axis == 1 ? new long[] {i, k, j} : new long[] {i, j, k};
                        want = Math.min(want, x.get(at));
                    }
                    assertEquals(want, least.get(i, j));
                }
            }
        }
    }

    @Test
    void preferredKernelsComeFirstAndStrictNamesThem() {
        String id = gamut.plan(GemmDesc.of(F64, 2, 2, 2)).kernel().toString();
        try (Gamut preferring = Gamut.open(GamutConfig.defaults().kernel(id).strict(true))) {
            assertEquals(
                    KernelId.parse(id),
                    preferring.plan(GemmDesc.of(F64, 2, 2, 2)).kernel());
        }
        System.setProperty("gamut.kernel", "gemm_*_ref");
        System.setProperty("gamut.threads", "3");
        try (Gamut byProperty = Gamut.open()) {
            assertEquals(
                    "gemm_*_ref", byProperty.config().kernel().orElseThrow().toString());
            assertEquals(3, byProperty.config().threads());
        } finally {
            System.clearProperty("gamut.kernel");
            System.clearProperty("gamut.threads");
        }
    }

    @Test
    void flightRecorderSeesPlansAndRuns(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("gamut.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.gamut.Plan");
            recording.enable("dev.gamut.Execute").withoutThreshold();
            recording.start();
            gamut.plan(GemmDesc.of(F64, 7, 7, 7)).run(new double[49], new double[49], new double[49]);
            recording.stop();
            recording.dump(file);
        }
        List<String> names = RecordingFile.readAllEvents(file).stream()
                .map(e -> e.getEventType().getName() + " "
                        + e.getString("operation").contains("7×7×7"))
                .toList();
        assertEquals(List.of("dev.gamut.Plan true", "dev.gamut.Execute true"), names);
    }

    @Test
    void describesItself() {
        String text = gamut.describe();
        assertTrue(text.contains("reference: "), text);
        assertTrue(text.contains("threads: 2 of "), text);
    }
}
