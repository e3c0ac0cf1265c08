package dev.gamut.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Communicators;
import dev.gamut.collective.Combine;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Quantise;
import dev.gamut.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class GradientBucketsTest {
    private static final int[] SIZES = {10, 300, 1, 0, 64, 2_000, 7};

    private static List<Tensor> gradients() {
        List<Tensor> all = new ArrayList<>();
        for (int i = 0; i < SIZES.length; i++) {
            all.add(Tensor.zeros(i == 4 ? DType.F64 : DType.F32, SIZES[i]));
        }
        return all;
    }

    private static double value(int gradient, int i, int rank, int step) {
        return (gradient + i + 3 * rank + step) % 8;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void sumsWhateverBecomesReadyFirst(int ranks) {
        for (long bytes : new long[] {1, 1_000, 1 << 20}) {
            Communicators.run(ranks, comm -> {
                List<Tensor> gradients = gradients();
                GradientBuckets buckets = new GradientBuckets(comm, gradients, bytes, Combine.SUM);
                assertEquals(bytes == 1 ? 7 : bytes == 1_000 ? 6 : 3, buckets.size());
                for (int step = 0; step < 3; step++) {
                    List<Integer> order = new ArrayList<>(
                            IntStream.range(0, SIZES.length).boxed().toList());
                    Collections.shuffle(order, new Random(comm.rank() + 10L * step)); // of its own on each rank
                    for (int g : order) {
                        for (int i = 0; i < SIZES[g]; i++) {
                            gradients.get(g).set(value(g, i, comm.rank(), step), i);
                        }
                        buckets.ready(g);
                    }
                    buckets.await();
                    for (int g = 0; g < SIZES.length; g++) {
                        for (int i = 0; i < SIZES[g]; i++) {
                            double sum = 0;
                            for (int r = 0; r < ranks; r++) {
                                sum += value(g, i, r, step);
                            }
                            assertEquals(sum, gradients.get(g).get(i), 0, "gradient " + g + " element " + i);
                        }
                    }
                }
            });
        }
    }

    @Test
    void codesCarryTheirLossesOn() {
        Communicators.run(2, comm -> {
            Tensor gradient = Tensor.zeros(DType.F32, 100);
            GradientBuckets buckets = new GradientBuckets(comm, List.of(gradient), 1 << 20, Combine.AVERAGE)
                    .transport(Quantise.int4().blocks(32));
            double[] sum = new double[100];
            for (int step = 0; step < 200; step++) {
                for (int i = 0; i < 100; i++) {
                    gradient.set(Math.sin(i), i);
                }
                buckets.ready(0);
                buckets.await();
                for (int i = 0; i < 100; i++) {
                    sum[i] += gradient.get(i);
                }
            }
            for (int i = 0; i < 100; i++) {
                assertEquals(Math.sin(i), sum[i] / 200, 0.002, "element " + i); // one call alone is off by up to 0.15
            }
        });
    }

    @Test
    void stepsAreKeptApart() {
        Communicators.run(1, comm -> {
            List<Tensor> two = List.of(Tensor.zeros(DType.F32, 4), Tensor.zeros(DType.F32, 4));
            GradientBuckets buckets = new GradientBuckets(comm, two, 16, Combine.SUM);
            buckets.ready(1);
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> buckets.ready(1));
            assertTrue(e.getMessage().contains("gradient 1 is ready twice"), e.getMessage());
            e = assertThrows(IllegalStateException.class, buckets::await);
            assertTrue(e.getMessage().contains("gradient 0 is not ready"), e.getMessage());
            buckets.ready(0);
            buckets.await();
        });
    }
}
