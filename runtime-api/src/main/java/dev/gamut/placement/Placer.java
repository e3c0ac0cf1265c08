package dev.gamut.placement;

import dev.gamut.topology.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Places tasks on a machine so that what they send each other takes little time and no place gets much more than its share: places that
 * cannot take a task are filtered out, gangs go whole to the narrowest domain that has room for them, and pairs of tasks are exchanged
 * as long as that lowers
 *
 * <p>cost = Σ (bytes / bandwidth + messages · latency) + {@link #loadSeconds} · the largest load of a place,
 *
 * <p>where the load of a place is the weight that runs there for its capacity, so that unequal places get unequal shares. No place gets
 * more than it has; tasks that fit nowhere are queued. Equal calls with equal seeds give equal placements. Time grows as n·log n with tasks
 * and traffic. Immutable and thread-safe.
 */
public final class Placer {
    /** Up to this many tasks, and places, a placement is improved from many starts. */
    private static final int FEW = 64;

    private static final int FEW_PLACES = 512;

    /** Fewer starts for more tasks, whose pairs are all tried in each. */
    private static final int EFFORT = 20_000;

    private static final int STARTS = 12;
    private static final int DISTURBANCES = 128;

    private final Topology topology;
    private final double loadSeconds;
    private final long seed;

    private Placer(Topology topology, double loadSeconds, long seed) {
        this.topology = topology;
        this.loadSeconds = loadSeconds;
        this.seed = seed;
    }

    /**
     * With a second for a full place, and seed 1.
     *
     * @param topology where tasks can run; places that are down there get none
     */
    public static Placer of(Topology topology) {
        return new Placer(topology, 1, 1);
    }

    /**
     * What balance is worth.
     *
     * @param seconds that a place works which is loaded to its capacity, in the step whose traffic is counted; at least 0
     * @return the same with that
     */
    public Placer loadSeconds(double seconds) {
        if (!(seconds >= 0) || seconds == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("loadSeconds is " + seconds + ", must be at least 0 and finite");
        }
        return new Placer(topology, seconds, seed);
    }

    /**
     * Where equal choices are decided.
     *
     * @param number any
     * @return the same with that
     */
    public Placer seed(long number) {
        return new Placer(topology, loadSeconds, number);
    }

    /** The same on a machine of which other places work. */
    Placer on(Topology other) {
        return new Placer(other, loadSeconds, seed);
    }

    /** Where tasks can run. */
    public Topology topology() {
        return topology;
    }

    /** Seconds that a full place works. */
    public double loadSeconds() {
        return loadSeconds;
    }

    /**
     * Places tasks, and keeps room for those that are protected.
     *
     * @param workload any number of tasks, none included
     * @return where each one is, or that it is queued
     */
    public Placement place(Workload workload) {
        Costs costs = new Costs(topology);
        SplittableRandom random = new SplittableRandom(seed);
        Assignment best = null;
        for (double target : targets(workload, random)) {
            best = better(best, start(workload, costs, target, true));
        }
        if (best.unplaced() > 0) {
            best = better(best, start(workload, costs, 1, false));
        }
        new Refinement(best).run();
        if (isSmall(workload)) {
            best = disturbed(best, random);
        }
        return new Placement(this, best, reserve(best));
    }

    private boolean isSmall(Workload workload) {
        return workload.tasks().size() <= FEW && topology.places() <= FEW_PLACES;
    }

    /** Loads to fill places to: an even share of all there is to do, and all that a place can carry. */
    private List<Double> targets(Workload workload, SplittableRandom random) {
        double weight = 0;
        double heaviest = 0;
        for (Task task : workload.tasks()) {
            weight += task.weight();
            heaviest = Math.max(heaviest, task.weight());
        }
        double capacity = 0;
        double largest = 0;
        int working = 0;
        for (int place = 0; place < topology.places(); place++) {
            if (topology.isHealthy(place)) {
                capacity += topology.resources(place).capacity();
                largest = Math.max(largest, topology.resources(place).capacity());
                working++;
            }
        }
        int n = workload.tasks().size();
        double share = capacity == 0 ? 1 : Math.max(weight / capacity, heaviest / largest);
        // Tasks are not divided: the share is a multiple of what an average one makes of an average place.
        double one = n == 0 || working == 0 ? 0 : weight / n / (capacity / working);
        double even = one == 0 ? 1 : Math.ceil(share / one - 1e-9) * one;
        List<Double> all = new ArrayList<>(List.of(Math.min(1, even)));
        if (even < 1) {
            all.add(1.0);
        }
        for (int i = 0; isSmall(workload) && i < Math.min(STARTS, EFFORT / (n * n + 1)); i++) {
            all.add(Math.min(1, share) + random.nextDouble() * Math.max(0, 1 - share));
        }
        return all;
    }

    private Assignment start(Workload workload, Costs costs, double target, boolean pulled) {
        Assignment assignment = new Assignment(workload, costs, new Occupancy(topology, target), loadSeconds);
        new Greedy(assignment, target).run(pulled);
        if (isSmall(workload)) {
            new Refinement(assignment).run();
        }
        return assignment;
    }

    private static Assignment better(Assignment a, Assignment b) {
        if (a == null || b.unplaced() < a.unplaced()) {
            return b;
        }
        return b.unplaced() == a.unplaced() && b.cost() < a.cost() ? b : a;
    }

    /** Small problems have few optima, but some that no exchange of two leads out of. */
    private Assignment disturbed(Assignment start, SplittableRandom random) {
        Assignment best = start;
        int n = best.place.length;
        for (int i = 0; i < Math.min(DISTURBANCES, EFFORT / (n * n + 1)) && n > 0; i++) {
            Assignment next = new Assignment(best.workload, best.costs, new Occupancy(topology, 1), loadSeconds);
            for (int task = 0; task < best.place.length; task++) {
                if (best.place[task] != Assignment.NOWHERE) {
                    next.put(task, best.place[task]);
                }
            }
            Refinement refinement = new Refinement(next);
            if (refinement.disturb(random)) {
                refinement.run();
                best = better(best, next);
            }
        }
        return best;
    }

    private int[] reserve(Assignment assignment) {
        int[] backup = new int[assignment.place.length];
        Arrays.fill(backup, Assignment.NOWHERE);
        for (int task = 0; task < backup.length; task++) {
            Task of = assignment.task(task);
            if (of.isProtected() && assignment.place[task] != Assignment.NOWHERE) {
                backup[task] = Backups.find(assignment.occupancy, of, assignment.place[task]);
                if (backup[task] >= 0) {
                    assignment.occupancy.add(of, backup[task], false);
                }
            }
        }
        return backup;
    }
}
