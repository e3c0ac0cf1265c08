package dev.gamut.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.topology.Resources;
import dev.gamut.topology.Topology;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** What holds of every placement, counted anew from tasks and places alone. */
final class Invariants {
    private Invariants() {}

    static void check(Placement placement) {
        check(
                placement.topology(),
                placement.workload(),
                placement::place,
                placement::backup,
                at -> placement.topology().isHealthy(at));
    }

    static void check(
            Topology topology, Workload workload, IntUnaryOperator place, IntUnaryOperator backup, IntPredicate works) {
        double[] weight = new double[topology.places()];
        double[] memory = new double[topology.places()];
        int[] devices = new int[topology.places()];
        Map<Integer, Integer> gangs = new HashMap<>();
        for (int task = 0; task < workload.tasks().size(); task++) {
            Task of = workload.tasks().get(task);
            int primary = place.applyAsInt(task);
            int second = backup.applyAsInt(task);
            for (int at : new int[] {primary, second}) {
                if (at >= 0) {
                    assertTrue(works.test(at), "task " + task + " on a place that does not work");
                    assertTrue(topology.resources(at).precisions().containsAll(of.precisions()), "precisions");
                    weight[at] += of.weight();
                    memory[at] += of.memory();
                    devices[at] += of.devices();
                }
            }
            if (second >= 0) {
                assertTrue(primary >= 0 && of.isProtected(), "a backup for a task that runs and wants one");
                assertFalse(topology.failTogether(primary, second), "task " + task + " and its backup fail together");
            }
            if (of.gang() >= 0) {
                int other = gangs.merge(of.gang(), primary, (first, now) -> first);
                assertEquals(other >= 0, primary >= 0, "gang " + of.gang() + " is torn");
                assertTrue(
                        primary < 0
                                || other == primary
                                || topology.seconds(other, primary, 1, 1) < Double.POSITIVE_INFINITY,
                        "reach");
            }
        }
        for (int at = 0; at < topology.places(); at++) {
            Resources has = topology.resources(at);
            assertTrue(weight[at] <= has.capacity() * (1 + 1e-9), "capacity of place " + at);
            assertTrue(memory[at] <= has.memory(), "memory of place " + at);
            assertTrue(devices[at] <= has.devices(), "devices of place " + at);
        }
    }

    /** The cost by its definition. */
    static double cost(Placement placement, double loadSeconds) {
        Topology topology = placement.topology();
        Traffic traffic = placement.workload().traffic();
        double sum = 0;
        double[] weight = new double[topology.places()];
        for (int task = 0; task < traffic.tasks(); task++) {
            int at = placement.place(task);
            if (at < 0) {
                continue;
            }
            weight[at] += placement.workload().tasks().get(task).weight();
            for (int k = traffic.start[task]; k < traffic.start[task + 1]; k++) {
                int to = placement.place(traffic.peer[k]);
                // Bytes of both directions stand in both rows.
                sum += to < 0 ? 0 : topology.seconds(at, to, traffic.bytes[k] / 2, traffic.sent[k]);
            }
        }
        double load = 0;
        for (int at = 0; at < topology.places(); at++) {
            load = Math.max(load, weight[at] / topology.resources(at).capacity());
        }
        return sum + loadSeconds * load;
    }
}
