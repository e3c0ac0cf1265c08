package dev.gamut.placement;

import dev.gamut.dtype.DType;
import dev.gamut.topology.Resources;
import dev.gamut.topology.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What each place carries: tasks that run there, and room that is kept for tasks whose places may fail. Both count against what the
 * place has; only running tasks make its load.
 */
final class Occupancy {
    final Topology topology;
    /** Share of each place's capacity up to which it is filled before others that are farther away. */
    private final double target;

    private final boolean[] working;
    private final int[] count;
    private final double[] weight;
    private final double[] memory;
    private final int[] devices;
    private final int[] runs;
    private final double[] running;
    /** Places by the types they compute with, as a task that needs one must not be led through all that lack it. */
    private final List<Set<DType>> precisions;

    private final int[] group;
    private final int[] slot;
    private final int[][] members;
    private final Room[] rooms;
    /** For each level but the lowest what is free in its domains, all their places together. */
    private final Room[] domains;

    private final Room loads;

    Occupancy(Topology topology, double target) {
        this.topology = topology;
        this.target = target;
        int n = topology.places();
        working = new boolean[n];
        count = new int[n];
        weight = new double[n];
        memory = new double[n];
        devices = new int[n];
        runs = new int[n];
        running = new double[n];
        precisions = new ArrayList<>();
        group = new int[n];
        slot = new int[n];
        members = groups();
        rooms = Arrays.stream(members).map(places -> new Room(places.length)).toArray(Room[]::new);
        domains = new Room[topology.levels().size() - 1];
        for (int level = 0; level < domains.length; level++) {
            domains[level] = new Room(topology.size(level));
            for (int d = 0; d < topology.size(level); d++) {
                for (int kind = 0; kind < Room.KINDS; kind++) {
                    domains[level].set(d, kind, 0);
                }
            }
        }
        loads = new Room(n);
        for (int place = 0; place < n; place++) {
            if (topology.isHealthy(place)) {
                restore(place);
            }
        }
    }

    private Occupancy(Occupancy other) {
        topology = other.topology;
        target = other.target;
        working = other.working.clone();
        count = other.count.clone();
        weight = other.weight.clone();
        memory = other.memory.clone();
        devices = other.devices.clone();
        runs = other.runs.clone();
        running = other.running.clone();
        precisions = other.precisions;
        group = other.group;
        slot = other.slot;
        members = other.members;
        rooms = Arrays.stream(other.rooms).map(Room::copy).toArray(Room[]::new);
        domains = Arrays.stream(other.domains).map(Room::copy).toArray(Room[]::new);
        loads = other.loads.copy();
    }

    Occupancy copy() {
        return new Occupancy(this);
    }

    private int[][] groups() {
        Map<Set<DType>, Integer> index = new HashMap<>();
        List<List<Integer>> all = new ArrayList<>();
        for (int place = 0; place < group.length; place++) {
            Set<DType> types = topology.resources(place).precisions();
            group[place] = index.computeIfAbsent(types, added -> {
                precisions.add(added);
                all.add(new ArrayList<>());
                return all.size() - 1;
            });
            slot[place] = all.get(group[place]).size();
            all.get(group[place]).add(place);
        }
        return all.stream()
                .map(places -> places.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    /** A place that works from now on, empty. */
    void restore(int place) {
        working[place] = true;
        show(place, 0, 1);
    }

    /** A place that does not work any more; whatever it carried must have been taken off. */
    void fail(int place) {
        if (count[place] != 0) {
            throw new IllegalStateException("place " + place + " still carries " + count[place] + " tasks");
        }
        show(place, 1, 0);
        working[place] = false;
    }

    /** Brings what is known of a place up to date, whose share in its domains was {@code before} and is {@code after} this. */
    private void show(int place, int before, int after) {
        Resources has = topology.resources(place);
        double[] now = {
            has.capacity() - weight[place],
            has.memory() - memory[place],
            has.devices() - devices[place],
            has.capacity() * target - running[place]
        };
        Room room = rooms[group[place]];
        for (int kind = 0; kind < Room.KINDS; kind++) {
            double old = before == 0 ? 0 : room.get(slot[place], kind);
            double change = after == 0 ? -old : now[kind] - old;
            room.set(slot[place], kind, after == 0 ? Double.NEGATIVE_INFINITY : now[kind]);
            for (int level = 0; level < domains.length && change != 0; level++) {
                int d = topology.domain(level, place);
                domains[level].set(d, kind, domains[level].get(d, kind) + change);
            }
        }
        loads.set(place, Room.CAPACITY, after == 0 ? 0 : load(place));
    }

    boolean isWorking(int place) {
        return working[place];
    }

    /** Weight of the tasks that run on a place, for its capacity. */
    double load(int place) {
        return running[place] / topology.resources(place).capacity();
    }

    double maxLoad() {
        return Math.max(0, loads.get(loads.most(Room.CAPACITY), Room.CAPACITY));
    }

    private static double[] need(Task task, boolean comfortable) {
        return new double[] {
            task.weight(), task.memory(), task.devices(), comfortable ? task.weight() : Double.NEGATIVE_INFINITY
        };
    }

    boolean suits(Task task, int place) {
        return working[place] && precisions.get(group[place]).containsAll(task.precisions());
    }

    boolean fits(Task task, int place) {
        return suits(task, place) && rooms[group[place]].has(slot[place], need(task, false));
    }

    /** Whether a task fits on a place that another one leaves. */
    boolean fitsInstead(Task in, Task leaving, int place) {
        Room room = rooms[group[place]];
        int at = slot[place];
        return suits(in, place)
                && room.get(at, Room.CAPACITY) >= in.weight() - leaving.weight()
                && room.get(at, Room.MEMORY) >= in.memory() - leaving.memory()
                && room.get(at, Room.DEVICES) >= in.devices() - leaving.devices();
    }

    /** The largest load if some weight more, or less, ran on two places. */
    double maxLoad(int a, double moreOnA, int b, double moreOnB) {
        double was = maxLoad();
        double atA = (running[a] + moreOnA) / topology.resources(a).capacity();
        double atB = (running[b] + moreOnB) / topology.resources(b).capacity();
        if (load(a) < was && load(b) < was) {
            return Math.max(was, Math.max(atA, atB));
        }
        loads.set(a, Room.CAPACITY, atA);
        loads.set(b, Room.CAPACITY, atB);
        double then = maxLoad();
        loads.set(a, Room.CAPACITY, load(a));
        loads.set(b, Room.CAPACITY, load(b));
        return then;
    }

    /** The first place from one on, and before another, that a task fits on; -1 where there is none. */
    int find(Task task, int from, int to, boolean comfortable) {
        double[] need = need(task, comfortable);
        int first = -1;
        for (int g = 0; g < rooms.length; g++) {
            if (precisions.get(g).containsAll(task.precisions())) {
                int begin = lowerBound(members[g], from);
                int end = lowerBound(members[g], first < 0 ? to : Math.min(to, first));
                int found = rooms[g].find(begin, end, need);
                first = found < 0 ? first : members[g][found];
            }
        }
        return first;
    }

    private static int lowerBound(int[] rising, int value) {
        int at = Arrays.binarySearch(rising, value);
        return at < 0 ? -at - 1 : at;
    }

    /** A place with most capacity below the load aimed at, for a task; -1 where it does not fit there. */
    int emptiest(Task task) {
        int best = -1;
        double most = Double.NEGATIVE_INFINITY;
        for (int g = 0; g < rooms.length; g++) {
            if (precisions.get(g).containsAll(task.precisions())) {
                int at = rooms[g].most(Room.COMFORT);
                double free = rooms[g].get(at, Room.COMFORT);
                if (free > most && rooms[g].has(at, need(task, false))) {
                    best = members[g][at];
                    most = free;
                }
            }
        }
        return best;
    }

    /** The first domain of a level, from one on, whose places together have room for several tasks; -1 where there is none. */
    int findDomain(int level, int from, double[] need) {
        return domains[level].find(from, topology.size(level), need);
    }

    boolean domainHas(int level, int domain, double[] need) {
        return domains[level].has(domain, need);
    }

    void add(Task task, int place, boolean runs) {
        change(task, place, 1, runs);
    }

    void remove(Task task, int place, boolean runs) {
        change(task, place, -1, runs);
    }

    private void change(Task task, int place, int sign, boolean runs) {
        count[place] += sign;
        weight[place] = count[place] == 0 ? 0 : weight[place] + sign * task.weight();
        memory[place] += sign * (double) task.memory();
        devices[place] += sign * task.devices();
        if (runs) {
            this.runs[place] += sign;
            running[place] = this.runs[place] == 0 ? 0 : running[place] + sign * task.weight();
        }
        show(place, 1, 1);
    }

    /** How many places a task cannot use, by the first reason that holds: each a line for people. */
    List<String> filter(Task task) {
        String[] reasons = {"do not work", "lack a precision", "lack capacity", "lack memory", "lack devices", "qualify"
        };
        int[] counts = new int[reasons.length];
        for (int place = 0; place < working.length; place++) {
            Room room = rooms[group[place]];
            int reason = !working[place]
                    ? 0
                    : !suits(task, place)
                            ? 1
                            : room.get(slot[place], Room.CAPACITY) < task.weight()
                                    ? 2
                                    : room.get(slot[place], Room.MEMORY) < task.memory()
                                            ? 3
                                            : room.get(slot[place], Room.DEVICES) < task.devices() ? 4 : 5;
            counts[reason]++;
        }
        List<String> lines = new ArrayList<>();
        for (int reason = reasons.length - 1; reason >= 0; reason--) {
            if (counts[reason] > 0) {
                lines.add(counts[reason] + " " + reasons[reason]);
            }
        }
        return lines;
    }
}
