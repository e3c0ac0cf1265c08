package dev.gamut.bench.peers.netlib;

import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Precision;
import dev.gamut.bench.problem.ReduceProblem;
import dev.gamut.dtype.DType;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The BLAS in Java that Apache Spark uses, with kernels for the Vector API; it works on the problem's own arrays. */
public final class NetlibPeer implements Peer {
    /** Kept here, since the log manager forgets the level of a logger that nobody holds. */
    private static final Logger LOG = Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder");

    private JavaBLAS blas;

    @Override
    public String name() {
        return "netlib";
    }

    /** Its loops are long methods of the Vector API, which C2 takes some seconds to reach in some JVMs. */
    @Override
    public double warmUp() {
        return 3;
    }

    @Override
    public void open(int threads) throws Unavailable {
        if (threads != 1) {
            throw new Unavailable("has one thread only");
        }
        // It shall neither look for a native BLAS nor report, at level INFO, that it does not.
        System.setProperty("dev.ludovic.netlib.blas.allowNative", "false");
        LOG.setLevel(Level.WARNING);
        blas = JavaBLAS.getInstance();
    }

    @Override
    public String describe() {
        return "netlib " + version() + ", " + blas.getClass().getSimpleName() + ", threads 1";
    }

    private static String version() {
        Properties maven = new Properties();
        try (InputStream in =
                NetlibPeer.class.getResourceAsStream("/META-INF/maven/dev.ludovic.netlib/blas/pom.properties")) {
            maven.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return maven.getProperty("version");
    }

    @Override
    public Side gemm(GemmProblem problem) throws Unavailable {
        Precision p = problem.precision();
        if (p.a() == DType.F64 && p.b() == DType.F64) {
            return new NetlibProduct.Doubles(problem, blas);
        }
        if (p.a() == DType.F32 && p.b() == DType.F32) {
            return new NetlibProduct.Singles(problem, blas);
        }
        throw new Unavailable("multiplies F64 and F32 only");
    }

    @Override
    public Side reduce(ReduceProblem problem) throws Unavailable {
        DType type = problem.precision().a();
        if (type == DType.F64) {
            return new NetlibReduction(problem, NetlibReduction.doubles(problem, blas));
        }
        if (type == DType.F32) {
            return new NetlibReduction(problem, NetlibReduction.singles(problem, blas));
        }
        throw new Unavailable("reduces F64 and F32 only");
    }
}
