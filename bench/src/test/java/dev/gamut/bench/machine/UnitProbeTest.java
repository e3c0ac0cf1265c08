package dev.gamut.bench.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
        try (UnitProbe probe = UnitProbe.of(f32.get().name(), f64, 1);
                UnitProbe same = UnitProbe.of(f64, f64, 2)) {
            for (int i = 0; i < 20 && nearest > 0.1; i++) {
                nearest = Math.min(nearest, Math.abs(probe.getAsDouble() - 2));
            }
            assertTrue(same.getAsDouble() > 0);
        }
        assertTrue(nearest < 0.5, "twice the operations, measured as 2 ± " + nearest);
    }

    @Test
    void whatCannotRunHereSaysWhy() {
        assertTrue(UnitProbe.missing("amx_i9").orElseThrow().contains("available: "));
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> UnitProbe.of("amx_i9", "amx_i9", 1));
        assertTrue(e.getMessage().startsWith("amx_i9 is "), e.getMessage());
        for (CPeak peak : CPeak.all()) {
            assertEquals(
                    peak.missing(), UnitProbe.missing(peak.name()).orElse(""), "the reason that the yardsticks give");
        }
    }
}
