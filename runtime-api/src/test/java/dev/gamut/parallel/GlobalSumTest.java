package dev.gamut.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gamut.Communicators;
import dev.gamut.Gamut;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GlobalSumTest {
    private static final long[] LENGTHS = {0, 1, 100, 4_096, 4_097, 9_000, 50_001};

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32", "BF16", "F8E5M2"})
    void theBitsOfOneRank(DType type) {
        SplittableRandom random = new SplittableRandom(Long.getLong("gamut.test.seed", 1));
        try (Gamut gamut = Gamut.open()) {
            for (int ranks = 1; ranks <= 8; ranks++) {
                for (long n : LENGTHS) {
                    Tensor x = Tensor.zeros(type, n);
                    for (long i = 0; i < n; i++) {
                        x.set(random.nextDouble(-1, 1), i);
                    }
                    long[] cuts = cuts(n, ranks, random);
                    double alone = gamut.sum(x, Determinism.bitwise(EvaluationOrder.TREE64));
                    double[] sums = new double[ranks];
                    Communicators.run(
                            ranks,
                            comm -> sums[comm.rank()] = new GlobalSum(gamut, comm)
                                    .of(x.slice(0, cuts[comm.rank()], cuts[comm.rank() + 1])));
                    for (double sum : sums) {
                        assertEquals(alone, sum, n + " " + type + " on " + ranks + " ranks");
                    }
                }
            }
        }
    }

    private static long[] cuts(long n, int ranks, SplittableRandom random) {
        return IntStream.rangeClosed(0, ranks)
                .mapToLong(r -> r == 0 ? 0 : r == ranks ? n : random.nextLong(n + 1))
                .sorted()
                .toArray();
    }
}
