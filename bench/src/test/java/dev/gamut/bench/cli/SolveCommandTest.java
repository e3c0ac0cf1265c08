package dev.gamut.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gamut.bench.solve.LinearSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code gamut solve}: HPL's lines and JSON, systems of its own and from files. */
class SolveCommandTest {
    @TempDir
    private Path folder;

    @Test
    void linesAreThoseOfHpl() {
        Invocation run = Invocation.of("solve", "--n", "200", "--threads", "1");
        assertEquals(0, run.code(), run.err());
        List<String> lines = run.out().lines().toList();
        assertEquals("T/V                       N  threads               Time             Gflops", lines.get(1));
        assertTrue(lines.get(3).matches("HPL +200 +1 +\\d+\\.\\d\\d +\\d\\.\\d{4}e[-+]\\d\\d"), lines.get(3));
        assertTrue(
                lines.get(6).matches("\\|\\|Ax-b\\|\\|_oo/\\(eps\\*\\(.*\\*N\\)= +\\d+\\.\\d{7} \\.{6} PASSED"),
                lines.get(6));
    }

    /** The types of factors that there may be: HPL-MxP's own system has those that this machine multiplies fastest. */
    @ParameterizedTest
    @CsvSource({"hpl, --no-dominant, F64", "hpl, --dominant, F64", "mxp, --no-dominant, F32", "mxp, --seed=1, F32|BF16"
    })
    void jsonSaysWhatWasDone(String method, String option, String factors) throws Exception {
        Invocation run = Invocation.of("solve", "--n", "300", "--method", method, option, "--json");
        assertEquals(0, run.code(), run.err());
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertEquals(method, json.get("method").asText());
        assertEquals(300, json.get("n").asInt());
        assertTrue(json.get("passed").asBoolean());
        assertTrue(json.get("residual").asDouble() < 16 && json.get("residual").asDouble() > 0);
        assertTrue(json.get("factored").asText().matches(factors), run.out());
        assertEquals(0, json.get("fallbacks").size());
        double flops = (2.0 / 3 * 300 + 1.5) * 300 * 300;
        assertEquals(
                flops / json.get("seconds").asDouble() / 1e9, json.get("gflops").asDouble(), 1e-9);
    }

    @Test
    void aSystemFromAFileThatF32CannotSolve() throws Exception {
        StringBuilder text = new StringBuilder("%%MatrixMarket matrix array real symmetric\n11 11\n");
        for (int j = 1; j <= 11; j++) {
            for (int i = j; i <= 11; i++) {
                text.append(1.0 / (i + j - 1)).append('\n'); // Hilbert's
            }
        }
        Path file = Files.writeString(folder.resolve("hilbert.mtx"), text);
        Invocation run =
                Invocation.of("solve", "--matrix", file.toString(), "--method", "mxp", "--refine", "classical");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("gave up F32: "), run.out()); // a file's system is not HPL-MxP's
        assertTrue(run.out().contains("factored in F64"), run.out());
        assertTrue(run.out().contains("PASSED"), run.out());
    }

    @Test
    void factorsAndStepsAreToldAsTheyWereAskedFor() throws Exception {
        Invocation run = Invocation.of("solve", "--n", "200", "--method", "mxp", "--factors", "bf16", "--json");
        assertEquals(0, run.code(), run.err());
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertEquals("BF16", json.get("factored").asText());
        assertEquals("gmres", json.get("refinement").asText());
        assertTrue(json.get("steps").asInt() > 2);
        assertEquals(0, json.get("fallbacks").size());
        run = Invocation.of("solve", "--n", "200", "--method", "mxp", "--factors", "f64", "--accuracy", "within:1e-4");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("factored in F64, "), run.out());
        assertTrue(run.out().contains(" steps of refinement (gmres)"), run.out());
    }

    @Test
    void filesThatHoldNoSystemAreRefused() throws Exception {
        Path wide =
                Files.writeString(folder.resolve("wide.mtx"), "%%MatrixMarket matrix array real general\n1 2\n1\n2\n");
        String complaint = Invocation.of("solve", "--matrix", wide.toString()).complaint(1);
        assertTrue(complaint.contains("a matrix of 1×2; a system needs a square one"), complaint);
        Path zero = Files.writeString(folder.resolve("zero.mtx"), "%%MatrixMarket matrix array real general\n1 1\n0\n");
        complaint = Invocation.of("solve", "--matrix", zero.toString()).complaint(1);
        assertTrue(complaint.contains("the matrix is singular: pivot 0 of U is 0.0"), complaint);
        Path text = Files.writeString(folder.resolve("text.mtx"), "hello");
        complaint = Invocation.of("solve", "--matrix", text.toString()).complaint(1);
        assertTrue(complaint.contains("at byte 0: not a Matrix Market file"), complaint);
    }

    /** By the sizes in the header, before there is memory for them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "46331|; a system has at most 46330 rows",
                "46340|; a system has at most 46330 rows",
                "46330|, which needs 32752 MiB for the matrix and its factors; this JVM has "
            })
    void matricesThatAreTooLargeAreRefused(int n, String why) throws Exception {
        String text = "%%MatrixMarket matrix coordinate real general\n" + n + " " + n + " 0\n";
        Path file = Files.writeString(folder.resolve("large.mtx"), text);
        String complaint = Invocation.of("solve", "--matrix", file.toString()).complaint(1);
        assertTrue(complaint.contains("large.mtx holds a matrix of " + n + "×" + n + why), complaint);
    }

    /** HPL's check would find an element of the solution that is off by a part in 10^11. */
    @Test
    void theResidualTellsWrongSolutions() {
        LinearSystem system = LinearSystem.random(50, 3);
        double[] x = new double[50];
        java.util.Arrays.fill(x, 1);
        LinearSystem ones = LinearSystem.withOnes(dev.gamut.tensor.Tensor.of(system.a(), 50, 50));
        assertTrue(ones.residual(x) < 1);
        x[7] += 1e-11;
        assertFalse(ones.residual(x) < 16);
        x[7] = Double.NaN;
        assertFalse(ones.residual(x) < 16);
        LinearSystem huge = new LinearSystem(1, new double[] {1e308}, new double[] {1e308});
        assertFalse(huge.residual(new double[] {3}) < 16);
    }
}
