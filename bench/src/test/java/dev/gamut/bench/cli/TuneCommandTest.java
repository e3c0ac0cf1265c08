package dev.gamut.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.topology.Topology;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topologies that are measured; constants of kernels are measured by tests of the tuner. */
class TuneCommandTest {
    @TempDir
    private Path folder;

    @Test
    @Timeout(120)
    void whatIsMeasuredIsReadAsATopology() throws Exception {
        Path file = folder.resolve("machine.topology");
        Invocation run = Invocation.of("tune", "--topology", "--ranks", "2", "-o", file.toString());
        assertEquals(0, run.code(), run.err());
        Topology topology = Topology.read(file);
        assertEquals("1 all, 1 host, 2 ranks", topology.toString());
        assertTrue(topology.levels().get(1).latency() > 0
                && topology.levels().get(1).bandwidth() > 0);
        assertTrue(run.out().startsWith(Files.readString(file)), run.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--ranks 2",
                "--device nothing:0",
                "--device opencl:0 --quick",
                "--topology --device opencl:0",
                "--topology --ranks 0",
                "--topology --quick",
                "--topology --dry-run",
                "--topology --kernel gemm_*",
                "--topology -o /nowhere/at/all"
            })
    void badUsage(String line) {
        String[] words = ("tune " + line).split(" ");
        Invocation run = Invocation.of(words);
        assertEquals(2, run.code(), run.out());
        assertEquals(1, run.err().lines().count(), run.err());
    }
}
