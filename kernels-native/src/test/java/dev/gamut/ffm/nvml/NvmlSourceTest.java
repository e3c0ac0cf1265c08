package dev.gamut.ffm.nvml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.ffm.library.SystemLibrary;
import dev.gamut.hw.EnergyMeter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Joules of devices by NVML: on a stand-in in C, whose counters are a file; whatever is wrong is a reason. */
class NvmlSourceTest {
    /** Of three devices one does not count; COUNTERS is a file of two numbers, in millijoules. */
    private static final String STANDIN = """
            #include <stdio.h>
            typedef struct nvmlDevice { int index; } *nvmlDevice_t;
            static struct nvmlDevice devices[3] = {{0}, {1}, {2}};
            int nvmlInit_v2(void) { return INIT; }
            const char *nvmlErrorString(int code) { return code == 3 ? "Not Supported" : "Driver Not Loaded"; }
            int nvmlDeviceGetCount_v2(unsigned *count) { *count = DEVICES; return 0; }
            int nvmlDeviceGetHandleByIndex_v2(unsigned index, nvmlDevice_t *device) { *device = &devices[index]; return 0; }
            int nvmlDeviceGetName(nvmlDevice_t device, char *name, unsigned length) {
              return snprintf(name, length, "stand-in %d", device->index) < (int)length ? 0 : 7;
            }
            int nvmlDeviceGetTotalEnergyConsumption(nvmlDevice_t device, unsigned long long *energy) {
              if (device->index == 1) return 3;
              FILE *file = fopen(COUNTERS, "r");
              if (!file) return 9;
              unsigned long long both[2];
              int read = fscanf(file, "%llu %llu", &both[0], &both[1]);
              fclose(file);
              *energy = both[device->index / 2];
              return read == 2 ? 0 : 9;
            }
            """;

    @TempDir
    Path folder;

    private Path counters() {
        return folder.resolve("counters");
    }

    private void show(long first, long second) throws IOException {
        Files.writeString(counters(), first + " " + second + "\n");
    }

    private NvmlSource compiled(int init, int devices) throws Exception {
        Path source = Files.writeString(folder.resolve("nvml.c"), STANDIN);
        Path library = folder.resolve("libnvml" + init + devices + ".so");
        List<String> command = List.of(
                "cc",
                "-shared",
                "-fPIC",
                "-DINIT=" + init,
                "-DDEVICES=" + devices,
                "-DCOUNTERS=\"" + counters() + "\"",
                "-o",
                library.toString(),
                source.toString());
        Process compiler;
        try {
            compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            assumeTrue(false, "cannot run here: no C compiler");
            throw e;
        }
        String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, compiler.waitFor(), said);
        return named(library);
    }

    private static NvmlSource named(Object file) {
        return new NvmlSource(new SystemLibrary(Optional.of(file.toString()), List.of()));
    }

    @Test
    void devicesThatCountAreAddedUp() throws Exception {
        show(1_000_000, 500);
        NvmlSource nvml = compiled(0, 3);
        assertEquals(List.of("nvml:0 stand-in 0", "nvml:2 stand-in 2"), nvml.counters());
        EnergyMeter meter = EnergyMeter.devices(List.of(nvml));
        assertEquals("nvml:0 stand-in 0 + nvml:2 stand-in 2", meter.toString());
        assertEquals(0, meter.joules().orElseThrow());
        show(1_002_500, 1_500);
        assertEquals(3.5, meter.joules().orElseThrow(), 1e-12);
        // A driver that was loaded anew counts from 0.
        show(1_002_500, 250);
        assertEquals(3.75, meter.joules().orElseThrow(), 1e-12);
        Files.delete(counters());
        assertTrue(meter.joules().isEmpty(), "it cannot be read any more");
        assertTrue(meter.toString().startsWith("unavailable: "), meter.toString());
        assertTrue(meter.toString().contains("Driver Not Loaded"), meter.toString());
    }

    private static String reason(NvmlSource nvml) {
        assertEquals(List.of(), nvml.counters());
        EnergyMeter meter = EnergyMeter.devices(List.of(nvml));
        assertTrue(meter.joules().isEmpty());
        assertEquals("unavailable: " + nvml.unavailable().orElseThrow(), meter.toString());
        return nvml.unavailable().orElseThrow();
    }

    @Test
    void whatIsWrongIsAReason() throws Exception {
        show(1, 1);
        String broken = reason(compiled(9, 3));
        assertTrue(broken.contains("nvmlInit_v2 returned Driver Not Loaded (9)"), broken);
        assertTrue(reason(compiled(0, 0)).contains("no device that counts its energy"));
        assertTrue(reason(named("none")).startsWith("no NVML: "));
        assertTrue(reason(named("/nowhere/libnvidia-ml.so")).startsWith("no NVML: "));
        assertTrue(EnergyMeter.devices(List.of()).toString().startsWith("unavailable: no library"));
    }

    @Test
    void thisMachine() {
        NvmlSource nvml = new NvmlSource();
        assumeTrue(
                nvml.unavailable().isEmpty(),
                () -> "cannot run here: " + nvml.unavailable().orElse(""));
        EnergyMeter meter = EnergyMeter.devices(List.of(nvml));
        assertTrue(meter.joules().orElseThrow() >= 0);
    }
}
