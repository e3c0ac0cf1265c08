package dev.gamut.bench.gate;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Problem;

/** The yardstick of kernels in C: the same product by Gamut's Java kernels, on the same arrays. */
final class OwnVector implements Peer {
    private Gamut gamut;
    private int threads;
    private String kernel = "";

    @Override
    public String name() {
        return "own-vector";
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
        Problem.Bound bound = problem.bind(gamut);
        kernel = bound.kernel().toString();
        return new OwnSide(bound, problem.sets());
    }

    @Override
    public void close() {
        gamut.close();
    }
}
