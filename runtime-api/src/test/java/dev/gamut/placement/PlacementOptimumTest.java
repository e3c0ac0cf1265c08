package dev.gamut.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.ortools.Loader;
import com.google.ortools.sat.BoolVar;
import com.google.ortools.sat.CpModel;
import com.google.ortools.sat.CpSolver;
import com.google.ortools.sat.CpSolverStatus;
import com.google.ortools.sat.IntVar;
import com.google.ortools.sat.LinearExpr;
import com.google.ortools.sat.LinearExprBuilder;
import dev.gamut.topology.Level;
import dev.gamut.topology.Topology;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Small problems against their optimum, which Google's CP-SAT solver proves: 8 of them, 200 with {@code -Dgamut.test.full=true}. */
class PlacementOptimumTest {
    /** The solver knows whole numbers: picoseconds, rounded down, so that what it proves is below the true cost, too. */
    private static final double SCALE = 1e12;

    private static final int CAPACITY = 100;

    @BeforeAll
    static void load() {
        boolean loaded = true;
        try {
            Loader.loadNativeLibraries();
        } catch (RuntimeException | UnsatisfiedLinkError e) {
            loaded = false;
        }
        assumeTrue(loaded, "cannot run here: no OR-Tools for this platform");
    }

    private static Topology topology(SplittableRandom random) {
        return Topology.builder()
                .level(new Level("cluster", 5e-6, 10e9))
                .level(new Level("supernode", 1.5e-6, 40e9), random.nextInt(1, 3))
                .level(new Level("node", 2e-7, 200e9), random.nextInt(2, 4))
                .resources(new dev.gamut.topology.Resources(
                        CAPACITY, dev.gamut.topology.Resources.NO_LIMIT, 0, java.util.Set.of()))
                .build();
    }

    private static Workload workload(SplittableRandom random, int places) {
        int n = random.nextInt(2, 13);
        // Between a third and all of what there is, as far as it can be packed.
        int most = Math.max(1, (int) (CAPACITY * places * (0.3 + 0.6 * random.nextDouble()) / n));
        List<Task> tasks = IntStream.range(0, n)
                .mapToObj(i -> new Task("t" + i, Math.min(CAPACITY, random.nextInt(most / 2, most + 1))))
                .toList();
        Traffic.Builder traffic = Traffic.builder(n);
        for (int i = 0; i < n * 3 / 2; i++) {
            traffic.add(random.nextInt(n), random.nextInt(n), random.nextDouble(1e6), random.nextInt(4));
        }
        return new Workload(tasks, traffic.build());
    }

    @Test
    void noPlacementCostsMuchMoreThanTheBest() {
        SplittableRandom random = new SplittableRandom(Long.getLong("gamut.test.seed", 1));
        int cases = Boolean.getBoolean("gamut.test.full") ? 200 : 8;
        double worst = 0;
        double sum = 0;
        int solved = 0;
        for (int i = 0; i < cases; i++) {
            Topology topology = topology(random);
            Workload workload = workload(random, topology.places());
            double loadSeconds = Math.pow(10, -5 + 3 * random.nextDouble());
            Placement placement = Placer.of(topology).loadSeconds(loadSeconds).place(workload);
            Invariants.check(placement);
            double best = optimum(topology, workload, loadSeconds, placement);
            if (best >= 0) {
                assertEquals(List.of(), placement.queued(), "all tasks can be placed");
                double ratio = (Invariants.cost(placement, loadSeconds) + 1e-12) / (best + 1e-12);
                assertTrue(ratio >= 1 - 1e-9, "the optimum is beaten: " + ratio);
                worst = Math.max(worst, ratio);
                sum += ratio;
                solved++;
            }
        }
        System.out.printf("%d problems: worst %.4f, mean %.4f of what is proved%n", solved, worst, sum / solved);
        assertTrue(worst <= 1.1, "worst ratio " + worst);
        assertTrue(solved >= cases * 3 / 4, "problems that can be solved: " + solved);
    }

    /** A bound below the least cost in seconds, at most 4 % below it; -1 where not all tasks can be placed, or none was found in time. */
    private static double optimum(Topology topology, Workload workload, double loadSeconds, Placement hint) {
        CpModel model = new CpModel();
        int n = workload.tasks().size();
        int places = topology.places();
        BoolVar[][] on = new BoolVar[n][places];
        for (int task = 0; task < n; task++) {
            for (int at = 0; at < places; at++) {
                on[task][at] = model.newBoolVar("");
                model.addHint(on[task][at], hint.place(task) == at);
            }
            model.addExactlyOne(on[task]);
        }
        IntVar largest = model.newIntVar(0, CAPACITY, "load");
        for (int at = 0; at < places; at++) {
            LinearExprBuilder weight = LinearExpr.newBuilder();
            for (int task = 0; task < n; task++) {
                weight.addTerm(on[task][at], (long) workload.tasks().get(task).weight());
            }
            model.addLessOrEqual(weight, largest);
        }
        LinearExprBuilder cost = LinearExpr.newBuilder();
        cost.addTerm(largest, (long) (loadSeconds * SCALE / CAPACITY));
        Traffic traffic = workload.traffic();
        for (int task = 0; task < n; task++) {
            for (int k = traffic.start[task]; k < traffic.start[task + 1]; k++) {
                if (traffic.peer[k] > task) {
                    pair(model, cost, topology, on[task], on[traffic.peer[k]], traffic, k);
                }
            }
        }
        model.minimize(cost);
        CpSolver solver = new CpSolver();
        // The last few hundredths take most of the time; what is compared with is what is proved that no placement goes
        // below.
        solver.getParameters().setNumWorkers(1).setMaxTimeInSeconds(60).setRelativeGapLimit(0.04);
        CpSolverStatus status = solver.solve(model);
        assertTrue(status != CpSolverStatus.MODEL_INVALID, status.toString());
        return status == CpSolverStatus.OPTIMAL ? solver.bestObjectiveBound() / SCALE : -1;
    }

    /** One of the pairs of places is that of two tasks: a product of two choices, written as a flow. */
    private static void pair(
            CpModel model,
            LinearExprBuilder cost,
            Topology topology,
            BoolVar[] a,
            BoolVar[] b,
            Traffic traffic,
            int k) {
        BoolVar[][] both = new BoolVar[a.length][b.length];
        for (int p = 0; p < a.length; p++) {
            for (int q = 0; q < b.length; q++) {
                both[p][q] = model.newBoolVar("");
                double seconds = topology.seconds(p, q, traffic.bytes[k], traffic.sent[k] + traffic.received[k]);
                cost.addTerm(both[p][q], (long) (seconds * SCALE));
            }
            model.addEquality(LinearExpr.sum(both[p]), a[p]);
        }
        for (int q = 0; q < b.length; q++) {
            int at = q;
            BoolVar[] column = java.util.Arrays.stream(both).map(row -> row[at]).toArray(BoolVar[]::new);
            model.addEquality(LinearExpr.sum(column), b[q]);
        }
    }
}
