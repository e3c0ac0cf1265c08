package dev.gamut.bench.gate;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.SystemSide;
import dev.gamut.bench.solve.LinearSystem;
import dev.gamut.bench.solve.SolveMethod;
import dev.gamut.linalg.Refinement;

/** The yardstick of systems solved in mixed precision: Gamut's own solution by factors of F64. */
final class OwnHpl implements Peer {
    private Gamut gamut;

    @Override
    public String name() {
        return "own-hpl";
    }

    @Override
    public void open(int threads) {
        gamut = Gamut.open(GamutConfig.defaults().threads(threads));
    }

    @Override
    public String describe() {
        return "gamut solve --method hpl, threads " + gamut.config().threads();
    }

    @Override
    public SystemSide solve(LinearSystem system) {
        SolveMethod.HPL.warmUp(gamut, system.n(), Refinement.DEFAULT);
        return new OwnSystem(gamut, SolveMethod.HPL, Refinement.DEFAULT, system);
    }

    @Override
    public void close() {
        gamut.close();
    }
}
