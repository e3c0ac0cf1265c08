package dev.gamut.topology;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One machine, from Linux's {@code /sys}: what cannot be read there is taken to be as small as it can be. */
final class Sysfs {
    /** Seconds to memory at distance 10, which the table of distances calls the nearest: an estimate. */
    private static final double NEAREST = 1e-7;

    /** Bytes a second between cores of a NUMA domain: an estimate. */
    private static final double BANDWIDTH = 20e9;

    private static final double NEAREST_DISTANCE = 10;
    private static final Pattern NUMA = Pattern.compile("node(\\d{1,6})");
    private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s+(\\d{1,12}) kB");
    private static final Set<String> ACCELERATORS = Set.of("0x0302", "0x0380", "0x1200");

    private final Path root;

    Sysfs(Path root) {
        this.root = root;
    }

    /** A NUMA domain: its cores, each of which may run several threads. */
    private record Numa(int cores, long memory, int devices) {}

    Topology topology() {
        List<Numa> found = numas();
        int[] cores = found.stream().mapToInt(Numa::cores).toArray();
        double farthest = farthest();
        TopologyBuilder builder = Topology.builder()
                .level(new Level("node", NEAREST * farthest, BANDWIDTH / farthest))
                .level(new Level("numa", NEAREST, BANDWIDTH), cores.length)
                .level(new Level("core", 0, BANDWIDTH), cores);
        int core = 0;
        for (Numa numa : found) {
            for (int i = 0; i < numa.cores; i++, core++) {
                int devices = numa.devices / numa.cores + (i < numa.devices % numa.cores ? 1 : 0);
                long memory = numa.memory == Resources.NO_LIMIT ? numa.memory : numa.memory / numa.cores;
                builder.resources(2, core, new Resources(1, memory, devices, Resources.DEFAULT.precisions()));
            }
        }
        return builder.failure("node").build();
    }

    private List<Numa> numas() {
        Path cpu = root.resolve("devices/system/cpu");
        Set<Integer> online = new TreeSet<>(numbers(cpu.resolve("online")));
        List<Numa> all = new ArrayList<>();
        for (var entry : entries().entrySet()) {
            Set<Integer> threads = new TreeSet<>(numbers(entry.getValue().resolve("cpulist")));
            threads.retainAll(online);
            // A domain of memory alone runs nothing.
            if (!threads.isEmpty()) {
                Matcher total = TOTAL.matcher(text(entry.getValue().resolve("meminfo"), ""));
                long memory = total.find() ? Long.parseLong(total.group(1)) << 10 : Resources.NO_LIMIT;
                all.add(new Numa(cores(cpu, threads), memory, devices(entry.getKey())));
            }
        }
        if (all.isEmpty()) {
            all.add(new Numa(Math.max(1, cores(cpu, online)), Resources.NO_LIMIT, devices(0)));
        }
        return all;
    }

    private TreeMap<Integer, Path> entries() {
        TreeMap<Integer, Path> all = new TreeMap<>();
        for (Path entry : list(root.resolve("devices/system/node"))) {
            Matcher m = NUMA.matcher(entry.getFileName().toString());
            if (m.matches()) {
                all.put(Integer.parseInt(m.group(1)), entry);
            }
        }
        return all;
    }

    private static int cores(Path cpu, Set<Integer> threads) {
        Set<String> cores = new TreeSet<>();
        for (int thread : threads) {
            Path topology = cpu.resolve("cpu" + thread + "/topology");
            cores.add(text(topology.resolve("physical_package_id"), "0") + "/"
                    + text(topology.resolve("core_id"), "thread" + thread));
        }
        return cores.size();
    }

    /** Accelerators near a NUMA domain; those that are near none count for the first. */
    int devices(int numa) {
        int count = 0;
        for (Path device : list(root.resolve("bus/pci/devices"))) {
            String kind = text(device.resolve("class"), "");
            String near = text(device.resolve("numa_node"), "-1");
            boolean here = near.equals(Integer.toString(numa)) || near.startsWith("-") && numa == 0;
            count += here && kind.length() >= 6 && ACCELERATORS.contains(kind.substring(0, 6)) ? 1 : 0;
        }
        return count;
    }

    /** The largest entry of the table of distances, as a multiple of the nearest. */
    private double farthest() {
        double largest = NEAREST_DISTANCE;
        for (Path entry : entries().values()) {
            for (String word : text(entry.resolve("distance"), "").split("\\s+")) {
                largest = word.matches("\\d{1,3}") ? Math.max(largest, Integer.parseInt(word)) : largest;
            }
        }
        return largest / NEAREST_DISTANCE;
    }

    private static List<Integer> numbers(Path file) {
        try {
            return IntStream.of(NameList.numbers(text(file, ""))).boxed().toList();
        } catch (IllegalArgumentException e) {
            unreadable(file, e);
            return List.of();
        }
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            unreadable(folder, e);
            return List.of();
        }
    }

    private static String text(Path file, String otherwise) {
        if (!Files.isReadable(file)) {
            return otherwise;
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            unreadable(file, e);
            return otherwise;
        }
    }

    private static void unreadable(Path file, Exception e) {
        System.getLogger("dev.gamut").log(System.Logger.Level.DEBUG, "cannot read " + file, e);
    }
}
