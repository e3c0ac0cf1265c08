package dev.gamut.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code explain} and {@code doctor}: what they print and their JSON. */
class ExplainCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String[] SQUARE = {"explain", "gemm", "--m", "64", "--n", "64", "--k", "64"};

    private static String[] square(String... more) {
        String[] all = java.util.Arrays.copyOf(SQUARE, SQUARE.length + more.length);
        System.arraycopy(more, 0, all, SQUARE.length, more.length);
        return all;
    }

    @Test
    void ranksOffersAndGroupsOtherTypes() {
        Invocation run = Invocation.of(square());
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("  1. gemm_f64_f64_f64_f64_"), run.out());
        assertTrue(run.out().contains("kernels for other types"), run.out());
        assertTrue(run.out().contains("·S") && run.out().contains("S: the sum of the absolute terms"), run.out());
        assertFalse(run.out().contains("gemm_bf16"), run.out());
        assertTrue(Invocation.of(square("--all")).out().contains("gemm_bf16"));
    }

    @Test
    void jsonNamesTheChosenKernel() throws Exception {
        Invocation run = Invocation.of(square("--a", "bf16", "--json"));
        JsonNode json = JSON.readTree(run.out());
        assertEquals(json.get("chosen"), json.get("rows").get(0).get("kernel"));
        assertEquals(1, json.get("rows").get(0).get("rank").asInt());
        assertTrue(json.get("otherTypes").asInt() > 0);
    }

    @Test
    void nobodyMayIsExitCode1() {
        Invocation run = Invocation.of(square("--accuracy", "within:1e-40"));
        assertEquals(1, run.code(), run.err());
        assertTrue(run.out().contains("no kernel may run it"), run.out());
        assertTrue(run.out().contains("does not meet accuracy"), run.out());
    }

    @Test
    void doctorWritesJsonBesideItsText(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("doctor.json");
        Invocation run = Invocation.of("doctor", "--json=" + file);
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("reference: "), run.out());
        JsonNode json = JSON.readTree(file.toFile());
        assertTrue(json.get("machine").get("cores").asInt() > 0);
        assertTrue(json.get("providers").size() >= 1);
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void theTuningInUseIsNamed(@TempDir Path folder) throws Exception {
        assertTrue(Invocation.of(square()).out().contains("tuning: shipped"));
        Path file =
                Files.writeString(folder.resolve("t.txt"), "# head\n*; *; *; nc; 64; test\nvax/*; *; *; nc; 1; test\n");
        System.setProperty("gamut.tuning", file.toString());
        try {
            String expected = file + " of " + LocalDate.now().getYear();
            String counted = "1 of its 2 lines for this machine and JDK";
            String explained = Invocation.of(square()).out();
            assertTrue(explained.contains("tuning: " + expected) && explained.contains(counted), explained);
            JsonNode doctor = JSON.readTree(Invocation.of("doctor", "--json").out());
            assertTrue(doctor.get("machine").get("tuning").asText().startsWith(expected), doctor.toString());
            Files.writeString(file, "frob\n");
            for (String command : new String[] {"doctor", "tune"}) {
                String complaint = Invocation.of(command).complaint(1);
                assertTrue(complaint.contains(file + " at byte 0: line 1: 'frob'; a line is machine;"), complaint);
            }
        } finally {
            System.clearProperty("gamut.tuning");
        }
    }
}
