package dev.gamut.bench.gate;

import dev.gamut.bench.machine.Streams;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Problem;
import dev.gamut.bench.problem.ReduceProblem;
import dev.gamut.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;

/** The yardstick of what is bound by memory: reads as many bytes as the problem has, by as many streams as are best. */
final class ReadBandwidth implements Peer {
    private static final int[] STREAMS = {1, 2, 4, 8};

    /** Keeps sums alive. */
    private static volatile double sink;

    private int streams;

    @Override
    public String name() {
        return "read-bandwidth";
    }

    @Override
    public void open(int threads) throws Unavailable {
        if (threads != 1) {
            throw new Unavailable("reads on one thread only");
        }
    }

    @Override
    public boolean computes() {
        return false;
    }

    @Override
    public String describe() {
        return String.format(Locale.ROOT, "reading by vectors of the JVM's preferred width, streams %d", streams);
    }

    @Override
    public Side gemm(GemmProblem problem) throws Unavailable {
        return side(problem);
    }

    @Override
    public Side reduce(ReduceProblem problem) throws Unavailable {
        return side(problem);
    }

    private Side side(Problem problem) throws Unavailable {
        int n = (int) (problem.bytes() / Double.BYTES) / Streams.grain() * Streams.grain();
        if (n == 0) {
            throw new Unavailable("the problem has " + (long) problem.bytes() + " bytes, too few to read by streams");
        }
        double[][] sets = new double[problem.sets()][n];
        for (double[] set : sets) {
            Arrays.fill(set, 1e-3);
        }
        streams = StreamCount.fastest(STREAMS, sets.length, (count, set) -> read(count, sets[set]));
        return new Reading(sets, streams);
    }

    private static void read(int streams, double[] set) {
        sink = Streams.read(streams, set, 0, set.length);
    }

    private record Reading(double[][] sets, int streams) implements Side {
        @Override
        public void run(int set) {
            read(streams, sets[set]);
        }

        @Override
        public void result(Tensor into) {
            throw new UnsupportedOperationException("reading has no result");
        }
    }
}
