package dev.gamut.bench.supernode;

import dev.gamut.placement.Task;
import dev.gamut.placement.Traffic;
import dev.gamut.placement.Workload;
import dev.gamut.topology.Level;
import dev.gamut.topology.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A machine that nobody has here: devices, eight to a node, nodes in supernodes whose planes connect all with all, and supernodes in a cluster
 * of two planes. Its training job leaves a sixteenth of the devices free, to go to when nodes fail.
 *
 * @param supernodes how many
 * @param nodes of each supernode, or of all
 * @param stages of the job's pipelines
 */
record Machine(int supernodes, int[] nodes, int stages) {
    /** Ranks that compute one layer together, and devices of a node. */
    static final int GROUP = 8;

    /** A task fills most of a device, so that there is one on each. */
    private static final double WEIGHT = 0.9;

    /** Bytes a step: of an all-reduce within a group, from stage to stage, of gradients between copies. */
    static final double LAYER = 64e6;

    static final double ACTIVATIONS = 16e6;
    static final double GRADIENTS = 8e6;

    /** 384, 8,192, 15,488 and 160,000 devices. */
    static final List<Machine> ALL = List.of(
            new Machine(1, new int[] {48}, 4),
            new Machine(32, new int[] {32}, 16),
            new Machine(44, new int[] {44}, 16),
            new Machine(432, uneven(20_000, 432), 16));

    /** Parts of a whole that differ by one at most, the larger ones first. */
    private static int[] uneven(int whole, int parts) {
        return IntStream.range(0, parts)
                .map(i -> whole / parts + (i < whole % parts ? 1 : 0))
                .toArray();
    }

    Topology topology() {
        return Topology.builder()
                .level(new Level("cluster", 5e-6, 50e9, 2))
                .level(new Level("supernode", 1.5e-6, 200e9, 7), supernodes)
                .level(new Level("node", 3e-7, 400e9), nodes)
                .level(new Level("device", 0, 2e12), GROUP)
                .build();
    }

    /** Devices. */
    int places() {
        return GROUP
                * (nodes.length == 1
                        ? nodes[0] * supernodes
                        : Arrays.stream(nodes).sum());
    }

    /** Copies of the model that fit. */
    int copies() {
        return places() * 15 / 16 / (GROUP * stages);
    }

    /** Ranks of the job. */
    int tasks() {
        return copies() * stages * GROUP;
    }

    /** The rank that is number {@code of} of the group of a copy and stage; numbered at random, so that the order tells nothing. */
    int[] names() {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, tasks()).boxed().toList());
        Collections.shuffle(order, new Random(17));
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    static int rank(int copy, int stage, int of, int stages) {
        return (copy * stages + stage) * GROUP + of;
    }

    /** What the job's ranks send each other in a step, by the collectives that they take part in. */
    Workload workload(List<Exchange> step) {
        Traffic.Builder traffic = Traffic.builder(tasks());
        step.forEach(exchange -> exchange.addTo(traffic));
        return new Workload(
                IntStream.range(0, tasks())
                        .mapToObj(i -> new Task("rank" + i, WEIGHT))
                        .toList(),
                traffic.build());
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%,d devices in %d supernode%s", places(), supernodes, supernodes == 1 ? "" : "s");
    }
}
