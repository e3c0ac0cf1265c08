package dev.gamut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.error.RankFailureException;
import dev.gamut.tensor.Tensor;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
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

    @Test
    void ranksThatDoNotAreNamed() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        littlePatience();
        RankFailureException e = assertThrows(
                RankFailureException.class,
                () -> Communicators.threads(3, ranks -> {
                    if (ranks.rank() == 2) {
                        done.await();
                        throw new ArithmeticException("rank 2 ends");
                    }
                    if (ranks.rank() == 1) {
                        never.await();
                    }
                    done.countDown();
                }));
        assertEquals(Set.of(1), Set.copyOf(e.missing()));
        never.countDown();
    }
}
