package dev.gamut.bench.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gamut.Communicators;
import dev.gamut.Gamut;
import dev.gamut.placement.Placement;
import dev.gamut.placement.Placer;
import dev.gamut.placement.RankMap;
import dev.gamut.topology.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps whose ranks are where they were placed; as processes of an MPI recovery-test.sh runs them. */
@Timeout(300)
class PlacedStepTest {
    private static final Topology HOSTS = Topology.parse("""
            level cluster         latency=5us   bandwidth=1GB/s
            level node    count=4 latency=1us   bandwidth=10GB/s
            level core    count=2 latency=100ns bandwidth=100GB/s
            failure node
            """);

    @ParameterizedTest
    @CsvSource({"1,1,1", "2,2,2", "4,1,2", "1,4,2", "8,1,1", "1,1,8", "3,1,2"})
    void placedRanksComeToTheResultOfOne(int data, int stages, int tensor) {
        PlacedStep step = new PlacedStep(data, stages, tensor);
        Placement placement = Placer.of(HOSTS).loadSeconds(0).place(step.workload());
        RankMap map = RankMap.of(placement);
        assertEquals(step.tasks(), map.ranks());
        float[] expected = step.serial();
        try (Gamut gamut = Gamut.open()) {
            Communicators.run(map.ranks(), ranks -> assertArrayEquals(expected, step.step(gamut, ranks, map)));
        }
    }

    /** Parts of a layer exchange most; numbered as they are, each pair would be on two hosts. */
    @Test
    void whoTalksMostIsOnOneHost() {
        PlacedStep step = new PlacedStep(2, 2, 2);
        Placement placement = Placer.of(HOSTS).loadSeconds(0).place(step.workload());
        RankMap map = RankMap.of(placement);
        for (int task = 0; task < 4; task++) {
            assertEquals(map.host(map.rank(task)), map.host(map.rank(task + 4)), placement.explain(task));
        }
    }

    @Test
    void wrongNumbersAreNamed() {
        assertThrows(IllegalArgumentException.class, () -> new PlacedStep(1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new PlacedStep(1, 1, 17));
    }
}
