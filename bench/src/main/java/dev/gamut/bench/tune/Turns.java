package dev.gamut.bench.tune;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Times several computations in turn, in short blocks, each round beginning with the next of them: all see the same machine,
 * whatever else it does. What one thread computes is timed by the processor time that it got, so that other programs' turns
 * do not count; what several compute, by the clock.
 *
 * @param warmUp seconds for each before anything counts
 * @param seconds to measure each
 * @param threads that each computes on
 */
record Turns(double warmUp, double seconds, int threads) {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Long enough for the clock, short enough that a machine's speed does not drift. */
    private static final double BLOCK_SECONDS = 10e-3;

    private static final int FEWEST = 7;
    private static final int MOST = 60;

    /** Runs after which the JIT compiler has met a kernel's loops, unless they take {@value #PATIENCE} times the warm-up. */
    private static final int WARM_RUNS = 60;

    private static final int PATIENCE = 3;

    /**
     * Something to be timed.
     *
     * @param run computes once on a set of operands
     * @param sets of operands, taken in turn
     */
    record Runs(IntConsumer run, int sets) {}

    /**
     * Warms up and measures.
     *
     * @param all what to time
     * @return a timing for each
     */
    List<Timing> measure(List<Runs> all) {
        List<Timed> sides = all.stream().map(runs -> new Timed(runs, threads)).toList();
        while (sides.stream().anyMatch(this::isCold)) {
            sides.stream().filter(this::isCold).forEach(Timed::warmUp);
        }
        double[][] taken = new double[sides.size()][MOST];
        double measured = 0;
        int turns = 0;
        while (turns < FEWEST || turns < MOST && measured < seconds * sides.size()) {
            for (int i = 0; i < sides.size(); i++) {
                int side = (i + turns) % sides.size();
                taken[side][turns] = sides.get(side).block();
                measured += taken[side][turns] * sides.get(side).runs;
            }
            turns++;
        }
        List<Timing> timings = new ArrayList<>();
        for (int i = 0; i < sides.size(); i++) {
            timings.add(Timing.of(Arrays.copyOf(taken[i], turns), sides.get(i).spent / (sides.get(i).elapsed / 1e9)));
        }
        return timings;
    }

    private boolean isCold(Timed side) {
        return side.spent < warmUp || side.total < WARM_RUNS && side.spent < PATIENCE * warmUp;
    }

    /** How many runs fill a block, and where in its sets a computation stands. */
    private static final class Timed {
        private final Runs side;
        private final boolean byProcessorTime;
        private int set;
        private int runs = 1;
        private long total;
        private double spent;
        private long elapsed;

        Timed(Runs side, int threads) {
            this.side = side;
            byProcessorTime = threads == 1 && THREADS.isCurrentThreadCpuTimeSupported();
        }

        private long now() {
            return byProcessorTime ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
        }

        void warmUp() {
            double once = block();
            total += runs;
            runs = (int) Math.clamp(BLOCK_SECONDS / once, 1, Math.min(2.0 * runs, 1 << 24));
        }

        /** Seconds of one run. */
        double block() {
            long begin = System.nanoTime();
            long start = now();
            for (int i = 0; i < runs; i++) {
                side.run.accept(set);
                set = set + 1 == side.sets ? 0 : set + 1;
            }
            double taken = Math.max(now() - start, 1) / 1e9;
            elapsed += Math.max(System.nanoTime() - begin, 1);
            spent += taken;
            return taken / runs;
        }
    }
}
