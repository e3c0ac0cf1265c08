package dev.gamut.hw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counters of two processors, each counted once, that start anew, and that go away. */
class EnergyMeterTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        try (InputStream in = EnergyMeterTest.class.getResourceAsStream("/sysfs/powercap-two-packages.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                String[] parts = line.split("\t", 2);
                Files.createDirectories(folder.resolve(parts[0]).getParent());
                Files.writeString(folder.resolve(parts[0]), parts[1] + "\n");
            }
        }
    }

    private void counter(String zone, long microjoules) throws IOException {
        Files.writeString(folder.resolve(zone).resolve("energy_uj"), microjoules + "\n");
    }

    @Test
    void eachJouleIsCountedOnce() throws IOException {
        EnergyMeter meter = EnergyMeter.of(folder);
        assertEquals("package-0 + dram + package-1", meter.toString());
        assertEquals(0, meter.joules().orElseThrow());
        counter("intel-rapl:1", 7_500_000);
        counter("intel-rapl:0:1", 1_250_000);
        counter("intel-rapl:0:0", 1_000_000);
        counter("intel-rapl:2", 99_000_000);
        counter("intel-rapl-mmio:0", 262_143_100_000L);
        assertEquals(2.75, meter.joules().orElseThrow(), 1e-9);
    }

    @Test
    void countersStartAnew() throws IOException {
        EnergyMeter meter = EnergyMeter.of(folder);
        counter("intel-rapl:0", 671_150);
        assertEquals(1, meter.joules().orElseThrow(), 1e-9);
        counter("intel-rapl:0", 1_671_150);
        assertEquals(2, meter.joules().orElseThrow(), 1e-9);
        counter("intel-rapl:0", 671_150);
        assertEquals(262_143.32885 + 1, meter.joules().orElseThrow(), 1e-6);
    }

    @Test
    void whatIsUnavailableIsNotZero() throws IOException {
        EnergyMeter none = EnergyMeter.of(folder.resolve("nothing"));
        assertEquals(OptionalDouble.empty(), none.joules());
        assertTrue(none.toString().startsWith("unavailable: there is no "), none.toString());
        EnergyMeter empty = EnergyMeter.of(folder.resolve("intel-rapl"));
        assertTrue(empty.toString().contains("no counter of a processor"), empty.toString());
        EnergyMeter meter = EnergyMeter.of(folder);
        assertTrue(meter.joules().isPresent());
        Files.delete(folder.resolve("intel-rapl:0/energy_uj"));
        assertEquals(OptionalDouble.empty(), meter.joules(), "it went away");
        assertTrue(meter.toString().startsWith("unavailable: "), meter.toString());
        Files.writeString(folder.resolve("intel-rapl:0/energy_uj"), "much\n");
        assertFalse(EnergyMeter.of(folder).joules().isPresent());
    }

    @Test
    void thisMachineAnswersOneWayOrTheOther() {
        EnergyMeter meter = EnergyMeter.host();
        assertEquals(meter.joules().isEmpty(), meter.toString().startsWith("unavailable: "));
    }
}
