package dev.gamut.bench.collective;

import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Communicator;
import dev.gamut.dtype.DType;
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
     * @param told each row, on rank 0
     */
    public void run(Communicator ranks, Consumer<CollectiveRow> told) {
        RankTimer timer = new RankTimer(ranks, warmUps, calls, waits);
        for (CollectiveCase what : cases) {
            CollectiveRow.Measured outOfPlace = what.hasOutOfPlace() ? measured(what, ranks, timer, false) : null;
            CollectiveRow.Measured inPlace = what.hasInPlace() ? measured(what, ranks, timer, true) : null;
            if (ranks.rank() == 0) {
                told.accept(new CollectiveRow(what, outOfPlace, inPlace));
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
            return overAll(what, ranks, seconds, wrong);
        }
    }

    private CollectiveRow.Measured overAll(CollectiveCase what, Communicator ranks, double seconds, long wrong) {
        double[] all = new double[2 * ranks.size()];
        ranks.gather(
                Tensor.of(new double[] {seconds, wrong}, 2),
                ranks.rank() == 0 ? Tensor.of(all, all.length) : Tensor.zeros(DType.F64, 2),
                0);
        double slowest = 0;
        double sum = 0;
        for (int r = 0; r < ranks.size(); r++) {
            slowest = Math.max(slowest, all[2 * r]);
            sum += all[2 * r + 1];
        }
        return CollectiveRow.Measured.of(what, slowest, checks ? OptionalLong.of((long) sum) : OptionalLong.empty());
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
