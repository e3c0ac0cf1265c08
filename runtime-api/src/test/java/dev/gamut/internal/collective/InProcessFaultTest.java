package dev.gamut.internal.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Communicators;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.collective.Request;
import dev.gamut.conformance.CollectiveMisuse;
import dev.gamut.error.RankFailureException;
import dev.gamut.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
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
            RankFailureException e = assertThrows(RankFailureException.class, () -> comm.receive(floats(3), 1, 0));
            assertEquals(List.of(1), e.missing());
            assertTrue(e.getMessage().contains("receive f32 of 3 from rank 1 tag 0"), e.getMessage());
            release.countDown();
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

    private static Tensor floats(int n) {
        return Tensor.of(new float[n], n);
    }
}
