package dev.gamut.bench.supernode;

import dev.gamut.placement.Failover;
import dev.gamut.placement.Placement;
import dev.gamut.topology.Topology;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A job of some thousand steps on a machine whose nodes fail at random moments. A step that a node fails in does not end: that is noticed at the
 * deadline, the node's tasks fail over, and all go back to the last checkpoint; where there is no room for them the job waits for a node to come back
 * from repair. What a step takes is simulated anew after each failure, as tasks have moved.
 *
 * @param steps that were to be done
 * @param failures that happened
 * @param lostSteps steps that were done and had to be done again
 * @param seconds from the first step to the last
 * @param idealSeconds without failures and checkpoints
 */
record Campaign(int steps, int failures, int lostSteps, double seconds, double idealSeconds) {
    private static final int STEPS = 2_000;

    /** Steps between checkpoints. */
    private static final int CHECKPOINT_STEPS = 50;

    /** Steps' time between failures, in the mean, and of the repair of a node. */
    private static final int FAILURE_STEPS = 700;

    private static final int REPAIR_STEPS = 1_000;

    private static final double COMPUTE_SECONDS = 0.5;
    private static final double DEADLINE_SECONDS = 5;
    private static final double RESTART_SECONDS = 20;
    private static final double CHECKPOINT_SECONDS = 0.02;

    /**
     * Runs one.
     *
     * @param simulation of a step
     * @param start where tasks are at first
     * @param seed of the moments and nodes
     */
    static Campaign of(Simulation simulation, Placement start, long seed) {
        return new Course(simulation, start, new SplittableRandom(seed)).run();
    }

    /** One under way. */
    private static final class Course {
        private final Simulation simulation;
        private final SplittableRandom random;
        private final Topology topology;
        private final Failover failover;
        /** Nodes by when they come back. */
        private final NavigableMap<Double, Integer> repairs = new TreeMap<>();

        private final double first;
        private double step;
        private double seconds;
        private int done;
        private int lost;
        private int failures;

        Course(Simulation simulation, Placement start, SplittableRandom random) {
            this.simulation = simulation;
            this.random = random;
            topology = start.topology();
            failover = new Failover(start);
            first = COMPUTE_SECONDS + simulation.run(start::place).seconds();
            step = first;
        }

        Campaign run() {
            double next = untilFailure();
            while (done < STEPS) {
                double each = step + (done % CHECKPOINT_STEPS == 0 ? CHECKPOINT_SECONDS : 0);
                if (seconds + each < next) {
                    seconds += each;
                    done++;
                } else {
                    fail(next);
                    next = seconds + untilFailure();
                }
            }
            return new Campaign(STEPS, failures, lost, seconds, STEPS * first);
        }

        private double untilFailure() {
            return -Math.log1p(-random.nextDouble()) * FAILURE_STEPS * first;
        }

        private void fail(double moment) {
            repair(moment);
            int node = working();
            Placement now = failover.placement();
            double begun = Math.max(0, moment - seconds - COMPUTE_SECONDS);
            boolean stuck = simulation.run(now::place, node, begun).waiting() > 0;
            failures++;
            seconds = moment;
            repairs.put(moment + REPAIR_STEPS * first, node);
            failover.failDomain(topology.failureLevel(), node);
            if (!stuck) {
                return; // it carried no task
            }
            seconds += DEADLINE_SECONDS + RESTART_SECONDS;
            while (!failover.status().queued().isEmpty()) {
                seconds = Math.max(seconds, repairs.firstKey());
                repair(seconds);
            }
            lost += done % CHECKPOINT_STEPS;
            done -= done % CHECKPOINT_STEPS;
            step = COMPUTE_SECONDS + simulation.run(failover.placement()::place).seconds();
        }

        private void repair(double until) {
            int level = topology.failureLevel();
            NavigableMap<Double, Integer> back = repairs.headMap(until, true);
            for (int node : back.values()) {
                failover.restore(IntStream.range(topology.first(level, node), topology.end(level, node))
                        .toArray());
            }
            back.clear();
        }

        /** A node that works, each as likely. */
        private int working() {
            int level = topology.failureLevel();
            int[] all = IntStream.range(0, topology.size(level))
                    .filter(node -> failover.isWorking(topology.first(level, node)))
                    .toArray();
            return all[random.nextInt(all.length)];
        }
    }

    /** Share of the time that went into steps that count. */
    double goodput() {
        return idealSeconds / seconds;
    }

    Map<String, Object> asJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("steps", steps);
        json.put("failures", failures);
        json.put("lost_steps", lostSteps);
        json.put("seconds", seconds);
        json.put("ideal_seconds", idealSeconds);
        json.put("goodput", goodput());
        return json;
    }
}
