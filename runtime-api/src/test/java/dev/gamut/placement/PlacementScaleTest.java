package dev.gamut.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.topology.Level;
import dev.gamut.topology.Topology;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Large machines: against placements that know nothing, and how time grows. */
class PlacementScaleTest {
    /** 384 nodes in supernodes of 16 that talk over seven planes, 8,192 in supernodes of 256. */
    static Topology nodes(int supernodes, int each) {
        return Topology.builder()
                .level(new Level("cluster", 5e-6, 25e9, 2))
                .level(new Level("supernode", 1.5e-6, 100e9, 7), supernodes)
                .level(new Level("node", 3e-7, 400e9), each)
                .build();
    }

    /**
     * Training in groups of eight tensor-parallel ranks, which are the stages of pipelines, whose copies exchange gradients in rings;
     * numbered at random, so that their order tells nothing.
     */
    static Workload training(int tasks, double weight, long seed) {
        int[] name = shuffled(tasks, seed);
        Traffic.Builder traffic = Traffic.builder(tasks);
        int stages = 16;
        int group = 8;
        for (int i = 0; i < tasks; i++) {
            int first = i / group * group;
            for (int j = first; j < Math.min(first + group, tasks); j++) {
                traffic.add(name[i], name[j], 64e6, 96);
            }
            boolean last = i / group % stages == stages - 1;
            if (!last && i + group < tasks) {
                traffic.add(name[i], name[i + group], 16e6, 8);
                traffic.add(name[i + group], name[i], 16e6, 8);
            }
            traffic.add(name[i], name[(i + group * stages) % tasks], 8e6, 4);
        }
        List<Task> all = IntStream.range(0, tasks)
                .mapToObj(i -> new Task("rank" + i, weight))
                .toList();
        return new Workload(all, traffic.build());
    }

    private static int[] shuffled(int n, long seed) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, n).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    /** A grid whose points talk to their four neighbours. */
    private static Workload grid(int rows, int columns, double weight, long seed) {
        int[] name = shuffled(rows * columns, seed);
        Traffic.Builder traffic = Traffic.builder(rows * columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                int here = name[i * columns + j];
                int below = name[(i + 1) % rows * columns + j];
                int right = name[i * columns + (j + 1) % columns];
                traffic.add(here, below, 1e6, 1).add(below, here, 1e6, 1);
                traffic.add(here, right, 1e6, 1).add(right, here, 1e6, 1);
            }
        }
        List<Task> all = IntStream.range(0, rows * columns)
                .mapToObj(i -> new Task("point" + i, weight))
                .toList();
        return new Workload(all, traffic.build());
    }

    private static double communication(Topology topology, Traffic traffic, IntUnaryOperator place) {
        double sum = 0;
        for (int task = 0; task < traffic.tasks(); task++) {
            for (int k = traffic.start[task]; k < traffic.start[task + 1]; k++) {
                sum += topology.seconds(
                        place.applyAsInt(task),
                        place.applyAsInt(traffic.peer[k]),
                        traffic.bytes[k] / 2,
                        traffic.sent[k]);
            }
        }
        return sum;
    }

    private static void beatsTheIgnorant(Topology topology, Workload workload) {
        Placement placement = Placer.of(topology).place(workload);
        Invariants.check(placement);
        assertEquals(List.of(), placement.queued());
        int n = workload.tasks().size();
        int places = topology.places();
        int[] random = shuffled(n, 7);
        double roundRobin = communication(topology, workload.traffic(), task -> task % places);
        double atRandom = communication(topology, workload.traffic(), task -> random[task] % places);
        double inBlocks = communication(topology, workload.traffic(), task -> (int) ((long) task * places / n));
        double ratio = Math.min(Math.min(roundRobin, atRandom), inBlocks) / placement.communication();
        System.out.printf("%s, %d tasks: %.2f of the best ignorant placement, %s%n", topology, n, ratio, placement);
        assertTrue(ratio >= 1.5, "ratio " + ratio);
        assertTrue(placement.maxLoad() <= 1);
    }

    @Test
    void of384Nodes() {
        beatsTheIgnorant(nodes(24, 16), training(384, 0.9, 3));
        beatsTheIgnorant(nodes(24, 16), training(3_072, 0.1, 4));
        beatsTheIgnorant(nodes(24, 16), grid(48, 64, 0.1, 5));
    }

    @Test
    void of8192Nodes() {
        beatsTheIgnorant(nodes(32, 256), training(8_192, 0.9, 3));
        beatsTheIgnorant(nodes(32, 256), grid(256, 256, 0.12, 5));
    }

    /**
     * 100,000 tasks in less than 60 s, on a machine that may be several times slower than the one this was written on, and in no more than so many times
     * what a quarter of them takes as n·log n does: with half of that again for caches, where a square would take 16 times as long.
     */
    @Test
    void hundredThousandTasks() {
        double quarter = seconds(nodes(8, 256), training(25_000, 0.07, 9));
        double seconds = seconds(nodes(32, 256), training(100_000, 0.07, 9));
        System.out.printf("100,000 tasks in %.1f s, 25,000 in %.1f%n", seconds, quarter);
        assertTrue(seconds < 60, seconds + " s");
        double asOrdered = 4 * Math.log(100_000) / Math.log(25_000);
        assertTrue(seconds < 1.5 * asOrdered * quarter, seconds + " s, a quarter " + quarter);
    }

    private static double seconds(Topology topology, Workload workload) {
        long begin = processorTime();
        Placement placement = Placer.of(topology).place(workload);
        double seconds = (processorTime() - begin) / 1e9;
        assertEquals(List.of(), placement.queued());
        return seconds;
    }

    /** A task that all others talk to must not make each of their moves expensive, nor must a label that half the machine shares. */
    @Test
    void hubsAndWideLabels() {
        int n = 20_000;
        SplittableRandom random = new SplittableRandom(3);
        Traffic.Builder traffic = Traffic.builder(n);
        for (int task = 1; task < n; task++) {
            traffic.add(task, 0, 1e5, 1).add(task, random.nextInt(n), 1e4, 1);
        }
        List<Task> tasks = IntStream.range(0, n)
                .mapToObj(i -> new Task("t" + i, 0.01).withBackup())
                .toList();
        var builder =
                Topology.builder().level(new Level("cluster", 5e-6, 25e9)).level(new Level("node", 3e-7, 400e9), 4_096);
        for (int node = 0; node < 4_096; node++) {
            builder.label(1, node, "power", node < 2_048 ? "a" : "b");
        }
        long begin = processorTime();
        Placement placement = Placer.of(builder.build()).place(new Workload(tasks, traffic.build()));
        double seconds = (processorTime() - begin) / 1e9;
        System.out.printf("a hub of %d: %.1f s, %s%n", n, seconds, placement);
        Invariants.check(placement);
        assertEquals(List.of(), placement.unprotected());
        assertTrue(seconds < 30, seconds + " s");
    }

    /** Other programs do not count; planning takes one thread. */
    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
