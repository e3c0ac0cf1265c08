package dev.gamut.ffm.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.conformance.Options;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every rule on products by a BLAS library, operands outside the heap between pages that must not be touched. */
class BlasConformanceTest {
    /** One for each of nine rules and two precisions. */
    private static final int RULES = 18;

    @TempDir
    Path folder;

    @Test
    void aStandInKeepsTheRules() throws Exception {
        keeps(StandIn.compiled(folder, "OPENBLAS").file().toString());
    }

    /** On one processor, or a library that cannot be told its number of threads would be offered for some rules alone. */
    @Test
    void theSystemsLibraryKeepsTheRules() throws Exception {
        String library = last(said("", "say"));
        Assumptions.assumeTrue(library.startsWith("using "), () -> "cannot run here: " + library);
        keeps("");
    }

    private static void keeps(String file) throws Exception {
        String said = said(file, "rules");
        assertTrue(last(said).startsWith(RULES + " rules kept by using "), said);
    }

    /** What is logged stands before what is said. */
    private static String last(String said) {
        return said.lines().reduce((first, last) -> last).orElse("");
    }

    private static String said(String file, String what) throws Exception {
        ProcessBuilder java = BlasRun.command(
                List.of(
                        "-XX:ActiveProcessorCount=1",
                        "-Dgamut.test.full=" + System.getProperty("gamut.test.full", "false"),
                        "-Dgamut.test.seed=" + Long.getLong("gamut.test.seed", Options.SEED)),
                what);
        if (!file.isEmpty()) {
            java.environment().put("GAMUT_BLAS", file);
        }
        Process process = java.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), said);
        return said;
    }
}
