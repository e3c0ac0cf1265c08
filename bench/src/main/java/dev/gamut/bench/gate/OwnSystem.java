package dev.gamut.bench.gate;

import dev.gamut.Gamut;
import dev.gamut.bench.peer.SystemSide;
import dev.gamut.bench.solve.LinearSystem;
import dev.gamut.bench.solve.SolveMethod;
import dev.gamut.linalg.Refinement;

/** A system that Gamut solves. */
final class OwnSystem implements SystemSide {
    private final Gamut gamut;
    private final SolveMethod method;
    private final Refinement how;
    private final LinearSystem system;
    private SolveMethod.Answer answer;

    OwnSystem(Gamut gamut, SolveMethod method, Refinement how, LinearSystem system) {
        this.gamut = gamut;
        this.method = method;
        this.how = how;
        this.system = system;
    }

    @Override
    public long solve() {
        answer = method.solve(gamut, system, how, columns -> {});
        return answer.nanos();
    }

    @Override
    public double[] x() {
        return answer.x();
    }

    /** What the last run gave up, one thing after the other; empty where nothing. */
    String givenUp() {
        return String.join("; ", answer.fallbacks());
    }
}
