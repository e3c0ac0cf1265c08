package dev.gamut.hw;

import dev.gamut.error.GamutException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Joules that processors and their memory, or devices, have taken. Those of the processors are from the counters of Linux's powercap (Documentation/power/powercap in the
 * kernel's sources; RAPL on Intel and AMD). Where they are missing or may not be read, which is the case for all but root since Linux 5.10, the
 * answer is that they are unavailable, and why: never 0.
 *
 * <p>Counters start anew at a range of their own, some 262 kJ; a meter notices that if it is asked at least once in the time of one range,
 * a quarter of an hour at 280 W. Thread-safe.
 */
public final class EnergyMeter {
    /** Zones of a whole processor. What is below them is a part of it, but for memory; {@code psys} holds all of them once more. */
    private static final Pattern PROCESSOR = Pattern.compile("intel-rapl:\\d+");

    private static final Pattern PART = Pattern.compile("intel-rapl:\\d+:\\d+");
    private static final double MICRO = 1e-6;

    private final List<Zone> zones = new ArrayList<>();
    private String reason;
    private double joules;

    /** What a counter shows, in microjoules. */
    @FunctionalInterface
    private interface Counter {
        long read() throws IOException;
    }

    /** A counter: at what number it starts anew, 0 where that is when its driver does, and what it showed last, in microjoules. */
    private static final class Zone {
        final String name;
        final Counter counter;
        final long range;
        long last;

        Zone(String name, long range, Counter counter) throws IOException {
            this.name = name;
            this.range = range;
            this.counter = counter;
            last = counter.read();
        }

        long since() throws IOException {
            long now = counter.read();
            long used = now >= last ? now - last : range == 0 ? now : now - last + range;
            last = now;
            return used;
        }
    }

    private EnergyMeter(List<EnergySource> sources) {
        List<String> reasons = new ArrayList<>();
        try {
            for (EnergySource source : sources) {
                source.unavailable().ifPresent(reasons::add);
                List<String> names = source.counters();
                for (int i = 0; i < names.size(); i++) {
                    int counter = i;
                    zones.add(new Zone(names.get(i), 0, () -> source.microjoules(counter)));
                }
            }
            reason = reasons.isEmpty() ? "no library counts the energy of devices" : String.join("; ", reasons);
        } catch (IOException | GamutException e) {
            fail(e);
        }
    }

    private EnergyMeter(Path powercap) {
        if (!Files.isDirectory(powercap)) {
            reason = "there is no " + powercap;
            return;
        }
        try (Stream<Path> entries = Files.list(powercap)) {
            for (Path folder : entries.sorted().toList()) {
                add(folder);
            }
            if (zones.isEmpty()) {
                reason = powercap + " has no counter of a processor";
            }
        } catch (IOException | NumberFormatException e) {
            fail(e);
        }
    }

    /** A meter of this machine, from now on. */
    public static EnergyMeter host() {
        return new EnergyMeter(Path.of("/sys/class/powercap"));
    }

    /** A meter of the devices of this machine, as far as libraries count their energy (NVML), from now on. Looks for the libraries. */
    public static EnergyMeter devices() {
        return devices(ServiceLoader.load(EnergySource.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList());
    }

    /**
     * A meter of the devices of some libraries, from now on.
     *
     * @param sources any
     */
    public static EnergyMeter devices(List<EnergySource> sources) {
        return new EnergyMeter(sources);
    }

    /**
     * A meter on a tree of files like {@code /sys/class/powercap}, from now on.
     *
     * @param powercap the folder
     */
    public static EnergyMeter of(Path powercap) {
        return new EnergyMeter(powercap);
    }

    private void add(Path folder) throws IOException {
        String id = folder.getFileName().toString();
        boolean processor = PROCESSOR.matcher(id).matches();
        if (!processor && !PART.matcher(id).matches()) {
            return;
        }
        String name = Files.readString(folder.resolve("name")).strip();
        if (processor ? name.startsWith("package") : name.equals("dram")) {
            Path counter = folder.resolve("energy_uj");
            zones.add(new Zone(name, number(folder.resolve("max_energy_range_uj")), () -> number(counter)));
        }
    }

    private static long number(Path file) throws IOException {
        return Long.parseLong(Files.readString(file).strip());
    }

    private void fail(Exception e) {
        reason = e instanceof java.nio.file.AccessDeniedException ? "may not read " + e.getMessage() : e.toString();
        zones.clear();
    }

    /**
     * Joules since this meter was made.
     *
     * @return empty where they are unavailable, or have become so
     */
    public synchronized OptionalDouble joules() {
        try {
            for (Zone zone : zones) {
                joules += zone.since() * MICRO;
            }
        } catch (IOException | NumberFormatException | GamutException e) {
            fail(e);
        }
        return zones.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(joules);
    }

    /** What is counted, or {@code unavailable} and why. */
    @Override
    public synchronized String toString() {
        return zones.isEmpty()
                ? "unavailable: " + reason
                : String.join(" + ", zones.stream().map(zone -> zone.name).toList());
    }
}
