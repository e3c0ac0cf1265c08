package dev.gamut.bench.gate;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Precision;
import dev.gamut.bench.problem.Problem;

/** The yardstick of products of narrow types: Gamut's own F32 product of the same shape, by its Java kernels. */
final class OwnF32 implements Peer {
    private Gamut gamut;
    private int threads;
    private String kernel = "";

    @Override
    public String name() {
        return "own-f32";
    }

    @Override
    public void open(int count) {
        threads = count;
        gamut = Gamut.open(
                GamutConfig.defaults().threads(count).kernel("gemm_*_vec*").strict(true));
    }

    @Override
    public boolean computes() {
        return false;
    }

    @Override
    public String describe() {
        return kernel + ", threads " + threads;
    }

    @Override
    public Side gemm(GemmProblem problem) {
        GemmProblem same = new GemmProblem(problem.workload(), Precision.parse("f32"), problem.packed());
        same.fill(MachineCaches.host(), threads, problem.workload().id().hashCode());
        Problem.Bound bound = same.bind(gamut);
        kernel = bound.kernel().toString();
        return new OwnSide(bound, same.sets());
    }

    @Override
    public void close() {
        gamut.close();
    }
}
