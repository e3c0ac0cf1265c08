package dev.gamut.bench.gate;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Problem;
import dev.gamut.bench.sve.NativeModel;
import dev.gamut.hw.CacheTopology;
import dev.gamut.hw.Feature;
import dev.gamut.kernel.Glob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The gate's table is sound, and ids mean what its head says. */
class GateTableTest {
    private static final MachineCaches CACHES = new MachineCaches(new CacheTopology(32 << 10, 1 << 20, 32 << 20), 1);

    private static GateRow row(String id) {
        return row(id, "openblas");
    }

    private static GateRow row(String id, String peer) {
        return GateTable.parse("test", id + ", speed, *, " + peer + ", native, 1, 0.9, -, no")
                .all()
                .getFirst();
    }

    private static Problem problem(String id) {
        return row(id).problem(CACHES);
    }

    @Test
    void everyShippedRowHasAProblemAndAPeer() {
        List<GateRow> rows = GateTable.shipped().all();
        assertTrue(rows.size() > 100, rows.size() + " rows");
        for (GateRow row : rows) {
            if (row.isPredicted()) {
                assertEquals(5, row.parts().length, row.key());
                assertTrue(NativeModel.knows(row.parts()[4]), row.key());
                assertEquals(Optional.of("llvm"), Peers.module(row.peer()), "what the launcher looks for");
                continue;
            }
            if (row.isCollective()) {
                assertTrue(CollectiveSides.problem(row).bytes() > 0, row.key());
            } else if (row.isSystem()) {
                assertTrue(new SolveSides(row, 1).operations() > 0, row.key());
            } else if (!row.parts()[0].equals("dispatch")) {
                assertDoesNotThrow(() -> row.problem(CACHES), row.key());
            }
            if (row.isLimit()) {
                assertTrue(row.limit() >= 0, row.key());
            } else {
                Optional<String> module = Peers.module(row.peer());
                assertTrue(
                        module.map(m -> Files.isDirectory(Path.of("peers", m))).orElse(true), row.key());
            }
        }
    }

    @Test
    void theFirstFloorsAreNineTenthsOfTheirBars() {
        for (GateRow row : GateTable.shipped().all()) {
            if (row.parts()[0].equals("emulated")) {
                // Shared matrix units leave less of a ratio.
                assertTrue(Double.isNaN(row.bar()) || row.floor() >= 0.82 * row.bar(), row.key());
            } else if (!Double.isNaN(row.bar())) {
                // What is counted or computed is the same each time.
                boolean exact = row.measure() == GateRow.Measure.ALLOCATION || row.isPredicted();
                assertEquals((exact ? 1 : 0.9) * row.bar(), row.floor(), 1e-9, row.key());
            }
        }
    }

    @Test
    void bracesMakeARowEach() {
        GateTable table = GateTable.parse(
                "test",
                "# comment\n\nvector.gemm.{f64,f32}.n{8,16}.t1, speed, *, {ejml,ojalgo}, native, 4, 3.6, avx512, yes");
        assertEquals(8, table.all().size());
        assertEquals("vector.gemm.f64.n8.t1 / ejml", table.all().getFirst().key());
        assertEquals(4, table.select(false, Glob.of("*.f32.*")).size());
        assertEquals(8, table.select(true, Glob.of("*")).size());
    }

    @Test
    void wrongLinesAreNamed() {
        for (String line : List.of(
                "vector.gemm.f64.n8.t1, speed, *, ejml, native, 4, 3.6, -",
                "vector.gemm.f64.n8.t1, sped, *, ejml, native, 4, 3.6, -, no",
                "vector.gemm.f64.n8.t1, speed, *, ejml, native, 4, 5, -, no",
                "vector.gemm.f64.n8.t1, speed, *, ejml, native, 4, -, -, no",
                "vector.gemm.f64.n8.t1, speed, *, {ejml,ejml}, native, 4, 3.6, -, no",
                "vector.gemm.f64.n{8.t1, speed, *, ejml, native, 4, 3.6, -, no",
                "vector.gemm.f64.n8.t1, speed, *, ejml, native, 4, 3.6, a/b>5, no",
                "vector.gemm.f64.n8.t1, speed, *, ejml, native, 4, 3.6, mmx, no")) {
            IllegalStateException e =
                    assertThrows(IllegalStateException.class, () -> GateTable.parse("test", line), line);
            assertTrue(e.getMessage().contains(line), e.getMessage());
        }
    }

    @Test
    void shapesAreWhatTheHeadSays() {
        Problem square = problem("vector.gemm.f64.n64.t1");
        assertEquals(2.0 * 64 * 64 * 64, square.operations());
        Problem decode = problem("native.gemm.f32xi4g32.m4.t1");
        assertEquals(4, decode.workload().m());
        assertEquals(4096, decode.workload().k());
        assertTrue(decode.workload().transposeB() && decode.workload().fromMemory());
        assertEquals(32, decode.precision().block());
        assertEquals(16, problem("vector.gemm.f64.b32x16.t1").workload().n());
        assertEquals(2.0 * 2 * 3 * 4, problem("vector.gemm.f32.2x3x4.t1").operations());
        assertTrue(((GemmProblem) problem("vector.gemm.f32.n64.packed.t1")).packed());
        assertEquals("u8", problem("vector.gemm.u8xi8.n64.t1").precision().a().id());
        assertEquals(1, problem("vector.gemv.f64.mem.t1").workload().n());
        assertEquals(768, problem("vector.gemm.f32.bert-ffn.t1").workload().k());
    }

    @Test
    void whatRoundsItsActivationsHasASideOfItsOwn() {
        assertEquals(
                Optional.of("own-rounded"),
                row("native.gemm.f32xi4g32.m4.rounded.t1").ourModule());
        assertEquals(Optional.empty(), row("native.gemm.f32xi4g32.m4.t1").ourModule());
        assertEquals(Optional.empty(), Peers.module("own-rounded"), "it is built in");
    }

    @Test
    void collectivesHaveBytesOrElements() {
        assertEquals(
                2,
                CollectiveSides.problem(row("collective.allreduce.f32.8b.t2")).count());
        assertEquals(
                16 << 20,
                CollectiveSides.problem(row("collective.all_gather.bf16.16m.t3"))
                        .bytes(),
                64);
        assertEquals(
                1000,
                CollectiveSides.problem(row("collective.allreduce.bf16.n1000.t2"))
                        .count());
        assertEquals(Optional.empty(), Peers.module("triad-bandwidth"));
    }

    /** Both sides solve, and tell what they took; what Gamut gives up makes a row fail. */
    @Test
    void systemsAreSolvedByBothSides() {
        ForkResult measured = new SolveSides(row("solve.mxp.f32.n150.t1", "own-hpl"), 0).measure();
        assertEquals("", measured.obstacle() + measured.failure());
        assertEquals(GateBenchmark.FEWEST_PAIRS, measured.pairs().size());
        assertTrue(measured.error() > 0 && measured.error() < 16 * 150 * 0x1p-53, "error " + measured.error());
        assertTrue(measured.peerError() > 0, "peer's " + measured.peerError());
        assertEquals((2.0 / 3 * 150 + 1.5) * 150 * 150, measured.operations());
        assertEquals(Optional.empty(), Peers.module("own-hpl"));
    }

    @Test
    void vectorsFillHalfOfTheirLevel() {
        assertEquals(512 << 10, problem("vector.sum.f64.l2.t1").bytes());
        assertEquals(512 << 10, problem("vector.dot.f32.l2.t1").bytes());
        assertEquals(16 << 10, problem("vector.max.f32.l1.t1").bytes());
        assertEquals(8.0 * (1 << 24), problem("vector.sum.f64.mem.t1").bytes());
        assertTrue(problem("vector.sum.f64.mem.t1").workload().fromMemory());
        assertFalse(problem("vector.sum.f64.l2.t1").workload().fromMemory());
    }

    @Test
    void aProbeIsANeedThatIsNoFeature() {
        GateRow row = GateTable.parse(
                        "test",
                        "emulated.gemm.f64.n64.t1, speed, *, mkl, atLeast:F64, 2, 1.8, amx_int8 amx_i8_l1/f64_avx512>=50, no")
                .all()
                .getFirst();
        assertEquals(List.of(Feature.AMX_INT8), row.needs());
        assertEquals(Optional.of(new Phase("amx_i8_l1", "f64_avx512", 50)), row.phase());
        assertEquals("amx_i8_l1/f64_avx512>=50", row.phase().orElseThrow().toString());
        assertEquals(Optional.empty(), row("vector.gemm.f64.n64.t1").phase());
    }

    /** The bars of emulated products on matrix units are those of phases in which these are fast. */
    @Test
    void rowsOnMatrixUnitsThatAreSharedHaveAProbe() {
        for (GateRow row : GateTable.shipped().all()) {
            boolean emulated = row.parts()[0].equals("emulated") && row.kernel().contains("_amx");
            assertEquals(emulated, row.phase().isPresent(), row.key());
        }
    }

    @Test
    void limitsAreNumbersWithUnits() {
        GateTable table = GateTable.parse(
                "test",
                "dispatch.kept.f64.n8.t1, time, *, limit:150ns, native, 1, 0.9, -, no\n"
                        + "dispatch.kept.f64.n8.t1, allocation, *, limit:0B, native, 1, 1, -, no\n"
                        + "vector.gemm.f64.n8.t1, error, *, limit:1e-15, native, 1, 1, -, no");
        assertEquals(150, table.all().get(0).limit());
        assertEquals(0, table.all().get(1).limit());
        assertEquals(1e-15, table.all().get(2).limit());
    }

    @Test
    void peersOfOneModuleShareTheFirstWordOfTheirNames() {
        assertEquals(Optional.of("jlama"), Peers.module("jlama-native"));
        assertEquals(Optional.of("mkl"), Peers.module("mkl"));
        assertEquals(Optional.empty(), Peers.module("read-bandwidth"));
    }
}
