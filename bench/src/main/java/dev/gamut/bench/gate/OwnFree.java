package dev.gamut.bench.gate;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.problem.Problem;
import dev.gamut.bench.problem.ReduceProblem;
import dev.gamut.dtype.DType;
import dev.gamut.kernel.KernelId;
import java.util.List;

/** The yardstick of reproducible and of compensated sums: Gamut's own in a free order, by its Java kernels on the same arrays. */
final class OwnFree implements Peer {
    private int threads;
    private Gamut gamut;
    private String kernel = "";

    @Override
    public String name() {
        return "own-free";
    }

    @Override
    public void open(int count) {
        threads = count;
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
    public Side reduce(ReduceProblem problem) {
        DType type = problem.precision().a();
        KernelId free = KernelId.of(problem.workload().op(), List.of(type, type), "vec");
        gamut = Gamut.open(
                GamutConfig.defaults().threads(threads).kernel(free.toString()).strict(true));
        Problem.Bound bound = problem.bind(gamut);
        kernel = bound.kernel().toString();
        return new OwnSide(bound, problem.sets());
    }

    @Override
    public void close() {
        if (gamut != null) {
            gamut.close();
        }
    }
}
