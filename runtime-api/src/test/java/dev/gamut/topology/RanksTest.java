package dev.gamut.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Communicators;
import dev.gamut.collective.Communicator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks as places: the tree that their groups form, and what messages between them take. */
class RanksTest {
    @Test
    void ranksOfAGroupAreNextToEachOther() {
        Topology topology = Ranks.topology(
                List.of(
                        new Communicator.Level("all", List.of(0, 0, 0, 0, 0)),
                        new Communicator.Level("host", List.of(0, 1, 0, 1, 1))),
                5);
        assertEquals("1 all, 2 hosts, 5 ranks", topology.toString());
        assertEquals(2, topology.end(1, 0));
        assertEquals("rank0", topology.name(2, 0));
        assertEquals("rank2", topology.name(2, 1));
        assertEquals("rank1", topology.name(2, 2));
        assertEquals("rank4", topology.name(2, 4));
        assertTrue(topology.failTogether(2, 4));
        assertTrue(!topology.failTogether(1, 2));
        assertEquals(topology.toText(), Topology.parse(topology.toText()).toText());
    }

    @Test
    void groupsWithinGroups() {
        Topology topology = Ranks.topology(
                List.of(
                        new Communicator.Level("all", List.of(0, 0, 0, 0, 0, 0)),
                        new Communicator.Level("host", List.of(0, 0, 0, 0, 1, 1)),
                        // Numbers of a narrower group need not differ between wider ones.
                        new Communicator.Level("socket", List.of(0, 0, 1, 1, 0, 0))),
                6);
        assertEquals("1 all, 2 hosts, 3 sockets, 6 ranks", topology.toString());
        assertEquals(0, topology.meet(0, 5));
        assertEquals(1, topology.meet(0, 2));
        assertEquals(2, topology.meet(4, 5));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Timeout(120)
    void allRanksMeasureTheSame(int ranks) {
        ConcurrentHashMap<Integer, String> texts = new ConcurrentHashMap<>();
        Communicators.threads(ranks, comm -> {
            Topology topology = Topology.measured(comm);
            texts.put(comm.rank(), topology.toText());
            assertEquals(ranks, topology.places());
            Topology before = Topology.of(comm);
            // All ranks are of one host: nobody meets above it, and where there are two they talk within it.
            assertEquals(before.levels().get(0), topology.levels().get(0));
            assertEquals(
                    ranks > 1, !before.levels().get(1).equals(topology.levels().get(1)));
            Level copies = topology.levels().get(2);
            assertEquals(0, copies.latency());
            assertTrue(copies.bandwidth() > 1e7 && copies.bandwidth() < 1e13, copies.toString());
            assertTrue(topology.levels().get(1).latency() > 1e-9, topology.toText());
        });
        assertEquals(1, texts.values().stream().distinct().count(), texts.toString());
        assertEquals(texts.get(0), Topology.parse(texts.get(0)).toText());
    }
}
