package dev.gamut.ffm.hwloc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.ffm.library.SystemLibrary;
import dev.gamut.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The machine by hwloc where it is installed; elsewhere, and where it is something else, a reason. */
class HwlocSourceTest {
    private static HwlocSource named(String file) {
        return new HwlocSource(new SystemLibrary(Optional.of(file), List.of()));
    }

    @Test
    void thisMachine() throws IOException {
        HwlocSource source = new HwlocSource();
        assumeTrue(
                source.unavailable().isEmpty(),
                () -> "cannot run here: " + source.unavailable().orElse(""));
        assertTrue(source.describe().startsWith("hwloc 2."), source.describe());
        Topology topology = Topology.hwloc(source.xml());
        assertEquals("node", topology.levels().getFirst().name());
        // Of a single core the machine is all there is to tell.
        assertEquals(
                topology.places() > 1 ? "core" : "node",
                topology.levels().getLast().name());
        // The machine's: this process may be bound to some of them, or have a share of their time.
        assertTrue(topology.places() >= 1 && topology.places() <= threads(), topology + ", " + threads() + " threads");
        assertEquals(topology.toString(), Topology.host().toString(), "it is what the machine is asked for");
        assertTrue(
                Topology.hostSources().contains(source.describe()),
                Topology.hostSources().toString());
    }

    /** Hardware threads that the system knows. */
    private static long threads() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/sys/devices/system/cpu"))) {
            return files.filter(f -> f.getFileName().toString().matches("cpu\\d+"))
                    .count();
        }
    }

    @Test
    void otherLibrariesAreReasons() {
        assertTrue(named("none").unavailable().orElseThrow().startsWith("no hwloc: "));
        String other = named("/lib/x86_64-linux-gnu/libm.so.6").unavailable().orElseThrow();
        assertTrue(other.startsWith("no hwloc: "), other);
        assertTrue(named("/nowhere/libhwloc.so").describe().startsWith("no hwloc: "));
        assertThrows(IllegalStateException.class, () -> named("none").xml());
    }
}
