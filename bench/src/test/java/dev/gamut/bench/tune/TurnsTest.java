package dev.gamut.bench.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Computations timed in turn. */
class TurnsTest {
    private static volatile double sink;

    private static void compute(int steps) {
        double x = 1;
        for (int i = 0; i < steps; i++) {
            x = x * 0.999_999 + 1e-9;
        }
        sink = x;
    }

    @Test
    void moreWorkTakesLonger() {
        List<Timing> timings = new Turns(0.02, 0.05, 1)
                .measure(
                        List.of(new Turns.Runs(set -> compute(20_000), 1), new Turns.Runs(set -> compute(200_000), 1)));
        double ratio = timings.get(1).median() / timings.get(0).median();
        assertTrue(ratio > 4 && ratio < 25, timings.toString());
        assertTrue(timings.get(0).turns() >= 7 && timings.get(0).presence() <= 1.05, timings.toString());
    }

    @Test
    void waitingIsNoWorkOfOneThread() {
        Timing timing = new Turns(0.02, 0.02, 1)
                .measure(List.of(new Turns.Runs(TurnsTest::sleep, 1)))
                .getFirst();
        assertTrue(timing.presence() < 0.5, timing.toString());
        Timing byTheClock = new Turns(0.02, 0.02, 2)
                .measure(List.of(new Turns.Runs(TurnsTest::sleep, 1)))
                .getFirst();
        assertTrue(byTheClock.median() >= 1e-3, byTheClock.toString());
    }

    private static void sleep(int set) {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void setsAreTakenInTurn() {
        int[] seen = new int[3];
        new Turns(1e-4, 1e-4, 1).measure(List.of(new Turns.Runs(set -> seen[set]++, 3)));
        assertTrue(Math.abs(seen[0] - seen[2]) <= 1 && seen[0] >= seen[1] && seen[1] > 0);
    }

    @Test
    void quartilesFarApartAreNoise() {
        Timing calm = Timing.of(new double[] {1, 1.1, 1, 1.05, 9}, 1);
        assertEquals(1.05, calm.median());
        assertFalse(calm.isNoisy());
        assertTrue(Timing.of(new double[] {1, 2, 1, 2, 1, 2, 1}, 1).isNoisy());
        assertEquals(
                "2.00 Gflop/s, quartiles 1.82 and 2.00 of 5 turns",
                Timing.of(new double[] {1, 1.1, 1, 1, 9}, 1).gigaflops(2e9));
    }
}
