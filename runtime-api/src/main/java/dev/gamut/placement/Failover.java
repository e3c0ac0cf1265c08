package dev.gamut.placement;

import dev.gamut.placement.FailoverEvent.Kind;
import dev.gamut.topology.Topology;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A placement that outlives its places. Each report of failed places is one transaction: a new epoch; their tasks' owners are fenced, so
 * that a place that was only slow can do no harm; they are marked and their load released; each task goes to its backup where that works
 * and has room, and is placed anew otherwise; and every reservation that lay on them, or was used, is made again elsewhere. Reservations give way to tasks that
 * would have to wait. What finds no room all the same waits and is never dropped; a gang runs whole or waits whole.
 *
 * <p>A transaction is worked out on a copy and then takes its place, so that readers see all of it or nothing, and an exception
 * leaves everything as it was. Reports of places that have failed already change nothing. Takes time in proportion to tasks and places.
 * Thread-safe.
 */
public final class Failover {
    /** Events that are remembered; older ones are forgotten. */
    private static final int REMEMBERED = 1 << 16;

    private final Placement start;
    private final Topology topology;
    private final ArrayDeque<FailoverEvent> log = new ArrayDeque<>();
    private volatile State state;

    /** All that changes, and is not changed any more once it is seen. */
    private record State(long epoch, Topology topology, Assignment assignment, int[] backup, long[] since) {
        State next() {
            return new State(epoch + 1, topology, assignment.copy(), backup.clone(), since.clone());
        }

        /** On the same machine of which other planes work. */
        State next(Topology changed) {
            return new State(epoch + 1, changed, assignment.at(new Costs(changed)), backup.clone(), since.clone());
        }
    }

    /**
     * What there is at a moment.
     *
     * @param epoch number of transactions so far
     * @param failed places that do not work
     * @param running how many tasks run
     * @param queued tasks that wait for room
     * @param unprotected tasks that run and are to be protected, without a place kept for them
     * @param maxLoad weight for capacity of the place where that is largest
     */
    public record Status(
            long epoch,
            List<Integer> failed,
            int running,
            List<Integer> queued,
            List<Integer> unprotected,
            double maxLoad) {}

    /**
     * From a placement on, in epoch 0.
     *
     * @param placement where tasks are and what is kept free
     */
    public Failover(Placement placement) {
        start = placement;
        topology = placement.topology();
        Assignment assignment = placement.assignment();
        state = new State(0, topology, assignment, placement.backups(), new long[assignment.place.length]);
    }

    /**
     * Takes places out of use that have failed, together.
     *
     * @param places any that are known to have failed, again or for the first time
     * @return what was done, in order; empty if all of them had failed before
     * @throws IllegalArgumentException if there is no such place; nothing is changed then
     */
    public synchronized List<FailoverEvent> fail(int... places) {
        int[] fresh = distinct(places, true);
        if (fresh.length == 0) {
            return List.of();
        }
        Transaction transaction = new Transaction(state.next());
        transaction.fail(fresh);
        return commit(transaction);
    }

    /**
     * Takes a whole domain out of use, such as a node with all its devices.
     *
     * @param level 0 for the widest
     * @param domain its number
     * @return what was done, in order
     */
    public List<FailoverEvent> failDomain(int level, int domain) {
        return fail(IntStream.range(topology.first(level, domain), topology.end(level, domain))
                .toArray());
    }

    /**
     * Takes places into use again, empty, for tasks that wait and for reservations that found no room. Tasks do not go back, and
     * leases from before stay fenced.
     *
     * @param places any that work
     * @return what was done, in order; empty if all of them were in use
     * @throws IllegalArgumentException if there is no such place; nothing is changed then
     */
    public synchronized List<FailoverEvent> restore(int... places) {
        int[] back = distinct(places, false);
        if (back.length == 0) {
            return List.of();
        }
        Transaction transaction = new Transaction(state.next());
        transaction.restore(back);
        return commit(transaction);
    }

    /**
     * Takes a plane out of use that has failed, or into use again. What it leaves to the other planes counts from now on wherever a task is
     * placed; tasks that only became slower stay. Gangs whose members it has cut off from each other are placed anew as a whole, or
     * wait; other tasks that cannot reach one that they talk to go where that costs less, if there is such a place. When it works again tasks
     * that wait are started.
     *
     * @param level 0 for the widest
     * @param domain the domain whose parts it connects
     * @param plane from 0
     * @param healthy whether it works
     * @return what was done, in order; empty if that was so before
     * @throws IndexOutOfBoundsException if there is no such plane; nothing is changed then
     */
    public synchronized List<FailoverEvent> plane(int level, int domain, int plane, boolean healthy) {
        Objects.checkIndex(level, topology.levels().size());
        Objects.checkIndex(domain, topology.size(level));
        Objects.checkIndex(plane, topology.levels().get(level).planes());
        if (state.topology.isHealthy(level, domain, plane) == healthy) {
            return List.of();
        }
        Transaction transaction = new Transaction(state.next(state.topology.with(level, domain, plane, healthy)));
        transaction.note(
                healthy ? Kind.PLANE_RETURNED : Kind.PLANE_FAILED,
                -1,
                topology.first(level, domain),
                topology.end(level, domain) - 1);
        if (healthy) {
            transaction.startWaiting();
        } else {
            transaction.joinAgain();
        }
        transaction.protect();
        return commit(transaction);
    }

    private int[] distinct(int[] places, boolean working) {
        TreeSet<Integer> all = new TreeSet<>();
        for (int place : places) {
            if (place < 0 || place >= topology.places()) {
                throw new IllegalArgumentException("place is " + place + ", must be 0 to " + (topology.places() - 1));
            }
            if (state.assignment.occupancy.isWorking(place) == working) {
                all.add(place);
            }
        }
        return all.stream().mapToInt(Integer::intValue).toArray();
    }

    private List<FailoverEvent> commit(Transaction transaction) {
        state = transaction.next;
        for (FailoverEvent event : transaction.events) {
            if (log.size() == REMEMBERED) {
                log.removeFirst();
            }
            log.addLast(event);
        }
        return List.copyOf(transaction.events);
    }

    /** The last events, 65,536 at most, oldest first. */
    public synchronized List<FailoverEvent> log() {
        return List.copyOf(log);
    }

    /** Number of transactions so far. */
    public long epoch() {
        return state.epoch;
    }

    /**
     * The right to run a task now.
     *
     * @param task its number
     * @return its owner; of place -1 while it waits
     */
    public Lease lease(int task) {
        State now = state;
        return new Lease(task, now.assignment.place[task], now.since[task]);
    }

    /**
     * Whether a lease is the one that was given last.
     *
     * @param lease from {@link #lease}
     * @return false once its holder was fenced
     */
    public boolean isCurrent(Lease lease) {
        return lease.place() >= 0 && lease.equals(lease(lease.task()));
    }

    /**
     * Whether a place is in use.
     *
     * @param place 0 to places - 1
     */
    public boolean isWorking(int place) {
        return state.assignment.occupancy.isWorking(place);
    }

    /** Where everything is now; its topology has the failed places down. */
    public Placement placement() {
        State now = state;
        Topology broken = now.topology;
        int lowest = topology.levels().size() - 1;
        for (int place = 0; place < topology.places(); place++) {
            if (topology.isHealthy(place) != now.assignment.occupancy.isWorking(place)) {
                broken = broken.with(lowest, place, !topology.isHealthy(place));
            }
        }
        return new Placement(start.placer().on(broken), now.assignment, now.backup.clone());
    }

    /** What runs, what waits, and what is unprotected. */
    public Status status() {
        State now = state;
        Assignment assignment = now.assignment;
        List<Integer> failed = IntStream.range(0, topology.places())
                .filter(place -> !assignment.occupancy.isWorking(place))
                .boxed()
                .toList();
        List<Integer> queued = IntStream.range(0, assignment.place.length)
                .filter(task -> assignment.place[task] < 0)
                .boxed()
                .toList();
        List<Integer> unprotected = IntStream.range(0, assignment.place.length)
                .filter(task -> assignment.place[task] >= 0
                        && now.backup[task] < 0
                        && assignment.task(task).isProtected())
                .boxed()
                .toList();
        int running = assignment.place.length - queued.size();
        return new Status(now.epoch, failed, running, queued, unprotected, assignment.occupancy.maxLoad());
    }

    /** The next state while it is worked out. */
    private static final class Transaction {
        private final State next;
        private final Assignment assignment;
        private final Occupancy occupancy;
        private final int[] place;
        private final int[] backup;
        private final Greedy greedy;
        private final List<FailoverEvent> events = new ArrayList<>();
        /** Gangs that were placed anew, or sent to wait, as a whole. */
        private final Set<Integer> given = new HashSet<>();
        /** Tasks that need a new reservation. */
        private final TreeSet<Integer> exposed = new TreeSet<>();
        /** Where reservations were that gave way; null as long as none had to. */
        private int[] held;

        Transaction(State next) {
            this.next = next;
            assignment = next.assignment;
            occupancy = assignment.occupancy;
            place = assignment.place;
            backup = next.backup;
            greedy = new Greedy(assignment, 1);
        }

        private void note(Kind kind, int task, int from, int to) {
            events.add(new FailoverEvent(next.epoch, kind, task, from, to));
        }

        void fail(int[] failed) {
            List<Integer> victims = new ArrayList<>();
            for (int at : failed) {
                note(Kind.FAILED, -1, at, -1);
                for (int task = assignment.first(at); task != Assignment.NOWHERE; task = assignment.after(task)) {
                    victims.add(task);
                }
            }
            // The heaviest first, as they find room least easily.
            victims.sort(Comparator.comparingDouble(
                            (Integer task) -> -assignment.task(task).weight())
                    .thenComparing(task -> task));
            int[] was = new int[place.length];
            for (int task : victims) {
                was[task] = place[task];
                fence(task);
            }
            dropReservations(failed);
            // All are marked before any task moves: with several failures at once none may go to another one of them.
            for (int at : failed) {
                occupancy.fail(at);
            }
            List<Integer> stranded = new ArrayList<>();
            for (int task : victims) {
                if (!toBackup(task, was[task])) {
                    stranded.add(task);
                }
            }
            for (int task : stranded) {
                replan(task, was[task]);
            }
            protect();
        }

        private void fence(int task) {
            note(Kind.FENCED, task, place[task], -1);
            assignment.take(task);
            next.since[task] = next.epoch;
        }

        private void release(int task) {
            if (backup[task] >= 0) {
                occupancy.remove(assignment.task(task), backup[task], false);
                backup[task] = Assignment.NOWHERE;
            }
        }

        private void dropReservations(int[] failed) {
            for (int task = 0; task < backup.length; task++) {
                if (backup[task] >= 0 && Arrays.binarySearch(failed, backup[task]) >= 0) {
                    release(task);
                    exposed.add(task);
                }
            }
        }

        private boolean toBackup(int task, int was) {
            int to = backup[task];
            if (to < 0) {
                return false;
            }
            release(task);
            if (!occupancy.fits(assignment.task(task), to) || !assignment.isWithGang(task, to)) {
                return false;
            }
            start(Kind.MOVED, task, was, to);
            return true;
        }

        private void start(Kind kind, int task, int from, int to) {
            if (place[task] != to) {
                assignment.put(task, to);
            }
            next.since[task] = next.epoch;
            note(kind, task, from, to);
            exposed.add(task);
        }

        private int anywhere(int task) {
            int to = greedy.best(task, 0, occupancy.topology.places(), false);
            return to >= 0 && assignment.isWithGang(task, to) ? to : Assignment.NOWHERE;
        }

        /** A task that would have to wait is worth more than room that is kept: that is kept again where there is still some. */
        private boolean giveWay() {
            if (held != null) {
                return false;
            }
            held = backup.clone();
            for (int task = 0; task < backup.length; task++) {
                if (backup[task] >= 0) {
                    release(task);
                    exposed.add(task);
                }
            }
            return true;
        }

        private void replan(int task, int was) {
            int gang = assignment.gangOf[task];
            if (given.contains(gang)) {
                return;
            }
            int to = anywhere(task);
            if (to < 0 && giveWay()) {
                to = anywhere(task);
            }
            if (to >= 0) {
                start(Kind.REPLANNED, task, was, to);
                return;
            }
            placeWhole(gang);
        }

        private void placeWhole(int gang) {
            given.add(gang);
            int[] members = assignment.gangs[gang];
            for (int member : members) {
                if (place[member] >= 0) {
                    fence(member);
                }
                release(member);
            }
            boolean placed = members.length > 1 && greedy.place(gang);
            for (int member : members) {
                if (placed) {
                    start(Kind.REPLANNED, member, -1, place[member]);
                } else {
                    note(Kind.QUEUED, member, -1, -1);
                    exposed.remove(member);
                }
            }
        }

        void restore(int[] back) {
            for (int at : back) {
                note(Kind.RETURNED, -1, at, -1);
                occupancy.restore(at);
            }
            startWaiting();
            for (int task = 0; task < place.length; task++) {
                if (place[task] >= 0 && backup[task] < 0) {
                    exposed.add(task);
                }
            }
            protect();
        }

        void startWaiting() {
            for (int[] gang : assignment.gangs) {
                int of = assignment.gangOf[gang[0]];
                if (place[gang[0]] < 0 && (greedy.place(of) || giveWay() && greedy.place(of))) {
                    for (int member : gang) {
                        start(Kind.STARTED, member, -1, place[member]);
                    }
                }
            }
        }

        /** Gangs and peers that cannot reach each other any more. */
        void joinAgain() {
            for (int[] gang : assignment.gangs) {
                boolean torn = Arrays.stream(gang)
                        .anyMatch(task -> place[task] >= 0 && !assignment.isWithGang(task, place[task]));
                if (torn) {
                    placeWhole(assignment.gangOf[gang[0]]);
                }
            }
            for (int task = 0; task < place.length; task++) {
                if (place[task] >= 0 && assignment.isCutOff(task)) {
                    int to = anywhere(task);
                    if (to >= 0 && assignment.communication(task, to) < assignment.communication(task, place[task])) {
                        int from = place[task];
                        fence(task);
                        release(task);
                        start(Kind.REPLANNED, task, from, to);
                    }
                }
            }
        }

        private void protect() {
            for (int task : exposed) {
                Task of = assignment.task(task);
                if (!of.isProtected() || place[task] < 0) {
                    continue;
                }
                backup[task] = Backups.find(occupancy, of, place[task]);
                if (backup[task] >= 0) {
                    occupancy.add(of, backup[task], false);
                }
                if (held == null || held[task] < 0 || held[task] != backup[task]) {
                    note(backup[task] < 0 ? Kind.UNPROTECTED : Kind.RESERVED, task, -1, backup[task]);
                }
            }
        }
    }
}
