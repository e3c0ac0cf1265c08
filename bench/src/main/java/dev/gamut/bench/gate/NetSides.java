package dev.gamut.bench.gate;

import dev.gamut.Communicators;
import dev.gamut.bench.collective.CollectiveCase;
import dev.gamut.bench.collective.RankData;
import dev.gamut.bench.gate.PairMeter.Pair;
import dev.gamut.bench.peer.Peer;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.tensor.Quantise;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A rank of an {@link MpiJob} between hosts: a sum over all ranks whose numbers travel as codes, and the same one without, in turn. */
final class NetSides {
    private static final long SEED = 1;
    private static final int BLOCK = 256;

    /** The largest magnitude that a rank gives. */
    private static final double LARGEST = 2;

    /** Codes by the part of the id that names them. */
    private static final Map<String, Quantise> CODES = Map.of("i8", Quantise.int8(), "i4", Quantise.int4());

    private NetSides() {}

    /**
     * Measures a row on each rank.
     *
     * @param arguments id and peer of the row, seconds to measure, and the file that rank 0 writes the result to
     */
    public static void main(String[] arguments) {
        GateRow row = GateTable.shipped().find(arguments[0], arguments[1]).orElseThrow();
        Communicators.run(world -> {
            ForkResult result = measure(row, world, Double.parseDouble(arguments[2]));
            if (world.rank() == 0) {
                result.write(Path.of(arguments[3]));
            }
        });
    }

    /** The result, on rank 0. */
    private static ForkResult measure(GateRow row, Communicator world, double seconds) {
        CollectiveCase what = CollectiveSides.problem(row);
        Quantise codes = CODES.get(row.parts()[5]).blocks(BLOCK);
        try (Arena arena = Arena.ofShared()) {
            RankData coded = new RankData(what, world.rank(), false, arena, SEED);
            RankData plain = new RankData(what, world.rank(), false, arena, SEED);
            CollectiveCall ours = coded.call().transport(codes);
            CollectiveCall theirs = plain.call();
            coded.fill();
            plain.fill();
            world.run(ours);
            world.run(theirs);
            double[] wrong = {coded.wrong(bound(codes, world.size())) + plain.wrong(0)};
            world.allReduce(Tensor.of(wrong, 1), Combine.SUM);
            if (wrong[0] > 0) {
                return ForkResult.failed("results are wrong in " + (long) wrong[0] + " elements");
            }
            Turns turns = new Turns(world, Turns.calls(world, ours, 1), Turns.calls(world, theirs, 1));
            if (world.rank() != 0) {
                turns.follow();
                return null;
            }
            List<Pair> pairs = new PairMeter(Peer.JIT_SECONDS, Peer.JIT_SECONDS, seconds, GateBenchmark.FEWEST_PAIRS, 0)
                    .measure(turns.runs(0, 1), turns.runs(1, 1));
            turns.end();
            return ForkResult.timed(
                    world.engine() + ", " + world.explain(ours).getFirst(),
                    world.engine() + ", " + world.explain(theirs).getFirst(),
                    pairs,
                    what.bytes());
        }
    }

    /** Half a unit of the codes of each rank's numbers, and of a sum of them and of what they are off; a hundredth for roundings. */
    private static double bound(Quantise codes, int ranks) {
        double share = 0.5 / codes.type().maxFinite();
        return 1.01 * ranks * LARGEST * share * (2 + share);
    }
}
