package dev.gamut.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.gamut.topology.Level;
import dev.gamut.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Whatever the machine and the tasks: 500 cases of each, 10,000 with {@code -Dgamut.test.full=true}. */
class PlacementPropertyTest {
    private static final int EACH = Boolean.getBoolean("gamut.test.full") ? 20 : 1;

    private static IntStream cases(int first) {
        long seed = Long.getLong("gamut.test.seed", 1);
        return IntStream.range(0, EACH).map(i -> (int) (seed * 0x9E3779B9L) ^ first + i);
    }

    /** Sums that are infinite, of numbers that are not, make costs that are no numbers; placing ends all the same. */
    @Test
    void costsThatAreNoNumbersEnd() {
        Topology topology = Topology.builder()
                .level(new Level("cluster", 0, 1))
                .level(new Level("node", 0, 1), 2)
                .build();
        Traffic traffic = Traffic.builder(2)
                .add(0, 1, 0, Double.MAX_VALUE)
                .add(0, 1, 0, Double.MAX_VALUE)
                .build();
        Workload workload = new Workload(List.of(new Task("a", 0.9), new Task("b", 0.9)), traffic);
        Placement placement = assertTimeoutPreemptively(
                Duration.ofMinutes(1), () -> Placer.of(topology).place(workload));
        Invariants.check(placement);
        assertEquals(List.of(), placement.queued());
    }

    @Property(tries = 500, seed = "1")
    void nothingIsOverloadedLostOrUnderOneRoof(@ForAll int first) {
        cases(first).forEach(seed -> {
            RandomCase random = RandomCase.of(seed);
            Placement placement = Placer.of(random.topology()).seed(seed).place(random.workload());
            Invariants.check(placement);
            for (int task = 0; task < random.workload().tasks().size(); task++) {
                assertNotNull(placement.explain(task));
            }
        });
    }

    @Property(tries = 500, seed = "1")
    void equalSeedsGiveEqualPlacements(@ForAll int first) {
        cases(first).forEach(seed -> {
            RandomCase random = RandomCase.of(seed);
            Placer placer = Placer.of(random.topology()).seed(seed);
            Placement a = placer.place(random.workload());
            Placement b = placer.place(RandomCase.of(seed).workload());
            for (int task = 0; task < random.workload().tasks().size(); task++) {
                assertEquals(a.place(task), b.place(task));
                assertEquals(a.backup(task), b.backup(task));
            }
        });
    }

    @Property(tries = 500, seed = "1")
    void theCostIsThatOfItsDefinition(@ForAll int first) {
        cases(first).forEach(seed -> {
            RandomCase random = RandomCase.of(seed);
            Placement placement =
                    Placer.of(random.topology()).seed(seed).loadSeconds(1e-4).place(random.workload());
            if (!random.topology().isPartitioned()) {
                double expected = Invariants.cost(placement, 1e-4);
                assertEquals(expected, placement.cost(), 1e-12 + 1e-9 * expected);
            }
        });
    }
}
