package dev.gamut.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The timer's median, and that it keeps to its budget. */
class TimerTest {
    private static void rest(double milliseconds) {
        long end = System.nanoTime() + (long) (milliseconds * 1e6);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(10_000);
        }
    }

    @Test
    void measuresWhatTakesTime() {
        double seconds = new Timer().seconds(set -> rest(3), 1, 0.01, 0, 1, 0.05);
        assertTrue(seconds >= 3e-3 && seconds < 30e-3, "3 ms measured as " + seconds);
    }

    @Test
    void oneRunThatTakesLongerThanTheBudgetIsRunFewTimes() {
        int[] runs = {0};
        new Timer()
                .seconds(
                        turn -> {
                            runs[0]++;
                            rest(60);
                        },
                        1,
                        0.01,
                        0,
                        1,
                        0.02);
        assertTrue(runs[0] <= 3, runs[0] + " runs");
    }

    @Test
    void setsAreTakenInTurn() {
        int[] expected = {0};
        new Timer().seconds(set -> assertEquals(expected[0]++ % 3, set), 3, 1e-3, 0, 1, 1e-3);
    }
}
