package dev.gamut.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.bench.gate.PairMeter.Pair;
import dev.gamut.bench.gate.Verdict.Status;
import dev.gamut.bench.machine.Bandwidth;
import dev.gamut.bench.machine.CYardsticks;
import dev.gamut.bench.machine.Yardsticks;
import dev.gamut.dtype.DType;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How measurements become a verdict. */
class VerdictTest {
    private static final GateRow ROW = GateTable.parse(
                    "test", "vector.gemm.f64.n64.t1, speed, *, openblas, native, 1, 0.9, -, no")
            .all()
            .getFirst();

    private static ForkResult fork(double... ratios) {
        List<Pair> pairs = new ArrayList<>();
        for (double ratio : ratios) {
            pairs.add(new Pair(1e-3, ratio * 1e-3));
        }
        return new ForkResult("", "", "gemm_x", "peer 1.0", pairs, 1e-16, 1e-16, false, "F64", 1e6, 1e3, "L1");
    }

    private static ForkResult traded(double error, double peerError) {
        return new ForkResult(
                "", "", "gemm_x", "peer 1.0", List.of(new Pair(1, 2)), error, peerError, true, "F64", 1, 1, "L1");
    }

    private static Status status(double limit, ForkResult... forks) {
        return Verdict.of(ROW, List.of(forks), limit).status();
    }

    @Test
    void theRatioIsTheMedianOverForksOfTheMediansOfPairs() {
        Verdict v = Verdict.of(ROW, List.of(fork(1, 1.1, 9), fork(0.8, 0.9, 1), fork(2, 2, 2)), 0.9);
        assertEquals(1.1, v.ratio(), 1e-12);
        assertTrue(v.low() <= v.ratio() && v.ratio() <= v.high());
        assertEquals(1.1, v.distance(), 1e-12);
    }

    @Test
    void aRatioIsHeldAgainstTheLimit() {
        assertEquals(Status.PASS, status(0.9, fork(0.95, 0.96), fork(0.94, 0.95), fork(0.97, 0.96)));
        assertEquals(Status.FAIL, status(0.9, fork(0.5, 0.6), fork(0.5, 0.55), fork(0.6, 0.61)));
        assertEquals(Status.PASS, status(Double.NaN, fork(0.1), fork(0.1), fork(0.1)));
    }

    @Test
    void aNarrowSpreadAroundTheLimitIsJudgedAndAWideOneIsNot() {
        assertEquals(Status.PASS, status(0.9, fork(0.88, 0.9), fork(0.91, 0.91), fork(0.92, 0.92)));
        assertEquals(Status.FAIL, status(0.9, fork(0.88, 0.88), fork(0.89, 0.89), fork(0.92, 0.92)));
        assertEquals(Status.UNDECIDED, status(0.9, fork(0.6, 0.7), fork(0.9, 0.95), fork(1.3, 1.4)));
    }

    @Test
    void aWrongResultFailsWhateverItsSpeed() {
        ForkResult wrong =
                new ForkResult("", "element (0,0) is wrong", "gemm_x", "", List.of(), 1, 0, false, "", 0, 0, "");
        Verdict v = Verdict.of(ROW, List.of(fork(9, 9), wrong), 0.9);
        assertEquals(Status.FAIL, v.status());
        assertEquals("element (0,0) is wrong", v.reason());
    }

    @Test
    void whereAccuracyIsTradedTheLargerErrorFails() {
        assertEquals(Status.FAIL, status(0.9, traded(2e-3, 1e-3)));
        assertEquals(Status.PASS, status(0.9, traded(1e-3, 2e-3)));
        assertEquals(Status.PASS, status(0.9, traded(1.0001e-3, 1e-3)));
    }

    private static final GateRow PHASED = GateTable.parse(
                    "test", "emulated.gemm.f64.n64.t1, speed, *, mkl, atLeast:F64, 2, 1.8, u/v>=50, no")
            .all()
            .getFirst();

    /** A pair in a fast phase has twice the other's speed, one in a slow phase half of it. */
    private static ForkResult phases(double... probes) {
        List<Pair> pairs = new ArrayList<>();
        for (double probe : probes) {
            pairs.add(new Pair(probe >= 50 ? 1e-3 : 4e-3, 2e-3, probe));
        }
        return fork().with(pairs);
    }

    @Test
    void pairsOfSlowPhasesAreSetAsideAndCounted() {
        Verdict v = Verdict.of(PHASED, List.of(phases(12, 55, 60, 49.9), phases(11, 12), phases(50, 61, 62)), 1.8);
        assertEquals(Status.PASS, v.status());
        assertEquals(2, v.ratio(), 1e-12);
        assertEquals(2, v.low(), 1e-12, "no slow pair is averaged in");
        assertEquals(1e-3, v.ours(), 1e-12);
        Map<String, Object> json = v.asJson(List.of());
        assertEquals(4, json.get("set_aside"));
        assertEquals("u/v>=50", json.get("probe"));
        assertEquals(List.of(2, 3), json.get("forks"));
    }

    @Test
    void tooFewFastPairsDecideNothing() {
        Verdict v = Verdict.of(PHASED, List.of(phases(12, 55, 60), phases(11, 12), phases(50, 61, 20)), 1.8);
        assertEquals(Status.UNDECIDED, v.status());
        assertTrue(Double.isNaN(v.ratio()));
        assertEquals("4 of 8 pairs met a phase of u/v>=50, the best one 61.0; 5 are needed", v.reason());
        assertEquals(4, v.asJson(List.of()).get("set_aside"));
        Verdict none = Verdict.of(PHASED, List.of(phases(12, 13), phases(14), phases(15)), 1.8);
        assertEquals(Status.UNDECIDED, none.status());
        assertEquals(4, none.asJson(List.of()).get("set_aside"));
    }

    @Test
    void theTextCountsWhatWasSetAside() {
        Verdict some = Verdict.of(PHASED, List.of(phases(12, 55, 60, 51, 52, 53)), 1.8);
        Verdict few = Verdict.of(PHASED, List.of(phases(12, 55)), 1.8);
        Verdict without = Verdict.of(ROW, List.of(fork(1), fork(1), fork(1)), 0.9);
        for (Verdict v : List.of(some, few, without)) {
            StringWriter text = new StringWriter();
            try (PrintWriter out = new PrintWriter(text)) {
                new GatePrinter(out, false)
                        .write(new GateResults(Map.of(), List.of(), List.of(v), "test", 1, Instant.EPOCH));
            }
            String all = "1 of " + (v == some ? 6 : 2) + " pairs set aside, whose probe did not show u/v>=50";
            assertEquals(v != without, text.toString().contains(all), text.toString());
        }
    }

    @Test
    void aWrongResultOfARowWithAProbeFails() {
        ForkResult wrong = ForkResult.failed("element (0,0) is wrong");
        assertEquals(
                Status.FAIL, Verdict.of(PHASED, List.of(phases(60), wrong), 1.8).status());
    }

    @Test
    void anObstacleIsNoFailure() {
        Verdict v = Verdict.of(ROW, List.of(ForkResult.notMeasured("openblas has no build for this machine")), 0.9);
        assertEquals(Status.NOT_APPLICABLE, v.status());
        assertEquals("openblas has no build for this machine", v.reason());
        Map<String, Object> json = v.asJson(List.of());
        assertEquals("not-applicable", json.get("status"));
        assertEquals(null, json.get("ratio"));
    }

    @Test
    void aLimitOfZeroIsKeptOrBroken() {
        assertEquals(1, new Pair(0, 0).ratio());
        assertEquals(0, new Pair(16, 0).ratio());
        assertEquals(0.5, new Pair(300, 150).ratio());
    }

    @Test
    void theNearerRoofIsTheOneThatCounts() {
        Bandwidth b = new Bandwidth(10, 1, 10, 10);
        Yardsticks peaks = new Yardsticks(
                1,
                Map.of(DType.F64, 4.0, DType.F32, 8.0),
                Map.of("L1", b, "L2", b, "L3", b, "memory", b),
                new CYardsticks("no compiler", Map.of()));
        // 10^6 operations and 10^3 bytes in 1 ms: a quarter of the arithmetic, a ten-thousandth of the bandwidth.
        Verdict v = Verdict.of(ROW, List.of(fork(1), fork(1), fork(1)), 0.9);
        assertEquals(0.25, v.shareOfPeak(List.of(peaks)), 1e-12);
        assertTrue(Double.isNaN(v.shareOfPeak(List.of())));
    }
}
