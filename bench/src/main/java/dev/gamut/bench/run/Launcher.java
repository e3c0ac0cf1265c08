package dev.gamut.bench.run;

import dev.gamut.bench.collective.MpiFamily;
import dev.gamut.dtype.DType;
import dev.gamut.placement.Failover;
import dev.gamut.placement.Placement;
import dev.gamut.placement.Placer;
import dev.gamut.placement.RankMap;
import dev.gamut.placement.Task;
import dev.gamut.placement.Traffic;
import dev.gamut.placement.Workload;
import dev.gamut.topology.Level;
import dev.gamut.topology.Resources;
import dev.gamut.topology.Topology;
import dev.gamut.topology.TopologyBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** What starts the ranks of a program, each time anew. */
public interface Launcher extends AutoCloseable {
    /** How many ranks it starts now; 0 where there is no room for any. */
    int ranks();

    /** The hosts of the ranks and how many are on each; empty where all are on this one. */
    Map<String, Integer> hosts();

    /**
     * What stands before the command of a rank.
     *
     * @throws IOException if a file that it needs cannot be written
     */
    List<String> prefix() throws IOException;

    /** After ranks have failed: looks which hosts are still there. */
    default void look() {}

    @Override
    default void close() throws IOException {}

    /**
     * Threads of one process.
     *
     * @param ranks how many
     */
    record Threads(int ranks) implements Launcher {
        @Override
        public Map<String, Integer> hosts() {
            return Map.of();
        }

        @Override
        public List<String> prefix() {
            return List.of();
        }
    }

    /**
     * Processes of an MPI on this host.
     *
     * @param family of MPI
     * @param command its launcher
     * @param ranks how many
     */
    record Here(MpiFamily family, String command, int ranks) implements Launcher {
        @Override
        public Map<String, Integer> hosts() {
            return Map.of();
        }

        @Override
        public List<String> prefix() {
            return family.ranks(command, ranks);
        }
    }

    /**
     * Processes of an MPI on hosts: placed on those that answer, neighbouring ranks near each other. What was on a host that does not
     * answer any more is placed anew, as far as there is room, and comes back with the host.
     */
    final class Hosts implements Launcher {
        private static final long ANSWER_SECONDS = 20;

        /** What ranks send the next one in a step; only that it is the same for all matters. */
        private static final double BYTES = 1e6;

        private final MpiFamily family;
        private final String command;
        private final Topology topology;
        private final Failover failover;
        private final Path file;

        /**
         * Places ranks.
         *
         * @param family of MPI
         * @param command its launcher
         * @param topology what fails as a whole there are hosts, and a place has as much capacity as ranks may run on it
         * @param ranks how many
         * @throws IllegalArgumentException if there is no room for them
         */
        public Hosts(MpiFamily family, String command, Topology topology, int ranks) throws IOException {
            this.family = family;
            this.command = command;
            this.topology = topology;
            List<Task> tasks = IntStream.range(0, ranks)
                    .mapToObj(rank -> new Task("rank" + rank, 1))
                    .toList();
            Traffic.Builder traffic = Traffic.builder(ranks);
            IntStream.range(0, ranks - 1).forEach(rank -> traffic.add(rank, rank + 1, BYTES, 1));
            Placement placement = Placer.of(topology).place(new Workload(tasks, traffic.build()));
            if (!placement.queued().isEmpty()) {
                throw new IllegalArgumentException("ranks is " + ranks + "; the hosts have room for "
                        + (ranks - placement.queued().size()));
            }
            failover = new Failover(placement);
            file = Files.createTempFile("gamut-hosts", ".txt");
        }

        private RankMap map() {
            return RankMap.of(failover.placement());
        }

        @Override
        public int ranks() {
            return map().ranks();
        }

        @Override
        public Map<String, Integer> hosts() {
            return map().hosts();
        }

        @Override
        public List<String> prefix() throws IOException {
            RankMap map = map();
            Files.writeString(file, family.hostfile(map));
            return family.ranks(command, map.ranks(), file);
        }

        @Override
        public void look() {
            int level = topology.failureLevel();
            boolean[] there = new boolean[topology.size(level)];
            List<Thread> asking = IntStream.range(0, there.length)
                    .mapToObj(
                            host -> Thread.startVirtualThread(() -> there[host] = answers(topology.name(level, host))))
                    .toList();
            asking.forEach(Hosts::await);
            failover.fail(places(place -> !there[topology.domain(level, place)] && failover.isWorking(place)));
            failover.restore(places(place -> there[topology.domain(level, place)] && !failover.isWorking(place)));
        }

        /** Places that are not down by declaration. */
        private int[] places(IntPredicate which) {
            return IntStream.range(0, topology.places())
                    .filter(topology::isHealthy)
                    .filter(which)
                    .toArray();
        }

        private static void await(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean answers(String host) {
            List<String> asked = new ArrayList<>(family.on(command, host));
            asked.add("true");
            try {
                Process process = Supervisor.builder(asked)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                try {
                    return process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
                } finally {
                    Supervisor.end(process);
                }
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            Files.deleteIfExists(file);
        }
    }

    /**
     * Hosts as a user names them, a topology of two levels.
     *
     * @param hosts names with the number of ranks that may run on each
     */
    static Topology topology(Map<String, Integer> hosts) {
        TopologyBuilder builder = Topology.builder()
                .level(new Level("cluster", 1e-5, 1e9))
                .level(new Level("node", 1e-6, 1e10), hosts.size());
        String[] names = hosts.keySet().toArray(String[]::new);
        for (int host = 0; host < names.length; host++) {
            builder.name(1, host, names[host]);
            builder.resources(
                    1, host, new Resources(hosts.get(names[host]), Resources.NO_LIMIT, 0, EnumSet.allOf(DType.class)));
        }
        return builder.build();
    }
}
