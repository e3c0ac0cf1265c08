package dev.gamut.hw;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Finds out what the host can do from what the operating system and the JVM publish, without native code. */
final class HostDetection {
    private record Flag(String names, Feature feature) {}

    /** Names in /proc/cpuinfo on x86: all of those listed are needed. */
    private static final Flag[] X86_64 = {
        new Flag("avx2", Feature.AVX2),
        new Flag("fma", Feature.FMA),
        new Flag("f16c", Feature.F16C),
        new Flag("avx512f avx512bw avx512cd avx512dq avx512vl", Feature.AVX512),
        new Flag("avx512_vnni", Feature.AVX512_VNNI),
        new Flag("avx512_bf16", Feature.AVX512_BF16),
        new Flag("avx512_fp16", Feature.AVX512_FP16),
        new Flag("avx_vnni", Feature.AVX_VNNI),
        new Flag("amx_tile amx_int8", Feature.AMX_INT8),
        new Flag("amx_tile amx_bf16", Feature.AMX_BF16),
    };

    private record Bit(boolean second, int number, Feature feature) {}

    /** Bits of Linux's arch/arm64/include/uapi/asm/hwcap.h, in the first or the second word. */
    private static final Bit[] AARCH64 = {
        new Bit(false, 20, Feature.DOTPROD),
        new Bit(false, 22, Feature.SVE),
        new Bit(true, 1, Feature.SVE2),
        new Bit(true, 13, Feature.I8MM),
        new Bit(true, 14, Feature.BF16),
    };

    /** Last of the static fields: it is made from the others. */
    static final Capabilities HOST = detect();

    private HostDetection() {}

    private static Capabilities detect() {
        String arch = arch(System.getProperty("os.arch"));
        Map<String, String> cpu = cpuInfo(Path.of("/proc/cpuinfo"));
        return new Capabilities(
                arch,
                cpu.getOrDefault("model name", cpu.getOrDefault("CPU part", arch)),
                arch.equals("aarch64")
                        ? features(AuxiliaryVector.read(Path.of("/proc/self/auxv")))
                        : features(arch, cpu),
                vectorBits(),
                Runtime.getRuntime().availableProcessors(),
                caches(Path.of("/sys/devices/system/cpu/cpu0/cache")));
    }

    static String arch(String osArch) {
        return osArch.equals("amd64") ? "x86_64" : osArch;
    }

    /** The first processor's entries of a /proc/cpuinfo file; empty where there is no such file. */
    static Map<String, String> cpuInfo(Path file) {
        Map<String, String> entries = new HashMap<>();
        if (!Files.isReadable(file)) {
            return entries;
        }
        try (var lines = Files.lines(file, StandardCharsets.ISO_8859_1)) { // names of processors hold any bytes
            lines.takeWhile(line -> !line.isBlank()).forEach(line -> {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    entries.put(
                            line.substring(0, colon).strip(),
                            line.substring(colon + 1).strip());
                }
            });
        } catch (IOException e) {
            System.getLogger("dev.gamut").log(System.Logger.Level.WARNING, "cannot read " + file + ": " + e);
        }
        return entries;
    }

    /** Of a CPU that is not an Arm one. */
    static Set<Feature> features(String arch, Map<String, String> cpu) {
        EnumSet<Feature> found = EnumSet.noneOf(Feature.class);
        Set<String> flags = Set.copyOf(Arrays.asList(
                cpu.getOrDefault("flags", "").toLowerCase(Locale.ROOT).split("\\s+")));
        for (Flag flag : X86_64) {
            if (arch.equals("x86_64") && flags.containsAll(Set.of(flag.names.split(" ")))) {
                found.add(flag.feature);
            }
        }
        return found;
    }

    /** Of an Arm CPU of 64 bits, each of which has vectors and fused multiply-add. */
    static Set<Feature> features(AuxiliaryVector told) {
        EnumSet<Feature> found = EnumSet.of(Feature.NEON, Feature.FMA);
        for (Bit bit : AARCH64) {
            long word = bit.second ? told.hwcap2() : told.hwcap();
            if ((word >> bit.number & 1) != 0) {
                found.add(bit.feature);
            }
        }
        return found;
    }

    /**
     * The preferred vector width, asked reflectively so that this class links where the incubator module is absent. The
     * module answers for what the JIT really uses (flags such as UseAVX included), which /proc/cpuinfo cannot.
     */
    private static int vectorBits() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return 0;
        }
        try {
            Object shape = Class.forName("jdk.incubator.vector.VectorShape")
                    .getMethod("preferredShape")
                    .invoke(null);
            return (Integer) shape.getClass().getMethod("vectorBitSize").invoke(shape);
        } catch (ReflectiveOperationException e) {
            System.getLogger("dev.gamut")
                    .log(System.Logger.Level.WARNING, "jdk.incubator.vector is present but does not answer", e);
            return 0;
        }
    }

    /** Of a folder of sysfs; what it does not tell is that of {@link CacheTopology#DEFAULT}, the last level only where it tells nothing. */
    static CacheTopology caches(Path folder) {
        long[] size = new long[3];
        for (int i = 0; i < 8; i++) {
            Path index = folder.resolve("index" + i);
            if (!Files.isReadable(index.resolve("size"))) {
                continue;
            }
            try {
                int level = Integer.parseInt(
                        Files.readString(index.resolve("level")).strip());
                String type = Files.readString(index.resolve("type")).strip();
                if (level >= 1 && level <= 3 && !type.equals("Instruction")) {
                    size[level - 1] =
                            bytes(Files.readString(index.resolve("size")).strip());
                }
            } catch (IOException | NumberFormatException e) {
                System.getLogger("dev.gamut").log(System.Logger.Level.DEBUG, "cannot read " + index, e);
            }
        }
        CacheTopology other = CacheTopology.DEFAULT;
        if (Arrays.stream(size).allMatch(bytes -> bytes == 0)) {
            return other;
        }
        return new CacheTopology(size[0] > 0 ? size[0] : other.l1(), size[1] > 0 ? size[1] : other.l2(), size[2]);
    }

    private static long bytes(String text) {
        if (text.isEmpty()) {
            throw new NumberFormatException("no size");
        }
        long unit = switch (text.charAt(text.length() - 1)) {
            case 'K' -> 1L << 10;
            case 'M' -> 1L << 20;
            case 'G' -> 1L << 30;
            default -> 1;
        };
        return Math.max(0, unit * Long.parseLong(unit == 1 ? text : text.substring(0, text.length() - 1)));
    }
}
