package dev.gamut.internal.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Communicators;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.collective.Request;
import dev.gamut.conformance.CollectiveMisuse;
import dev.gamut.dtype.DType;
import dev.gamut.error.RankFailureException;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Quantise;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fault ends in its named error within the deadline, more often in the full suite. */
@Timeout(120)
class InProcessFaultTest {
    private static final Duration SHORT = Duration.ofSeconds(2);

    static IntStream times() {
        return IntStream.range(0, Boolean.getBoolean("gamut.test.full") ? 20 : 2);
    }

    @AfterEach
    void noThreadIsLeft() throws InterruptedException {
        for (int wait = 0; ranks() > 0 && wait < 500; wait++) {
            Thread.sleep(20);
        }
        assertEquals(0, ranks(), "threads of ranks");
    }

    private static long ranks() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("gamut-rank"))
                .count();
    }

    @ParameterizedTest
    @MethodSource("times")
    void aRankThatThrowsIsMissing(int time) {
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> Communicators.run(3, comm -> {
                    if (comm.rank() == 1) {
                        throw new IllegalStateException("rank 1 gives up");
                    }
                    comm.allReduce(Tensor.of(new float[100_000], 100_000), Combine.SUM);
                }));
        assertEquals("rank 1 gives up", e.getMessage());
        assertEquals(2, e.getSuppressed().length);
        for (Throwable other : e.getSuppressed()) {
            assertEquals(List.of(1), ((RankFailureException) other).missing());
        }
    }

    @ParameterizedTest
    @MethodSource("times")
    void aRankThatEndsIsMissing(int time) {
        RankFailureException e = assertThrows(
                RankFailureException.class,
                () -> Communicators.run(2, comm -> {
                    if (comm.rank() == 0) {
                        comm.barrier();
                        comm.barrier();
                    } else {
                        comm.barrier();
                    }
                }));
        assertEquals(List.of(1), e.missing());
        assertTrue(e.getMessage().contains("has ended"), e.getMessage());
    }

    @ParameterizedTest
    @MethodSource("times")
    void aRankThatStopsIsNamedAtTheDeadline(int time) {
        CountDownLatch release = new CountDownLatch(1);
        long begun = System.nanoTime();
        RankFailureException e = assertThrows(
                RankFailureException.class,
                () -> Communicators.run(3, comm -> {
                    comm.deadline(SHORT);
                    if (comm.rank() == 2) {
                        release.await();
                        return;
                    }
                    try {
                        comm.allReduce(Tensor.of(new double[10], 10), Combine.SUM);
                    } finally {
                        release.countDown();
                    }
                }));
        assertEquals(List.of(2), e.missing());
        assertTrue(System.nanoTime() - begun < 20e9, "took too long");
        assertTrue(e.getMessage().contains("did not come in time"), e.getMessage());
    }

    @ParameterizedTest
    @MethodSource("times")
    void survivorsGoOn(int time) {
        AtomicInteger survivors = new AtomicInteger();
        assertThrows(
                IllegalStateException.class,
                () -> Communicators.run(4, comm -> {
                    comm.deadline(SHORT);
                    if (comm.rank() == 1) {
                        throw new IllegalStateException("gone");
                    }
                    float[] x = {comm.rank()};
                    assertThrows(RankFailureException.class, () -> comm.allReduce(Tensor.of(x, 1), Combine.SUM));
                    assertThrows(RankFailureException.class, comm::barrier);
                    try (Communicator left = comm.shrink()) {
                        float[] y = {comm.rank()};
                        left.allReduce(Tensor.of(y, 1), Combine.SUM);
                        assertEquals(5, y[0]);
                        assertEquals(3, left.size());
                        survivors.incrementAndGet();
                    }
                }));
        assertEquals(3, survivors.get());
    }

    @ParameterizedTest
    @MethodSource("times")
    void whoMakesWrongCallsIsTold(int time) {
        AtomicInteger told = new AtomicInteger();
        for (int ranks = 2; ranks <= 4; ranks++) {
            Communicators.run(ranks, comm -> {
                comm.deadline(SHORT);
                told.addAndGet(CollectiveMisuse.everything(comm));
            });
        }
        assertEquals(9 * 11, told.get());
    }

    @ParameterizedTest
    @MethodSource("times")
    void aCallThatIsGivenUpIsMissingToTheOthers(int time) {
        CountDownLatch givenUp = new CountDownLatch(1);
        Communicators.run(2, comm -> {
            if (comm.rank() == 0) {
                Request request = comm.start(CollectiveCall.allReduce(floats(50_000), floats(50_000), Combine.SUM));
                assertTrue(!request.await(Duration.ofMillis(50)));
                assertTrue(request.cancel());
                assertThrows(CancellationException.class, request::await);
                givenUp.countDown();
            } else {
                givenUp.await();
            }
            RankFailureException e = assertThrows(RankFailureException.class, comm::barrier);
            assertEquals(List.of(0), e.missing());
        });
    }

    @ParameterizedTest
    @MethodSource("times")
    void callsThatHaveNotBegunEndWithTheirCommunicator(int time) {
        CountDownLatch closed = new CountDownLatch(1);
        Communicators.run(2, comm -> {
            Communicator copy = comm.dup();
            if (comm.rank() == 1) {
                closed.await();
                return;
            }
            List<Request> all = Stream.generate(() -> copy.start(CollectiveCall.barrier()))
                    .limit(3)
                    .toList();
            copy.close();
            for (Request each : all) {
                assertThrows(
                        CancellationException.class,
                        () -> assertTrue(each.await(Duration.ofSeconds(30)), "it is waited for in vain"));
                assertTrue(each.isDone());
            }
            closed.countDown();
        });
    }

    @ParameterizedTest
    @MethodSource("times")
    void aMessageThatNobodySendsEndsAtTheDeadline(int time) {
        CountDownLatch release = new CountDownLatch(1);
        Communicators.run(2, comm -> {
            comm.deadline(SHORT);
            if (comm.rank() == 1) {
                release.await();
                return;
            }
            Request request = comm.startReceive(floats(3), 1, 0);
            RankFailureException e = assertThrows(RankFailureException.class, request::await);
            assertEquals(List.of(1), e.missing());
            assertTrue(e.getMessage().contains("receive f32 of 3 from rank 1 tag 0"), e.getMessage());
            assertTrue(request.isDone());
            assertThrows(RankFailureException.class, () -> request.await(SHORT));
            release.countDown();
        });
    }

    /** Who waits for a while only is not to break off what goes on. */
    @ParameterizedTest
    @MethodSource("times")
    void aMessageGoesOnWhenWhoWaitsForAWhileIsInterrupted(int time) {
        CountDownLatch interrupted = new CountDownLatch(1);
        Communicators.run(2, comm -> {
            if (comm.rank() == 1) {
                interrupted.await();
                comm.send(floats(3), 0, 0);
                return;
            }
            Request request = comm.startReceive(floats(3), 1, 0);
            Thread self = Thread.currentThread();
            for (int i = 0; i < 10; i++) {
                Thread other = Thread.ofPlatform().start(() -> {
                    LockSupport.parkNanos(5_000_000);
                    self.interrupt();
                });
                assertThrows(InterruptedException.class, () -> request.await(Duration.ofMinutes(1)));
                other.join();
            }
            interrupted.countDown();
            request.await();
            assertTrue(request.isDone());
        });
    }

    /** Long before its deadline, where another one ends while it waits. */
    @ParameterizedTest
    @MethodSource("times")
    void shrinkingSeesRanksThatEndLater(int time) {
        CountDownLatch shrinking = new CountDownLatch(2);
        AtomicInteger survivors = new AtomicInteger();
        assertThrows(
                IllegalStateException.class,
                () -> Communicators.run(4, comm -> {
                    if (comm.rank() < 2) {
                        if (comm.rank() == 1) {
                            shrinking.await();
                            Thread.sleep(200); // that they are in it
                        }
                        throw new IllegalStateException("gone");
                    }
                    assertThrows(RankFailureException.class, comm::barrier);
                    comm.deadline(Duration.ofSeconds(80));
                    long begun = System.nanoTime();
                    shrinking.countDown();
                    try (Communicator left = comm.shrink()) {
                        assertTrue(System.nanoTime() - begun < 40e9, "it waited for its deadline");
                        assertEquals(2, left.size());
                        left.barrier();
                        survivors.incrementAndGet();
                    }
                }));
        assertEquals(2, survivors.get());
    }

    /** Where it comes to no more meetings of a call, its next call must not be taken for them. */
    @ParameterizedTest
    @MethodSource("times")
    void aRankThatThrowsWithinACallIsMissing(int time) {
        CountDownLatch closed = new CountDownLatch(1);
        Communicators.run(2, comm -> {
            int n = 100_000;
            if (comm.rank() == 1) {
                closed.await();
                RankFailureException e = assertThrows(
                        RankFailureException.class, () -> comm.allReduce(floats(n), floats(n), Combine.SUM));
                assertEquals(List.of(0), e.missing());
                assertTrue(e.getMessage().contains("threw java.lang.IllegalStateException"), e.getMessage());
                return;
            }
            Arena arena = Arena.ofShared();
            Tensor to = Tensor.of(arena.allocate(4L * n, 64), DType.F32, Layout.rowMajor(n));
            Request request = comm.start(CollectiveCall.allReduce(floats(n), to, Combine.SUM));
            arena.close();
            closed.countDown();
            assertThrows(IllegalStateException.class, request::await);
            assertThrows(RankFailureException.class, comm::barrier);
        });
    }

    /** The root of a broadcast reads nothing itself: it is the others that find its memory closed. */
    @ParameterizedTest
    @MethodSource("times")
    void whoClosesWhatOthersReadIsMissing(int time) {
        CountDownLatch closed = new CountDownLatch(1);
        Communicators.run(3, comm -> {
            if (comm.rank() == 0) {
                Arena arena = Arena.ofShared();
                Tensor x = Tensor.of(arena.allocate(400), DType.F32, Layout.rowMajor(100));
                Request request = comm.start(CollectiveCall.broadcast(x, 0));
                arena.close();
                closed.countDown();
                assertMissing(0, "closed memory", request::await);
            } else {
                closed.await();
                assertMissing(0, "closed memory", () -> comm.broadcast(floats(100), 0));
            }
            assertMissing(0, "closed memory", comm::barrier);
        });
    }

    /** Of an all-reduce of codes the second exchange never comes. */
    @ParameterizedTest
    @MethodSource("times")
    void aRankThatThrowsBetweenTheStepsOfACallIsMissing(int time) {
        CountDownLatch closed = new CountDownLatch(1);
        Communicators.run(2, comm -> {
            if (comm.rank() == 1) {
                closed.await();
                assertMissing(0, "threw java.lang.IllegalStateException", () -> comm.run(codes(null)));
                return;
            }
            Arena arena = Arena.ofShared();
            Request request = comm.start(codes(Tensor.of(arena.allocate(400), DType.F32, Layout.rowMajor(100))));
            arena.close();
            closed.countDown();
            assertThrows(IllegalStateException.class, request::await);
        });
    }

    private static CollectiveCall codes(Tensor lost) {
        CollectiveCall call = CollectiveCall.allReduce(floats(100), floats(100), Combine.SUM)
                .transport(Quantise.int8().blocks(50));
        return lost == null ? call : call.feedback(lost);
    }

    private static void assertMissing(int rank, String why, Executable call) {
        RankFailureException e = assertThrows(RankFailureException.class, call);
        assertEquals(List.of(rank), e.missing());
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    @ParameterizedTest
    @MethodSource("times")
    void aMessageThatIsGivenUpBreaksTheGroup(int time) {
        CountDownLatch givenUp = new CountDownLatch(1);
        Communicators.run(2, comm -> {
            if (comm.rank() == 0) {
                Request request = comm.startReceive(floats(3), 1, 0);
                assertTrue(request.cancel());
                assertFalse(request.cancel(), "it has ended");
                assertThrows(CancellationException.class, request::await);
                givenUp.countDown();
            } else {
                assertMissing(0, "gave it up", comm::barrier);
                givenUp.await();
            }
            assertMissing(0, "gave it up", () -> comm.startSend(floats(3), 1 - comm.rank(), 0));
        });
    }

    @ParameterizedTest
    @MethodSource("times")
    void memoryThatACallCannotUseIsRefusedBeforeIt(int time) {
        Communicators.run(2, comm -> {
            if (comm.rank() == 0) {
                refuses(comm);
            }
            Tensor sum = floats(100);
            comm.allReduce(Tensor.of(filled(comm.rank() + 1), 100), sum, Combine.SUM);
            assertEquals(3, sum.get(99));
        });
    }

    private static void refuses(Communicator comm) {
        Tensor x = floats(100);
        Tensor readOnly =
                Tensor.of(MemorySegment.ofArray(new float[100]).asReadOnly(), DType.F32, Layout.rowMajor(100));
        Arena arena = Arena.ofShared();
        Tensor closed = Tensor.of(arena.allocate(400), DType.F32, Layout.rowMajor(100));
        arena.close();
        try (Arena own = Arena.ofConfined()) {
            Tensor confined = Tensor.of(own.allocate(400), DType.F32, Layout.rowMajor(100));
            refused("to is a read-only segment", () -> comm.allReduce(x, readOnly, Combine.SUM));
            refused("to is a read-only segment", () -> comm.broadcast(readOnly, 1));
            refused("to is a segment confined to this thread", () -> comm.allReduce(x, confined, Combine.SUM));
            refused("from is a segment confined to this thread", () -> comm.allReduce(confined, x, Combine.SUM));
            refused("from is a segment whose arena is closed", () -> comm.scan(closed, x, Combine.SUM));
            refused("to is a segment whose arena is closed", () -> comm.scan(x, closed, Combine.SUM));
            refused("x is a read-only segment", () -> comm.startReceive(readOnly, 1, 0));
            refused("x is a segment confined to this thread", () -> comm.startSend(confined, 1, 0));
        }
    }

    private static void refused(String told, Executable call) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call);
        assertTrue(e.getMessage().startsWith(told), e.getMessage());
    }

    /** Whose memory was closed, the message's other side need not wait for its deadline. */
    @ParameterizedTest
    @MethodSource("times")
    void aMessageThatCannotBeCopiedEndsOnBothSides(int time) {
        CountDownLatch closed = new CountDownLatch(1);
        Communicators.run(2, comm -> {
            if (comm.rank() == 1) {
                closed.await();
                assertThrows(IllegalArgumentException.class, () -> comm.receive(floats(100), 0, 0));
                return;
            }
            Arena arena = Arena.ofShared();
            Tensor x = Tensor.of(arena.allocate(400), DType.F32, Layout.rowMajor(100));
            Request sent = comm.startSend(x, 1, 0);
            arena.close();
            closed.countDown();
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, sent::await);
            assertTrue(e.getMessage().contains("was not copied"), e.getMessage());
        });
    }

    /** A rank may end as soon as the others have all they need of it, whenever they look. */
    @ParameterizedTest
    @MethodSource("times")
    void ranksThatEndAreMissingOnlyToWhoStillWaitsForThem(int time) {
        for (int i = 0; i < 100; i++) {
            Communicators.run(6, comm -> {
                if (comm.rank() > 0) {
                    comm.receive(floats(12), comm.rank() - 1, 0);
                }
                if (comm.rank() + 1 < comm.size()) {
                    comm.startSend(floats(12), comm.rank() + 1, 0).await();
                }
            });
            Communicators.run(6, Communicator::barrier);
        }
    }

    @ParameterizedTest
    @MethodSource("times")
    void messagesOfDifferentTypesAreNamed(int time) {
        Communicators.run(2, comm -> {
            if (comm.rank() == 1) {
                comm.send(Tensor.of(new double[3], 3), 0, 0);
                return;
            }
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> comm.receive(floats(3), 1, 0));
            assertTrue(e.getMessage().contains("rank 1 sends f64 of 3"), e.getMessage());
        });
    }

    private static float[] filled(float value) {
        float[] x = new float[100];
        Arrays.fill(x, value);
        return x;
    }

    private static Tensor floats(int n) {
        return Tensor.of(new float[n], n);
    }
}
