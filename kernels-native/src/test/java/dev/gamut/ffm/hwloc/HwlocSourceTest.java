package dev.gamut.ffm.hwloc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.ffm.library.SystemLibrary;
import dev.gamut.topology.Topology;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The machine by hwloc where it is installed; elsewhere, and where it is something else, a reason. */
class HwlocSourceTest {
    private static HwlocSource named(String file) {
        return new HwlocSource(new SystemLibrary(Optional.of(file), List.of()));
    }

    @Test
    void thisMachine() {
        HwlocSource source = new HwlocSource();
        assumeTrue(
                source.unavailable().isEmpty(),
                () -> "cannot run here: " + source.unavailable().orElse(""));
        assertTrue(source.describe().startsWith("hwloc 2."), source.describe());
        Topology topology = Topology.hwloc(source.xml());
        assertEquals("node", topology.levels().getFirst().name());
        assertEquals("core", topology.levels().getLast().name());
        // hwloc counts cores that this process may use, the JVM their threads.
        assertTrue(topology.places() >= 1
                && topology.places() <= Runtime.getRuntime().availableProcessors());
        assertEquals(source.xml().length() > 100, topology.toText().contains("level core"));
        assertEquals(topology.toString(), Topology.host().toString(), "it is what the machine is asked for");
        assertTrue(
                Topology.hostSources().contains(source.describe()),
                Topology.hostSources().toString());
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
