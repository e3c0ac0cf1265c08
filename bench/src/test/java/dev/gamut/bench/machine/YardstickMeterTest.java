package dev.gamut.bench.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.dtype.DType;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is measured here is plausible. Bounds are wide, as other programs may run at the same time. */
class YardstickMeterTest {
    private static final List<DType> TYPES = List.of(DType.F64, DType.F32);

    private static Yardsticks measured;

    /** The best of two, and of a few more while Java and C differ: on a busy machine a moment may be a bad one. */
    @BeforeAll
    static void measure() {
        MachineCaches caches = MachineCaches.host();
        try (YardstickMeter meter = new YardstickMeter(1, caches, 0.01, YardstickMeter.memory(1, caches))) {
            measured = meter.measure().atLeast(meter.measure());
            for (int i = 0;
                    i < 4 && CLoops.unavailable().isEmpty() && !TYPES.stream().allMatch(YardstickMeterTest::plausible);
                    i++) {
                measured = measured.atLeast(meter.measure());
            }
        }
    }

    @Test
    void everyLevelHasEveryBandwidth() {
        assertEquals(Yardsticks.LEVELS, measured.levels().keySet().stream().toList());
        measured.levels().forEach((level, b) -> {
            assertTrue(b.read() > 0 && b.copy() > 0 && b.triad() > 0, level + " " + b);
            assertTrue(b.streams() >= 1 && b.streams() <= 8, level + " " + b);
        });
    }

    @Test
    void nearDataAreNotSlower() {
        Bandwidth l1 = measured.levels().get("L1");
        Bandwidth memory = measured.levels().get("memory");
        String both = l1 + " " + memory;
        assertTrue(l1.read() >= 0.5 * memory.read(), both);
        assertTrue(l1.copy() >= 0.5 * memory.copy(), both);
        assertTrue(l1.triad() >= 0.5 * memory.triad(), both);
    }

    /** Multiply-adds in C over those in Java; the widest vectors of both are the same unless the JVM was told otherwise. */
    private static double ratio(DType type) {
        String prefix = type.name().toLowerCase(Locale.ROOT) + "_";
        double c = measured.c().figures().entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix) && e.getValue().present())
                .mapToDouble(e -> e.getValue().value())
                .max()
                .orElse(Double.NaN);
        return c / measured.arithmetic(type);
    }

    private static boolean plausible(DType type) {
        return ratio(type) > 0.5 && ratio(type) < 2;
    }

    @Test
    void javaAndCReachTheSamePeaks() {
        assumeTrue(CLoops.unavailable().isEmpty(), "cannot run here: no C compiler");
        for (DType type : TYPES) {
            assertTrue(plausible(type), type + " in C is " + ratio(type) + " of Java's: " + measured);
        }
    }

    @Test
    void aCallTakesNanoseconds() {
        assumeTrue(CLoops.unavailable().isEmpty(), "cannot run here: no C compiler");
        double call = measured.c().figures().get(CYardsticks.CALL).value();
        assertTrue(call > 0.1 && call < 1_000, call + " ns");
    }
}
