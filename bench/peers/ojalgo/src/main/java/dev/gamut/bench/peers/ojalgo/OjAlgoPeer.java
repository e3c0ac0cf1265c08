package dev.gamut.bench.peers.ojalgo;

import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Precision;
import dev.gamut.dtype.DType;
import org.ojalgo.OjAlgoUtils;
import org.ojalgo.matrix.operation.MultiplyNeither;

/** ojAlgo's product of dense stores, in Java. */
public final class OjAlgoPeer implements Peer {
    @Override
    public String name() {
        return "ojalgo";
    }

    @Override
    public void open(int threads) throws Unavailable {
        if (Integer.bitCount(threads) != 1) {
            // DivideAndConquer halves the work and the number of threads until one is left: three would be two.
            throw new Unavailable("splits its work over powers of two threads only");
        }
        OjAlgoUtils.limitThreadsTo(threads);
        if (MultiplyNeither.PARALLELISM.getAsInt() != threads) {
            throw new Unavailable("takes no more threads than it detects, " + OjAlgoUtils.ENVIRONMENT.threads);
        }
    }

    @Override
    public String describe() {
        return "ojAlgo " + OjAlgoUtils.getVersion() + ", MatrixStore.multiply, threads "
                + MultiplyNeither.PARALLELISM.getAsInt() + " where C has over " + MultiplyNeither.THRESHOLD
                + " rows and columns";
    }

    @Override
    public Side gemm(GemmProblem problem) throws Unavailable {
        Precision p = problem.precision();
        if (p.a() == p.b() && (p.a() == DType.F64 || p.a() == DType.F32)) {
            return new OjAlgoProduct(problem);
        }
        throw new Unavailable("multiplies F64 and F32 only");
    }
}
