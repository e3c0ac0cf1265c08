package dev.gamut.bench.gate;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.bench.gate.PairMeter.Pair;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.SystemSide;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.Rotation;
import dev.gamut.bench.solve.LinearSystem;
import dev.gamut.bench.solve.SolveMethod;
import dev.gamut.bench.solve.SolveRun;
import dev.gamut.dtype.DType;
import dev.gamut.linalg.Refinement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A system of linear equations of the gate, solved by Gamut and by a peer in turn. */
final class SolveSides {
    private static final double LONG_SECONDS = 1;

    private static final int FEWEST_LONG_PAIRS = 2;

    /** A pair that takes so long is the only one of its JVM. */
    private static final double LONGEST_SECONDS = 40;

    /** Order of the system by which a library is loaded and its buffers are made. */
    private static final int FIRST = 256;

    private final GateRow row;
    private final SolveMethod method;
    private final Refinement how;
    private final int n;
    private final boolean dominant;
    private final double seconds;

    /**
     * The sides of a row.
     *
     * @param row of the area solve: {@code solve.mxp.bf16.n4096.t1}, the method, what may follow it after a hyphen, and the type of the factors
     * @param seconds to measure
     */
    SolveSides(GateRow row, double seconds) {
        String[] parts = row.parts();
        this.row = row;
        this.method = SolveMethod.valueOf(parts[1].split("-", 2)[0].toUpperCase(Locale.ROOT));
        this.dominant = parts[1].endsWith("-dominant");
        this.how = Refinement.DEFAULT.factors(DType.parse(parts[2])).accuracy(Accuracy.parse(row.accuracy()));
        this.n = Integer.parseInt(parts[3].substring(1));
        this.seconds = seconds;
    }

    /** Operations as HPL counts them. */
    double operations() {
        return SolveRun.operations(n);
    }

    ForkResult measure() {
        if (!Rotation.fits(3 * 8.0 * n * n)) {
            return ForkResult.notMeasured("the matrix and its factors need more memory than this JVM has");
        }
        LinearSystem system = dominant
                ? LinearSystem.dominant(n, row.id().hashCode())
                : LinearSystem.random(n, row.id().hashCode());
        try (Gamut gamut = Gamut.open(GamutConfig.defaults().threads(row.threads()));
                Peer peer = Peers.open(row.peer(), row.threads())) {
            peer.solve(LinearSystem.random(FIRST, 1)).solve();
            SystemSide theirs = peer.solve(system);
            method.warmUp(gamut, n, how);
            OwnSystem ours = new OwnSystem(gamut, method, how, system);
            List<Pair> pairs = pairs(ours, theirs);
            return result(system, ours, theirs, peer.describe(), pairs);
        } catch (Unavailable e) {
            return ForkResult.notMeasured(row.peer() + " " + e.getMessage());
        }
    }

    private List<Pair> pairs(SystemSide ours, SystemSide theirs) {
        List<Pair> pairs = new ArrayList<>();
        double spent = 0;
        int fewest = 1;
        while (pairs.size() < fewest || spent < seconds) {
            boolean oursFirst = pairs.size() % 2 == 0;
            double first = seconds(oursFirst ? ours : theirs);
            double second = seconds(oursFirst ? theirs : ours);
            double both = first + second;
            spent += both;
            fewest = both > LONGEST_SECONDS
                    ? 1
                    : both > 2 * LONG_SECONDS ? FEWEST_LONG_PAIRS : GateBenchmark.FEWEST_PAIRS;
            pairs.add(oursFirst ? new Pair(first, second) : new Pair(second, first));
        }
        return pairs;
    }

    /** Of a solution in a heap without what earlier ones left behind: gigabytes, which a collector moves at its own time. */
    private static double seconds(SystemSide side) {
        System.gc();
        return side.solve() / 1e9;
    }

    private ForkResult result(LinearSystem system, OwnSystem ours, SystemSide theirs, String peer, List<Pair> pairs) {
        double own = system.residual(ours.x());
        double other = system.residual(theirs.x());
        if (!ours.givenUp().isEmpty()) {
            return ForkResult.failed("Gamut gave up " + ours.givenUp());
        }
        if (!(own < SolveRun.THRESHOLD)) {
            return ForkResult.failed("Gamut's solution is wrong: HPL's residual is " + own);
        }
        if (!(other < SolveRun.THRESHOLD)) {
            return ForkResult.notMeasured(row.peer() + " computes a wrong solution: HPL's residual is " + other);
        }
        double unit = 0x1p-53 * n; // what HPL's residual is relative to
        return new ForkResult(
                "",
                "",
                method.id() + ", factors " + how.factors(),
                peer,
                pairs,
                own * unit,
                other * unit,
                false, // both pass HPL's check, and nobody asks for more
                "",
                operations(),
                0,
                "");
    }
}
