package dev.gamut.bench.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rate of one loop in C over that of another. */
class UnitProbeTest {
    /** Vectors of F32 have twice the operations of those of F64; a busy machine shows that some of the time. */
    @Test
    void itIsTheOneRateOverTheOther() {
        List<CPeak> here =
                CPeak.all().stream().filter(peak -> peak.missing().isEmpty()).toList();
        Optional<CPeak> f32 =
                here.stream().filter(peak -> peak.name().startsWith("f32_")).findFirst();
        assumeTrue(f32.isPresent(), "cannot run here: there are no loops in C");
        String f64 = f32.get().name().replace("f32", "f64");
        double nearest = Double.POSITIVE_INFINITY;
        try (UnitProbe probe = UnitProbe.of(f32.get().name(), f64, 0, 1);
                UnitProbe same = UnitProbe.of(f64, f64, 0, 2)) {
            for (int i = 0; i < 20 && nearest > 0.1; i++) {
                nearest = Math.min(nearest, Math.abs(probe.getAsDouble() - 2));
            }
            assertTrue(same.getAsDouble() > 0);
        }
        assertTrue(nearest < 0.5, "twice the operations, measured as 2 ± " + nearest);
    }

    /** A thread stays where the unit was fastest, and may go where it liked afterwards; so do all threads where several are probed. */
    @Test
    void threadsAreMovedAndComeBack() {
        Optional<String> loop = CPeak.all().stream()
                .filter(peak -> peak.missing().isEmpty())
                .map(CPeak::name)
                .findFirst();
        assumeTrue(loop.isPresent(), "cannot run here: there are no loops in C");
        Optional<BitSet> before = Affinity.of(Affinity.THIS_THREAD);
        assumeTrue(
                before.isPresent()
                        && before.get().stream()
                                        .mapToObj(Affinity::core)
                                        .distinct()
                                        .count()
                                > 1
                        && Affinity.set(Affinity.THIS_THREAD, before.get()),
                "cannot run here: there is one core, or a thread cannot be moved");
        for (double least : new double[] {0, Double.POSITIVE_INFINITY}) {
            try (UnitProbe probe = UnitProbe.of(loop.get(), loop.get(), least, 1)) {
                for (int i = 0; i < 2; i++) {
                    probe.getAsDouble();
                    BitSet now = Affinity.of(Affinity.THIS_THREAD).orElseThrow();
                    assertEquals(1, now.cardinality());
                    assertTrue(now.intersects(before.get()));
                }
            }
            assertEquals(before, Affinity.of(Affinity.THIS_THREAD));
        }
        int all = before.get().cardinality();
        try (UnitProbe probe = UnitProbe.of(loop.get(), loop.get(), 0, all)) {
            probe.getAsDouble();
            assertEquals(before, Affinity.of(Affinity.THIS_THREAD), "there is nowhere to go");
        }
    }

    @Test
    void whatCannotRunHereSaysWhy() {
        assertTrue(UnitProbe.missing("amx_i9").orElseThrow().contains("available: "));
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> UnitProbe.of("amx_i9", "amx_i9", 0, 1));
        assertTrue(e.getMessage().startsWith("amx_i9 is "), e.getMessage());
        for (CPeak peak : CPeak.all()) {
            assertEquals(
                    peak.missing(), UnitProbe.missing(peak.name()).orElse(""), "the reason that the yardsticks give");
        }
    }
}
