package dev.gamut.bench.machine;

import dev.gamut.hw.CacheTopology;
import dev.gamut.hw.Capabilities;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * How much cache several threads have between them: a processor may have one last level cache for each cluster of cores,
 * and a machine one for each socket at least. Immutable.
 *
 * @param core sizes as one core sees them
 * @param lastLevels separate last level caches in the machine, at least 1
 */
public record MachineCaches(CacheTopology core, int lastLevels) {
    /** The caches of this machine. */
    public static MachineCaches host() {
        return new MachineCaches(Capabilities.host().caches(), lastLevels(Path.of("/sys/devices/system/cpu")));
    }

    /**
     * Counts last level caches as Linux lists them: processors that share one name the same list of processors.
     *
     * @param processors the directory of all processors
     * @return distinct lists; 1 where none can be read
     */
    public static int lastLevels(Path processors) {
        Set<String> lists = new HashSet<>();
        try (DirectoryStream<Path> each = Files.newDirectoryStream(processors, "cpu[0-9]*")) {
            for (Path processor : each) {
                Path list = processor.resolve("cache/index3/shared_cpu_list");
                if (Files.isReadable(list)) {
                    lists.add(Files.readString(list).strip());
                }
            }
        } catch (IOException e) {
            System.getLogger("dev.gamut").log(System.Logger.Level.DEBUG, "cannot read " + processors, e);
        }
        return Math.max(1, lists.size());
    }

    /**
     * Last level caches that threads have between them.
     *
     * @param threads threads that run, each of which may sit at a cache of its own
     */
    public int lastLevels(int threads) {
        return Math.min(threads, lastLevels);
    }

    /**
     * Bytes of these caches together.
     *
     * @param threads threads that run
     * @return 0 where there is no last level
     */
    public long lastLevel(int threads) {
        return core.l3() * lastLevels(threads);
    }

    /**
     * Bytes that data must exceed by far to come from memory: the last level caches, and each thread's second level.
     *
     * @param threads threads that run
     */
    public long total(int threads) {
        return Math.max(lastLevel(threads), core.l2() * threads);
    }

    /**
     * The first cache level that holds some data; each thread has a first and second level of its own, and threads may
     * share a third.
     *
     * @param bytes what must fit
     * @param threads threads that run
     * @return L1, L2, L3 or memory
     */
    public String level(double bytes, int threads) {
        if (bytes <= (double) core.l1() * threads) {
            return "L1";
        }
        if (bytes <= (double) core.l2() * threads) {
            return "L2";
        }
        return bytes <= lastLevel(threads) ? "L3" : "memory";
    }
}
