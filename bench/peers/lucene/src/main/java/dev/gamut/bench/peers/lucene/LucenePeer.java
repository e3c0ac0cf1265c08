package dev.gamut.bench.peers.lucene;

import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Precision;
import dev.gamut.bench.problem.ReduceProblem;
import dev.gamut.bench.problem.Workload;
import dev.gamut.dtype.DType;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.util.Version;

/** Lucene's dot products of vectors, with which it scores a query against documents: {@code VectorUtil}. */
public final class LucenePeer implements Peer {
    private final ProviderLog log = new ProviderLog();

    @Override
    public String name() {
        return "lucene";
    }

    @Override
    public void open(int threads) throws Unavailable {
        if (threads != 1) {
            throw new Unavailable("has one thread only");
        }
        log.attach();
        if (!scorer().contains("MemorySegment")) { // what the provider with the Vector API brings along
            throw new Unavailable("does without the Vector API here: " + log.message());
        }
    }

    /** The class that tells which provider was chosen; the provider itself shows itself to Lucene only. */
    private static String scorer() {
        return FlatVectorScorerUtil.getLucene99FlatVectorsScorer().getClass().getSimpleName();
    }

    @Override
    public String describe() {
        return "Lucene " + Version.LATEST + ", VectorUtil, " + scorer() + ", \"" + log.message() + "\", threads 1";
    }

    @Override
    public Side gemm(GemmProblem problem) throws Unavailable {
        Workload w = problem.workload();
        Precision p = problem.precision();
        if (w.m() != 1 || w.batch() != 1 || !w.transposeB()) {
            throw new Unavailable("scores one vector against rows only");
        }
        if (p.a() != p.b() || p.block() != 0) {
            throw new Unavailable("multiplies equal types without scales only");
        }
        Dots dots = dots(p.a(), (int) w.n(), (int) w.k(), problem.sets());
        for (int set = 0; set < problem.sets(); set++) {
            dots.set(set, problem.b(set).array(), problem.a(set).array());
        }
        return dots;
    }

    @Override
    public Side reduce(ReduceProblem problem) throws Unavailable {
        Workload w = problem.workload();
        if (!w.op().equals("dot") || w.m() != 1) {
            throw new Unavailable("reduces two vectors to their dot product only");
        }
        Dots dots = dots(problem.precision().a(), 1, (int) w.k(), problem.sets());
        for (int set = 0; set < problem.sets(); set++) {
            dots.set(set, problem.x(set).array(), problem.y(set).array());
        }
        return dots;
    }

    private static Dots dots(DType type, int rows, int length, int sets) throws Unavailable {
        if (type == DType.F32) {
            return new Dots.Floats(rows, length, sets);
        }
        if (type == DType.I8) {
            if (length > Dots.MOST_BYTES) {
                throw new Unavailable("sums in 32 bits, which " + length + " products may overflow");
            }
            return new Dots.Bytes(rows, length, sets);
        }
        if (type == DType.I4) {
            throw new Unavailable("takes 4-bit codes from 0 to 15 only, not signed ones");
        }
        throw new Unavailable("multiplies F32 and I8 only");
    }
}
