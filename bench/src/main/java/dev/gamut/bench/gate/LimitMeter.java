package dev.gamut.bench.gate;

import com.sun.management.ThreadMXBean;
import dev.gamut.bench.gate.PairMeter.Pair;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.DoubleStream;

/** Holds one side against a number: the time of a call, or the bytes it allocates. */
final class LimitMeter {
    private static final int BLOCKS = 15;
    private static final double BLOCK_SECONDS = 20e-3;

    private LimitMeter() {}

    /**
     * Nanoseconds of a call.
     *
     * @param runs what to time
     * @param limit nanoseconds
     * @param warmUp seconds before anything counts
     * @return one pair for each block, in seconds
     */
    static List<Pair> time(PairMeter.Runs runs, double limit, double warmUp) {
        PairMeter meter = new PairMeter(warmUp, warmUp, BLOCKS * BLOCK_SECONDS, BLOCKS, 0);
        return meter.measure(runs, runs).stream()
                .flatMapToDouble(pair -> DoubleStream.of(pair.ours(), pair.theirs()))
                .mapToObj(seconds -> new Pair(seconds, limit / 1e9))
                .toList();
    }

    /**
     * Bytes that a call allocates in the Java heap, on all threads: the least of several blocks, since what the JVM itself
     * allocates meanwhile only ever adds to it.
     *
     * @param runs what to call
     * @param limit bytes
     * @param warmUp seconds before anything counts
     * @return one pair, in whole bytes
     */
    static List<Pair> allocation(PairMeter.Runs runs, double limit, double warmUp) {
        int calls = calls(runs, warmUp);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int block = 0; block < BLOCKS; block++) {
            long before = threads.getTotalThreadAllocatedBytes();
            runs.repeat(calls, 0);
            least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
        }
        return List.of(new Pair(Math.rint((double) least / calls), limit));
    }

    private static int calls(PairMeter.Runs runs, double warmUp) {
        int calls = 0;
        long start = System.nanoTime();
        while (System.nanoTime() - start < warmUp * 1e9) {
            runs.repeat(1, 0);
            calls++;
        }
        return Math.max(1, (int) (calls * BLOCK_SECONDS / warmUp));
    }
}
