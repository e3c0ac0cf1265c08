package dev.gamut.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gamut collectives} as two ranks of mpirun: the same calls from C stand beside Gamut's. */
class CollectivesOverMpiTest {
    private static final int PATIENCE_SECONDS = 120;

    @TempDir
    private Path folder;

    private String run(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(found("mpirun.openmpi"), "--bind-to", "none", "--oversubscribe", "-n", "2"));
        command.addAll(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Main.class.getName(), "collectives"));
        command.addAll(List.of(arguments));
        Path log = folder.resolve("log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("OMPI_ALLOW_RUN_AS_ROOT", "1");
        builder.environment().put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), Files.readString(log));
            assertEquals(0, process.exitValue(), Files.readString(log));
            return Files.readString(log);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Where a command is; without it the test cannot run. */
    private static String found(String command) {
        Optional<Path> place = Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, command))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(place.isPresent(), "cannot run here: there is no " + command);
        return place.orElseThrow().toString();
    }

    @Test
    void callsFromCStandBeside() throws Exception {
        Process compiler = new ProcessBuilder(found("mpicc.openmpi"), "-E", "-include", "mpi.h", "-x", "c", "/dev/null")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assumeTrue(compiler.waitFor() == 0, "cannot run here: mpicc.openmpi finds no mpi.h");
        Path json = folder.resolve("c.json");
        String out =
                run(Map.of(), "all", "-b", "4K", "-e", "4K", "-d", "f32,bf16", "-n", "2", "-w", "1", "--json=" + json);
        assertTrue(out.lines().anyMatch(line -> line.endsWith("           C loop")), out);
        assertTrue(out.contains("# Out of bounds values : 0 OK"), out);
        Map<String, Boolean> inC = new TreeMap<>();
        for (JsonNode row : new ObjectMapper().readTree(Files.readString(json)).path("rows")) {
            JsonNode c = row.path("c");
            inC.merge(
                    row.path("type").asText() + (row.path("redop").asText().equals("none") ? " moved" : " combined"),
                    c.path("seconds").asDouble() > 0
                            && c.path("blocking_seconds").asDouble() > 0,
                    Boolean::logicalAnd);
        }
        assertEquals(
                Map.of(
                        "f32 moved",
                        true,
                        "f32 combined",
                        true,
                        "bf16 moved",
                        true,
                        "bf16 combined",
                        false,
                        "u8 moved",
                        true),
                inC,
                "MPI has no BF16; a barrier has bytes");
    }

    @Test
    void withoutACompilerOneLineSaysSo() throws Exception {
        Files.writeString(folder.resolve("mpi.h"), "#error none here\n");
        Map<String, String> broken = Map.of("OMPI_CC", "false", "MPICH_CC", "false", "CPATH", folder.toString());
        String out = run(broken, "barrier", "-n", "2", "-w", "1");
        assertTrue(out.contains("no C loop on the same MPI beside it: unavailable: cc failed: "), out);
        assertTrue(out.contains("#error none here"), out);
    }
}
