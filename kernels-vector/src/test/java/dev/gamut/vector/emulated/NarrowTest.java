package dev.gamut.vector.emulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.conformance.Check;
import dev.gamut.conformance.Report;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.RunRecord;
import dev.gamut.tensor.Tensor;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Products in narrower types: the bound of each depth, and numbers that such types do not hold. */
class NarrowTest {
    private static final long SEED = 20_251_126;

    private static Gamut only(String kernel) {
        return Gamut.open(GamutConfig.defaults().threads(2).kernel(kernel).strict(true));
    }

    private record Demand(DType type, String kernel, double eps) {}

    @TestFactory
    Stream<DynamicTest> staysWithinWhatWasDemanded() {
        return Stream.of(
                        new Demand(DType.F64, "vecf32", 1e-5),
                        new Demand(DType.F64, "vecf32", 1e-3),
                        new Demand(DType.F64, "vecbf16", 1e-2),
                        new Demand(DType.F32, "vecbf16", 1e-2),
                        new Demand(DType.F32, "vecbf16x2", 1e-4),
                        new Demand(DType.F32, "vecbf16x3", 6e-6))
                .map(d -> DynamicTest.dynamicTest(d.toString(), () -> verify(d)));
    }

    private static void verify(Demand d) {
        try (Gamut gamut = only("gemm_*_" + d.kernel())) {
            // More than one block of C and piece of k, of numbers whose errors do not cancel.
            GemmDesc desc = GemmDesc.of(d.type(), 30, 520, 700).accuracy(Accuracy.within(d.eps()));
            GemmPlan plan = gamut.plan(desc);
            assertTrue(plan.bound().relative(700) <= d.eps(), plan.bound()::toString);
            GemmArgs args = args(desc, 1);
            RunRecord record = new RunRecord();
            plan.run(args.record(record));
            Report report = Check.gemm(desc, plan.bound(), args, SEED);
            assertTrue(report.ok(), report::message);
            assertTrue(report.maxErrorOverBound() > 0.002, report + ", " + record.detail());
            assertTrue(record.detail().contains("products in"), record.detail());
        }
    }

    private static GemmArgs args(GemmDesc desc, double scale) {
        SplittableRandom random = new SplittableRandom(SEED);
        GemmArgs args = new GemmArgs();
        args.a().set(tensor(desc.a().type(), desc.m(), desc.k(), scale, random));
        args.b().set(tensor(desc.b().type(), desc.k(), desc.n(), 1, random));
        args.c().set(Tensor.zeros(desc.c().type(), desc.m(), desc.n()));
        return args;
    }

    private static Tensor tensor(DType type, long rows, long cols, double scale, SplittableRandom random) {
        Tensor x = Tensor.zeros(type, rows, cols);
        for (long i = 0; i < rows; i++) {
            for (long j = 0; j < cols; j++) {
                x.set(scale * random.nextDouble(0.5, 1), i, j);
            }
        }
        return x;
    }

    @TestFactory
    Stream<DynamicTest> whatDoesNotFitIsNative() {
        return Stream.of(0x1p200, 0x1p-200, Double.POSITIVE_INFINITY, Double.NaN)
                .map(scale -> DynamicTest.dynamicTest("times " + scale, () -> {
                    try (Gamut gamut = only("gemm_*_vecf32")) {
                        GemmDesc desc = GemmDesc.of(DType.F64, 20, 30, 40).accuracy(Accuracy.within(1e-5));
                        GemmArgs args = args(desc, scale);
                        RunRecord record = new RunRecord();
                        gamut.plan(desc).run(args.record(record));
                        assertTrue(record.detail().startsWith("native"), record.detail());
                        Report report = Check.gemm(desc, ErrorBound.ofAccumulation(DType.F64), args, SEED);
                        assertTrue(report.ok(), report::message);
                    }
                }));
    }

    @Test
    void depthFollowsFromTheDemand() {
        Narrowing f32 = new Narrowing(DType.F32, 1);
        assertEquals(0, f32.depth(DType.F64, Accuracy.NATIVE, 1000));
        assertEquals(0, f32.depth(DType.F64, Accuracy.within(1e-6), 1000));
        for (double eps : new double[] {5e-6, 1e-5, 3e-5, 1e-4}) {
            int depth = f32.depth(DType.F64, Accuracy.within(eps), 100_000);
            assertTrue(f32.bound(DType.F64, depth).relative(100_000) <= eps);
            assertTrue(f32.bound(DType.F64, depth + 17).relative(100_000) > eps, "depth is " + depth);
        }
        assertEquals(0, new Narrowing(DType.BF16, 1).depth(DType.F32, Accuracy.atLeast(DType.F32), 1000));
        assertEquals(0, new Narrowing(DType.BF16, 2).depth(DType.F32, Accuracy.atLeast(DType.F32), 100_000));
        assertTrue(new Narrowing(DType.BF16, 3).depth(DType.F32, Accuracy.atLeast(DType.F32), 1000) > 900);
    }
}
