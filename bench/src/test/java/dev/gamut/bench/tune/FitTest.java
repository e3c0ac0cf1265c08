package dev.gamut.bench.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** A constant is found from a prediction that rises or falls with it. */
class FitTest {
    @Test
    void invertsWhatRisesAndWhatFalls() {
        assertEquals(0.8, Fit.constant(share -> 1 / share + 3, 4.25, 0.01, 1), 1e-4);
        assertEquals(900, Fit.constant(cycles -> 5 + 1e-3 * cycles, 5.9, 1, 1e6), 0.5);
    }

    @Test
    void endsAtTheBoundsWhereNothingFits() {
        assertEquals(1, Fit.constant(share -> 1 / share + 3, 2, 0.01, 1));
        assertEquals(0.01, Fit.constant(share -> 1 / share + 3, 1e9, 0.01, 1));
        assertEquals(1, Fit.constant(cycles -> 5 + 1e-3 * cycles, 4, 1, 1e6));
        assertEquals(1e6, Fit.constant(cycles -> 5 + 1e-3 * cycles, 1e9, 1, 1e6));
    }
}
