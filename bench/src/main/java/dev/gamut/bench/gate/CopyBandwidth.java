package dev.gamut.bench.gate;

import dev.gamut.bench.machine.Streams;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.ConvertProblem;
import dev.gamut.tensor.Tensor;
import java.util.Arrays;

/** The yardstick of conversions: a copy that reads and writes as many bytes together as the problem does. */
final class CopyBandwidth implements Peer {
    @Override
    public String name() {
        return "copy-bandwidth";
    }

    @Override
    public void open(int threads) throws Unavailable {
        if (threads != 1) {
            throw new Unavailable("copies on one thread only");
        }
    }

    @Override
    public boolean computes() {
        return false;
    }

    @Override
    public String describe() {
        return "copying by vectors of the JVM's preferred width";
    }

    @Override
    public Side convert(ConvertProblem problem) throws Unavailable {
        int n = (int) (problem.bytes() / 2 / Double.BYTES) / Streams.grain() * Streams.grain();
        if (n == 0) {
            throw new Unavailable("the problem has " + (long) problem.bytes() + " bytes, too few to copy by vectors");
        }
        double[][] sets = new double[problem.sets()][2 * n];
        for (double[] set : sets) {
            Arrays.fill(set, 1e-3);
        }
        return new Copying(sets, n);
    }

    private record Copying(double[][] sets, int n) implements Side {
        @Override
        public void run(int set) {
            Streams.copy(sets[set], 0, n);
        }

        @Override
        public void result(Tensor into) {
            throw new UnsupportedOperationException("copying has no result");
        }
    }
}
