package dev.gamut.placement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Communicators;
import dev.gamut.dtype.DType;
import dev.gamut.parallel.Experts;
import dev.gamut.parallel.Shard;
import dev.gamut.tensor.Tensor;
import dev.gamut.topology.Level;
import dev.gamut.topology.Resources;
import dev.gamut.topology.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Experts by what is routed to them: 500 random cases, 10,000 with {@code -Dgamut.test.full=true}. */
class ExpertPlacerTest {
    private static final int EACH = Boolean.getBoolean("gamut.test.full") ? 20 : 1;

    private static IntStream cases(int first) {
        long seed = Long.getLong("gamut.test.seed", 1);
        return IntStream.range(0, EACH).map(i -> (int) (seed * 0x9E3779B9L) ^ first + i);
    }

    /** Nodes of some ranks that talk quickly, and slowly to others. */
    private static Topology machine(int nodes, int each) {
        return Topology.builder()
                .level(new Level("cluster", 5e-6, 25e9, 2))
                .level(new Level("node", 3e-7, 200e9), nodes)
                .level(new Level("device", 0, 2e12), each)
                .build();
    }

    /** Tokens of several topics: each topic has experts of its own, some topics and some experts are met more often than others. */
    private static int[][] routing(SplittableRandom random, int experts, int tokens, int choices, double skew) {
        int topics = Math.max(1, experts / 4);
        int[][] routing = new int[tokens][];
        for (int t = 0; t < tokens; t++) {
            int topic = (int) (topics * Math.pow(random.nextDouble(), skew));
            List<Integer> chosen = new ArrayList<>();
            while (chosen.size() < Math.min(choices, experts)) {
                boolean own = random.nextDouble() < 0.8;
                int expert = own ? (topic + topics * random.nextInt(4)) % experts : random.nextInt(experts);
                if (!chosen.contains(expert)) {
                    chosen.add(expert);
                }
            }
            routing[t] = chosen.stream().mapToInt(Integer::intValue).toArray();
        }
        return routing;
    }

    private record Case(ExpertPlacer placer, Topology topology, Activations counts, int slots) {
        static Case of(int seed) {
            SplittableRandom random = new SplittableRandom(seed);
            Topology topology = machine(1 + random.nextInt(3), 1 + random.nextInt(3));
            for (int place = 0; place < topology.places() - 1; place++) {
                topology = topology.with(2, place, random.nextInt(8) > 0);
            }
            if (random.nextInt(4) == 0) {
                topology = topology.with(0, 0, 0, false); // one plane of two
            }
            Topology last = topology;
            int working = (int) IntStream.range(0, topology.places())
                    .filter(last::isHealthy)
                    .count();
            int slots = 1 + random.nextInt(5);
            int experts = 1 + random.nextInt(working * slots);
            Activations counts = new Activations(experts)
                    .add(routing(random, experts, random.nextInt(300), 1 + random.nextInt(4), 1 + random.nextInt(4)));
            ExpertPlacer placer = ExpertPlacer.of(topology, slots).tokenSeconds(random.nextInt(3) * 1e-6);
            return new Case(placer, topology, counts, slots);
        }
    }

    private static void check(ExpertPlan plan, Topology topology) {
        boolean[] held = new boolean[plan.experts()];
        for (int rank = 0; rank < plan.ranks(); rank++) {
            boolean[] here = new boolean[plan.experts()];
            for (int slot = rank * plan.slots(); slot < (rank + 1) * plan.slots(); slot++) {
                int expert = plan.expert(slot);
                if (expert >= 0) {
                    assertTrue(topology.isHealthy(rank), "rank " + rank + " is down and holds expert " + expert);
                    assertTrue(!here[expert], "rank " + rank + " holds expert " + expert + " twice");
                    here[expert] = true;
                    held[expert] = true;
                }
            }
        }
        for (int expert = 0; expert < held.length; expert++) {
            assertTrue(held[expert], "expert " + expert + " is nowhere");
        }
    }

    private static int[] slots(ExpertPlan plan) {
        return IntStream.range(0, plan.ranks() * plan.slots()).map(plan::expert).toArray();
    }

    @Property(tries = 500, seed = "1")
    void everyExpertIsSomewhereAndNoneTwiceOnARank(@ForAll int first) {
        cases(first).forEach(seed -> {
            Case random = Case.of(seed);
            ExpertPlan plan = random.placer.plan(random.counts);
            check(plan, random.topology);
            Case again = Case.of(seed);
            assertArrayEquals(slots(plan), slots(again.placer.plan(again.counts)));
            assertEquals(
                    definition(plan, random),
                    random.placer.cost(plan, random.counts),
                    1e-30 + 1e-9 * definition(plan, random));
        });
    }

    /** The cost by its definition, on topologies that are not partitioned. */
    private static double definition(ExpertPlan plan, Case of) {
        double sum = 0;
        double[] load = new double[plan.ranks()];
        for (int e = 0; e < plan.experts(); e++) {
            int[] here = plan.replicas(e);
            for (int slot : here) {
                int a = slot / of.slots;
                load[a] += of.counts.tokens(e)
                        / here.length
                        / of.topology.resources(a).capacity();
                for (int f = 0; f < e; f++) {
                    int[] there = plan.replicas(f);
                    for (int other : there) {
                        double tokens = of.counts.together(e, f) / here.length / there.length;
                        sum += of.topology.seconds(a, other / of.slots, 8_192 * tokens, 0);
                    }
                }
            }
        }
        return sum + of.placer.tokenSeconds() * Arrays.stream(load).max().orElse(0);
    }

    @Property(tries = 500, seed = "1")
    void aPlanFollowsItsCountsWithinBounds(@ForAll int first) {
        cases(first).forEach(seed -> {
            Case random = Case.of(seed);
            ExpertPlan plan = random.placer.plan(random.counts);
            SplittableRandom drift = new SplittableRandom(seed + 1);
            Activations counts = Activations.of(random.counts.experts(), random.counts.counts())
                    .fade(0.3)
                    .add(routing(drift, random.counts.experts(), 200, 2, 3));
            int most = drift.nextInt(6);
            ExpertPlan next = random.placer.replan(plan, counts, most);
            check(next, random.topology);
            assertTrue(next.since(plan).size() <= most, next.since(plan).size() + " moves of " + most);
            double before = random.placer.cost(plan, counts);
            assertTrue(random.placer.cost(next, counts) <= before * (1 + 1e-9), "dearer than before");

            // A place goes down: what it alone held is elsewhere, and that is all that moves.
            int down = drift.nextInt(random.topology.places());
            Topology broken = random.topology.with(2, down, false);
            long working = IntStream.range(0, broken.places())
                    .filter(broken::isHealthy)
                    .count();
            if (working * random.slots >= plan.experts()) {
                ExpertPlan after = ExpertPlacer.of(broken, random.slots).replan(plan, counts, 0);
                check(after, broken);
                long lost = IntStream.range(0, plan.experts())
                        .filter(e -> Arrays.stream(plan.replicas(e)).allMatch(s -> s / random.slots == down))
                        .count();
                List<ExpertPlan.Move> moves = after.since(plan, broken);
                assertEquals(lost, moves.size());
                assertTrue(moves.stream().allMatch(move -> move.from() == -1), "nobody has them any more: " + moves);
            }
        });
    }

    /** What is copied comes from places that work. */
    @Test
    void replicasAreCopiedFromWhereTheyAreLeft() {
        Topology topology = machine(1, 3);
        ExpertPlan earlier = new ExpertPlan(3, 2, new int[] {0, 1, 0, 2, 2, -1});
        ExpertPlan now = new ExpertPlan(3, 2, new int[] {-1, -1, 0, 2, 1, 0});
        assertEquals(
                List.of(new ExpertPlan.Move(1, -1, 4), new ExpertPlan.Move(0, 2, 5)),
                now.since(earlier, topology.with(2, 0, false)));
        assertEquals(
                List.of(1, 2),
                now.since(earlier).stream().map(ExpertPlan.Move::from).toList());
    }

    @Test
    void countsWhoseCostIsInfiniteHaveAPlan() {
        double[] counts = new double[9];
        Arrays.fill(counts, Double.MAX_VALUE);
        Topology topology = machine(1, 3);
        check(ExpertPlacer.of(topology, 1).tokenSeconds(10).plan(Activations.of(3, counts)), topology);
    }

    @Test
    void hotExpertsAreReplicatedAndFriendsAreNear() {
        int experts = 64;
        Topology topology = machine(4, 4);
        int[][] routed = routing(new SplittableRandom(5), experts, 20_000, 4, 3);
        Activations counts = new Activations(experts).add(routed);
        ExpertPlacer placer = ExpertPlacer.of(topology, 6);
        ExpertPlan plan = placer.plan(counts);
        check(plan, topology);
        int hottest = IntStream.range(0, experts)
                .boxed()
                .max(java.util.Comparator.comparingDouble(counts::tokens))
                .orElseThrow();
        assertTrue(plan.replicas(hottest).length > 1, plan.toString());
        double[] inOrder = measured(ExpertPlan.inOrder(experts, 16), topology, routed);
        double[] planned = measured(plan, topology, routed);
        System.out.printf(
                "64 experts on 16 ranks: load over mean %.2f in order, %.2f planned; seconds of bytes %.3g and %.3g%n",
                inOrder[0], planned[0], inOrder[1], planned[1]);
        assertTrue(planned[0] * 1.5 < inOrder[0], planned[0] + " and " + inOrder[0]);
        assertTrue(planned[1] * 1.2 < inOrder[1], planned[1] + " and " + inOrder[1]);
    }

    /** What routing really gives: the largest load over the mean, and seconds of a copy of each token to each rank that it goes to. */
    private static double[] measured(ExpertPlan plan, Topology topology, int[][] routed) {
        double[] load = new double[plan.ranks()];
        double seconds = 0;
        for (int source = 0; source < plan.ranks(); source++) {
            int each = routed.length / plan.ranks();
            int[][] own = Arrays.copyOfRange(routed, source * each, (source + 1) * each);
            for (int[] slots : plan.route(own, source)) {
                int[] to = Arrays.stream(slots).map(slot -> slot / plan.slots()).toArray();
                Arrays.stream(to).forEach(rank -> load[rank]++);
                for (int rank : Arrays.stream(to).distinct().toArray()) {
                    seconds += topology.seconds(source, rank, 8_192, 0);
                }
            }
        }
        double mean = Arrays.stream(load).sum() / load.length;
        return new double[] {Arrays.stream(load).max().orElseThrow() / mean, seconds};
    }

    @Test
    void aPlaceThatIsTwiceAsFastGetsTwiceAsMuch() {
        Topology topology = Topology.builder()
                .level(new Level("cluster", 0, 1e12))
                .level(new Level("node", 0, 1e12), 3)
                .resources(1, 0, new Resources(2, Resources.NO_LIMIT, 0, Resources.DEFAULT.precisions()))
                .build();
        double[] counts = new double[16];
        for (int expert = 0; expert < 4; expert++) {
            counts[expert * 5] = 100;
        }
        ExpertPlan plan = ExpertPlacer.of(topology, 2).plan(Activations.of(4, counts));
        // Six slots for four experts of 100 tokens: the largest load for its capacity cannot be below 100.
        assertEquals(1e-5 * 100, ExpertPlacer.of(topology, 2).cost(plan, Activations.of(4, counts)), 1e-15);
    }

    /** What comes back has the same bits by any plan, as each token's experts are added up in their order. */
    @Test
    @Timeout(120)
    void tokensComeBackTheSameByAnyPlan() {
        int ranks = 4;
        int experts = 8;
        int[][] routed = routing(new SplittableRandom(11), experts, 64, 3, 3);
        Activations counts = new Activations(experts).add(routed);
        Topology topology = machine(2, 2);
        List<ExpertPlan> plans = List.of(
                ExpertPlan.inOrder(experts, ranks),
                ExpertPlacer.of(topology, 3).plan(counts),
                ExpertPlacer.of(topology.with(2, 3, false), 3).plan(counts));
        float[][][] results = new float[plans.size()][ranks][];
        for (int p = 0; p < results.length; p++) {
            ExpertPlan plan = plans.get(p);
            float[][] result = results[p];
            Communicators.threads(ranks, comm -> result[comm.rank()] = step(comm, plan, routed));
        }
        for (int rank = 0; rank < ranks; rank++) {
            assertArrayEquals(results[0][rank], results[1][rank]);
            assertArrayEquals(results[0][rank], results[2][rank]);
        }
    }

    /** Expert e makes x + sin(e)·x of x. */
    private static float[] step(dev.gamut.collective.Communicator comm, ExpertPlan plan, int[][] routed) {
        int each = routed.length / comm.size();
        int[][] own = Arrays.copyOfRange(routed, comm.rank() * each, (comm.rank() + 1) * each);
        float[] x = new float[each * 3];
        float[][] weights = new float[each][];
        for (int t = 0; t < each; t++) {
            weights[t] = new float[own[t].length];
            for (int c = 0; c < weights[t].length; c++) {
                weights[t][c] = 1f / (c + 1.3f);
            }
            for (int i = 0; i < 3; i++) {
                x[t * 3 + i] = (float) Math.cos(comm.rank() * 31 + t * 3 + i);
            }
        }
        Experts all = new Experts(comm, plan.ranks() * plan.slots());
        Experts.Dispatched arrived = all.dispatch(Tensor.of(x, each, 3), plan.route(own, comm.rank()));
        Tensor outputs = Tensor.zeros(DType.F32, arrived.tokens().size(0), 3);
        for (int slot = 0; slot < plan.slots(); slot++) {
            Shard rows = arrived.rows(slot);
            int expert = plan.expert(all.first() + slot);
            assertTrue(expert >= 0 || rows.count() == 0, "tokens for an empty slot");
            for (long row = rows.first(); row < rows.first() + rows.count(); row++) {
                for (int i = 0; i < 3; i++) {
                    double value = arrived.tokens().get(row, i);
                    outputs.set(value + Math.sin(expert) * value, row, i);
                }
            }
        }
        float[] back = new float[each * 3];
        all.combine(arrived, outputs, weights, Tensor.of(back, each, 3));
        return back;
    }

    @Test
    void whatCannotBeIsNamed() {
        Topology topology = machine(1, 2);
        assertThrows(IllegalArgumentException.class, () -> ExpertPlacer.of(topology, 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> ExpertPlacer.of(topology, 1).plan(new Activations(3)));
        assertThrows(IllegalArgumentException.class, () -> new Activations(0));
        assertThrows(IllegalArgumentException.class, () -> new Activations(2).add(new int[][] {{2}}));
        assertThrows(IllegalArgumentException.class, () -> new ExpertPlan(2, 2, new int[] {0, 0, 1, -1}));
        assertThrows(IllegalArgumentException.class, () -> new ExpertPlan(2, 1, new int[] {0, 0}));
        assertThrows(IllegalArgumentException.class, () -> ExpertPlan.inOrder(3, 2));
        ExpertPlan plan = ExpertPlan.inOrder(2, 2);
        assertThrows(IllegalArgumentException.class, () -> plan.route(new int[][] {{5}}, 0));
        assertThrows(IllegalArgumentException.class, () -> plan.route(new int[][] {{0}}, -1));
        assertThrows(IllegalArgumentException.class, () -> plan.route(new int[][] {{0}}, 2));
        assertThrows(IllegalArgumentException.class, () -> new ExpertPlan(0, 1, new int[0]));
        assertThrows(IllegalArgumentException.class, () -> new ExpertPlan(-1, 1, new int[] {-1}));
        assertThrows(
                IllegalArgumentException.class,
                () -> ExpertPlacer.of(topology, 2).replan(plan, new Activations(2), 1));
    }
}
