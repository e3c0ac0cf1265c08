package dev.gamut.bench.collective;

import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Communicator;
import dev.gamut.collective.Request;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.util.OptionalInt;
import java.util.function.LongConsumer;

/** Times calls on all ranks at once: they make the same number of calls, which rank 0 decides on. */
final class RankTimer {
    /** Calls that nccl-tests makes unless told otherwise. */
    private static final int FEWEST = 20;

    private static final int MOST = 1 << 20;
    private static final int FEWEST_WARM_UPS = 5;

    /** What is measured, unless a number of calls is asked for: long enough for the clock whatever the size. */
    private static final double SECONDS = 0.1;

    /** The JIT compiler needs that long to take notice of a loop, while ranks that wait for each other leave it little time. */
    private static final double WARM_UP = 0.7;

    /** Of what was compiled before. */
    private static final double COMPILED_WARM_UP = 0.02;

    /** Batches of warm-up calls; it ends when so many have brought nothing more. */
    private static final double BATCH_SECONDS = 0.05;

    private static final int BATCHES = 4;
    private static final double LONGEST_WARM_UP = 3;

    private final Communicator ranks;
    private final OptionalInt warmUps;
    private final OptionalInt calls;
    private final boolean waits;

    /**
     * A timer for one rank.
     *
     * @param ranks all of them
     * @param warmUps calls before those that count; empty for as many as the JIT compiler needs
     * @param calls that count; empty for as many as fill a tenth of a second, at least 20
     * @param waits whether each call is waited for before the next one starts
     */
    RankTimer(Communicator ranks, OptionalInt warmUps, OptionalInt calls, boolean waits) {
        this.ranks = ranks;
        this.warmUps = warmUps;
        this.calls = calls;
        this.waits = waits;
    }

    /** Seconds of a call on this rank, the mean of those that count. */
    double seconds(CollectiveCall call) {
        return seconds(times -> make(call, times), WARM_UP);
    }

    /** Seconds of a call that is made in C: as many in a row as is said. */
    double secondsInC(LongConsumer calls) {
        return seconds(calls, COMPILED_WARM_UP);
    }

    private double seconds(LongConsumer call, double enough) {
        double once = warmUps.isPresent() ? repeat(call, warmUps.getAsInt()) : warmUp(call, enough);
        long times = calls.isPresent() ? calls.getAsInt() : agreed((long) Math.clamp(SECONDS / once, FEWEST, MOST));
        ranks.barrier();
        return repeat(call, times);
    }

    private double warmUp(LongConsumer call, double enough) {
        long times = 1;
        long done = 0;
        double spent = 0;
        double best = Double.POSITIVE_INFINITY;
        int inVain = 0;
        while (times > 0) {
            double once = repeat(call, times);
            done += times;
            spent += once * times;
            inVain = once < 0.95 * best ? 0 : inVain + 1;
            best = Math.min(best, once);
            boolean warm = done >= FEWEST_WARM_UPS && spent > enough && inVain >= BATCHES;
            times = agreed(
                    warm || spent > LONGEST_WARM_UP
                            ? 0
                            : (long) Math.clamp(BATCH_SECONDS / once, 1, Math.min(2 * times, MOST)));
        }
        return best;
    }

    /** Seconds a call. */
    private static double repeat(LongConsumer call, long times) {
        long start = System.nanoTime();
        call.accept(times);
        return Math.max(1, System.nanoTime() - start) / 1e9 / Math.max(1, times);
    }

    private void make(CollectiveCall call, long times) {
        if (waits) {
            for (long i = 0; i < times; i++) {
                ranks.run(call);
            }
        } else {
            Request last = null;
            for (long i = 0; i < times; i++) {
                last = ranks.start(call);
            }
            if (last != null) {
                last.await();
            }
        }
    }

    /** Rank 0's number, on every rank. */
    private long agreed(long mine) {
        Tensor number = Tensor.of(new long[] {mine}, DType.I64, Layout.rowMajor(1), 0);
        ranks.broadcast(number, 0);
        return ((long[]) number.array())[0];
    }
}
