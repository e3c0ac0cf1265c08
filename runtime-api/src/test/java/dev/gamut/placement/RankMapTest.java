package dev.gamut.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.topology.Topology;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Placements as launchers take them. */
class RankMapTest {
    private static final Topology TWO_HOSTS = Topology.parse("""
            level cluster         latency=5us   bandwidth=1GB/s
            level node    count=2 latency=1us   bandwidth=10GB/s
            level core    count=3 latency=100ns bandwidth=100GB/s
            name node 0-1 tux[07-08]
            failure node
            """);

    @Test
    void ranksAreNumberedHostByHost() {
        List<Task> tasks = IntStream.range(0, 5)
                .mapToObj(i -> new Task("t" + i, i == 4 ? 2 : 1)) // the last one fits nowhere
                .toList();
        Traffic traffic = Traffic.builder(5).add(0, 3, 1e9, 1).add(3, 1, 1e9, 1).build();
        Placement placement = Placer.of(TWO_HOSTS).place(new Workload(tasks, traffic));
        RankMap map = RankMap.of(placement);
        assertEquals(4, map.ranks());
        assertEquals(-1, map.rank(4));
        for (int rank = 0; rank < map.ranks(); rank++) {
            assertEquals(rank, map.rank(map.task(rank)));
            int place = placement.place(map.task(rank));
            assertEquals(place < 3 ? "tux07" : "tux08", map.host(rank));
            assertTrue(rank == 0 || placement.place(map.task(rank - 1)) <= place, "rank " + rank);
        }
        String first = map.host(map.rank(0));
        assertEquals(List.of(first, first), List.of(map.host(map.rank(1)), map.host(map.rank(3))), "who talk");
        assertEquals(
                4, map.hosts().values().stream().mapToInt(Integer::intValue).sum());
        StringBuilder openMpi = new StringBuilder();
        StringBuilder mpich = new StringBuilder();
        StringBuilder slurm = new StringBuilder();
        for (Map.Entry<String, Integer> host : map.hosts().entrySet()) {
            openMpi.append(host.getKey() + " slots=" + host.getValue() + "\n");
            mpich.append(host.getKey() + ":" + host.getValue() + "\n");
            slurm.append((host.getKey() + "\n").repeat(host.getValue()));
        }
        assertEquals(openMpi.toString(), map.openMpi());
        assertEquals(mpich.toString(), map.mpich());
        assertEquals(slurm.toString(), map.slurm());
    }

    /** Launchers read other digits than some users do. */
    @Test
    void digitsAreThoseOfNoLanguage() {
        RankMap map = RankMap.of(Placer.of(TWO_HOSTS).place(new Workload(List.of(new Task("t", 1)))));
        Locale usual = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        try {
            assertEquals(map.host(0) + " slots=1\n", map.openMpi());
            assertEquals(map.host(0) + ":1\n", map.mpich());
        } finally {
            Locale.setDefault(usual);
        }
    }

    @Test
    void nothingRunsWhereThereIsNoRoom() {
        RankMap map = RankMap.of(Placer.of(TWO_HOSTS).place(new Workload(List.of(new Task("t", 9)))));
        assertEquals(0, map.ranks());
        assertEquals("", map.openMpi());
        assertEquals(Map.of(), map.hosts());
    }
}
