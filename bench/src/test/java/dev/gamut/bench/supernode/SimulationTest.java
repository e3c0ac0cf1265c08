package dev.gamut.bench.supernode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.placement.Placement;
import dev.gamut.placement.Placer;
import dev.gamut.topology.Level;
import dev.gamut.topology.Topology;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Simulated steps against what their messages take by hand; times are sums of powers of two, so that they are exact. */
class SimulationTest {
    private static final double LATENCY = 0x1p-20;
    private static final double BANDWIDTH = 0x1p30;
    private static final double BYTES = 0x1p20;
    private static final double TRANSFER = BYTES / BANDWIDTH;

    private static Topology nodes(int n, int planes) {
        return Topology.builder()
                .level(new Level("cluster", LATENCY, BANDWIDTH, planes))
                .level(new Level("node", 0, 0x1p40), n)
                .build();
    }

    private static Simulation.Outcome run(Topology topology, int ranks, Exchange.Pattern... patterns) {
        int[] members = IntStream.range(0, ranks).toArray();
        List<Exchange> all = java.util.Arrays.stream(patterns)
                .map(p -> new Exchange(members, p))
                .toList();
        return new Simulation(topology, ranks, all).run(rank -> rank);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void aRingTakesItsPhases(int p) {
        Simulation.Outcome outcome = run(nodes(p, 1), p, Exchange.allReduce("ring", p, BYTES));
        assertEquals(2 * (p - 1) * (LATENCY + TRANSFER / p), outcome.seconds());
        assertEquals(2L * (p - 1) * p, outcome.messages());
        assertEquals(0, outcome.waiting());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8, 16})
    void doublingTakesALogarithm(int p) {
        Simulation.Outcome outcome = run(nodes(p, 1), p, Exchange.allReduce("doubling", p, BYTES));
        int phases = Integer.numberOfTrailingZeros(p);
        assertEquals(phases * (LATENCY + TRANSFER), outcome.seconds());
        assertEquals((long) phases * p, outcome.messages());
    }

    /** Each rank sends all it has to each other one, through one port. */
    @Test
    void aPortCarriesOneMessageAtATime() {
        Simulation.Outcome outcome = run(nodes(5, 1), 5, Exchange.allReduce("flat", 5, BYTES));
        assertTrue(outcome.seconds() >= 4 * TRANSFER + LATENCY, outcome.toString());
        assertEquals(20, outcome.messages());
    }

    @Test
    void halfOfThePlanesTakesTwiceAsLong() {
        Exchange.Pattern pattern = Exchange.allReduce("doubling", 4, BYTES);
        double whole = run(nodes(4, 2), 4, pattern).seconds();
        double half = run(nodes(4, 2).with(0, 0, 1, false), 4, pattern).seconds();
        assertEquals(2 * LATENCY, 2 * whole - half);
        Simulation.Outcome none = run(nodes(4, 1).with(0, 0, 0, false), 4, pattern);
        assertEquals(4, none.waiting());
        assertEquals(0, none.seconds());
    }

    /** An activation goes down a row of ranks only as far as neighbours; ranks that get nothing do not wait. */
    @Test
    void neighboursOfARow() {
        Simulation.Outcome outcome = run(nodes(6, 1), 6, Exchange.row(6, BYTES));
        assertEquals(10, outcome.messages());
        assertEquals(0, outcome.waiting());
        assertEquals(2 * (LATENCY + TRANSFER), outcome.seconds());
    }

    @Test
    void exchangesFollowEachOther() {
        Exchange.Pattern ring = Exchange.allReduce("ring", 4, BYTES);
        assertEquals(
                2 * run(nodes(4, 1), 4, ring).seconds(),
                run(nodes(4, 1), 4, ring, ring).seconds());
        assertEquals(new Simulation.Outcome(0, 0, 0), run(nodes(1, 1), 1, Exchange.row(1, BYTES)));
    }

    @Test
    void aNodeThatStopsLeavesTheOthersWaiting() {
        int[] members = {0, 1, 2, 3};
        Simulation simulation =
                new Simulation(nodes(4, 1), 4, List.of(new Exchange(members, Exchange.allReduce("ring", 4, BYTES))));
        double whole = simulation.run(rank -> rank).seconds();
        assertEquals(4, simulation.run(rank -> rank, 2, 0).waiting());
        assertTrue(simulation.run(rank -> rank, 2, whole / 2).waiting() > 0);
        assertEquals(0, simulation.run(rank -> rank, 2, 2 * whole).waiting());
    }

    /** Whatever the order they are put in, arrivals come out by time, and equal ones as they went in. */
    @Test
    void arrivalsAreInOrder() {
        SplittableRandom random = new SplittableRandom(5);
        Arrivals arrivals = new Arrivals();
        int waiting = 0;
        double last = 0;
        int lastTask = -1;
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(5) < 3) {
                arrivals.add(last + random.nextInt(50), i, i % 7);
                waiting++;
            } else if (waiting > 0) {
                assertTrue(arrivals.next());
                waiting--;
                assertTrue(arrivals.seconds() >= last, "time goes on");
                assertTrue(arrivals.seconds() > last || arrivals.task() > lastTask, "equal ones in their order");
                assertEquals(arrivals.task() % 7, arrivals.phase());
                last = arrivals.seconds();
                lastTask = arrivals.task();
            }
        }
        while (arrivals.next()) {
            waiting--;
        }
        assertEquals(0, waiting);
    }

    /** The traffic that is planned by is what is sent. */
    @Test
    void aStepSendsWhatItsWorkloadSays() {
        Machine machine = Machine.ALL.getFirst();
        List<Exchange> step = Exchange.training(machine);
        Placement placement = Placer.of(machine.topology()).place(machine.workload(step));
        assertEquals(List.of(), placement.queued());
        Simulation simulation = new Simulation(machine.topology(), machine.tasks(), step);
        Simulation.Outcome planned = simulation.run(placement::place);
        assertEquals(planned, simulation.run(placement::place), "equal steps take equal times");
        assertEquals(planned.messages(), simulation.run(task -> task).messages());
        assertTrue(planned.seconds() * 1.2 < simulation.run(task -> task).seconds(), planned.toString());
    }

    @Test
    void machinesHaveTheSizesTheyAreNamedBy() {
        assertEquals(
                List.of(384, 8_192, 15_488, 160_000),
                Machine.ALL.stream().map(Machine::places).toList());
        for (Machine machine : Machine.ALL) {
            assertEquals(machine.places(), machine.topology().places());
        }
        assertEquals(432, Machine.ALL.getLast().topology().size(1));
    }

    /** What was stored is what this code gives, as far as it does not depend on the machine. */
    @Test
    void whatIsStoredIsWhatIsSimulated() {
        List<java.util.Map<String, Object>> stored = Scales.rows(Scales.stored());
        assertEquals(Machine.ALL.size(), stored.size());
        List<java.util.Map<String, Object>> now = Scales.upTo(8_192, row -> {});
        for (int i = 0; i < now.size(); i++) {
            for (String key : List.of("places", "tasks", "messages")) {
                assertEquals(
                        ((Number) stored.get(i).get(key)).longValue(),
                        ((Number) now.get(i).get(key)).longValue());
            }
            for (String key : List.of(
                    "step_seconds",
                    "round_robin_step_seconds",
                    "failed_plane_step_seconds",
                    "after_failover_step_seconds")) {
                assertEquals(stored.get(i).get(key), now.get(i).get(key), key);
            }
            assertEquals(stored.get(i).get("campaign"), now.get(i).get("campaign"));
        }
    }
}
