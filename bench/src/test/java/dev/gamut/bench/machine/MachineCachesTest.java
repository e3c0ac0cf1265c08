package dev.gamut.bench.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.bench.problem.Rotation;
import dev.gamut.bench.problem.Workload;
import dev.gamut.bench.problem.Workloads;
import dev.gamut.hw.CacheTopology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many last level caches a machine has, and what that means for data that shall come from memory. */
class MachineCachesTest {
    private static final CacheTopology CORE = new CacheTopology(32 << 10, 1 << 20, 32 << 20);

    @TempDir
    private Path folder;

    private void processor(int number, String shared) throws IOException {
        Path cache = Files.createDirectories(folder.resolve("cpu" + number + "/cache/index3"));
        Files.writeString(cache.resolve("shared_cpu_list"), shared + "\n");
    }

    @Test
    void processorsThatShareACacheCountOnce() throws IOException {
        for (int cpu = 0; cpu < 16; cpu++) {
            processor(cpu, cpu % 8 < 4 ? "0-3,8-11" : "4-7,12-15");
        }
        Files.createDirectories(folder.resolve("cpufreq/cache/index3"));
        Files.createDirectories(folder.resolve("cpu16")); // offline
        assertEquals(2, MachineCaches.lastLevels(folder));
    }

    @Test
    void whatIsUnknownCountsAsOne() {
        assertEquals(1, MachineCaches.lastLevels(folder));
        assertEquals(1, MachineCaches.lastLevels(folder.resolve("missing")));
        assertTrue(MachineCaches.host().lastLevels() >= 1);
    }

    @Test
    void oneThreadHasOneCacheAndManyHaveAll() {
        MachineCaches eight = new MachineCaches(CORE, 8);
        assertEquals(32L << 20, eight.total(1));
        assertEquals(64L << 20, eight.total(2));
        assertEquals(256L << 20, eight.total(64));
    }

    @Test
    void secondLevelsCountWhereTheyAreLarger() {
        assertEquals(64L << 20, new MachineCaches(CORE, 1).total(64));
        assertEquals(4L << 20, new MachineCaches(new CacheTopology(32 << 10, 1 << 20, 0), 1).total(4));
    }

    @Test
    void eachThreadsPartOfMemoryExceedsItsCaches() {
        int threads = 16;
        MachineCaches machine = new MachineCaches(new CacheTopology(32 << 10, 1 << 20, 4 << 20), 2);
        long part = 8L * YardstickMeter.memory(threads, machine).length / threads;
        assertTrue(part >= 2 * machine.core().l2(), part + " bytes a thread");
    }

    @Test
    void rotationTakesMoreThanAllCaches() {
        Workload sum = Workloads.shipped().all().stream()
                .filter(Workload::fromMemory)
                .findFirst()
                .orElseThrow();
        MachineCaches machine = new MachineCaches(new CacheTopology(32 << 10, 256 << 10, 4 << 20), 4);
        int bytes = 1 << 20;
        assertTrue((double) Rotation.copies(sum, bytes, machine, 1) * bytes > 2.0 * machine.total(1));
        assertTrue((double) Rotation.copies(sum, bytes, machine, 8) * bytes > 2.0 * machine.total(8));
    }
}
