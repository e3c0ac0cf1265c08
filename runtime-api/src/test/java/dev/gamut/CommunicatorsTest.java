package dev.gamut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.error.RankFailureException;
import dev.gamut.tensor.Tensor;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long ranks that are threads are waited for once one of them has failed. */
@Timeout(60)
class CommunicatorsTest {
    private final Duration usual = Communicators.patience;

    private static void littlePatience() {
        Communicators.patience = Duration.ofMillis(200);
    }

    @AfterEach
    void asUsual() {
        Communicators.patience = usual;
    }

    @Test
    void ranksThatGoOnWithoutItMayTakeTheirTime() {
        double[] sum = {0};
        ArithmeticException e = assertThrows(
                ArithmeticException.class,
                () -> Communicators.threads(3, ranks -> {
                    if (ranks.rank() == 2) {
                        throw new ArithmeticException("rank 2 ends");
                    }
                    assertThrows(RankFailureException.class, ranks::barrier);
                    try (Communicator left = ranks.shrink()) {
                        left.barrier(); // from here on both are known to go on, however busy the machine is
                        littlePatience();
                        Thread.sleep(1_000);
                        double[] one = {1};
                        left.allReduce(Tensor.of(one, 1), Combine.SUM);
                        if (left.rank() == 0) {
                            sum[0] = one[0];
                        }
                    }
                }));
        assertEquals("rank 2 ends", e.getMessage());
        assertEquals(2, sum[0]);
    }

    /** A rank that is stuck is left out by those that go on, and is named when they have ended. */
    @Test
    void ranksThatWaitForOthersToGoOnWithAreNotStuck() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger survivors = new AtomicInteger();
        RankFailureException e = assertThrows(
                RankFailureException.class,
                () -> Communicators.threads(4, ranks -> {
                    if (ranks.rank() == 0) {
                        throw new ArithmeticException("rank 0 ends");
                    }
                    if (ranks.rank() == 1) {
                        while (shrinking() < 2 && survivors.get() < 2) {
                            Thread.sleep(1);
                        }
                        littlePatience();
                        never.await();
                        return;
                    }
                    assertThrows(RankFailureException.class, ranks::barrier);
                    ranks.deadline(Duration.ofSeconds(5));
                    try (Communicator left = ranks.shrink()) {
                        assertEquals(2, left.size());
                        left.barrier();
                        survivors.incrementAndGet();
                    }
                }));
        assertEquals(2, survivors.get());
        assertEquals(Set.of(1), Set.copyOf(e.missing()));
        never.countDown();
    }

    private static long shrinking() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> Arrays.stream(stack)
                        .anyMatch(frame -> frame.getClassName().endsWith("InProcessGroup")
                                && frame.getMethodName().equals("shrink")))
                .count();
    }

    @Test
    void ranksThatDoNotAreNamed() {
        CountDownLatch never = new CountDownLatch(1);
        CompletableFuture<Thread> done = new CompletableFuture<>();
        littlePatience();
        RankFailureException e = assertThrows(
                RankFailureException.class,
                () -> Communicators.threads(3, ranks -> {
                    if (ranks.rank() == 2) {
                        done.get().join(); // or that rank, too, might end too late
                        throw new ArithmeticException("rank 2 ends");
                    }
                    if (ranks.rank() == 1) {
                        never.await();
                        return;
                    }
                    done.complete(Thread.currentThread());
                }));
        assertEquals(Set.of(1), Set.copyOf(e.missing()));
        never.countDown();
    }
}
