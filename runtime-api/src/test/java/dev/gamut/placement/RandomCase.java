package dev.gamut.placement;

import dev.gamut.dtype.DType;
import dev.gamut.topology.Level;
import dev.gamut.topology.Resources;
import dev.gamut.topology.Topology;
import dev.gamut.topology.TopologyBuilder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Machines and workloads of any sort, small: uneven, partly broken, with gangs, with more to do than there is room. */
record RandomCase(Topology topology, Workload workload) {
    static RandomCase of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Topology topology = topology(random);
        return new RandomCase(topology, workload(random, topology));
    }

    private static Topology topology(SplittableRandom random) {
        int levels = random.nextInt(1, 5);
        TopologyBuilder builder = Topology.builder().level(new Level("cluster", 5e-6, 1e10, 2));
        String[] names = {"supernode", "node", "device"};
        int parents = 1;
        for (int level = 1; level < levels; level++) {
            int[] counts = random.ints(parents, 1, 4).toArray();
            builder.level(new Level(names[level - 1], 5e-6 / (level + 1), 1e10 * (level + 1), 2), counts);
            parents = java.util.Arrays.stream(counts).sum();
        }
        for (int place = 0; place < parents; place++) {
            if (random.nextInt(3) == 0) {
                Set<DType> types = random.nextBoolean() ? EnumSet.allOf(DType.class) : Set.of(DType.F32);
                builder.resources(
                        levels - 1,
                        place,
                        new Resources(0.25 + random.nextDouble(), random.nextLong(1 << 20), random.nextInt(4), types));
            }
            if (random.nextInt(6) == 0) {
                builder.down(levels - 1, place);
            }
            if (random.nextInt(3) == 0) {
                builder.label(levels - 1, place, "rack", "r" + random.nextInt(3));
            }
            if (random.nextInt(8) == 0) {
                builder.extra(levels - 1, place, 1e-6, 3e-6);
            }
        }
        for (int plane = 0; plane < 2 && random.nextInt(3) == 0; plane++) {
            builder.down(0, 0, plane);
        }
        return builder.build();
    }

    private static Workload workload(SplittableRandom random, Topology topology) {
        int n = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(40);
        double mean = random.nextDouble(1.3) * topology.places() / Math.max(1, n);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            tasks.add(new Task(
                    "t" + i,
                    random.nextInt(8) == 0 ? 0 : mean * 2 * random.nextDouble(),
                    random.nextInt(3) == 0 ? random.nextLong(1 << 18) : 0,
                    random.nextInt(8) == 0 ? 1 : 0,
                    random.nextInt(5) == 0 ? Set.of(DType.BF16) : Set.of(),
                    random.nextInt(4) == 0 ? random.nextInt(4) : -1,
                    random.nextInt(3) == 0));
        }
        Traffic.Builder traffic = Traffic.builder(n);
        for (int i = 0; n > 1 && i < 2 * n; i++) {
            traffic.add(random.nextInt(n), random.nextInt(n), random.nextDouble(1e6), random.nextInt(4));
        }
        return new Workload(tasks, traffic.build());
    }
}
