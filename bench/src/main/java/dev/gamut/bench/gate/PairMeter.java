package dev.gamut.bench.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/**
 * Times two computations in turn, in short blocks whose order flips: both see the same machine, whatever else it does.
 *
 * @param ourWarmUp seconds for our side before anything counts
 * @param theirWarmUp seconds for the other
 * @param budget seconds to measure, pauses not counted
 * @param fewest pairs, whatever they take
 * @param pause seconds before each block: threads of libraries spin for some time after a call, on cores that the other
 *     side's threads need
 */
record PairMeter(double ourWarmUp, double theirWarmUp, double budget, int fewest, double pause) {
    /** Long enough for the clock and for the caches to settle, short enough that a machine's speed does not drift. */
    private static final double BLOCK_SECONDS = 10e-3;

    private static final int MOST = 60;

    /** So many times the budget, and the fewest pairs, are spent on phases that do not count. */
    private static final int PHASES = 4;

    /** A virtual processor that slept for 100 ms takes up to 30 ms to get work again (measured with sleeps of 20 and 130 ms). */
    private static final double LEAD_SECONDS = 0.04;

    /** Pairs with pauses between them, which take longer than what is measured. */
    private static final int MOST_WITH_PAUSES = 12;

    /** Runs after which the JIT compiler has met a kernel's loops, unless it takes {@value #PATIENCE} times the warm-up. */
    private static final int WARM_RUNS = 60;

    private static final int PATIENCE = 2;

    /**
     * One of the two.
     *
     * @param run computes once on a set of operands
     * @param sets of operands, taken in turn
     */
    record Runs(IntConsumer run, int sets) {
        /**
         * Runs several times.
         *
         * @param times how often
         * @param first the set to begin with
         * @return the set that is next
         */
        int repeat(int times, int first) {
            int set = first;
            for (int i = 0; i < times; i++) {
                run.accept(set);
                set = set + 1 == sets ? 0 : set + 1;
            }
            return set;
        }
    }

    /**
     * What two blocks measured: seconds of one run, or bytes, or an error.
     *
     * @param ours of the first side
     * @param theirs of the second side, or the limit it stands for
     * @param probe the least that a probe showed before and after; NaN where there was none
     */
    record Pair(double ours, double theirs, double probe) {
        Pair(double ours, double theirs) {
            this(ours, theirs, Double.NaN);
        }

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
        return measure(ours, theirs, () -> Double.NaN, pair -> true);
    }

    /**
     * Warms up and measures until enough pairs count, or patience is at an end.
     *
     * @param ours the side whose speed is the numerator
     * @param theirs the other
     * @param probe how fast the machine is just now; asked before and after each pair, and once more after one that does not count, for it may
     *     have changed something then
     * @param counts whether a pair was measured in a phase that counts
     * @return all pairs in the order in which they were measured
     */
    List<Pair> measure(Runs ours, Runs theirs, DoubleSupplier probe, Predicate<Pair> counts) {
        Timed a = new Timed(ours, ourWarmUp);
        Timed b = new Timed(theirs, theirWarmUp);
        // Turn by turn, so that the JIT compiler sees both sides before it decides anything.
        while (a.isCold() || b.isCold()) {
            if (a.isCold() && (a.spent <= b.spent || !b.isCold())) {
                a.warmUp();
            } else {
                b.warmUp();
            }
        }
        List<Pair> pairs = new ArrayList<>();
        double measured = 0;
        double lost = 0;
        int counted = 0;
        double before = probe.getAsDouble();
        while (counted < fewest || counted < most() && measured < budget) {
            boolean oursFirst = pairs.size() % 2 == 0;
            double first = calmBlock(oursFirst ? a : b);
            double second = calmBlock(oursFirst ? b : a);
            double spent = first * (oursFirst ? a : b).runs + second * (oursFirst ? b : a).runs;
            double after = probe.getAsDouble();
            double least = Math.min(before, after);
            before = after;
            Pair pair = oursFirst ? new Pair(first, second, least) : new Pair(second, first, least);
            pairs.add(pair);
            if (counts.test(pair)) {
                counted++;
                measured += spent;
            } else {
                long start = System.nanoTime();
                before = probe.getAsDouble();
                lost += spent + (System.nanoTime() - start) / 1e9;
                if (lost > PHASES * budget && pairs.size() - counted >= PHASES * fewest) {
                    break;
                }
            }
        }
        return pairs;
    }

    private int most() {
        return pause > 0 ? MOST_WITH_PAUSES : MOST;
    }

    /** A block after a pause, and after some runs that wake the side's threads and let the system spread them. */
    private double calmBlock(Timed side) {
        if (pause > 0) {
            rest();
            long start = System.nanoTime();
            while (System.nanoTime() - start < LEAD_SECONDS * 1e9) {
                side.block();
            }
        }
        return side.block();
    }

    private void rest() {
        long end = System.nanoTime() + (long) (pause * 1e9);
        for (long left = (long) (pause * 1e9); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** A side, how many runs fill a block, and where in its sets it stands. */
    private static final class Timed {
        private final Runs side;
        private final double warmUp;
        private int set;
        private int runs = 1;
        private long total;
        private double spent;

        Timed(Runs side, double warmUp) {
            this.side = side;
            this.warmUp = warmUp;
        }

        boolean isCold() {
            return spent < warmUp || total < WARM_RUNS && spent < PATIENCE * warmUp;
        }

        void warmUp() {
            double once = block();
            total += runs;
            spent += once * runs;
            runs = (int) Math.clamp(BLOCK_SECONDS / once, 1, Math.min(2.0 * runs, 1 << 24));
        }

        double block() {
            long start = System.nanoTime();
            set = side.repeat(runs, set);
            return Math.max(System.nanoTime() - start, 1) / 1e9 / runs;
        }
    }
}
