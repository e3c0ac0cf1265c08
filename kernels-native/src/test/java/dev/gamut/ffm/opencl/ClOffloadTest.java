package dev.gamut.ffm.opencl;

import static dev.gamut.dtype.DType.F32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.Explanation;
import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.device.Device;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.kernel.Glob;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.Tuning;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Operands of the host go to a device whose constants say that it pays, and stay where they do not: those of PoCL's device never do. */
class ClOffloadTest {
    private static final String DEVICE = "opencl:0";

    private static final ReduceDesc SUM = ReduceDesc.of(ReduceOp.SUM, F32, Layout.rowMajor(1 << 20), ReduceDesc.ALL);

    /** Of a GPU behind PCIe. */
    private static final Map<String, Double> FAST =
            Map.of("gflops_cpu", 20_000.0, "gelements", 500.0, "launch_us", 10.0, "copy_gbs", 12.0, "copy_us", 10.0);

    @BeforeAll
    static void aDeviceIsThere() {
        assumeTrue(
                ClHost.get().failure() == null,
                () -> "cannot run here: " + ClHost.get().failure());
    }

    private static void assumeThatTheHostSums() {
        try (Gamut gamut = Gamut.open()) {
            assumeTrue(
                    !gamut.explain(SUM).chosen().orElseThrow().provider().equals("reference"),
                    "cannot run here: the host has the reference alone, which ranks behind every device");
        }
    }

    private static Gamut open(boolean fast) {
        List<Tuning.Line> lines = new ArrayList<>();
        FAST.forEach((name, value) ->
                lines.add(new Tuning.Line(Glob.of("*"), "*", Glob.of("*_{clblast,opencl}"), name, value, "test")));
        GamutConfig config = GamutConfig.defaults().withoutTuningFile().offload(DEVICE);
        return Gamut.open(fast ? config.tuning(Tuning.of(lines)) : config);
    }

    private static Optional<String> place(Gamut gamut, GemmDesc desc) {
        return gamut.explain(desc).chosen().flatMap(Explanation.Row::place);
    }

    @Test
    void aLargeProductGoesWhereItsConstantsSayThatItPays() {
        assumeThatTheHostSums();
        try (Gamut gamut = open(true)) {
            assertEquals(Optional.empty(), place(gamut, GemmDesc.of(F32, 16, 16, 16)));
            assertEquals(Optional.of(DEVICE), place(gamut, GemmDesc.of(F32, 3000, 3000, 3000)));
            assertEquals( // read once here, or copied there
                    Optional.empty(), gamut.explain(SUM).chosen().flatMap(Explanation.Row::place));
        }
        try (Gamut gamut = open(false)) {
            assertEquals(Optional.empty(), place(gamut, GemmDesc.of(F32, 3000, 3000, 3000)));
        }
    }

    @Test
    void whatComesBackIsTheSame() {
        int m = 300;
        int n = 260;
        int k = 280;
        SplittableRandom random = new SplittableRandom(1);
        float[] a = new float[m * k];
        float[] b = new float[k * n];
        for (float[] x : List.of(a, b)) {
            for (int i = 0; i < x.length; i++) {
                x[i] = random.nextInt(-8, 9); // sums are exact
            }
        }
        long leaks = Device.leaks();
        GemmDesc desc = GemmDesc.of(F32, m, n, k);
        float[] there = new float[m * n];
        float[] here = new float[m * n];
        GamutConfig onlyThere = GamutConfig.defaults()
                .offload(DEVICE)
                .kernel("*_{clblast,opencl}")
                .strict(true);
        try (Gamut gamut = Gamut.open(onlyThere);
                Gamut host = Gamut.open()) {
            gamut.plan(desc).run(a, b, there);
            host.plan(desc).run(a, b, here);
            assertArrayEquals(here, there);
            Tensor x = Tensor.of(a, m, k);
            Tensor y = Tensor.of(b, k, n);
            Tensor z = Tensor.of(there, m, n);
            Tensor expected = Tensor.of(here, m, n);
            gamut.gemm(x, y, z, g -> g.beta(2).epilogue(e -> e.relu()));
            host.gemm(x, y, expected, g -> g.beta(2).epilogue(e -> e.relu()));
            assertArrayEquals(here, there);
            assertEquals(host.sum(x), gamut.sum(x));
            assertEquals(0, gamut.offloadDevices().getFirst().open());
            assertTrue(gamut.describe().contains("offloads to " + DEVICE), gamut.describe());
        }
        assertEquals(leaks, Device.leaks());
    }
}
