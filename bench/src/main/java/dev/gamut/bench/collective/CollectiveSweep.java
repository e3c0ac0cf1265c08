package dev.gamut.bench.collective;

import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Cases to measure one after the other, each out of place and in place; every rank does the same and rank 0 tells.
 *
 * @param cases what
 * @param warmUps calls before those that count, see {@link RankTimer}
 * @param calls that count
 * @param waits whether each call is waited for before the next one starts
 * @param checks whether results are looked at
 * @param heap whether tensors are Java arrays rather than native memory
 * @param seed of the numbers
 */
public record CollectiveSweep(
        List<CollectiveCase> cases,
        OptionalInt warmUps,
        OptionalInt calls,
        boolean waits,
        boolean checks,
        boolean heap,
        long seed) {
    /**
     * Measures, on each rank.
     *
     * @param ranks all of them
     * @param baseline of these ranks
     * @param told each row, on rank 0
     */
    public void run(Communicator ranks, CBaseline baseline, Consumer<CollectiveRow> told) {
        RankTimer timer = new RankTimer(ranks, warmUps, calls, waits);
        for (CollectiveCase what : cases) {
            CollectiveRow.Measured outOfPlace = what.hasOutOfPlace() ? measured(what, ranks, timer, false) : null;
            CollectiveRow.Measured inPlace = what.hasInPlace() ? measured(what, ranks, timer, true) : null;
            CollectiveRow.InC inC = baseline.isThere() ? inC(what, ranks, timer, baseline) : null;
            if (ranks.rank() == 0) {
                told.accept(new CollectiveRow(what, outOfPlace, inPlace, inC));
            }
        }
    }

    private CollectiveRow.Measured measured(CollectiveCase what, Communicator ranks, RankTimer timer, boolean inPlace) {
        // Other ranks read native memory of this one where it lies.
        try (Arena arena = Arena.ofShared()) {
            RankData data = new RankData(what, ranks.rank(), inPlace, heap ? null : arena, seed);
            CollectiveCall call = data.call();
            data.fill();
            double seconds = timer.seconds(call);
            long wrong = 0;
            if (checks) {
                data.fill();
                ranks.run(call);
                wrong = data.wrong();
            }
            long sum = (long) overAll(ranks, Combine.SUM, wrong);
            return CollectiveRow.Measured.of(
                    what, overAll(ranks, Combine.MAX, seconds), checks ? OptionalLong.of(sum) : OptionalLong.empty());
        }
    }

    private CollectiveRow.InC inC(CollectiveCase what, Communicator ranks, RankTimer timer, CBaseline baseline) {
        try (Arena arena = Arena.ofShared()) {
            RankData data = new RankData(what, ranks.rank(), !what.hasOutOfPlace(), arena, seed);
            data.fill();
            if (!data.callInC(baseline.loops(), false, 0)) {
                return null;
            }
            double tested = timer.secondsInC(times -> data.callInC(baseline.loops(), false, times));
            double blocked = timer.secondsInC(times -> data.callInC(baseline.loops(), true, times));
            return new CollectiveRow.InC(overAll(ranks, Combine.MAX, tested), overAll(ranks, Combine.MAX, blocked));
        }
    }

    private static double overAll(Communicator ranks, Combine how, double own) {
        double[] number = {own};
        ranks.allReduce(Tensor.of(number, 1), how);
        return number[0];
    }

    /**
     * How algorithms rank for each case, on each rank.
     *
     * @param ranks all of them
     * @param told each case and its lines, on rank 0
     */
    public void explain(Communicator ranks, BiConsumer<CollectiveCase, List<String>> told) {
        for (CollectiveCase what : cases) {
            try (Arena arena = Arena.ofShared()) {
                CollectiveCall call =
                        new RankData(what, ranks.rank(), !what.hasOutOfPlace(), heap ? null : arena, seed).call();
                List<String> lines = ranks.explain(call);
                if (ranks.rank() == 0) {
                    told.accept(what, lines);
                }
            }
        }
    }
}
