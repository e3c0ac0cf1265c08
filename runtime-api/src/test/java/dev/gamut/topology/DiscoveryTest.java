package dev.gamut.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines as files of {@code /sys} and variables of Slurm describe them. */
class DiscoveryTest {
    @TempDir
    private Path folder;

    /** Writes the files that a recording names, one a line: path, tab, content. */
    private Path recorded(String name) throws IOException {
        try (InputStream in = DiscoveryTest.class.getResourceAsStream("/sysfs/" + name)) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                String[] parts = line.split("\t", 2);
                Path file = folder.resolve(parts[0]);
                Files.createDirectories(file.getParent());
                Files.writeString(file, parts[1] + "\n");
            }
        }
        return folder;
    }

    /** Three domains, one of them of memory alone, a processor that is off, threads of one core, accelerators with and without a domain. */
    @Test
    void twoSockets() throws IOException {
        Topology t = Topology.host(recorded("two-sockets.txt"));
        assertEquals("1 node, 2 numas, 4 cores", t.toString());
        assertEquals(65_843_212L * 1024 / 2, t.resources(0).memory());
        assertEquals(66_053_456L * 1024 / 2, t.resources(3).memory());
        int[] devices =
                IntStream.range(0, 4).map(core -> t.resources(core).devices()).toArray();
        assertEquals("[2, 1, 1, 0]", java.util.Arrays.toString(devices));
        assertEquals(2.4e-7, t.latency(0, 2), 1e-12);
        assertEquals(1e-7, t.latency(0, 1), 1e-12);
        assertEquals("node", t.levels().get(t.failureLevel()).name());
    }

    @Test
    void aMachineThatTellsNothingHasOneCore() {
        assertEquals("1 node, 1 numa, 1 core", Topology.host(folder).toString());
    }

    @Test
    void memoryThatIsNotToldHasNoLimitOnAnyCore() throws IOException {
        Path cpu = Files.createDirectories(folder.resolve("devices/system/cpu"));
        Files.writeString(cpu.resolve("online"), "0-3\n");
        Topology t = Topology.host(folder);
        assertEquals("1 node, 1 numa, 4 cores", t.toString());
        assertEquals(Resources.NO_LIMIT, t.resources(3).memory());
    }

    @Test
    void brokenFilesAreTakenAsMissing() throws IOException {
        Path root = recorded("two-sockets.txt");
        Files.writeString(root.resolve("devices/system/cpu/online"), "all of them");
        Files.writeString(root.resolve("devices/system/node/node0/distance"), "ten");
        assertEquals("1 node, 1 numa, 1 core", Topology.host(root).toString());
    }

    @Test
    void thisMachine() {
        Topology t = Topology.host();
        assertTrue(t.places() >= 1);
        assertEquals(t.toText(), Topology.parse(t.toText()).toText());
    }

    @Test
    void aJobOfSlurm() {
        Topology t = Topology.slurm(Map.of(
                        "SLURM_JOB_NODELIST", "tux[08-10],gpu3",
                        "SLURM_JOB_CPUS_PER_NODE", "72(x3),36",
                        "SLURM_MEM_PER_CPU", "2048",
                        "SLURM_GPUS_ON_NODE", "4"))
                .orElseThrow();
        assertEquals("1 cluster, 4 nodes", t.toString());
        assertEquals(
                "tux08 tux09 tux10 gpu3",
                String.join(
                        " ",
                        IntStream.range(0, 4).mapToObj(node -> t.name(1, node)).toList()));
        assertEquals(36, t.resources(3).capacity());
        assertEquals(72L * 2 << 30, t.resources(2).memory());
        assertEquals(4, t.resources(0).devices());
        assertEquals(t.toText(), Topology.parse(t.toText()).toText());
    }

    @Test
    void outsideAJobAndInABrokenOne() {
        assertEquals(Optional.empty(), Topology.slurm(Map.of("PATH", "/bin")));
        for (String cpus : new String[] {"72", "72(x3)", "x", "72(x"}) {
            Map<String, String> environment = Map.of("SLURM_NODELIST", "a,b", "SLURM_JOB_CPUS_PER_NODE", cpus);
            assertThrows(IllegalArgumentException.class, () -> Topology.slurm(environment), cpus);
        }
        Map<String, String> environment = Map.of("SLURM_NODELIST", "a", "SLURM_MEM_PER_NODE", "much");
        assertThrows(IllegalArgumentException.class, () -> Topology.slurm(environment));
    }
}
