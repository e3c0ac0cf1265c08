package dev.gamut.placement;

import dev.gamut.topology.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Where tasks are, and where they would go: what {@link Placer} found. Immutable and thread-safe. */
public final class Placement {
    /** Other places that an explanation compares with. */
    private static final int ALTERNATIVES = 3;

    private final Placer placer;
    private final Workload workload;
    private final Costs costs;
    private final int[] place;
    private final int[] backup;
    private final double communication;
    private final double maxLoad;

    Placement(Placer placer, Assignment from, int[] backup) {
        this.placer = placer;
        workload = from.workload;
        costs = from.costs;
        place = from.place.clone();
        this.backup = backup;
        communication = from.communication();
        maxLoad = from.occupancy.maxLoad();
    }

    /** The tasks. */
    public Workload workload() {
        return workload;
    }

    /** The machine. */
    public Topology topology() {
        return placer.topology();
    }

    /** Who placed them. */
    Placer placer() {
        return placer;
    }

    /**
     * Where a task runs.
     *
     * @param task its number
     * @return a place, or -1 while it is queued
     */
    public int place(int task) {
        return place[task];
    }

    /**
     * The place that is kept free for a task.
     *
     * @param task its number
     * @return a place, or -1 where none is kept
     */
    public int backup(int task) {
        return backup[task];
    }

    /** Tasks that wait for room, in rising order. */
    public List<Integer> queued() {
        return tasks(task -> place[task] < 0);
    }

    /** Tasks that run and are to be protected, but for which no place could be kept, in rising order. */
    public List<Integer> unprotected() {
        return tasks(task -> place[task] >= 0
                && backup[task] < 0
                && workload.tasks().get(task).isProtected());
    }

    private List<Integer> tasks(java.util.function.IntPredicate which) {
        return IntStream.range(0, place.length).filter(which).boxed().toList();
    }

    /** Seconds of what tasks that run send each other in a step, added up. */
    public double communication() {
        return communication;
    }

    /** Weight for capacity of the place where that is largest; 0 where nothing runs. */
    public double maxLoad() {
        return maxLoad;
    }

    /** What {@link Placer} minimises. */
    public double cost() {
        return communication + placer.loadSeconds() * maxLoad;
    }

    /**
     * Latency between a task and those that it sends to, mean over these alone.
     *
     * @param task its number
     * @return seconds; empty where it does not run or none runs that it sends to
     */
    public OptionalDouble meanLatency(int task) {
        Traffic traffic = workload.traffic();
        return place[task] < 0
                ? OptionalDouble.empty()
                : IntStream.range(traffic.start[task], traffic.start[task + 1])
                        .filter(k -> traffic.sent[k] > 0 && place[traffic.peer[k]] >= 0)
                        .mapToDouble(k -> topology().latency(place[task], place[traffic.peer[k]]))
                        .average();
    }

    /** Tasks and room as they are. */
    Assignment assignment() {
        Assignment now = new Assignment(workload, costs, new Occupancy(topology(), 1), placer.loadSeconds());
        for (int task = 0; task < place.length; task++) {
            if (place[task] >= 0) {
                now.put(task, place[task]);
            }
            if (backup[task] >= 0) {
                now.occupancy.add(workload.tasks().get(task), backup[task], false);
            }
        }
        return now;
    }

    int[] backups() {
        return backup.clone();
    }

    /**
     * Why a task is where it is: how many places could have taken it, what it costs there and what elsewhere. Looks at each place.
     *
     * @param task its number
     * @return some lines
     */
    public String explain(int task) {
        Assignment now = assignment();
        Task of = workload.tasks().get(task);
        int at = place[task];
        StringBuilder text = new StringBuilder("task " + task + " '" + of.name() + "': ");
        text.append(at < 0 ? "queued, as no place has room for it" : "on " + name(at));
        text.append(of.isProtected() ? backup[task] < 0 ? ", no backup" : ", backup " + name(backup[task]) : "");
        if (at >= 0) {
            now.take(task);
        }
        text.append("\n  of ").append(topology().places()).append(" places without it ");
        text.append(String.join(", ", now.occupancy.filter(of))).append('\n');
        if (of.gang() >= 0) {
            text.append("  one of gang ").append(of.gang()).append(", which runs whole or waits\n");
        }
        if (at >= 0) {
            peers(text, task, at);
            text.append(String.format(
                    Locale.ROOT,
                    "  load of its place %.3g without it, largest load %.3g%n",
                    now.occupancy.load(at),
                    maxLoad));
            alternatives(text, now, task, at);
        }
        return text.toString();
    }

    private String name(int at) {
        int lowest = topology().levels().size() - 1;
        int failing = topology().failureLevel();
        return topology().name(lowest, at)
                + (failing == lowest
                        ? ""
                        : " of " + topology().name(failing, topology().domain(failing, at)));
    }

    private void peers(StringBuilder text, int task, int at) {
        Traffic traffic = workload.traffic();
        double[] seconds = new double[topology().levels().size()];
        int[] count = new int[seconds.length];
        for (int k = traffic.start[task]; k < traffic.start[task + 1]; k++) {
            int other = place[traffic.peer[k]];
            if (other >= 0) {
                int level = topology().meet(at, other);
                count[level]++;
                seconds[level] += costs.seconds(at, other, traffic.bytes[k], traffic.sent[k], traffic.received[k]);
            }
        }
        for (int level = seconds.length - 1; level >= 0; level--) {
            if (count[level] > 0) {
                text.append(String.format(
                        Locale.ROOT,
                        "  talks to %d tasks within its %s: %.3g s%n",
                        count[level],
                        topology().levels().get(level).name(),
                        seconds[level]));
            }
        }
    }

    private void alternatives(StringBuilder text, Assignment now, int task, int at) {
        Task of = workload.tasks().get(task);
        double here = total(now, task, at);
        double[] more = new double[topology().places()];
        Arrays.fill(more, Double.POSITIVE_INFINITY);
        List<Integer> others = new ArrayList<>();
        for (int other = 0; other < more.length; other++) {
            if (other != at && now.occupancy.fits(of, other)) {
                more[other] = total(now, task, other) - here;
                others.add(other);
            }
        }
        others.sort(Comparator.comparingDouble((Integer other) -> more[other]).thenComparing(other -> other));
        for (int other : others.subList(0, Math.min(ALTERNATIVES, others.size()))) {
            text.append(String.format(Locale.ROOT, "  on %s instead: %+.3g s%n", name(other), more[other]));
        }
    }

    private double total(Assignment now, int task, int at) {
        double weight = workload.tasks().get(task).weight();
        return now.communication(task, at) + placer.loadSeconds() * now.occupancy.maxLoad(at, weight, at, weight);
    }

    /** How many tasks run, wait and are protected, and what it costs. */
    @Override
    public String toString() {
        long running = Arrays.stream(place).filter(at -> at >= 0).count();
        long kept = Arrays.stream(backup).filter(at -> at >= 0).count();
        return String.format(
                Locale.ROOT,
                "%d tasks run, %d wait, %d have a backup; communication %.3g s, largest load %.3g",
                running,
                place.length - running,
                kept,
                communication,
                maxLoad);
    }
}
