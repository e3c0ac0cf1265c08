package dev.gamut.placement;

import java.util.Arrays;

/** Tasks on places while they are being placed: what each one costs there, and what it would cost elsewhere. */
final class Assignment {
    static final int NOWHERE = -1;

    final Workload workload;
    final Costs costs;
    final Occupancy occupancy;
    /** Seconds that a full place works: what a unit of the largest load costs. */
    final double loadSeconds;

    final int[] place;
    /** Tasks that are placed together, and which of these groups a task is in. */
    final int[][] gangs;

    final int[] gangOf;
    /** For each place a list of its tasks, linked through {@link #next} and {@link #previous}. */
    private final int[] head;

    private final int[] next;
    private final int[] previous;

    Assignment(Workload workload, Costs costs, Occupancy occupancy, double loadSeconds) {
        this.workload = workload;
        this.costs = costs;
        this.occupancy = occupancy;
        this.loadSeconds = loadSeconds;
        int n = workload.tasks().size();
        place = new int[n];
        next = new int[n];
        previous = new int[n];
        head = new int[occupancy.topology.places()];
        Arrays.fill(place, NOWHERE);
        Arrays.fill(head, NOWHERE);
        gangs = workload.gangs();
        gangOf = new int[n];
        for (int gang = 0; gang < gangs.length; gang++) {
            for (int task : gangs[gang]) {
                gangOf[task] = gang;
            }
        }
    }

    private Assignment(Assignment other, Costs costs) {
        workload = other.workload;
        this.costs = costs;
        occupancy = other.occupancy.copy();
        loadSeconds = other.loadSeconds;
        place = other.place.clone();
        next = other.next.clone();
        previous = other.previous.clone();
        head = other.head.clone();
        gangs = other.gangs;
        gangOf = other.gangOf;
    }

    Assignment copy() {
        return new Assignment(this, costs);
    }

    /** A copy where it costs something else to talk. */
    Assignment at(Costs others) {
        return new Assignment(this, others);
    }

    Task task(int task) {
        return workload.tasks().get(task);
    }

    void put(int task, int at) {
        occupancy.add(task(task), at, true);
        place[task] = at;
        previous[task] = NOWHERE;
        next[task] = head[at];
        if (head[at] != NOWHERE) {
            previous[head[at]] = task;
        }
        head[at] = task;
    }

    void take(int task) {
        int at = place[task];
        occupancy.remove(task(task), at, true);
        if (previous[task] == NOWHERE) {
            head[at] = next[task];
        } else {
            next[previous[task]] = next[task];
        }
        if (next[task] != NOWHERE) {
            previous[next[task]] = previous[task];
        }
        place[task] = NOWHERE;
    }

    /** The first task of a place, or {@link #NOWHERE}. */
    int first(int at) {
        return head[at];
    }

    /** The task after one on its place, or {@link #NOWHERE}. */
    int after(int task) {
        return next[task];
    }

    /** Whether a task's gang can reach it on a place. */
    boolean isWithGang(int task, int at) {
        if (!costs.isPartitioned()) {
            return true;
        }
        for (int other : gangs[gangOf[task]]) {
            if (other != task && place[other] != NOWHERE && !costs.reach(at, place[other])) {
                return false;
            }
        }
        return true;
    }

    /** Whether a task cannot reach one that it talks to. */
    boolean isCutOff(int task) {
        Traffic traffic = workload.traffic();
        for (int k = traffic.start[task]; costs.isPartitioned() && k < traffic.start[task + 1]; k++) {
            int other = place[traffic.peer[k]];
            if (other != NOWHERE && !costs.reach(place[task], other)) {
                return true;
            }
        }
        return false;
    }

    /** Seconds of what a task sends and receives if it is on a place, over those of its peers that are placed. */
    double communication(int task, int at) {
        Traffic traffic = workload.traffic();
        double sum = 0;
        for (int k = traffic.start[task]; k < traffic.start[task + 1]; k++) {
            int other = place[traffic.peer[k]];
            if (other != NOWHERE) {
                sum += costs.seconds(at, other, traffic.bytes[k], traffic.sent[k], traffic.received[k]);
            }
        }
        return sum;
    }

    /** Seconds of what all placed tasks send. */
    double communication() {
        double sum = 0;
        for (int task = 0; task < place.length; task++) {
            sum += place[task] == NOWHERE ? 0 : communication(task, place[task]);
        }
        return sum / 2;
    }

    double cost() {
        return communication() + loadSeconds * occupancy.maxLoad();
    }

    int unplaced() {
        return (int) Arrays.stream(place).filter(at -> at == NOWHERE).count();
    }

    /**
     * Tasks' peers that pull most, strongest first.
     *
     * @param task whose
     * @param into filled from the front
     * @return how many there are
     */
    int strongest(int task, int[] into) {
        Traffic traffic = workload.traffic();
        double[] pulls = new double[into.length];
        int n = 0;
        for (int k = traffic.start[task]; k < traffic.start[task + 1]; k++) {
            if (place[traffic.peer[k]] == NOWHERE) {
                continue;
            }
            double pull = costs.pull(traffic.bytes[k], traffic.sent[k] + traffic.received[k]);
            int at = n;
            while (at > 0 && pulls[at - 1] < pull) {
                at--;
            }
            if (at < into.length) {
                n = Math.min(n + 1, into.length);
                System.arraycopy(into, at, into, at + 1, n - at - 1);
                System.arraycopy(pulls, at, pulls, at + 1, n - at - 1);
                into[at] = traffic.peer[k];
                pulls[at] = pull;
            }
        }
        return n;
    }
}
