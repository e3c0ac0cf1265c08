package dev.gamut.hw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostDetectionTest {
    @TempDir
    Path folder;

    @Test
    void readsTheFirstProcessor() throws IOException {
        Path file = Files.writeString(folder.resolve("cpuinfo"), """
                processor\t: 0
                model name\t: Some CPU @ 3 GHz
                flags\t\t: fpu avx2 fma f16c avx512f avx512bw avx512cd avx512dq avx512vl avx512_vnni avx2

                processor\t: 1
                flags\t\t: fpu amx_tile amx_int8
                """);
        Map<String, String> cpu = HostDetection.cpuInfo(file);
        assertEquals("Some CPU @ 3 GHz", cpu.get("model name"));
        assertEquals(
                EnumSet.of(Feature.AVX2, Feature.FMA, Feature.F16C, Feature.AVX512, Feature.AVX512_VNNI),
                HostDetection.features("x86_64", cpu));
    }

    @Test
    void aFeatureOfSeveralFlagsNeedsThemAll() {
        assertEquals(
                EnumSet.noneOf(Feature.class), HostDetection.features("x86_64", Map.of("flags", "avx512f avx512bw")));
        assertEquals(
                EnumSet.of(Feature.AMX_INT8), HostDetection.features("x86_64", Map.of("flags", "amx_tile amx_int8")));
    }

    @Test
    void everyArmOf64BitsHasVectorsAndFusedMultiplyAdd() {
        AuxiliaryVector nothing = AuxiliaryVector.read(folder.resolve("nothing here"));
        assertEquals(EnumSet.of(Feature.NEON, Feature.FMA), HostDetection.features(nothing));
    }

    /** Entries of QEMU's "max" CPU without and with SVE, and of a Cortex-A76, among others. */
    @Test
    void armFeaturesAreBitsOfTheAuxiliaryVector() throws IOException {
        assertEquals(
                EnumSet.of(Feature.NEON, Feature.FMA, Feature.DOTPROD, Feature.I8MM, Feature.BF16),
                arm(0xecbffffbL, 0x76181));
        assertEquals(
                EnumSet.of(
                        Feature.NEON,
                        Feature.FMA,
                        Feature.DOTPROD,
                        Feature.I8MM,
                        Feature.BF16,
                        Feature.SVE,
                        Feature.SVE2),
                arm(0xecfffffbL, 0x7f877fffL));
        assertEquals(EnumSet.of(Feature.NEON, Feature.FMA, Feature.DOTPROD), arm(0x119ffbL, 0));
    }

    private Set<Feature> arm(long hwcap, long hwcap2) throws IOException {
        ByteBuffer entries = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
        for (long word : new long[] {6, 4096, 16, hwcap, 26, hwcap2, 0, 0}) {
            entries.putLong(word);
        }
        return HostDetection.features(AuxiliaryVector.read(Files.write(folder.resolve("auxv"), entries.array())));
    }

    @Test
    void readsCaches() throws IOException {
        cache(0, 1, "Data", "48K");
        cache(1, 1, "Instruction", "32K");
        cache(2, 2, "Unified", "2048K");
        cache(3, 3, "Unified", "96M");
        assertEquals(new CacheTopology(48 << 10, 2 << 20, 96 << 20), HostDetection.caches(folder));
    }

    /** As hypervisors and kernels that do not know of caches say it. */
    @Test
    void cachesThatAreNotToldAreTheDefaultOnes() throws IOException {
        assertEquals(CacheTopology.DEFAULT, HostDetection.caches(folder.resolve("nothing here")));
        cache(0, 1, "Data", "0K");
        cache(1, 3, "Unified", "");
        assertEquals(CacheTopology.DEFAULT, HostDetection.caches(folder));
        cache(2, 2, "Unified", "512K");
        assertEquals(new CacheTopology(CacheTopology.DEFAULT.l1(), 512 << 10, 0), HostDetection.caches(folder));
        cache(3, 3, "Unified", "-1");
        assertEquals(new CacheTopology(CacheTopology.DEFAULT.l1(), 512 << 10, 0), HostDetection.caches(folder));
    }

    /** The name is the manufacturer's, whatever its encoding. */
    @Test
    void namesOfProcessorsHoldAnyBytes() throws IOException {
        byte[] bytes = "model name\t: CPU\256 9\nflags\t\t: avx2\n".getBytes(StandardCharsets.ISO_8859_1);
        Map<String, String> cpu = HostDetection.cpuInfo(Files.write(folder.resolve("cpuinfo"), bytes));
        assertEquals("CPU\u00ae 9", cpu.get("model name"));
        assertEquals(EnumSet.of(Feature.AVX2), HostDetection.features("x86_64", cpu));
    }

    private void cache(int index, int level, String type, String size) throws IOException {
        Path entry = Files.createDirectory(folder.resolve("index" + index));
        Files.writeString(entry.resolve("level"), level + "\n");
        Files.writeString(entry.resolve("type"), type + "\n");
        Files.writeString(entry.resolve("size"), size + "\n");
    }

    @Test
    void theHostIsDescribed() {
        Capabilities host = Capabilities.host();
        assertTrue(host.cores() >= 1);
        assertTrue(host.caches().l1() > 0);
        assertEquals(8, host.withVectorBits(512).lanes(64));
        assertEquals(0, host.withVectorBits(0).lanes(64));
        assertThrows(IllegalArgumentException.class, () -> host.withVectorBits(384));
        assertThrows(IllegalArgumentException.class, () -> host.withCores(0));
    }
}
