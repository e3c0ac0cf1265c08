package dev.gamut.bench.gate;

import dev.gamut.Communicators;
import dev.gamut.bench.collective.CollectiveCase;
import dev.gamut.bench.collective.RankData;
import dev.gamut.bench.gate.PairMeter.Pair;
import dev.gamut.bench.gate.PairMeter.Runs;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.machine.Streams;
import dev.gamut.bench.peer.Peer;
import dev.gamut.collective.Collective;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A collective of the gate and what it is held against, on ranks that are threads and live as long as both are measured. Operands stay where they are, as in nccl-tests; the triad comes from memory, as in STREAM.
 */
final class CollectiveSides {
    /** The yardstick of what memory binds: p·n bytes read and p·n written are as many as the triad moves. */
    static final String TRIAD = "triad-bandwidth";

    /** The yardstick of narrow types: as many elements in F32. */
    static final String OWN_F32 = "own-f32";

    private static final long SEED = 1;

    /** Calls in a run of what takes less than some microseconds, so that saying what is next costs nothing beside them. */
    private static final int SMALL_CALLS = 1_000;

    private static final long SMALL_BYTES = 8 << 10;

    /** Each rank's part of the arrays that the triad goes through, unless the machine's caches are larger. */
    private static final long TRIAD_BYTES = 128 << 20;

    private final GateRow row;
    private final CollectiveCase what;
    private final double seconds;

    /**
     * The sides of a row.
     *
     * @param row of the area collective
     * @param seconds to measure
     */
    CollectiveSides(GateRow row, double seconds) {
        this.row = row;
        this.what = problem(row);
        this.seconds = seconds;
    }

    /** What a row computes: the shape is bytes (8b), KiB (4k), MiB (16m) or elements (n1000). */
    static CollectiveCase problem(GateRow row) {
        int op = row.isOverMpi() ? 2 : 1;
        DType type = DType.parse(row.parts()[op + 1]);
        String shape = row.parts()[op + 2];
        long bytes = shape.startsWith("n")
                ? type.bytes(Long.parseLong(shape.substring(1)))
                : Long.parseLong(shape.substring(0, shape.length() - 1)) << shift(shape);
        return CollectiveCase.of(Collective.parse(row.parts()[op]), Combine.SUM, type, 0, bytes, row.threads());
    }

    private static int shift(String shape) {
        return shape.endsWith("m") ? 20 : shape.endsWith("k") ? 10 : 0;
    }

    /** Bytes that all ranks together must at least read and write. */
    private double bytes() {
        return 2.0 * what.ranks() * what.bytes();
    }

    /** Measures the row. */
    ForkResult measure() {
        ForkResult[] result = new ForkResult[1];
        Communicators.threads(what.ranks(), ranks -> {
            RankData data = new RankData(what, ranks.rank(), false, null, SEED);
            data.fill();
            ranks.run(data.call());
            double[] wrong = {data.wrong()};
            ranks.allReduce(Tensor.of(wrong, 1), Combine.SUM);
            if (wrong[0] != 0) {
                result[0] = ForkResult.failed("Gamut's result is wrong in " + (long) wrong[0] + " elements");
                return;
            }
            Turns turns = new Turns(ranks, ours(ranks, data), theirs(ranks));
            if (ranks.rank() != 0) {
                turns.follow();
                return;
            }
            List<Pair> pairs = lead(turns);
            turns.end();
            String algorithm = ranks.explain(data.call()).getFirst().split(":", 2)[0];
            result[0] = ForkResult.timed(
                    ranks.engine() + " " + algorithm,
                    row.isLimit() ? "" : row.peer() + ", threads " + what.ranks(),
                    pairs,
                    row.isLimit() ? 0 : bytes());
        });
        return result[0];
    }

    private IntConsumer ours(Communicator ranks, RankData data) {
        return calls(ranks, data.call());
    }

    private IntConsumer calls(Communicator ranks, CollectiveCall call) {
        return Turns.calls(ranks, call, callsOfARun());
    }

    private int callsOfARun() {
        return what.bytes() <= SMALL_BYTES ? SMALL_CALLS : 1;
    }

    private IntConsumer theirs(Communicator ranks) {
        return switch (row.peer()) {
            case TRIAD -> triad(ranks);
            case OWN_F32 -> {
                CollectiveCase wide = new CollectiveCase(
                        what.op(), what.combine(), DType.F32, what.root(), what.count(), what.ranks());
                RankData data = new RankData(wide, ranks.rank(), false, null, SEED);
                data.fill();
                yield calls(ranks, data.call());
            }
            default -> set -> {};
        };
    }

    private int third() {
        return (int) (bytes() / what.ranks() / 3 / Double.BYTES) / Streams.grain() * Streams.grain();
    }

    /** Parts of each rank's array that the triad goes through one after the other. */
    private int triadSets() {
        long caches = 2 * MachineCaches.host().total(what.ranks());
        long all = Math.max(TRIAD_BYTES, caches) / Double.BYTES;
        return Math.clamp(all / (3L * third()), 1, (1 << 30) / (3 * third()));
    }

    private IntConsumer triad(Communicator ranks) {
        int n = third();
        double[] x = new double[triadSets() * 3 * n];
        Arrays.fill(x, 1e-3);
        return set -> {
            Streams.triad(x, set * 3 * n, n);
            ranks.barrier();
        };
    }

    private List<Pair> lead(Turns turns) {
        Runs ours = turns.runs(0, 1);
        int calls = callsOfARun();
        if (row.isLimit()) {
            return LimitMeter.time(ours, row.limit() * calls, Peer.JIT_SECONDS).stream()
                    .map(pair -> new Pair(pair.ours() / calls, pair.theirs() / calls))
                    .toList();
        }
        Runs theirs = turns.runs(1, row.peer().equals(TRIAD) ? triadSets() : 1);
        return new PairMeter(Peer.JIT_SECONDS, Peer.JIT_SECONDS, seconds, GateBenchmark.FEWEST_PAIRS, 0)
                .measure(ours, theirs);
    }
}
