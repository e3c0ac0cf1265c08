package dev.gamut.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Where a route begins to pay, by the model and as measured. */
class CrossoverTest {
    @Test
    void theModelSaysItToOne() {
        assertEquals(OptionalDouble.of(301), Crossover.predicted(n -> n > 300));
        assertEquals(OptionalDouble.empty(), Crossover.predicted(n -> false));
        assertEquals(OptionalDouble.of(32), Crossover.predicted(n -> true));
        assertEquals(OptionalDouble.of(2048), Crossover.predicted(n -> n == 2048));
    }

    @Test
    void fewSizesAreEnoughWhereSpeedsFollowAPowerOfTheSize() {
        for (double from : new double[] {33, 100, 256, 300, 1000, 2000}) {
            for (double exponent : new double[] {0.1, 0.5, 2}) {
                int[] asked = {0};
                double found = Crossover.measured(n -> {
                            asked[0]++;
                            return Math.pow(n / from, exponent);
                        })
                        .orElseThrow();
                assertEquals(from, found, 1e-6 * from);
                assertTrue(asked[0] <= 15, asked[0] + " sizes");
            }
        }
    }

    /** A small size whose native product is slow by itself is no crossover. */
    @Test
    void itIsLookedForFromTheLargestSizeDown() {
        double found = Crossover.measured(n -> n == 64 ? 2 : n / 300.0).orElseThrow();
        assertEquals(300, found, 1e-6);
        assertEquals(OptionalDouble.of(300), Crossover.predicted(n -> n == 64 || n >= 300));
    }

    @Test
    void itMayNeverPayOrAlways() {
        assertEquals(OptionalDouble.empty(), Crossover.measured(n -> 0.4));
        assertEquals(OptionalDouble.of(32), Crossover.measured(n -> 1.5));
    }

    @Test
    void sizesThatDifferByAFifthKeepALimitOfOnePointTwo() {
        GateRow row = GateTable.shipped()
                .find("dispatch.crossover.f64.f32.t1", "limit:1.2")
                .orElseThrow();
        assertTrue(row.isLimit());
        assertEquals(1, row.limit() / Crossover.apart(240, 200), 1e-12);
        assertEquals(1, row.limit() / Crossover.apart(200, 240), 1e-12);
        assertEquals(1.2, row.limit() / Crossover.apart(200, 200), 1e-12);
    }
}
