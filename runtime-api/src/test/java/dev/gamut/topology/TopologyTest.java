package dev.gamut.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.dtype.DType;
import dev.gamut.error.FormatException;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tree's arithmetic, what a file says, and what is said of files that are wrong. */
class TopologyTest {
    private static final String SMALL = """
            # two supernodes of different sizes
            level cluster latency=5us bandwidth=25GB/s planes=2
            level supernode count=2 latency=1.5us bandwidth=100GB/s planes=7
            level node count=3,2 latency=300ns bandwidth=200GB/s
            level device count=2 latency=0s bandwidth=1TB/s
            resources capacity=1 memory=64GiB devices=1 precisions=bf16,f32
            set node 1,3-4 memory=32GiB capacity=0.5
            label supernode 0 power=a
            label node 3 power=a
            name node 0-4 tux[08-10],big[1-2]
            extra node 2 out=2us in=500ns
            down node 4
            down supernode 1 plane=6
            """;

    @Test
    void aFileSaysWhatThereIs() {
        Topology t = Topology.parse(SMALL);
        assertEquals("1 cluster, 2 supernodes, 5 nodes, 10 devices", t.toString());
        assertEquals(10, t.places());
        assertEquals(1, t.domain(1, 6));
        assertEquals(6, t.first(1, 1));
        assertEquals(10, t.end(1, 1));
        assertEquals(t.level("node"), t.failureLevel());
        assertEquals(32L << 30, t.resources(2).memory());
        assertEquals(0.5, t.resources(9).capacity());
        assertEquals(64L << 30, t.resources(4).memory());
        assertEquals(Set.of(DType.F32, DType.BF16), t.resources(9).precisions());
        assertEquals("tux10", t.name(2, 2));
        assertEquals("device7", t.name(3, 7));
        assertFalse(t.isHealthy(8));
        assertTrue(t.isHealthy(7));
        assertEquals(Optional.of("a"), t.label("power", 6));
        assertEquals(Optional.empty(), t.label("power", 8));
        assertEquals(100e9 * 6 / 7, t.bandwidth(1, 1), 1);
        assertEquals(100e9, t.bandwidth(1, 0));
    }

    @Test
    void costsAreThoseOfTheNarrowestCommonLevelAndMayDependOnTheDirection() {
        Topology t = Topology.parse(SMALL);
        assertEquals(3, t.meet(4, 4));
        assertEquals(2, t.meet(4, 5));
        assertEquals(1, t.meet(0, 5));
        assertEquals(0, t.meet(0, 6));
        assertEquals(300e-9, t.latency(4, 5), 1e-15);
        assertEquals(1.5e-6 + 2e-6, t.latency(4, 0), 1e-15);
        assertEquals(1.5e-6 + 500e-9, t.latency(0, 4), 1e-15);
        assertEquals(5e-6 + 2e-6, t.latency(4, 6), 1e-15);
        assertEquals(3 * 5e-6 + 1e9 / 25e9, t.seconds(0, 6, 1e9, 3), 1e-12);
    }

    @Test
    void placesFailTogetherByNodeOrByLabel() {
        Topology t = Topology.parse(SMALL);
        assertTrue(t.failTogether(8, 9));
        assertFalse(t.failTogether(6, 8));
        assertTrue(t.failTogether(0, 6));
        assertEquals(8, t.nextApart(0, 0));
        assertEquals(0, t.nextApart(8, 0));
        assertEquals(10, t.nextApart(9, 8));
    }

    @Test
    void planesAndPlacesFailAndComeBack() {
        Topology t = Topology.parse(SMALL);
        assertFalse(t.isPartitioned());
        Topology cut = t.with(0, 0, 0, false).with(0, 0, 1, false);
        assertTrue(cut.isPartitioned());
        assertEquals(Double.POSITIVE_INFINITY, cut.seconds(0, 9, 1, 1));
        assertTrue(cut.seconds(0, 5, 1, 1) < 1);
        assertFalse(cut.with(0, 0, 1, true).isPartitioned());
        assertTrue(t.with(2, 4, true).isHealthy(8));
        assertFalse(t.with(1, 0, false).isHealthy(5));
        assertTrue(t.isHealthy(5));
        assertEquals(7e-6, t.measured(0, 7e-6, 1e9).latency(0, 9), 1e-15);
    }

    /** Domains and planes that there are none of would be bits that nobody looks at. */
    @Test
    void whatIsNotThereCannotFail() {
        Topology t = Topology.parse(SMALL);
        assertThrows(IndexOutOfBoundsException.class, () -> t.with(2, 5, false));
        assertThrows(IndexOutOfBoundsException.class, () -> t.with(2, -1, true));
        assertThrows(IndexOutOfBoundsException.class, () -> t.with(1, 2, 0, false));
        assertThrows(IndexOutOfBoundsException.class, () -> t.with(1, 0, 7, false));
    }

    /** What is said of a domain changes what is said, not the rest, which may differ from place to place. */
    @Test
    void placesOfADomainKeepWhatElseWasSaidOfThem() {
        Topology t = Topology.parse("""
                level node latency=1us bandwidth=1GB/s
                level core count=3 latency=0s bandwidth=1GB/s
                resources memory=64GiB
                set core 0 memory=8GiB devices=2
                set core 1 capacity=4
                set node 0 capacity=2
                """);
        for (int core = 0; core < 3; core++) {
            assertEquals(2, t.resources(core).capacity());
            assertEquals(core == 0 ? 8L << 30 : 64L << 30, t.resources(core).memory());
            assertEquals(core == 0 ? 2 : 0, t.resources(core).devices());
        }
    }

    @Test
    void whatIsPrintedIsReadAsTheSame() {
        String once = Topology.parse(SMALL).toText();
        assertEquals(once, Topology.parse(once).toText());
        assertTrue(once.contains("level node count=3,2 latency=300ns bandwidth=200GB/s\n"), once);
        SplittableRandom random = new SplittableRandom(Long.getLong("gamut.test.seed", 1));
        for (int i = 0; i < 200; i++) {
            TopologyBuilder builder = Topology.builder()
                    .level(new Level("cluster", random.nextDouble(), random.nextDouble(1e12) + 1, 3))
                    .level(new Level("node", random.nextDouble(1e-6), 1e9), 4)
                    .level(new Level("device", 0, 1), random.ints(4, 1, 5).toArray());
            int place = random.nextInt(4);
            builder.resources(
                    2, place, new Resources(random.nextDouble() + 1e-9, random.nextLong(1L << 50), 3, Set.of()));
            builder.extra(1, 2, random.nextDouble(), 0)
                    .label(1, random.nextInt(4), "rack", "r1")
                    .down(0, 0, 2);
            String text = builder.build().toText();
            assertEquals(text, Topology.parse(text).toText());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node 3|1|'node' is unknown; a line begins with one of down, extra",
                "level cluster latency=5 bandwidth=1GB/s|1|'5' is not a time such as 1.5us; units are s, ms, us, ns",
                "level cluster latency=5us|1|bandwidth=... is missing",
                "level cluster latency=5us bandwidth=1GB|1|'1GB' is not a bandwidth such as 25GB/s",
                "level cluster latency=5us bandwidth=0GB/s|1|bandwidth is 0.0 B/s, must be above 0",
                "level cluster latency=5us latency=5us|1|'latency' is said twice",
                "level cluster latency=5us bandwidth=1B/s speed=1|1|'speed' is unknown, must be one of latency",
                "level cluster latency=5us bandwidth=1B/s planes=65|1|planes is 65, must be 1 to 64",
                "level cluster latency=5us bandwidth=1B/s count=2|1|the widest level has none",
                "level Cluster latency=5us bandwidth=1B/s|1|level's name is 'Cluster'",
                "#/level a latency=0s bandwidth=1B/s/level a count=2 latency=0s bandwidth=1B/s|3|there are two levels 'a'",
                "level a latency=0s bandwidth=1B/s/level b latency=0s bandwidth=1B/s|2|every other one at least one",
                "level a latency=0s bandwidth=1B/s/level b count=0 latency=0s bandwidth=1B/s|2|count is 0, must be at least 1",
                "level a latency=0s bandwidth=1B/s/level b count=1,2 latency=0s bandwidth=1B/s|2|has 2 counts; there are 1 domains above it",
                "level a latency=0s bandwidth=1B/s/down b 0|2|level is 'b', must be one of a",
                "level a latency=0s bandwidth=1B/s/down a 1|2|a is 1, must be 0 to 0",
                "level a latency=0s bandwidth=1B/s/down a 0-|2|'0-' is no list such as 0-3,8",
                "level a latency=0s bandwidth=1B/s/down a 0 plane=1|2|plane is 1, must be 0 to 0",
                "level a latency=0s bandwidth=1B/s/set a 0 memory=1.5B|2|'1.5B' is no whole number of bytes",
                "level a latency=0s bandwidth=1B/s/set a 0 precisions=f31|2|data type is 'f31'",
                "level a latency=0s bandwidth=1B/s/name a 0 x,y|2|2 names for 1 domains",
                "level a latency=0s bandwidth=1B/s/failure b|2|level is 'b', must be one of a",
                "level a latency=0s bandwidth=1B/s/down a 0/level b count=2 latency=0s bandwidth=1B/s|3|comes after what was said of domains",
                "#|1|there is no level",
                "level a latency=0s bandwidth=1B/s/level b count=4*0 latency=0s bandwidth=1B/s|2|'4*0' is a count 0 times",
                "level a latency=0s bandwidth=1B/s/level b count=1*-2000000000,1*2000000000 latency=0s bandwidth=1B/s|2|at least once",
                "level a latency=0s bandwidth=1B/s/set a 1 devices=1|2|a is 1, must be 0 to 0",
                "level a latency=0s bandwidth=1B/s/level b count=2 latency=0s bandwidth=1B/s/name b 0-1 x,x|3|b 0 and 1 are both called 'x'",
                "level a latency=0s bandwidth=1B/s/level b count=2 latency=0s bandwidth=1B/s/name b 0 b1|3|b 0 and 1 are both called 'b1'",
            })
    void whatIsWrongIsNamedWithItsLine(String text, int line, String part) {
        String file = text.replaceAll("(?<!B)/|(?<=B/s)/", "\n");
        FormatException e = assertThrows(FormatException.class, () -> Topology.parse(file));
        assertTrue(e.getMessage().contains("line " + line + ": "), e.getMessage());
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a[", "a]", "a[1", "a[[1]]", ",a", "a,", "a[2-1]", "a[x]", "a[]", "a[0-99999999]"})
    void listsThatAreNone(String list) {
        assertThrows(IllegalArgumentException.class, () -> NameList.names(list));
    }

    /** 432 supernodes that are not all alike: no more than some numbers for each node are kept, and answers stay cheap. */
    @Test
    void ofHundredAndSixtyThousandNodes() {
        Topology t = Topology.parse("""
                level cluster latency=5us bandwidth=25GB/s planes=2
                level supernode count=432 latency=1us bandwidth=100GB/s
                level node count=371*160,370*272 latency=300ns bandwidth=200GB/s
                down supernode 7 plane=0
                """);
        assertEquals(160_000, t.places());
        assertEquals(431, t.domain(1, 159_999));
        assertEquals(370, t.domain(2, 370));
        assertEquals(0, t.meet(370, 371));
        assertEquals(1, t.meet(371, 372));
        assertEquals(t.toText(), Topology.parse(t.toText()).toText());
        assertTrue(t.toText().length() < 1_000, "what is regular is not listed");
        assertEquals(0, t.bandwidth(1, 7));
    }
}
