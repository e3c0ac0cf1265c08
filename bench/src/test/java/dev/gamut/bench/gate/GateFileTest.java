package dev.gamut.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.bench.cli.Failure;
import dev.gamut.bench.cli.Json;
import dev.gamut.bench.cli.MarkedText;
import dev.gamut.bench.gate.PairMeter.Pair;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of the gate in a file: read back, compared with, and turned into the guide's table. */
class GateFileTest {
    private static final List<GateRow> ROWS = GateTable.parse(
                    "test",
                    "vector.gemm.f64.n{8,16}.t1, speed, *, openblas, native, 0.5, 0.45, -, no\n"
                            + "vector.sum.f64.mem.t1, speed, *, read-bandwidth, native, -, -, -, no\n"
                            + "dispatch.kept.f64.n8.t1, allocation, *, limit:0B, native, 1, 1, -, no")
            .all();

    private static Verdict verdict(GateRow row, double... ratios) {
        return verdict("OpenBLAS 0.3, threads 1", row, ratios);
    }

    private static Verdict verdict(String peer, GateRow row, double... ratios) {
        List<Pair> pairs = new ArrayList<>();
        for (double ratio : ratios) {
            pairs.add(new Pair(1e-3, ratio * 1e-3));
        }
        ForkResult fork = new ForkResult("", "", "k", peer, pairs, 0, 0, false, "F64", 1e6, 1e3, "L2");
        return Verdict.of(row, List.of(fork, fork, fork), row.floor());
    }

    private static GateResults results(double first) {
        List<Verdict> verdicts = List.of(
                verdict(ROWS.get(0), first, first, first),
                verdict(ROWS.get(1), 0.4, 0.4, 0.4),
                Verdict.notApplicable(ROWS.get(2), "no reason"),
                verdict(ROWS.get(3), 1));
        return of(verdicts.toArray(Verdict[]::new));
    }

    private static GateResults of(Verdict... verdicts) {
        Map<String, Object> machine = Map.of("cpu", "Some CPU", "cores", 2, "java", "Java 25");
        return new GateResults(
                machine, List.of(), List.of(verdicts), "./gamut gate", 1, Instant.parse("2026-01-02T03:04:05Z"));
    }

    @Test
    void aRunIsReadBackAsItWasWritten(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("g.json");
        Files.writeString(file, Json.text(results(2).asJson()));
        GateFile read = GateFile.read(file, "--against");
        assertEquals("Some CPU", read.cpu());
        assertEquals("2026-01-02T03:04:05Z", read.date());
        assertEquals(4, read.rows().size());
        assertEquals(
                2,
                read.rows()
                        .get("vector.gemm.f64.n8.t1 / openblas")
                        .path("ratio")
                        .asDouble());
    }

    @Test
    void otherFilesAreRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("x.json");
        Files.writeString(file, "{\"rows\": 3}");
        assertTrue(assertThrows(Failure.class, () -> GateFile.read(file, "--against"))
                .getMessage()
                .contains("--against"));
        Files.writeString(file, "rows");
        assertThrows(Failure.class, () -> GateFile.read(file, "--against"));
        assertThrows(Failure.class, () -> GateFile.read(folder.resolve("none"), "--against"));
    }

    @Test
    void partsAreJoined() {
        GateFile joined = GateFile.joined(
                List.of(part("Some CPU", "a", 2, "1.json"), part("Some CPU", "b", 3, "2.json")), "--from");
        assertEquals(4, joined.rows().size());
        assertEquals(
                3,
                joined.rows()
                        .get("vector.gemm.f64.n8.t1 / openblas")
                        .path("ratio")
                        .asDouble());
        String table = GateMarkdown.table(joined);
        assertTrue(table.contains("commit a, b, by `1.json`, `2.json`"), table);
        List<GateFile> others = List.of(part("Some CPU", "a", 2, "1.json"), part("Another", "a", 2, "2.json"));
        Failure failure = assertThrows(Failure.class, () -> GateFile.joined(others, "--from"));
        assertTrue(failure.getMessage().contains("'Some CPU' and of 'Another'"), failure.getMessage());
    }

    private static GateFile part(String cpu, String commit, double ratio, String command) {
        Map<String, Object> json = results(ratio).asJson();
        Map<String, Object> machine = new LinkedHashMap<>(Map.of("cpu", cpu, "cores", 2, "java", "Java 25"));
        machine.putAll(Map.of("date", "2026-01-02T03:04:05Z", "commit", commit, "command", command));
        json.put("machine", machine);
        return GateFile.of(json);
    }

    @Test
    void ratiosAgreeWhereTheirQuartilesOverlap() {
        GateFile before = GateFile.of(results(2).asJson());
        Comparison same = new Comparison(before, results(2).verdicts());
        assertEquals(3, same.compared());
        assertEquals(3, same.agreed());
        Comparison slower = new Comparison(before, results(1).verdicts());
        assertEquals(2, slower.agreed());
        StringWriter text = new StringWriter();
        slower.print(new PrintWriter(text, true));
        assertTrue(text.toString().contains("2 of 3 ratios agree"), text.toString());
        assertTrue(text.toString().contains("vector.gemm.f64.n8.t1 / openblas"), text.toString());
    }

    @Test
    void aFailedRowIsNamedWithItsKernel() {
        StringWriter text = new StringWriter();
        new GatePrinter(new PrintWriter(text, true), false).write(results(2));
        assertTrue(
                text.toString().contains("FAILED vector.gemm.f64.n16.t1 / openblas (k): below 0.45"), text.toString());
        assertTrue(text.toString().contains("2 passed, 1 failed, 0 undecided, 1 do not apply"), text.toString());
        assertTrue(text.toString().contains("not applicable: no reason (vector.sum.f64.mem.t1)"), text.toString());
    }

    @Test
    void whateverAPeerComputedWithIsNamed() {
        StringWriter text = new StringWriter();
        GateResults results =
                of(verdict("kernel Cooperlake", ROWS.get(0), 1), verdict("kernel Haswell", ROWS.get(1), 1));
        new GatePrinter(new PrintWriter(text, true), false).write(results);
        assertTrue(
                text.toString()
                        .contains(String.format("openblas, t1: kernel Cooperlake%nopenblas, t1: kernel Haswell%n")),
                text.toString());
    }

    @Test
    void aRunOfRowsThatDoNotApplyMeasuredNothing() {
        Verdict first = Verdict.notApplicable(ROWS.get(0), "no library");
        Verdict second = Verdict.notApplicable(ROWS.get(2), "no reason");
        assertEquals(
                "vector.gemm.f64.n8.t1 / openblas, the first of 2 rows: no library",
                of(first, second).obstacle().orElseThrow());
        assertEquals(
                "vector.gemm.f64.n8.t1 / openblas: no library",
                of(first).obstacle().orElseThrow());
        assertTrue(of(first, verdict(ROWS.get(1), 2)).obstacle().isEmpty());
        assertTrue(of(first, verdict(ROWS.get(1), 0.1)).obstacle().isEmpty(), "a row that fails was measured");
    }

    @Test
    void theTableStandsBetweenItsMarksAndGathersShapes() {
        String guide = "a\n<!-- gate: begin -->\nold\n<!-- gate: end -->\nb\n";
        String table = GateMarkdown.table(GateFile.of(results(2).asJson()));
        String text = MarkedText.replace(guide, GateMarkdown.NAME, table);
        assertTrue(text.startsWith("a\n<!-- gate: begin -->\nSome CPU, 2 cores, Java 25, 2026-01-02"), text);
        assertTrue(text.endsWith("<!-- gate: end -->\nb\n"), text);
        assertTrue(text.contains("| `vector.gemm.f64.n{8,16}.t1` | openblas | 0.40 to 2.00 | 0.50 | 1 of 2 |"), text);
        assertThrows(IllegalArgumentException.class, () -> MarkedText.replace("no marks", "gate", table));
    }
}
