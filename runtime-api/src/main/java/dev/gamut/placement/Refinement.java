package dev.gamut.placement;

import dev.gamut.topology.Topology;
import java.util.SplittableRandom;

/** Moves tasks, and exchanges pairs of them, as long as that makes the whole cheaper. */
final class Refinement {
    private static final int PASSES = 8;

    /** Passes end when one gains less than this share of the cost. */
    private static final double WORTHWHILE = 1e-3;

    private static final int PEERS = 4;

    /** Tasks of a place that one is tried to be exchanged with. */
    private static final int PARTNERS = 16;

    /** Tasks that talk to more others than this many times the average are not exchanged against their will: that alone would take a square. */
    private static final int HUB = 8;

    /** Up to this many pairs of tasks, and of tasks and places, all of them are tried. */
    private static final int EXHAUSTIVE = 2_500;

    private final Assignment assignment;
    private final Occupancy occupancy;
    private final Topology topology;
    private final Traffic traffic;
    private final int tasks;
    private final double longest;
    private final boolean exhaustive;
    private final int[] near = new int[PEERS];

    private int bestPlace;
    private int bestPartner;
    private double bestChange;

    Refinement(Assignment assignment) {
        this.assignment = assignment;
        occupancy = assignment.occupancy;
        topology = occupancy.topology;
        traffic = assignment.workload.traffic();
        tasks = assignment.place.length;
        longest = tasks == 0 ? 0 : Math.max(64, (double) HUB * traffic.peer.length / tasks);
        exhaustive = (long) tasks * Math.max(tasks, topology.places()) <= EXHAUSTIVE;
    }

    /** Until nothing is to be gained that is worth it. */
    void run() {
        double cost = assignment.cost();
        for (int pass = 0; pass < PASSES || exhaustive; pass++) {
            double gain = pass();
            boolean worth =
                    gain > (exhaustive ? 1e-12 : WORTHWHILE) * Math.abs(cost); // not where the cost is no number
            if (!worth) {
                return;
            }
            cost -= gain;
        }
    }

    /**
     * Takes some tasks out and puts them back in another order, each where it costs least then, so that another optimum can be found from
     * there (P. Shaw, "Using constraint programming and local search methods to solve vehicle routing problems", CP98, section 2).
     *
     * @return whether there was room for all of them
     */
    boolean disturb(SplittableRandom random) {
        int[] taken = new int[Math.min(tasks, 2 + tasks / 3)];
        int count = 0;
        for (int i = 0; i < taken.length; i++) {
            int task = random.nextInt(tasks);
            if (assignment.place[task] != Assignment.NOWHERE) {
                assignment.take(task);
                taken[count++] = task;
            }
        }
        for (int i = 0; i < count; i++) {
            int at = cheapest(taken[i]);
            if (at == Assignment.NOWHERE) {
                return false;
            }
            assignment.put(taken[i], at);
        }
        return true;
    }

    private int cheapest(int task) {
        int best = Assignment.NOWHERE;
        double least = Double.POSITIVE_INFINITY;
        for (int at = 0; at < topology.places(); at++) {
            if (occupancy.fits(assignment.task(task), at) && assignment.isWithGang(task, at)) {
                double load = occupancy.load(at)
                        + assignment.task(task).weight()
                                / topology.resources(at).capacity();
                double cost = assignment.communication(task, at)
                        + assignment.loadSeconds * Math.max(load, occupancy.maxLoad());
                if (cost < least) {
                    least = cost;
                    best = at;
                }
            }
        }
        return best;
    }

    private double pass() {
        double gain = 0;
        for (int task = 0; task < tasks; task++) {
            if (assignment.place[task] == Assignment.NOWHERE) {
                continue;
            }
            bestChange = 0;
            bestPlace = Assignment.NOWHERE;
            if (exhaustive) {
                tryAll(task);
            } else {
                tryNear(task);
            }
            if (bestPlace != Assignment.NOWHERE) {
                apply(task);
                gain -= bestChange;
            }
        }
        return gain;
    }

    private void tryAll(int task) {
        for (int at = 0; at < topology.places(); at++) {
            tryMove(task, at);
        }
        for (int other = 0; other < tasks; other++) {
            if (assignment.place[other] != Assignment.NOWHERE) {
                trySwap(task, other);
            }
        }
    }

    private void tryNear(int task) {
        int peers = assignment.strongest(task, near);
        double here = assignment.communication(task, assignment.place[task]);
        for (int i = 0; i < peers; i++) {
            int at = assignment.place[near[i]];
            tryMove(task, at);
            // What only the other one gains by is found when that one's turn comes.
            boolean better = assignment.communication(task, at) < here;
            int partner = assignment.first(at);
            for (int k = 0; better && k < PARTNERS && partner != Assignment.NOWHERE; k++) {
                trySwap(task, partner);
                partner = assignment.after(partner);
            }
            for (int level = topology.levels().size() - 2; level > 0; level--) {
                int domain = topology.domain(level, at);
                int first = topology.first(level, domain);
                int end = topology.end(level, domain);
                tryMove(task, occupancy.find(assignment.task(task), first, end, false));
                // Another place of the domain, a different one for each task.
                int other = first + Math.floorMod(task * 31 + i, end - first);
                if (assignment.first(other) != Assignment.NOWHERE && assignment.communication(task, other) < here) {
                    trySwap(task, assignment.first(other));
                }
            }
        }
        if (occupancy.load(assignment.place[task]) >= occupancy.maxLoad()) {
            tryMove(task, occupancy.emptiest(assignment.task(task)));
        }
    }

    private boolean canMove(int task, int at) {
        int from = assignment.place[task];
        return at >= 0
                && from != Assignment.NOWHERE
                && at != from
                && occupancy.fits(assignment.task(task), at)
                && assignment.isWithGang(task, at);
    }

    private void tryMove(int task, int at) {
        if (!canMove(task, at)) {
            return;
        }
        int from = assignment.place[task];
        double weight = assignment.task(task).weight();
        double change = assignment.communication(task, at) - assignment.communication(task, from);
        change += assignment.loadSeconds * (occupancy.maxLoad(from, -weight, at, weight) - occupancy.maxLoad());
        offer(change, at, Assignment.NOWHERE);
    }

    private void trySwap(int task, int partner) {
        int from = assignment.place[task];
        int at = assignment.place[partner];
        if (at == from || traffic.peers(partner) > longest) {
            return;
        }
        Task here = assignment.task(task);
        Task there = assignment.task(partner);
        if (!occupancy.fitsInstead(here, there, at) || !occupancy.fitsInstead(there, here, from)) {
            return;
        }
        double before = assignment.communication(task, from) + assignment.communication(partner, at);
        double between = between(task, partner);
        assignment.place[task] = at;
        assignment.place[partner] = from;
        double after = assignment.communication(task, at) + assignment.communication(partner, from);
        // What they send each other was counted on both sides.
        double change = after - between(task, partner) - before + between;
        boolean together = assignment.isWithGang(task, at) && assignment.isWithGang(partner, from);
        assignment.place[task] = from;
        assignment.place[partner] = at;
        if (!together) {
            return;
        }
        double more = here.weight() - there.weight();
        change += assignment.loadSeconds * (occupancy.maxLoad(from, -more, at, more) - occupancy.maxLoad());
        offer(change, at, partner);
    }

    private double between(int a, int b) {
        int k = java.util.Arrays.binarySearch(traffic.peer, traffic.start[a], traffic.start[a + 1], b);
        return k < 0
                ? 0
                : assignment.costs.seconds(
                        assignment.place[a],
                        assignment.place[b],
                        traffic.bytes[k],
                        traffic.sent[k],
                        traffic.received[k]);
    }

    private void offer(double change, int at, int partner) {
        if (change < bestChange - 1e-15) {
            bestChange = change;
            bestPlace = at;
            bestPartner = partner;
        }
    }

    private void apply(int task) {
        int from = assignment.place[task];
        assignment.take(task);
        if (bestPartner != Assignment.NOWHERE) {
            assignment.take(bestPartner);
            assignment.put(bestPartner, from);
        }
        assignment.put(task, bestPlace);
    }
}
