package dev.gamut.bench.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Times two computations in turn, in short blocks whose order flips: both see the same machine, whatever else it does.
 *
 * @param warmUp seconds for each side before anything counts
 * @param budget seconds to measure
 * @param fewest pairs, whatever they take
 */
record PairMeter(double warmUp, double budget, int fewest) {
    /** Long enough for the clock and for the caches to settle, short enough that a machine's speed does not drift. */
    private static final double BLOCK_SECONDS = 10e-3;

    private static final int MOST = 60;

    /**
     * One of the two.
     *
     * @param run computes once on a set of operands
     * @param sets of operands, taken in turn
     */
    record Runs(IntConsumer run, int sets) {}

    /**
     * What two blocks measured: seconds of one run, or bytes, or an error.
     *
     * @param ours of the first side
     * @param theirs of the second side, or the limit it stands for
     */
    record Pair(double ours, double theirs) {
        /** How much better the first side is; 1 where a limit of 0 is kept. */
        double ratio() {
            return ours == theirs ? 1 : theirs / ours;
        }
    }

    /**
     * Warms up and measures.
     *
     * @param ours the side whose speed is the numerator
     * @param theirs the other
     * @return the pairs in the order in which they were measured
     */
    List<Pair> measure(Runs ours, Runs theirs) {
        Timed a = new Timed(ours);
        Timed b = new Timed(theirs);
        // Turn by turn, so that the JIT compiler sees both sides before it decides anything.
        while (a.spent < warmUp || b.spent < warmUp) {
            if (a.spent <= b.spent) {
                a.warmUp();
            } else {
                b.warmUp();
            }
        }
        List<Pair> pairs = new ArrayList<>();
        long start = System.nanoTime();
        while (pairs.size() < fewest || pairs.size() < MOST && System.nanoTime() - start < budget * 1e9) {
            boolean oursFirst = pairs.size() % 2 == 0;
            double first = (oursFirst ? a : b).block();
            double second = (oursFirst ? b : a).block();
            pairs.add(oursFirst ? new Pair(first, second) : new Pair(second, first));
        }
        return pairs;
    }

    /** A side, how many runs fill a block, and where in its sets it stands. */
    private static final class Timed {
        private final IntConsumer run;
        private final int sets;
        private int set;
        private int runs = 1;
        private double spent;

        Timed(Runs side) {
            this.run = side.run;
            this.sets = side.sets;
        }

        void warmUp() {
            double once = block();
            spent += once * runs;
            runs = (int) Math.clamp(BLOCK_SECONDS / once, 1, Math.min(2.0 * runs, 1 << 24));
        }

        double block() {
            long start = System.nanoTime();
            int s = set;
            for (int i = 0; i < runs; i++) {
                run.accept(s);
                s = s + 1 == sets ? 0 : s + 1;
            }
            set = s;
            return Math.max(System.nanoTime() - start, 1) / 1e9 / runs;
        }
    }
}
