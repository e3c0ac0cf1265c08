package dev.gamut.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Communicators;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class ExpertsTest {
    private static final int WIDTH = 5;

    /** Expert e multiplies by e + 1: what comes back is x times the weighted sum of that, exact in small integers. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void tokensComeBackFromTheirExperts(int ranks) {
        for (DType type : new DType[] {DType.F32, DType.BF16, DType.I32}) {
            Communicators.run(ranks, comm -> {
                Experts experts = new Experts(comm, 2 * ranks);
                SplittableRandom random = new SplittableRandom(comm.rank());
                for (int n : new int[] {0, 1, 17}) {
                    int tokens = n + comm.rank();
                    int[][] routing = new int[tokens][];
                    float[][] weights = new float[tokens][];
                    Tensor x = Tensor.zeros(type, tokens, WIDTH);
                    for (int t = 0; t < tokens; t++) {
                        routing[t] = new int[random.nextInt(3)];
                        weights[t] = new float[routing[t].length];
                        for (int c = 0; c < routing[t].length; c++) {
                            routing[t][c] = random.nextInt(n == 1 ? 1 : 2 * ranks);
                            weights[t][c] = 1 + c;
                        }
                        for (int i = 0; i < WIDTH; i++) {
                            x.set((comm.rank() + t + i) % 4, t, i);
                        }
                    }
                    Experts.Dispatched dispatched = experts.dispatch(x, routing);
                    Tensor arrived = dispatched.tokens();
                    Tensor outputs = Tensor.zeros(type, arrived.size(0), 2);
                    long rows = 0;
                    for (int e = 0; e < experts.count(); e++) {
                        Shard own = dispatched.rows(e);
                        assertEquals(rows, own.first());
                        for (long row = own.first(); row < own.end(); row++) {
                            for (int i = 0; i < 2; i++) {
                                outputs.set(arrived.get(row, i + 3) * (experts.first() + e + 1), row, i);
                            }
                        }
                        rows = own.end();
                    }
                    assertEquals(arrived.size(0), rows);
                    Tensor result = Tensor.zeros(type, tokens, 2);
                    experts.combine(dispatched, outputs, weights, result);
                    for (int t = 0; t < tokens; t++) {
                        for (int i = 0; i < 2; i++) {
                            double factor = 0;
                            for (int c = 0; c < routing[t].length; c++) {
                                factor += weights[t][c] * (routing[t][c] + 1);
                            }
                            assertEquals(x.get(t, i + 3) * factor, result.get(t, i), 0, "token " + t);
                        }
                    }
                }
            });
        }
    }

    @Test
    void badRoutingIsRefused() {
        Communicators.run(1, comm -> {
            assertThrows(IllegalArgumentException.class, () -> new Experts(comm, 0));
            Experts experts = new Experts(comm, 2);
            Tensor x = Tensor.zeros(DType.F32, 1, 3);
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> experts.dispatch(x, new int[][] {{2}}));
            assertTrue(e.getMessage().contains("expert 2; there are 0 to 1"), e.getMessage());
            assertThrows(IllegalArgumentException.class, () -> experts.dispatch(x, new int[][] {{0}, {1}}));
            Experts.Dispatched one = experts.dispatch(x, new int[][] {{0, 1}});
            Tensor outputs = Tensor.zeros(DType.F32, 2, 3);
            assertThrows(IllegalArgumentException.class, () -> experts.combine(one, outputs, new float[][] {{1}}, x));
        });
    }
}
