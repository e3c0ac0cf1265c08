package dev.gamut.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.bench.gate.PairMeter.Pair;
import dev.gamut.bench.gate.PairMeter.Runs;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** Pairs measure what each side takes, whatever the order of the blocks. */
class PairMeterTest {
    private static IntConsumer spin(long nanos) {
        return set -> {
            long end = System.nanoTime() + nanos;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        };
    }

    @Test
    void ratiosAreTheirTimeOverOurs() {
        List<Pair> pairs =
                new PairMeter(0.02, 0.02, 0.3, 5, 0).measure(new Runs(spin(100_000), 1), new Runs(spin(300_000), 1));
        double[] ratios = pairs.stream().mapToDouble(Pair::ratio).sorted().toArray();
        double median = ratios[ratios.length / 2];
        assertTrue(median > 2 && median < 4.5, "300 over 100 microseconds measured as " + median);
    }

    @Test
    void setsAreTakenInTurn() {
        int[] next = {0};
        new PairMeter(0.001, 0.001, 0.005, 2, 0)
                .measure(new Runs(set -> assertEquals(next[0]++ % 3, set), 3), new Runs(s -> {}, 1));
    }

    @Test
    void longRunsAreMeasuredAsOftenAsAskedWhateverTheBudget() {
        List<Pair> pairs = new PairMeter(0.001, 0.001, 0.001, 4, 0.01)
                .measure(new Runs(spin(2_000_000), 1), new Runs(spin(2_000_000), 1));
        assertEquals(4, pairs.size());
    }

    private static final Phase FAST = Phase.parse("unit/other>=50");

    @Test
    void aPairHasTheLeastThatTheProbeShowedBeforeAndAfterIt() {
        double[] shown = {60, 55, 20, 70, 58, 59, 60, 61};
        int[] next = {0};
        List<Pair> pairs = new PairMeter(0.001, 0.001, 0.001, 3, 0)
                .measure(
                        new Runs(spin(1_000_000), 1),
                        new Runs(spin(1_000_000), 1),
                        () -> shown[next[0]++],
                        FAST::counts);
        assertEquals(
                List.of(55.0, 20.0, 58.0, 58.0),
                pairs.stream().map(Pair::probe).toList(),
                "measured until three count; after one that does not it is asked again");
    }

    @Test
    void slowPhasesEndSomeTime() {
        List<Pair> pairs = new PairMeter(0.001, 0.001, 0.001, 2, 0)
                .measure(new Runs(spin(1_000_000), 1), new Runs(spin(1_000_000), 1), () -> 12, FAST::counts);
        assertEquals(8, pairs.size());
        assertTrue(pairs.stream().noneMatch(FAST::counts));
    }

    @Test
    void allocationIsSeenAndItsAbsenceToo() {
        Object[] sink = {null};
        Runs allocating = new Runs(set -> sink[0] = new byte[1000], 1);
        double bytes = LimitMeter.allocation(allocating, 0, 0.05).getFirst().ours();
        assertTrue(bytes >= 1000 && bytes < 1100, "1000 bytes and a header measured as " + bytes);
        assertEquals(
                0,
                LimitMeter.allocation(new Runs(spin(1000), 1), 0, 0.05)
                        .getFirst()
                        .ours());
    }
}
