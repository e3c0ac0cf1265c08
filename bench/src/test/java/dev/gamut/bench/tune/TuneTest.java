package dev.gamut.bench.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.bench.machine.Bandwidth;
import dev.gamut.bench.machine.CYardsticks;
import dev.gamut.bench.machine.Yardsticks;
import dev.gamut.dtype.DType;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.Glob;
import dev.gamut.spi.Tuning;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run with tiny products: what it writes is read back, is for this machine, and leaves other lines alone. */
class TuneTest {
    private static final Effort TINY = new Effort("n96", "128x64x64", 1, 0.02, 0.02);

    private static final LocalDate DATE = LocalDate.of(2026, 11, 22);

    private static final Capabilities HOST = Capabilities.host();

    private static final Tuning.Line ELSEWHERE = line("aarch64/Some CPU/25", "fma_share", "gemm_*_5x4v*_vec");

    @TempDir
    private Path folder;

    @BeforeAll
    static void needsVectors() {
        assumeTrue(HOST.vectorBits() > 0, "cannot run here: no vectors");
    }

    private static Tuning.Line line(String machine, String constant, String kernel) {
        return new Tuning.Line(
                Glob.of(machine), Integer.toString(HOST.vectorBits()), Glob.of(kernel), constant, 0.123, "by hand");
    }

    /** A machine with a peak of 2 GHz and 10 GB/s. */
    private static Yardsticks peaks() {
        Bandwidth ten = new Bandwidth(10, 1, 10, 10);
        return new Yardsticks(
                1,
                Map.of(DType.F64, 8.0 * HOST.lanes(64), DType.F32, 8.0 * HOST.lanes(32)),
                Yardsticks.LEVELS.stream().collect(Collectors.toMap(level -> level, level -> ten)),
                new CYardsticks("none", Map.of()));
    }

    private TuneOutcome run(String kernels, Path file) {
        Tuning before = Files.exists(file) ? Tuning.read(file) : Tuning.of(List.of(ELSEWHERE));
        Here here = new Here(HOST, DATE, "./gamut tune");
        TuneOutcome outcome = new Tune(here, Glob.of(kernels), TINY, TuneTest::peaks, before).run();
        outcome.write(file);
        return outcome;
    }

    @Test
    void whatIsMeasuredIsWrittenWithItsOrigin() {
        Path file = folder.resolve("tuning.txt");
        TuneOutcome outcome = run("*", file);
        List<Tuning.Line> lines = Tuning.read(file).lines();
        assertEquals(ELSEWHERE.toString(), lines.getLast().toString());
        for (Tuning.Line line : lines.subList(0, lines.size() - 1)) {
            assertTrue(line.matches(HOST), line.toString());
            assertFalse(line.matches(HOST.withJdk(HOST.jdk() + 1)), line.toString());
            assertTrue(line.value() > 0, line.toString());
            String origin = HOST.cpu() + ", JDK " + Runtime.version() + ", " + HOST.vectorBits()
                    + " bits, 2026-11-22, ./gamut tune: ";
            assertTrue(line.origin().startsWith(origin), line.toString());
        }
        assertEquals(2, value(lines, "ghz"));
        assertEquals(5, value(lines, "memory_bytes_per_cycle"));
        StringWriter text = new StringWriter();
        outcome.print(new PrintWriter(text, true));
        assertTrue(text.toString().contains("fma_share"), text.toString());
        assertTrue(text.toString().contains("sample products"), text.toString());
    }

    private static double value(List<Tuning.Line> lines, String constant) {
        return lines.stream()
                .filter(line -> line.constant().equals(constant))
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Test
    void aRunOverSomeKernelsLeavesTheOthersAlone() throws Exception {
        Path file = folder.resolve("tuning.txt");
        String here = HOST.arch() + "/" + HOST.cpu() + "/" + HOST.jdk();
        Tuning.Line clock = line(here, "ghz", "gemm_*");
        Tuning.Line other = line(here, "fma_share", "gemm_*_{f32,i32}_*_5x2v*_vec");
        Files.writeString(file, clock + "\n" + other + "\n" + ELSEWHERE + "\n");
        List<Tuning.Line> kept = List.of(clock, other, ELSEWHERE);
        List<String> measured = run("gemm_f64_*_{vecsmall,nobody}", file).lines().stream()
                .map(line -> line.constant() + " " + line.kernel())
                .toList();
        String small = "gemm_f64_f64_f64_f64_fma-kc256_vecsmall";
        assertTrue(
                List.of("fma_share " + small, "cycles_per_l2_vector " + small, "call_cycles " + small)
                        .containsAll(measured),
                measured.toString());
        List<String> tile = run("gemm_f64_*_5x2v_*", file).lines().stream()
                .map(line -> line.constant() + " " + line.kernel())
                .toList();
        assertTrue(List.of("fma_share gemm_*_f64_*_5x2v*_vec").containsAll(tile), tile.toString());
        List<String> lines =
                Tuning.read(file).lines().stream().map(Tuning.Line::toString).toList();
        assertEquals(measured.size() + tile.size() + kept.size(), lines.size(), lines.toString());
        assertEquals(
                kept.stream().map(Tuning.Line::toString).toList(),
                lines.subList(lines.size() - kept.size(), lines.size()));
    }

    @Test
    void aWholeRunReplacesWhatWasMeasuredHereBefore() {
        Here here = new Here(HOST, DATE, "./gamut tune");
        Tuning.Line old = here.line("gemm_*_f64_*_vec", "nc", 96, "an earlier run");
        Tuning.Line older = here.line("gemm_*_f64_*_vec", "mc", 96, "an earlier run");
        Tuning.Line fresh = here.line("gemm_*_f64_*_vec", "nc", 128, "this run");
        assertEquals(
                List.of(fresh, ELSEWHERE), Tuned.merged(List.of(fresh), List.of(old, older, ELSEWHERE), here, true));
        assertEquals(
                List.of(fresh, older, ELSEWHERE),
                Tuned.merged(List.of(fresh), List.of(old, older, ELSEWHERE), here, false));
    }

    @Test
    void aCpusNameMayHoldWhatPatternsAndTablesUse() {
        Capabilities odd =
                new Capabilities("x86_64", "{Odd} CPU; #1*", HOST.features(), HOST.vectorBits(), 1, HOST.caches());
        Tuning.Line line = new Here(odd, DATE, "./gamut tune").line("gemm_*", "nc", 1, "odd");
        assertTrue(line.matches(odd), line.toString());
        assertEquals(6, line.toString().split(";", -1).length);
    }

    /** What was measured must not be lost where it cannot be told what it changes. */
    @Test
    void settingsMayLeaveNoKernelToChoose() {
        System.setProperty("gamut.kernel", "gemm_bf16_*");
        System.setProperty("gamut.strict", "true");
        try {
            assertEquals(List.of(), Choices.between(Tuning.EMPTY, List.of()).changes());
        } finally {
            System.clearProperty("gamut.kernel");
            System.clearProperty("gamut.strict");
        }
    }
}
