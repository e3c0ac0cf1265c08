package dev.gamut.bench.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import dev.gamut.Gamut;
import dev.gamut.device.DeviceInfo;
import dev.gamut.dtype.DType;
import dev.gamut.hw.Capabilities;
import dev.gamut.hw.EnergyMeter;
import dev.gamut.hw.Feature;
import dev.gamut.spi.Tuning;
import dev.gamut.topology.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is worth knowing of the machine and the JVM beside a measurement, in the order in which it is shown. */
public final class MachineFacts {
    /** The JVM's options that decide what code kernels become. */
    private static final List<String> FLAGS = List.of(
            "UseAVX",
            "UseSVE",
            "MaxVectorSize",
            "UseFMA",
            "TieredStopAtLevel",
            "UseTransparentHugePages",
            "EnableVectorSupport");

    private MachineFacts() {}

    /**
     * The facts.
     *
     * @param gamut what computes
     * @return keys and values fit for JSON
     */
    public static Map<String, Object> of(Gamut gamut) {
        Capabilities host = gamut.machine();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("cpu", host.cpu());
        facts.put("arch", host.arch());
        facts.put("cores", host.cores());
        facts.put("threads", gamut.config().threads());
        facts.put("features", host.features().stream().map(Feature::name).toList());
        facts.put("vectorBits", host.vectorBits());
        Map<String, Object> caches = new LinkedHashMap<>();
        caches.put("l1", host.caches().l1());
        caches.put("l2", host.caches().l2());
        caches.put("l3", host.caches().l3());
        facts.put("caches", caches);
        facts.put("memory", memory());
        facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        facts.put("jvm", jvm());
        facts.put("topology", topology());
        facts.put("energy", energy());
        facts.put("profile", gamut.config().profile().toString());
        facts.put("tuning", tuning(gamut));
        return facts;
    }

    private static String energy() {
        return "processors " + EnergyMeter.host() + "; devices " + EnergyMeter.devices();
    }

    private static String topology() {
        return Stream.concat(Stream.of(Topology.host().toString()), Topology.hostSources().stream())
                .collect(Collectors.joining("; "));
    }

    /**
     * Which constants kernels are chosen by: the shipped ones alone, or a file before them, with the day it was written and how many
     * of its lines are for this machine and JDK.
     *
     * @param gamut what computes
     */
    static String tuning(Gamut gamut) {
        return gamut.config()
                .tuningFile()
                .map(file -> tuning(file, gamut.machine()))
                .orElse("shipped");
    }

    private static String tuning(Path file, Capabilities machine) {
        try {
            LocalDate written = Files.getLastModifiedTime(file)
                    .toInstant()
                    .atZone(ZoneId.systemDefault())
                    .toLocalDate();
            List<Tuning.Line> lines = Tuning.read(file).lines();
            long matching = lines.stream().filter(line -> line.matches(machine)).count();
            return file + " of " + written + ", " + matching + " of its " + lines.size()
                    + " lines for this machine and JDK";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /**
     * The devices that libraries reach, each marked as what it is, and why other libraries reach none. Looks for them.
     *
     * @param gamut what computes
     * @return {@code found}, a list, and {@code unusable}, reasons by provider
     */
    public static Map<String, Object> devices(Gamut gamut) {
        Map<String, Object> devices = new LinkedHashMap<>();
        devices.put("found", gamut.devices().stream().map(MachineFacts::device).toList());
        devices.put("libraries", gamut.deviceLibraries());
        devices.put("unusable", gamut.unavailableDevices());
        return devices;
    }

    private static Map<String, Object> device(DeviceInfo device) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("device", device.name());
        facts.put("title", device.title());
        facts.put("kind", device.kind().title());
        facts.put("memory", device.memory());
        facts.put("units", device.units());
        facts.put(
                "arithmetic",
                device.arithmetic().stream().map(DType::id).sorted().toList());
        facts.put("version", device.version());
        return facts;
    }

    private static Map<String, Object> memory() {
        Map<String, Object> memory = new LinkedHashMap<>();
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os) {
            memory.put("total", os.getTotalMemorySize());
            memory.put("free", os.getFreeMemorySize());
        }
        memory.put("heap", Runtime.getRuntime().maxMemory());
        return memory;
    }

    private static Map<String, Object> jvm() {
        Map<String, Object> jvm = new LinkedHashMap<>();
        jvm.put(
                "collector",
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .map(GarbageCollectorMXBean::getName)
                        .collect(Collectors.joining(", ")));
        HotSpotDiagnosticMXBean hotspot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        for (String flag : FLAGS) {
            try {
                jvm.put(flag, hotspot.getVMOption(flag).getValue());
            } catch (IllegalArgumentException _) {
                continue; // this JVM, or its platform, has no such flag
            }
        }
        jvm.put("hugePages", hugePages(Path.of("/sys/kernel/mm/transparent_hugepage/enabled")));
        return jvm;
    }

    /** The operating system's setting for transparent huge pages: the word in brackets. */
    private static String hugePages(Path file) {
        try {
            String text = Files.exists(file) ? Files.readString(file) : "";
            int open = text.indexOf('[');
            return open < 0 ? "unavailable" : text.substring(open + 1, text.indexOf(']', open));
        } catch (IOException _) {
            return "unavailable";
        }
    }

    /**
     * One fact as a person reads it.
     *
     * @param value a value of {@link #of}
     * @return words
     */
    public static String forPeople(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(e -> e.getKey() + " " + forPeople(e.getValue()))
                        .collect(Collectors.joining(", "));
            case List<?> list -> list.stream().map(String::valueOf).collect(Collectors.joining(" "));
            case Long bytes -> bytes(bytes);
            default -> String.valueOf(value);
        };
    }

    /**
     * A size in bytes.
     *
     * @param bytes at least 0
     * @return for example {@code 2 MiB}
     */
    public static String bytes(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        String number = value == Math.rint(value) || value >= 100
                ? String.valueOf(Math.round(value))
                : String.format(Locale.ROOT, "%.1f", value);
        return number + " " + units[unit];
    }
}
