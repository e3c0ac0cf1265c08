package dev.gamut.bench.gate;

import dev.gamut.Communicators;
import dev.gamut.bench.collective.CollectiveCase;
import dev.gamut.bench.collective.RankData;
import dev.gamut.bench.gate.PairMeter.Pair;
import dev.gamut.bench.machine.MpiLoops;
import dev.gamut.bench.peer.Peer;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.collective.Request;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A rank of an {@link MpiJob}: a collective of Gamut and the same one called from C, by the same processes in turn. Gamut's goes by MPI too, in
 * the same native memory; or, where the row's id does not say so, between threads of rank 0, the other processes being asleep meanwhile.
 */
final class MpiSides {
    private static final long SEED = 1;

    /** What calls of a run move together, so that saying what is next costs nothing beside them. */
    private static final long RUN_BYTES = 8 << 20;

    /** The same where processes fall asleep and wake up in between, which may take a millisecond. */
    private static final long LONG_RUN_BYTES = 512 << 20;

    /** What a call costs at least, in bytes that could be moved instead. */
    private static final long CALL_BYTES = 2 << 10;

    private static final int WAKE = 1;
    private static final int DOZE_MILLIS = 1;

    private final GateRow row;
    private final CollectiveCase what;
    private final Communicator world;
    private final MpiLoops loops;
    private final double seconds;

    private MpiSides(GateRow row, Communicator world, double seconds) {
        this.row = row;
        this.what = CollectiveSides.problem(row);
        this.world = world;
        this.loops = new MpiLoops(world.engine());
        this.seconds = seconds;
    }

    /**
     * Measures a row on each rank.
     *
     * @param arguments id and peer of the row, seconds to measure, and the file that rank 0 writes the result to
     */
    public static void main(String[] arguments) {
        GateRow row = GateTable.shipped().find(arguments[0], arguments[1]).orElseThrow();
        Communicators.run(world -> {
            ForkResult result = new MpiSides(row, world, Double.parseDouble(arguments[2])).measure();
            if (world.rank() == 0) {
                result.write(Path.of(arguments[3]));
            }
        });
    }

    /** The result, on rank 0. */
    private ForkResult measure() {
        if (overAll(loops.missing().isPresent() ? 1 : 0) > 0) {
            return ForkResult.notMeasured("a loop in C on " + world.engine() + " is "
                    + loops.missing().orElse("missing elsewhere"));
        }
        try (Arena arena = Arena.ofShared()) {
            RankData data = new RankData(what, world.rank(), false, arena, SEED);
            data.fill();
            data.callInC(loops, isBlocking(), 1);
            if (overAll(data.wrong()) > 0) {
                return ForkResult.failed("the result of the loop in C is wrong");
            }
            IntConsumer theirs = set -> data.callInC(loops, isBlocking(), calls());
            return row.isOverMpi() ? byMpi(data, theirs) : byThreads(theirs);
        }
    }

    private boolean isBlocking() {
        return row.peer().endsWith("-blocking");
    }

    /** Added to the time of a call from C. */
    private double allowance() {
        String[] parts = row.peer().split("\\+");
        return parts.length == 1 ? 0 : Double.parseDouble(parts[1].replace("ns", "")) / 1e9;
    }

    private int calls() {
        long together = row.isOverMpi() ? RUN_BYTES : LONG_RUN_BYTES;
        return (int) Math.max(1, together / Math.max(CALL_BYTES, what.bytes()));
    }

    private double overAll(double own) {
        double[] number = {own};
        world.allReduce(Tensor.of(number, 1), Combine.SUM);
        return number[0];
    }

    private ForkResult byMpi(RankData data, IntConsumer theirs) {
        data.fill();
        world.run(data.call());
        if (overAll(data.wrong()) > 0) {
            return ForkResult.failed("Gamut's result is wrong");
        }
        Turns turns = new Turns(world, Turns.calls(world, data.call(), calls()), theirs);
        if (world.rank() != 0) {
            turns.follow();
            return null;
        }
        List<Pair> pairs = pairs(turns);
        turns.end();
        return result(world.engine(), pairs);
    }

    private ForkResult byThreads(IntConsumer theirs) {
        if (world.rank() != 0) {
            new Turns(world, set -> doze(), theirs).follow();
            return null;
        }
        ForkResult[] result = new ForkResult[1];
        Communicators.threads(what.ranks(), ranks -> {
            RankData data = new RankData(what, ranks.rank(), false, null, SEED);
            data.fill();
            Turns inner = new Turns(ranks, Turns.calls(ranks, data.call(), calls()));
            if (ranks.rank() != 0) {
                inner.follow();
                return;
            }
            Turns outer = new Turns(
                    world,
                    set -> {
                        inner.runs(0, 1).run().accept(set);
                        wake();
                    },
                    theirs);
            List<Pair> pairs = pairs(outer);
            outer.end();
            inner.end();
            String algorithm = ranks.explain(data.call()).getFirst().split(":", 2)[0];
            result[0] = data.wrong() > 0
                    ? ForkResult.failed("Gamut's result is wrong")
                    : result(ranks.engine() + " " + algorithm, pairs);
        });
        return result[0];
    }

    /** Leaves the processors to rank 0 until it has done. */
    private void doze() {
        Request word = world.startReceive(word(), 0, WAKE);
        try {
            while (!word.isDone()) {
                Thread.sleep(DOZE_MILLIS);
            }
        } catch (InterruptedException e) {
            word.cancel();
            Thread.currentThread().interrupt();
        }
        world.barrier();
    }

    /** How long the others take to wake up counts as Gamut's time. */
    private void wake() {
        for (int rank = 1; rank < world.size(); rank++) {
            world.startSend(word(), rank, WAKE).await();
        }
        world.barrier();
    }

    private static Tensor word() {
        return Tensor.of(new double[1], 1);
    }

    private List<Pair> pairs(Turns turns) {
        return new PairMeter(Peer.JIT_SECONDS, Peer.COMPILED_SECONDS, seconds, GateBenchmark.FEWEST_PAIRS, 0)
                .measure(turns.runs(0, 1), turns.runs(1, 1)).stream()
                        .map(pair -> new Pair(pair.ours() / calls(), pair.theirs() / calls() + allowance()))
                        .toList();
    }

    private ForkResult result(String kernel, List<Pair> pairs) {
        return ForkResult.timed(
                kernel, "a loop in C on " + world.engine() + (isBlocking() ? ", blocking" : ""), pairs, what.bytes());
    }
}
