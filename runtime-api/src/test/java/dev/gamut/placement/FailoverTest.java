package dev.gamut.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.placement.FailoverEvent.Kind;
import dev.gamut.topology.Level;
import dev.gamut.topology.Topology;
import dev.gamut.topology.TopologyBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The traps of placements and failovers that others fell into, one a test, and random sequences of failures and returns. */
class FailoverTest {
    private static final int EACH = Boolean.getBoolean("gamut.test.full") ? 20 : 1;

    private static TopologyBuilder nodes(int count) {
        return Topology.builder().level(new Level("cluster", 1e-6, 1e9)).level(new Level("node", 1e-7, 1e10), count);
    }

    private static List<Task> tasks(int count, double weight) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Task("t" + i, weight))
                .toList();
    }

    private static List<Task> protectedTasks(int count, double weight) {
        return tasks(count, weight).stream().map(Task::withBackup).toList();
    }

    private static Placement place(Topology topology, List<Task> tasks) {
        return Placer.of(topology).place(new Workload(tasks));
    }

    private static void check(Failover failover, Placement start) {
        Placement now = failover.placement();
        Invariants.check(now.topology(), start.workload(), now::place, now::backup, failover::isWorking);
        Failover.Status status = failover.status();
        assertEquals(
                start.workload().tasks().size(),
                status.running() + status.queued().size(),
                "none is lost");
    }

    @Test
    void meanLatencyIsThatToPeersAlone() {
        Workload workload =
                new Workload(tasks(3, 0.9), Traffic.builder(3).add(0, 1, 1, 1).build());
        Placement placement = Placer.of(nodes(3).extra(1, 2, 0, 1).build()).place(workload);
        assertEquals(1e-6, placement.meanLatency(0).orElseThrow(), 1e-12);
        assertEquals(OptionalDouble.empty(), placement.meanLatency(2), "no peer");
        assertEquals(OptionalDouble.empty(), placement.meanLatency(1), "it receives, and sends to none");
    }

    @Test
    void nothingRuns() {
        Topology topology = nodes(2).down(1, 0).down(1, 1).build();
        Workload workload =
                new Workload(tasks(2, 0.5), Traffic.builder(2).add(0, 1, 1, 1).build());
        Placement placement = Placer.of(topology).place(workload);
        assertEquals(List.of(0, 1), placement.queued());
        assertEquals(0, placement.maxLoad());
        assertEquals(0, placement.cost());
        assertEquals(OptionalDouble.empty(), placement.meanLatency(0));
        assertTrue(placement.explain(0).contains("queued"), placement.explain(0));
        assertTrue(placement.explain(0).contains("2 do not work"), placement.explain(0));
    }

    /** The way from node 1 is long, the way to it short: whoever only receives from it is placed by the long one. */
    @Test
    void latencyThatDependsOnTheDirection() {
        Topology topology = nodes(3).extra(1, 1, 1e-3, 0).extra(1, 2, 0, 1e-4).build();
        Workload sends =
                new Workload(tasks(2, 0.9), Traffic.builder(2).add(0, 1, 8, 1).build());
        Placement placement = Placer.of(topology).place(sends);
        assertNotEquals(1, placement.place(0), "the sender is not where it is far to leave");
        assertNotEquals(2, placement.place(1), "the receiver is not where it is far to get");
        assertEquals(1e-6 + 8e-9, placement.communication(), 1e-12);
    }

    @Test
    void noTasksAndOneNode() {
        Placement none = place(nodes(4).build(), List.of());
        assertEquals(List.of(), none.queued());
        assertEquals(0, none.cost());
        assertEquals(1, new Failover(none).fail(0).size());
        Placement one = place(nodes(1).build(), protectedTasks(2, 0.5));
        assertEquals(0, one.place(0));
        assertEquals(0, one.place(1));
        assertEquals(List.of(0, 1), one.unprotected(), "there is nowhere else");
    }

    @Test
    void aTaskWithoutRoomIsKeptAndWaits() {
        Placement placement = place(nodes(2).build(), tasks(3, 0.8));
        assertEquals(1, placement.queued().size());
        Failover failover = new Failover(placement);
        failover.fail(0);
        assertEquals(2, failover.status().queued().size());
        List<FailoverEvent> events = failover.restore(0);
        assertEquals(1, failover.status().queued().size());
        assertTrue(events.stream().anyMatch(event -> event.kind() == Kind.STARTED), events.toString());
        check(failover, placement);
    }

    @Test
    void aFailedNodeIsMarkedAndUnloaded() {
        Placement placement = place(nodes(3).build(), tasks(3, 0.5));
        Failover failover = new Failover(placement);
        int node = placement.place(0);
        failover.fail(node);
        assertFalse(failover.isWorking(node));
        assertEquals(List.of(node), failover.status().failed());
        check(failover, placement);
        failover.restore(node);
        failover.fail(IntStream.range(0, 3).filter(other -> other != node).toArray());
        assertEquals(2, failover.status().running(), "all that it has is free again");
        check(failover, placement);
    }

    @Test
    void backupsAreWhereTheyCanServe() {
        TopologyBuilder builder =
                nodes(4).label(1, 0, "rack", "a").label(1, 1, "rack", "a").down(1, 2);
        Placement placement = place(builder.build(), protectedTasks(2, 0.5));
        Invariants.check(placement);
        for (int task = 0; task < 2; task++) {
            assertEquals(
                    placement.place(task) == 3,
                    placement.backup(task) < 3,
                    "not in the same rack, not on a failed node");
            assertNotEquals(2, placement.backup(task));
        }
        Placement full = place(nodes(2).build(), protectedTasks(2, 0.8));
        assertEquals(List.of(0, 1), full.unprotected(), "there is no room for a backup");
        assertEquals(List.of(), full.queued());
    }

    @Test
    void aFailoverDoesNotOverloadItsTarget() {
        Placement placement = place(nodes(3).build(), protectedTasks(3, 0.6));
        Failover failover = new Failover(placement);
        failover.fail(placement.place(0));
        check(failover, placement);
        assertEquals(1, failover.status().queued().size(), "no node can take two");
        assertTrue(failover.status().maxLoad() <= 1);
    }

    @Test
    void reservationsGiveWayToTasksThatWouldWait() {
        Placement placement = place(nodes(3).build(), protectedTasks(6, 0.25));
        assertEquals(List.of(), placement.unprotected());
        Failover failover = new Failover(placement);
        failover.fail(0);
        failover.fail(1);
        assertEquals(4, failover.status().running(), "one node is full");
        failover.restore(0);
        assertEquals(6, failover.status().running());
        check(failover, placement);
    }

    @Test
    void twoFailuresAtOnce() {
        Placement placement = place(nodes(5).build(), protectedTasks(4, 0.3));
        int first = placement.place(0);
        int second = placement.backup(0);
        Failover failover = new Failover(placement);
        List<FailoverEvent> events = failover.fail(first, second);
        assertEquals(1, failover.epoch());
        assertEquals(4, failover.status().running());
        assertEquals(List.of(), failover.status().unprotected());
        assertTrue(events.stream().noneMatch(event -> event.to() == first || event.to() == second), events.toString());
        check(failover, placement);
    }

    @Test
    void aFailureThatIsReportedAgainChangesNothing() {
        Placement placement = place(nodes(4).build(), protectedTasks(4, 0.3));
        Failover failover = new Failover(placement);
        int node = placement.place(0);
        assertFalse(failover.fail(node, node).isEmpty());
        String then = failover.placement().toString();
        long events = failover.log().size();
        assertEquals(List.of(), failover.fail(node));
        assertEquals(List.of(), failover.failDomain(1, node));
        assertEquals(1, failover.epoch());
        assertEquals(events, failover.log().size());
        assertEquals(then, failover.placement().toString());
        assertThrows(IllegalArgumentException.class, () -> failover.fail(0, 1, 2, 3, 4));
        assertEquals(1, failover.epoch(), "a bad report changes nothing either");
    }

    @Test
    void theOldOwnerIsFencedAndStaysSo() {
        Placement placement = place(nodes(3).build(), protectedTasks(1, 0.5));
        Failover failover = new Failover(placement);
        Lease old = failover.lease(0);
        assertTrue(failover.isCurrent(old));
        failover.fail(old.place());
        Lease second = failover.lease(0);
        assertFalse(failover.isCurrent(old));
        assertTrue(failover.isCurrent(second));
        assertEquals(placement.backup(0), second.place());
        failover.restore(old.place());
        assertFalse(failover.isCurrent(old), "a node that comes back has no claim");
        failover.fail(second.place());
        assertTrue(failover.isCurrent(failover.lease(0)));
        assertFalse(failover.isCurrent(old));
        assertFalse(failover.isCurrent(second));
    }

    @Test
    void theLastNodeFailsAndComesBack() {
        Placement placement = place(nodes(2).build(), protectedTasks(2, 0.4));
        Failover failover = new Failover(placement);
        failover.fail(0);
        failover.fail(1);
        assertEquals(List.of(0, 1), failover.status().queued());
        assertFalse(failover.isCurrent(failover.lease(0)));
        assertEquals(0, failover.status().maxLoad());
        failover.restore(1);
        assertEquals(2, failover.status().running());
        assertEquals(List.of(0, 1), failover.status().unprotected());
        failover.restore(0);
        assertEquals(List.of(), failover.status().unprotected());
        check(failover, placement);
    }

    @Test
    void aGangRunsWholeOrWaits() {
        List<Task> tasks = new ArrayList<>(
                tasks(3, 0.7).stream().map(task -> task.inGang(5)).toList());
        Placement placement = place(nodes(3).build(), tasks);
        Failover failover = new Failover(placement);
        failover.fail(1);
        assertEquals(List.of(0, 1, 2), failover.status().queued());
        failover.restore(1);
        assertEquals(3, failover.status().running());
        check(failover, placement);
        assertEquals(List.of(0, 1, 2), place(nodes(2).build(), tasks).queued());
    }

    @Test
    void unequalNodesGetUnequalShares() {
        TopologyBuilder builder = nodes(4);
        for (int node = 0; node < 4; node++) {
            builder.resources(1, node, new dev.gamut.topology.Resources(1 << node, 1 << 30, 0, java.util.Set.of()));
        }
        Placement placement = place(builder.build(), tasks(150, 0.05));
        double[] weight = new double[4];
        for (int task = 0; task < 150; task++) {
            weight[placement.place(task)] += 0.05;
        }
        for (int node = 0; node < 4; node++) {
            assertEquals(0.5, weight[node] / (1 << node), 0.06);
        }
    }

    @Test
    void reportsFromSeveralThreads() throws InterruptedException {
        Placement placement = place(nodes(24).build(), protectedTasks(60, 0.15));
        Failover failover = new Failover(placement);
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            SplittableRandom random = new SplittableRandom(i);
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int k = 0; k < 50; k++) {
                    int node = random.nextInt(24);
                    if (random.nextInt(3) == 0) {
                        failover.restore(node);
                    } else {
                        failover.fail(node, random.nextInt(24));
                    }
                }
            }));
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        check(failover, placement);
    }

    private static List<FailoverEvent> plane(Failover failover, Topology topology, SplittableRandom choice) {
        int level = choice.nextInt(topology.levels().size());
        return failover.plane(
                level,
                choice.nextInt(topology.size(level)),
                choice.nextInt(topology.levels().get(level).planes()),
                choice.nextInt(3) == 0);
    }

    /** Two supernodes of two nodes: gangs stay together while a plane is left, and not across a gap. */
    @Test
    void aPlaneFailsWhileWorkRuns() {
        Topology topology = Topology.builder()
                .level(new Level("cluster", 1e-5, 1e9, 2))
                .level(new Level("supernode", 1e-6, 1e10), 2)
                .level(new Level("node", 1e-7, 1e11), 2)
                .build();
        List<Task> tasks = new ArrayList<>(tasks(4, 0.6));
        tasks.set(0, tasks.get(0).inGang(1));
        tasks.set(1, tasks.get(1).inGang(1));
        tasks.set(2, tasks.get(2).inGang(1));
        Placement placement = Placer.of(topology).place(new Workload(tasks));
        assertEquals(List.of(), placement.queued());
        Failover failover = new Failover(placement);
        Lease lease = failover.lease(0);
        assertEquals(1, failover.plane(0, 0, 1, false).size(), "it became slower");
        assertEquals(List.of(), failover.plane(0, 0, 1, false), "it was down before");
        assertTrue(failover.isCurrent(lease));
        assertEquals(5e8, failover.placement().topology().bandwidth(0, 0));

        List<FailoverEvent> events = failover.plane(0, 0, 0, false);
        assertEquals(Kind.PLANE_FAILED, events.getFirst().kind());
        assertFalse(failover.isCurrent(lease), "three do not fit on two nodes");
        assertEquals(List.of(0, 1, 2), failover.status().queued());
        check(failover, placement);
        failover.plane(0, 0, 0, true);
        assertEquals(List.of(), failover.status().queued());
        assertTrue(failover.lease(0).epoch() > lease.epoch());
        check(failover, placement);
        assertThrows(IndexOutOfBoundsException.class, () -> failover.plane(0, 0, 2, false));
        assertThrows(IndexOutOfBoundsException.class, () -> failover.plane(3, 0, 0, false));
    }

    /** A task on the far side of a gap goes to the one that it talks to, and its backup with it. */
    @Test
    void peersThatCannotReachEachOtherCome() {
        Topology topology = Topology.builder()
                .level(new Level("cluster", 1e-5, 1e9))
                .level(new Level("node", 1e-7, 1e11), 3)
                .level(new Level("device", 1e-8, 1e12), 2)
                .build();
        List<Task> tasks = List.of(new Task("a", 0.7), new Task("b", 0.7).withBackup(), new Task("c", 0.7));
        Traffic traffic = Traffic.builder(3).add(0, 1, 1e6, 1).add(1, 2, 1e3, 1).build();
        Placement placement = Placer.of(topology).place(new Workload(tasks, traffic));
        int together = topology.domain(1, placement.place(0));
        assertEquals(together, topology.domain(1, placement.place(1)));
        Failover failover = new Failover(placement);
        // The node's only plane: what is on it cannot reach each other any more, but others over the cluster.
        failover.plane(1, together, 0, false);
        check(failover, placement);
        int a = failover.lease(0).place();
        int b = failover.lease(1).place();
        assertTrue(topology.domain(1, a) != together || topology.domain(1, b) != together || a == b);
        assertEquals(List.of(), failover.status().queued());
        assertEquals(List.of(), failover.status().unprotected());
        failover.failDomain(1, topology.domain(1, b));
        check(failover, placement);
    }

    @Property(tries = 500, seed = "1")
    void whateverFailsNothingIsLostOrRunTwice(@ForAll int first) {
        for (int i = 0; i < EACH; i++) {
            int seed = (int) (Long.getLong("gamut.test.seed", 1) * 0x9E3779B9L) ^ first + i;
            RandomCase random = RandomCase.of(seed);
            Placement placement = Placer.of(random.topology()).place(random.workload());
            Failover failover = new Failover(placement);
            SplittableRandom choice = new SplittableRandom(seed);
            for (int step = 0; step < 8; step++) {
                int n = random.workload().tasks().size();
                List<Lease> before =
                        IntStream.range(0, n).mapToObj(failover::lease).toList();
                int[] places = choice.ints(
                                choice.nextInt(1, 4), 0, random.topology().places())
                        .toArray();
                List<FailoverEvent> events = switch (choice.nextInt(4)) {
                    case 0 -> failover.restore(places);
                    case 1 -> plane(failover, random.topology(), choice);
                    default -> failover.fail(places);
                };
                check(failover, placement);
                for (Lease lease : before) {
                    boolean moved = events.stream()
                            .anyMatch(event -> event.task() == lease.task() && event.kind() == Kind.FENCED);
                    assertEquals(lease.place() >= 0 && !moved, failover.isCurrent(lease), lease + " after " + events);
                }
            }
        }
    }
}
