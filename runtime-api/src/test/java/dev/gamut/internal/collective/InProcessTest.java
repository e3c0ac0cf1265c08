package dev.gamut.internal.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Communicators;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.collective.Collective;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.conformance.CollectiveRules;
import dev.gamut.tensor.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class InProcessTest {

    private static long seed() {
        return Long.getLong("gamut.test.seed", 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8})
    void everyCollectiveTypeAndCombination(int ranks) {
        AtomicInteger calls = new AtomicInteger();
        Communicators.run(ranks, comm -> calls.set(CollectiveRules.everything(comm, seed())));
        assertTrue(calls.get() > 500, calls + " calls");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomSequences(int ranks) {
        int sequences = Boolean.getBoolean("gamut.test.full") ? 1_000 : 50;
        Communicators.run(ranks, comm -> {
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
                Communicators.run(ranks, comm -> {
                    for (String rule : rules.split(",")) {
                        Collective op = Collective.parse(rule.split("=")[0]);
                        Tensor x = Tensor.of(new double[ranks * 10], ranks * 10);
                        Tensor y = Tensor.of(
                                new double[op == Collective.ALL_GATHER ? ranks * ranks * 10 : ranks * 10],
                                op == Collective.ALL_GATHER ? ranks * ranks * 10 : ranks * 10);
                        CollectiveCall call = switch (op) {
                            case ALL_REDUCE -> CollectiveCall.allReduce(x, y, Combine.SUM);
                            case ALL_TO_ALL -> CollectiveCall.allToAll(x, y);
                            case ALL_GATHER -> CollectiveCall.allGather(x, y);
                            default -> CollectiveCall.broadcast(x, 0);
                        };
                        String best = comm.explain(call).getFirst();
                        assertTrue(best.startsWith(rule.split("=")[1] + ": "), best);
                    }
                    for (int s = 0; s < 30; s++) {
                        CollectiveRules.sequence(comm, seed() + s);
                    }
                });
            }
        } finally {
            System.clearProperty("gamut.collective.algorithm");
        }
    }

    @Test
    void rulesAreRead() {
        for (String bad : new String[] {"all_reduce", "all_reduce=tree", "reduceall=ring", "all_reduce<x=ring"}) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Algorithms.parse(bad));
            assertTrue(e.getMessage().contains("'"), e.getMessage());
        }
    }

    @Test
    void ordersThatItDoesNotKeepAreRefused() {
        Communicators.run(1, comm -> {
            Tensor x = Tensor.of(new float[3], 3);
            CollectiveCall sum = CollectiveCall.allReduce(x, x, Combine.SUM)
                    .determinism(Determinism.bitwise(EvaluationOrder.TREE64));
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> comm.run(sum));
            assertTrue(e.getMessage().contains("combined in the order of ranks"), e.getMessage());
            comm.run(CollectiveCall.allReduce(x, x, Combine.MAX)
                    .determinism(Determinism.bitwise(EvaluationOrder.EXACT)));
        });
    }

    @Test
    void indicesComeWithValues() {
        Communicators.run(3, comm -> {
            double[] values = {comm.rank(), 5, comm.rank() == 1 ? Double.NaN : 0, -comm.rank()};
            long[] indices = {10 + comm.rank(), 9 - comm.rank(), comm.rank(), comm.rank()};
            Tensor v = Tensor.of(values, 4);
            Tensor i = Tensor.of(indices, dev.gamut.dtype.DType.I64, dev.gamut.tensor.Layout.rowMajor(4), 0);
            comm.run(CollectiveCall.allReduce(v, v, Combine.ARGMAX).indices(i));
            assertEquals(List.of(2.0, 5.0, Double.NaN, 0.0), List.of(values[0], values[1], values[2], values[3]));
            assertEquals(List.of(12L, 7L, 1L, 0L), List.of(indices[0], indices[1], indices[2], indices[3]));
        });
    }

    @Test
    void contributionsGiveTheSameBitsOnAnyNumberOfRanks() {
        float[][] parts = new float[8][3_001];
        java.util.SplittableRandom random = new java.util.SplittableRandom(seed());
        for (float[] part : parts) {
            for (int i = 0; i < part.length; i++) {
                part[i] = (float) random.nextDouble(-1, 1);
            }
        }
        float[] alone = new float[3_001];
        for (int ranks = 1; ranks <= 8; ranks++) {
            int group = ranks;
            float[][] results = new float[ranks][3_001];
            Communicators.run(ranks, comm -> {
                List<Tensor> mine = java.util.stream.IntStream.range(
                                comm.rank() * 8 / group, (comm.rank() + 1) * 8 / group)
                        .mapToObj(c -> Tensor.of(parts[c], 3_001))
                        .toList();
                comm.run(CollectiveCall.allReduce(mine, 8, Tensor.of(results[comm.rank()], 3_001), Combine.AVERAGE));
            });
            for (float[] result : results) {
                if (ranks == 1) {
                    System.arraycopy(result, 0, alone, 0, alone.length);
                }
                assertEquals(-1, java.util.Arrays.mismatch(alone, result), ranks + " ranks");
            }
        }
    }
}
