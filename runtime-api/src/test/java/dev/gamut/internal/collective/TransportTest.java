package dev.gamut.internal.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.collective.Communicator.Level;
import dev.gamut.collective.Request;
import dev.gamut.conformance.CollectiveMisuse;
import dev.gamut.conformance.CollectiveRules;
import dev.gamut.dtype.DType;
import dev.gamut.error.RankFailureException;
import dev.gamut.spi.Transport;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Collectives over a transport, without a library: schedules, messages, and ranks that are missing. */
@Timeout(300)
class TransportTest {
    /** Of which ranks have half a second to answer each other, on machines that do other work, too. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    private static long seed() {
        return Long.getLong("gamut.test.seed", 1);
    }

    /** Runs ranks as threads, which begin together, as who begins late is missing; what each threw. */
    private static List<Throwable> thrown(int ranks, BiConsumer<Communicator, MemoryTransport> body) {
        List<MemoryTransport> transports = MemoryTransport.group(ranks);
        CyclicBarrier together = new CyclicBarrier(ranks);
        Throwable[] thrown = new Throwable[ranks];
        List<Thread> threads = new ArrayList<>();
        for (int r = 0; r < ranks; r++) {
            int rank = r;
            threads.add(Thread.ofPlatform().name("rank-" + r).start(() -> {
                try (Communicator comm = TransportCommunicator.over(transports.get(rank))) {
                    together.await();
                    body.accept(comm, transports.get(rank));
                } catch (Throwable e) { // looked at by the test
                    thrown[rank] = e;
                }
            }));
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return Arrays.asList(thrown);
    }

    static void run(int ranks, BiConsumer<Communicator, MemoryTransport> body) {
        for (Throwable e : thrown(ranks, body)) {
            if (e != null) {
                throw new AssertionError(e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void everyCollectiveTypeAndCombination(int ranks) {
        run(ranks, (comm, _) -> CollectiveRules.everything(comm, seed()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void randomSequences(int ranks) {
        int sequences = Boolean.getBoolean("gamut.test.full") ? 300 : 25;
        run(ranks, (comm, _) -> {
            for (int s = 0; s < sequences; s++) {
                CollectiveRules.sequence(comm, seed() + s);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "all_reduce=flat",
                "all_reduce=mesh,all_to_all=pairwise",
                "all_reduce=ring,all_gather=ring",
                "all_reduce=doubling,broadcast=binomial"
            })
    void everyAlgorithm(String rules) {
        System.setProperty("gamut.collective.algorithm", rules);
        try {
            for (int ranks : new int[] {2, 3, 5}) {
                run(ranks, (comm, _) -> {
                    for (int s = 0; s < 20; s++) {
                        CollectiveRules.sequence(comm, seed() + s);
                    }
                });
            }
        } finally {
            System.clearProperty("gamut.collective.algorithm");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"flat", "mesh", "ring", "doubling"})
    void indicesComeWithTheirValues(String algorithm) {
        System.setProperty("gamut.collective.algorithm", "all_reduce=" + algorithm);
        try {
            for (int ranks = 3; ranks <= 5; ranks++) {
                indicesComeWithTheirValues(ranks);
            }
        } finally {
            System.clearProperty("gamut.collective.algorithm");
        }
    }

    private static void indicesComeWithTheirValues(int ranks) {
        run(ranks, (comm, _) -> {
            int n = 300;
            Tensor values = Tensor.zeros(DType.F32, n);
            Tensor numbers = Tensor.zeros(DType.I64, n);
            for (int i = 0; i < n; i++) {
                values.set((i + comm.rank()) % 3, i);
                numbers.set(10 * comm.rank() + 1, i);
            }
            comm.run(CollectiveCall.allReduce(values, values, Combine.ARGMAX).indices(numbers));
            for (int i = 0; i < n; i++) {
                assertEquals(2, values.get(i));
                assertEquals(10 * Math.floorMod(2 - i, 3) + 1, numbers.get(i));
            }
        });
    }

    @Test
    void levelsAreTheWholeAndItsHosts() {
        run(
                3,
                (comm, _) -> assertEquals(
                        List.of(new Level("all", List.of(0, 0, 0)), new Level("host", List.of(0, 0, 1))),
                        comm.levels()));
    }

    /** As the thread that makes groups is not waited for, it must not wait for ever. */
    @Test
    void aGroupIsNotWaitedForWhereARankHasLeft() {
        List<Transport> ranks = LocalTransport.group(3);
        ranks.get(1).close();
        RankFailureException e =
                assertThrows(RankFailureException.class, () -> ranks.get(0).split(0, 0));
        assertEquals(List.of(1), e.missing());
    }

    @Test
    void aRankThatDoesNotComeIsNamedByAllInTime() {
        List<Throwable> thrown = thrown(4, (comm, _) -> {
            comm.deadline(SHORT);
            if (comm.rank() != 2) {
                comm.allReduce(Tensor.of(new float[1_000], 1_000), Combine.SUM);
            } else {
                sleep(2 * SHORT.toMillis());
            }
        });
        assertNamed(thrown, List.of(0, 1, 3), List.of(2));
    }

    @Test
    void aRankThatIsSeenToEndIsNamedLongBeforeTheDeadline() {
        long begun = System.nanoTime();
        List<Throwable> thrown = thrown(3, (comm, transport) -> {
            if (comm.rank() == 1) {
                transport.lose(1);
            } else {
                comm.barrier();
            }
        });
        assertNamed(thrown, List.of(0, 2), List.of(1));
        assertTrue(System.nanoTime() - begun < Duration.ofSeconds(20).toNanos(), "waited for the deadline of 30 s");
    }

    @ParameterizedTest
    @EnumSource(names = {"SLOW", "CUT"})
    void eachSideOfANetworkThatFailsNamesTheOther(MemoryTransport.Cable cable) {
        List<Throwable> thrown = thrown(4, (comm, transport) -> {
            transport.cable(cable);
            comm.deadline(SHORT);
            comm.allReduce(Tensor.zeros(DType.F32, 1_000), Combine.SUM);
        });
        for (int r = 0; r < 4; r++) {
            List<Integer> others = r < 2 ? List.of(2, 3) : List.of(0, 1);
            assertEquals(others, ((RankFailureException) thrown.get(r)).missing(), "rank " + r);
        }
    }

    @Test
    void whoEndsAfterItHasSaidThatItWaitsIsNotBlamedForThat() {
        List<Throwable> thrown = thrown(4, (comm, transport) -> {
            transport.cable(MemoryTransport.Cable.SLOW);
            comm.deadline(comm.rank() == 0 ? SHORT.dividedBy(2) : SHORT);
            try {
                comm.allReduce(Tensor.zeros(DType.F32, 1_000), Combine.SUM);
            } finally {
                if (comm.rank() == 0) {
                    transport.lose(0);
                }
            }
        });
        assertEquals(List.of(2, 3), ((RankFailureException) thrown.get(1)).missing());
    }

    @Test
    void aBrokenCommunicatorRefusesFurtherCalls() {
        run(2, (comm, transport) -> {
            if (comm.rank() == 1) {
                transport.lose(1);
                return;
            }
            assertThrows(RankFailureException.class, comm::barrier);
            long begun = System.nanoTime();
            RankFailureException again = assertThrows(RankFailureException.class, comm::barrier);
            assertEquals(List.of(1), again.missing());
            assertTrue(System.nanoTime() - begun < Duration.ofSeconds(20).toNanos(), "it waited again, for 30 s");
            assertThrows(UnsupportedOperationException.class, comm::shrink);
        });
    }

    @Test
    void aCallThatIsGivenUpNamesWhoGaveUp() {
        long begun = System.nanoTime();
        List<Throwable> thrown = thrown(3, (comm, _) -> {
            switch (comm.rank()) {
                case 0 -> comm.allReduce(Tensor.of(new float[10], 10), Combine.SUM);
                case 1 -> {
                    Request request =
                            comm.start(CollectiveCall.allReduce(zeros(10), Tensor.of(new float[10], 10), Combine.SUM));
                    sleep(50);
                    assertTrue(request.cancel());
                    assertThrows(CancellationException.class, request::await);
                    assertEquals(
                            List.of(1),
                            assertThrows(RankFailureException.class, comm::barrier)
                                    .missing());
                }
                default -> sleep(50);
            }
        });
        assertNamed(thrown, List.of(0), List.of(1));
        assertEquals(null, thrown.get(1));
        assertTrue(System.nanoTime() - begun < Duration.ofSeconds(20).toNanos(), "waited for the deadline of 30 s");
    }

    /** The result of the second rank cannot be written; the first waits for it once more. */
    @Test
    void aCallThatThrowsNamesWhoThrew() {
        CountDownLatch closed = new CountDownLatch(1);
        List<Throwable> thrown = thrown(2, (comm, _) -> {
            if (comm.rank() == 0) {
                await(closed);
                comm.allReduce(zeros(10), zeros(10), Combine.SUM);
                comm.barrier();
                return;
            }
            Arena arena = Arena.ofShared();
            Tensor to = Tensor.of(arena.allocate(40), DType.F32, Layout.rowMajor(10));
            Request request = comm.start(CollectiveCall.allReduce(zeros(10), to, Combine.SUM));
            arena.close();
            closed.countDown();
            assertThrows(IllegalStateException.class, request::await);
            assertThrows(RankFailureException.class, comm::barrier);
        });
        assertEquals(null, thrown.get(1));
        RankFailureException e = assertInstanceOf(RankFailureException.class, thrown.get(0));
        assertEquals(List.of(1), e.missing());
        assertTrue(e.getMessage().contains("threw java.lang.IllegalStateException"), e.getMessage());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anInterruptedCallIsCancelled() {
        run(2, (comm, _) -> {
            if (comm.rank() == 0) {
                Thread self = Thread.currentThread();
                Thread.ofPlatform().start(() -> {
                    sleep(100);
                    self.interrupt();
                });
                assertThrows(CancellationException.class, comm::barrier);
                assertTrue(Thread.interrupted());
            }
        });
    }

    @Test
    void countsThatDoNotFitAreNamedByAllRanksWhichStayInStep() {
        run(3, (comm, _) -> {
            long[] sent = {1, 2, 3};
            long[] taken = {comm.rank() + 1, comm.rank() + 1, comm.rank() + (comm.rank() == 1 ? 2 : 1)};
            Tensor to = zeros(Arrays.stream(taken).sum());
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class, () -> comm.run(CollectiveCall.allToAll(zeros(6), sent, to, taken)));
            assertEquals("rank 2 sends 2 elements to rank 1, which takes 3: counts must fit together", e.getMessage());
            comm.barrier();
        });
    }

    @Test
    void partsOfAnotherSizeAreNamedWithBothRanks() {
        List<Throwable> thrown = thrown(3, (comm, _) -> {
            comm.deadline(SHORT);
            comm.broadcast(zeros(comm.rank() == 1 ? 9 : 10), 0);
            comm.barrier();
        });
        assertEquals(
                "rank 0 sends more than 36 bytes to rank 1, which takes 36 in broadcast f32 of 9 root 0: all ranks must make the"
                        + " same call",
                thrown.get(1).getMessage());
        assertNamed(thrown, List.of(0, 2), List.of(1));
    }

    @Test
    void whoMakesWrongCallsIsToldWhereTheyAreCompared() {
        System.setProperty("gamut.collective.debug", "true");
        try {
            run(3, (comm, _) -> CollectiveMisuse.everything(comm));
        } finally {
            System.clearProperty("gamut.collective.debug");
        }
    }

    @Test
    void messagesOfAnotherTypeOrSizeAreNamed() {
        run(2, (comm, _) -> {
            for (DType type : new DType[] {DType.F32, DType.I32, DType.F64}) {
                int n = type == DType.F64 ? 3 : 4; // as many bytes, fewer, or more
                if (comm.rank() == 0) {
                    comm.send(Tensor.zeros(type, n), 1, 7);
                } else if (type == DType.F32) {
                    comm.receive(zeros(4), 0, 7);
                } else {
                    IllegalArgumentException e =
                            assertThrows(IllegalArgumentException.class, () -> comm.receive(zeros(4), 0, 7));
                    assertEquals(
                            "rank 0 sends " + type.id() + " of " + n
                                    + "; rank 1 receives f32 of 4: type and number of elements must be the same",
                            e.getMessage());
                }
            }
            comm.barrier();
        });
    }

    @Test
    void aMessageThatDoesNotComeNamesItsSenderAlone() {
        run(3, (comm, _) -> {
            comm.deadline(SHORT);
            if (comm.rank() == 0) {
                Request request = comm.startReceive(zeros(4), 1, 7);
                try {
                    assertFalse(request.await(Duration.ofMillis(20)));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                RankFailureException e = assertThrows(RankFailureException.class, request::await);
                assertEquals(List.of(1), e.missing());
            }
        });
    }

    @Test
    void nativeMemoryIsGivenBack() {
        long before = Workspace.nativeBytes();
        run(2, (comm, _) -> {
            comm.allReduce(zeros(100_000), Combine.SUM);
            comm.startSend(zeros(1_000), 1 - comm.rank(), 3).await();
            comm.receive(zeros(1_000), 1 - comm.rank(), 3);
            assertTrue(Workspace.nativeBytes() > before);
            comm.barrier();
        });
        assertEquals(before, Workspace.nativeBytes());
    }

    private static Tensor zeros(long n) {
        return Tensor.zeros(DType.F32, n);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertNamed(List<Throwable> thrown, List<Integer> survivors, List<Integer> missing) {
        for (int survivor : survivors) {
            Throwable e = thrown.get(survivor);
            assertTrue(e instanceof RankFailureException, survivor + " threw " + e);
            assertEquals(missing, ((RankFailureException) e).missing(), e.getMessage());
        }
    }
}
