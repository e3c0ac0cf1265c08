package dev.gamut.dtype;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The power-of-two scale over every code, every midpoint and random values. */
class E8m0Test {
    private static final int MAX_CODE = 254;

    @Test
    void everyCodeIsItsPowerOfTwo() {
        for (int code = 0; code <= MAX_CODE; code++) {
            assertEquals(Math.pow(2, code - 127), E8m0.toFloat((byte) code));
            assertEquals(code, E8m0.fromDouble(Math.pow(2, code - 127)) & 0xFF);
            assertEquals(code, E8m0.fromDoubleTowardZero(Math.pow(2, code - 127)) & 0xFF);
        }
        assertTrue(Float.isNaN(E8m0.toFloat((byte) 255)));
        assertEquals(-1, E8m0.fromDouble(Double.NaN));
        assertEquals(-1, E8m0.fromDoubleTowardZero(Double.NaN));
    }

    @Test
    void midpointsGoToTheEvenCode() {
        for (int code = 0; code < MAX_CODE; code++) {
            double middle = 1.5 * Math.pow(2, code - 127);
            assertEquals(code + code % 2, E8m0.fromDouble(middle) & 0xFF);
            assertEquals(code, E8m0.fromDouble(Math.nextDown(middle)) & 0xFF);
            assertEquals(code + 1, E8m0.fromDouble(Math.nextUp(middle)) & 0xFF);
            assertEquals(code, E8m0.fromDoubleTowardZero(Math.nextUp(middle)) & 0xFF);
        }
    }

    @Test
    void valuesOutOfRangeSaturate() {
        double[] small = {0, -0.0, -1, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, 0x1p-128, 0x1.8p-128};
        for (double v : small) {
            assertEquals(0, E8m0.fromDouble(v), () -> "of " + v);
            assertEquals(0, E8m0.fromDoubleTowardZero(v), () -> "toward 0 of " + v);
        }
        double[] large = {0x1.8p127, 0x1.ffffffffffffp127, 0x1p128, Double.MAX_VALUE, Double.POSITIVE_INFINITY};
        for (double v : large) {
            assertEquals(MAX_CODE, E8m0.fromDouble(v) & 0xFF, () -> "of " + v);
            assertEquals(MAX_CODE, E8m0.fromDoubleTowardZero(v) & 0xFF, () -> "toward 0 of " + v);
        }
        for (int number = 0; number < 100; number++) {
            for (double v : small) {
                assertEquals(0x1p-127, Stochastic.round(DType.F8E8M0, v, 9, number), () -> "at random of " + v);
            }
            for (double v : large) {
                assertEquals(0x1p127, Stochastic.round(DType.F8E8M0, v, 9, number), () -> "at random of " + v);
            }
        }
    }

    @Test
    void stochasticRoundingPicksANeighbouringPower() {
        long doubled = LongStream.range(0, 1000)
                .filter(number -> Stochastic.round(DType.F8E8M0, 1.25, 9, number) == 2)
                .count();
        long kept = LongStream.range(0, 1000)
                .filter(number -> Stochastic.round(DType.F8E8M0, 1.25, 9, number) == 1)
                .count();
        assertEquals(1000, doubled + kept);
        assertEquals(250, doubled, 60);
    }

    @Property(seed = "1")
    void theResultIsTheNearestPower(@ForAll float v) {
        double rounded = E8m0.toFloat(E8m0.fromDouble(v));
        double distance = Math.abs(rounded - v);
        if (rounded > 0x1p-127) {
            assertTrue(distance <= Math.abs(rounded / 2 - v));
        }
        if (rounded < 0x1p127) {
            assertTrue(distance <= Math.abs(rounded * 2 - v));
        }
    }
}
