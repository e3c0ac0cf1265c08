package dev.gamut.bench.peers.ejml;

import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Precision;
import dev.gamut.dtype.DType;
import org.ejml.EjmlVersion;
import org.ejml.concurrency.EjmlConcurrency;

/** EJML's dense row-major product in Java: CommonOps, and its concurrent twin where EJML itself would take that. */
public final class EjmlPeer implements Peer {
    @Override
    public String name() {
        return "ejml";
    }

    @Override
    public void open(int threads) throws Unavailable {
        EjmlConcurrency.setMaxThreads(threads);
        if (EjmlConcurrency.getMaxThreads() != threads) {
            throw new Unavailable("has " + EjmlConcurrency.getMaxThreads() + " threads when asked for " + threads);
        }
    }

    @Override
    public String describe() {
        String parallel = ", CommonOps_MT where A or B has over " + EjmlConcurrency.ELEMENT_THRESHOLD + " elements";
        return "EJML " + EjmlVersion.VERSION + ", CommonOps" + (EjmlConcurrency.isUseConcurrent() ? parallel : "")
                + ", threads " + EjmlConcurrency.getMaxThreads();
    }

    @Override
    public Side gemm(GemmProblem problem) throws Unavailable {
        Precision p = problem.precision();
        if (p.a() == DType.F64 && p.b() == DType.F64) {
            return new Doubles(problem);
        }
        if (p.a() == DType.F32 && p.b() == DType.F32) {
            return new Singles(problem);
        }
        throw new Unavailable("multiplies F64 and F32 only");
    }
}
