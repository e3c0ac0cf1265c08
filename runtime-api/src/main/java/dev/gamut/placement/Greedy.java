package dev.gamut.placement;

import dev.gamut.topology.Topology;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Places gangs one after the other, next the one that those already placed pull most, each in the narrowest domain that has room for
 * it: first where places stay below the load that is aimed at, then wherever there is room.
 */
final class Greedy {
    /** Peers near which a place is looked for. */
    private static final int PEERS = 4;

    /** Domains of a level that are tried for a gang before a wider level is. */
    private static final int TRIES = 3;

    private final Assignment assignment;
    private final Occupancy occupancy;
    private final Topology topology;
    private final double target;
    private final int[][] gangs;
    private final int[] gangOf;

    Greedy(Assignment assignment, double target) {
        this.assignment = assignment;
        occupancy = assignment.occupancy;
        topology = occupancy.topology;
        this.target = target;
        gangs = assignment.gangs;
        gangOf = assignment.gangOf;
    }

    /** How much placed ones pull a gang or a task; entries that are no longer true are skipped. */
    private record Pull(double seconds, double weight, int of) {
        static final Comparator<Pull> STRONGEST = Comparator.comparingDouble(Pull::seconds)
                .thenComparingDouble(Pull::weight)
                .reversed()
                .thenComparingInt(Pull::of);
    }

    /** A gang's needs, added up, as {@link Room} wants them. */
    private double[] need(int gang, boolean comfortable) {
        double[] sum = new double[Room.KINDS];
        for (int task : gangs[gang]) {
            Task of = assignment.task(task);
            sum[Room.CAPACITY] += of.weight();
            sum[Room.MEMORY] += of.memory();
            sum[Room.DEVICES] += of.devices();
        }
        sum[Room.COMFORT] = comfortable ? sum[Room.CAPACITY] : Double.NEGATIVE_INFINITY;
        // Room of a domain is a sum that was changed often; places themselves are compared exactly.
        sum[Room.CAPACITY] *= 1 - 1e-9;
        sum[Room.COMFORT] -= Math.abs(sum[Room.COMFORT]) * 1e-9;
        return sum;
    }

    /**
     * Places all gangs that find room.
     *
     * @param pulled whether those that are pulled most come first, or those that weigh most
     */
    void run(boolean pulled) {
        double[] pull = new double[gangs.length];
        boolean[] done = new boolean[gangs.length];
        PriorityQueue<Pull> queue = new PriorityQueue<>(Pull.STRONGEST);
        double[] weight = new double[gangs.length];
        for (int gang = 0; gang < gangs.length; gang++) {
            weight[gang] = need(gang, false)[Room.CAPACITY];
            queue.add(new Pull(0, weight[gang], gang));
        }
        Traffic traffic = assignment.workload.traffic();
        while (!queue.isEmpty()) {
            Pull strongest = queue.remove();
            int gang = strongest.of;
            if (done[gang] || strongest.seconds != pull[gang]) {
                continue;
            }
            done[gang] = true;
            if (!place(gang) || !pulled) {
                continue;
            }
            for (int task : gangs[gang]) {
                for (int k = traffic.start[task]; k < traffic.start[task + 1]; k++) {
                    int other = gangOf[traffic.peer[k]];
                    if (!done[other]) {
                        pull[other] += assignment.costs.pull(traffic.bytes[k], traffic.sent[k] + traffic.received[k]);
                        queue.add(new Pull(pull[other], weight[other], other));
                    }
                }
            }
        }
    }

    /** Places a gang whole, or leaves everything as it was. */
    boolean place(int gang) {
        int[] members = ordered(gangs[gang]);
        if (members.length == 1) {
            return within(members, 0, topology.places(), true) || within(members, 0, topology.places(), false);
        }
        return anywhere(gang, members, true) || anywhere(gang, members, false);
    }

    private boolean anywhere(int gang, int[] members, boolean comfortable) {
        double[] need = need(gang, comfortable);
        int[] near = new int[PEERS];
        for (int level = topology.levels().size() - 1; level >= 0; level--) {
            for (int member : Arrays.copyOf(members, Math.min(members.length, PEERS))) {
                int peers = assignment.strongest(member, near);
                for (int i = 0; i < peers; i++) {
                    int domain = topology.domain(level, assignment.place[near[i]]);
                    if (has(level, domain, need) && within(members, level, domain, comfortable, need)) {
                        return true;
                    }
                }
            }
            int domain = -1;
            for (int i = 0; i < TRIES; i++) {
                domain = next(level, domain + 1, members, need, comfortable);
                if (domain < 0) {
                    break;
                }
                if (within(members, level, domain, comfortable, need)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean lowest(int level) {
        return level == topology.levels().size() - 1;
    }

    private boolean has(int level, int domain, double[] need) {
        return lowest(level) || occupancy.domainHas(level, domain, need);
    }

    /** The next domain that may hold a gang; on the lowest level one that its first member fits on. */
    private int next(int level, int from, int[] members, double[] need, boolean comfortable) {
        return lowest(level)
                ? occupancy.find(assignment.task(members[0]), from, topology.places(), comfortable)
                : occupancy.findDomain(level, from, need);
    }

    private boolean within(int[] members, int level, int domain, boolean comfortable, double[] need) {
        return within(members, topology.first(level, domain), topology.end(level, domain), comfortable);
    }

    /** Places tasks on places from one on and before another, all of them or none. */
    private boolean within(int[] members, int from, int to, boolean comfortable) {
        for (int i = 0; i < members.length; i++) {
            int at = best(members[i], from, to, comfortable);
            if (at < 0 || !assignment.isWithGang(members[i], at)) {
                for (int j = 0; j < i; j++) {
                    assignment.take(members[j]);
                }
                return false;
            }
            assignment.put(members[i], at);
        }
        return true;
    }

    /** The heaviest first, then the one that those before it pull most. */
    private int[] ordered(int[] members) {
        if (members.length < 3) {
            return members;
        }
        Traffic traffic = assignment.workload.traffic();
        int gang = gangOf[members[0]];
        double[] pull = new double[members.length];
        boolean[] done = new boolean[members.length];
        PriorityQueue<Pull> queue = new PriorityQueue<>(Pull.STRONGEST);
        for (int i = 0; i < members.length; i++) {
            queue.add(new Pull(0, assignment.task(members[i]).weight(), i));
        }
        int[] order = new int[members.length];
        int n = 0;
        while (!queue.isEmpty()) {
            Pull strongest = queue.remove();
            if (done[strongest.of] || strongest.seconds != pull[strongest.of]) {
                continue;
            }
            done[strongest.of] = true;
            int task = members[strongest.of];
            order[n++] = task;
            for (int k = traffic.start[task]; k < traffic.start[task + 1]; k++) {
                if (gangOf[traffic.peer[k]] == gang) {
                    int i = Arrays.binarySearch(members, traffic.peer[k]);
                    pull[i] += assignment.costs.pull(traffic.bytes[k], traffic.sent[k] + traffic.received[k]);
                    queue.add(new Pull(pull[i], assignment.task(members[i]).weight(), i));
                }
            }
        }
        return order;
    }

    /** Of the places near a task's strongest peers, the first that has room and the emptiest one, the cheapest; -1 if it fits nowhere. */
    int best(int task, int from, int to, boolean comfortable) {
        Task of = assignment.task(task);
        int[] near = new int[PEERS];
        int peers = assignment.strongest(task, near);
        Cheapest cheapest = new Cheapest(task);
        for (int i = 0; i < peers; i++) {
            int at = assignment.place[near[i]];
            int found = -1;
            for (int level = topology.levels().size() - 1; level >= 0 && found < 0; level--) {
                int domain = topology.domain(level, at);
                found = occupancy.find(
                        of,
                        Math.max(from, topology.first(level, domain)),
                        Math.min(to, topology.end(level, domain)),
                        comfortable);
            }
            cheapest.offer(found);
        }
        cheapest.offer(occupancy.find(of, from, to, comfortable));
        if (!comfortable) {
            int emptiest = occupancy.emptiest(of);
            cheapest.offer(emptiest >= from && emptiest < to ? emptiest : -1);
        }
        return cheapest.place;
    }

    /** The cheapest of some places for a task. */
    private final class Cheapest {
        private final int task;
        private int place = -1;
        private double cost;

        Cheapest(int task) {
            this.task = task;
        }

        void offer(int at) {
            if (at < 0 || at == place) {
                return;
            }
            double load = occupancy.load(at)
                    + assignment.task(task).weight() / topology.resources(at).capacity();
            double above = Math.max(0, load - Math.max(target, occupancy.maxLoad()));
            double seconds = assignment.communication(task, at) + assignment.loadSeconds * above;
            if (place < 0 || seconds < cost || seconds == cost && at < place) {
                place = at;
                cost = seconds;
            }
        }
    }
}
