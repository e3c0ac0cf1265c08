package dev.gamut.placement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gamut.Communicators;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.error.RankFailureException;
import dev.gamut.io.Checkpoint;
import dev.gamut.io.CheckpointWriter;
import dev.gamut.io.Shard;
import dev.gamut.tensor.Tensor;
import dev.gamut.topology.Level;
import dev.gamut.topology.Topology;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training run whose ranks end at random steps: the survivors share out the dead one's tasks, go back to the last checkpoint, and come
 * to the very same numbers as a run in which nothing failed. Twice, 20 times with {@code -Dgamut.test.full=true}.
 */
@Timeout(300)
class RecoveryTest {
    private static final int RANKS = 4;
    private static final int TASKS = 8;
    private static final int FEATURES = 5;
    private static final int SAMPLES = 12;
    private static final int STEPS = 60;
    private static final int EVERY = 7;

    @TempDir
    private Path folder;

    /** Of a task's data, which follow from its number alone: the gradient of least squares. */
    private static double[] gradient(int task, double[] weights) {
        SplittableRandom random = new SplittableRandom(task);
        double[] sum = new double[FEATURES];
        for (int sample = 0; sample < SAMPLES; sample++) {
            double[] x = random.doubles(FEATURES).toArray();
            double error = -random.nextDouble();
            for (int i = 0; i < FEATURES; i++) {
                error += x[i] * weights[i];
            }
            for (int i = 0; i < FEATURES; i++) {
                sum[i] += error * x[i];
            }
        }
        return sum;
    }

    private static Failover failover() {
        Topology topology = Topology.builder()
                .level(new Level("cluster", 1e-6, 1e9))
                .level(new Level("node", 1e-7, 1e10), RANKS)
                .build();
        List<Task> tasks = IntStream.range(0, TASKS)
                .mapToObj(i -> new Task("part" + i, 0.25).withBackup())
                .toList();
        return new Failover(Placer.of(topology).loadSeconds(10).place(new Workload(tasks)));
    }

    /** One rank's side of the training. */
    private final class Trainer {
        private final Path root;
        private final Failover failover;
        private final int place;
        /** Before which step this rank ends; never where it is beyond the last. */
        private final int end;

        private Communicator ranks;
        private int[] placeOfRank = IntStream.range(0, RANKS).toArray();
        private double[] weights = new double[FEATURES];
        private int step;

        Trainer(Path root, Failover failover, Communicator ranks, int end) {
            this.root = root;
            this.failover = failover;
            this.ranks = ranks;
            this.end = end;
            place = ranks.rank();
        }

        double[] run() throws IOException {
            while (true) {
                // The epoch numbers runs: what an earlier one left unfinished stays so.
                try (CheckpointWriter writer =
                        new CheckpointWriter(root, ranks.rank(), ranks.size(), failover.epoch(), 2, 4 << 20)) {
                    train(writer);
                    return weights;
                } catch (RankFailureException e) {
                    System.out.printf(
                            "place %d at step %d: %s%n",
                            place, step, e.getMessage().lines().findFirst().orElse(""));
                }
                long begun = System.nanoTime();
                int reached = step;
                recover();
                System.out.printf(
                        "place %d: recovered in %d ms, %d steps lost, epoch %d%n",
                        place, (System.nanoTime() - begun) / 1_000_000, reached - step, failover.epoch());
            }
        }

        private void train(CheckpointWriter writer) throws IOException {
            for (; step < STEPS; step++) {
                if (step == end) {
                    throw new IllegalStateException("place " + place + " ends");
                }
                if (step % EVERY == 0) {
                    Tensor all = Tensor.of(weights, FEATURES);
                    writer.save(step, ranks.rank() == 0 ? Map.of("weights", Shard.whole(all)) : Map.of());
                }
                double[] gradients = new double[TASKS * FEATURES];
                for (int task = 0; task < TASKS; task++) {
                    if (failover.lease(task).place() == place) {
                        System.arraycopy(gradient(task, weights), 0, gradients, task * FEATURES, FEATURES);
                    }
                }
                // Each number comes from one rank and the others add 0: the same bits whoever has which task.
                ranks.allReduce(Tensor.of(gradients, gradients.length), Combine.SUM);
                double[] next = weights.clone();
                for (int i = 0; i < gradients.length; i++) {
                    next[i % FEATURES] -= 0.01 * gradients[i];
                }
                weights = next;
            }
        }

        private void recover() throws IOException {
            ranks = ranks.shrink();
            int[] present = new int[ranks.size()];
            ranks.allGather(
                    Tensor.of(new int[] {place}, dev.gamut.dtype.DType.I32, dev.gamut.tensor.Layout.rowMajor(1), 0),
                    Tensor.of(present, dev.gamut.dtype.DType.I32, dev.gamut.tensor.Layout.rowMajor(present.length), 0));
            // Every survivor reports; all reports but the first change nothing.
            failover.fail(Arrays.stream(placeOfRank)
                    .filter(old -> Arrays.stream(present).noneMatch(now -> now == old))
                    .toArray());
            placeOfRank = present;
            ranks.barrier();
            Checkpoint last = Checkpoint.latest(root).orElseThrow();
            weights = (double[]) last.load("weights").array();
            step = (int) last.step();
            ranks.barrier();
        }
    }

    private Map<Integer, double[]> train(Path root, Failover failover, int[] ends) {
        Map<Integer, double[]> results = new ConcurrentHashMap<>();
        Communicators.threads(RANKS, comm -> {
            comm.deadline(Duration.ofSeconds(30));
            results.put(comm.rank(), new Trainer(root, failover, comm, ends[comm.rank()]).run());
        });
        return results;
    }

    @Test
    void survivorsComeToTheSameNumbers() {
        int[] never = new int[RANKS];
        Arrays.fill(never, STEPS);
        double[] expected = train(folder.resolve("whole"), failover(), never).get(0);
        SplittableRandom random = new SplittableRandom(Long.getLong("gamut.test.seed", 1));
        int times = Boolean.getBoolean("gamut.test.full") ? 20 : 2;
        for (int time = 0; time < times; time++) {
            Path root = folder.resolve("run" + time);
            Failover failover = failover();
            int[] ends = never.clone();
            List<Integer> victims = new ArrayList<>(List.of(random.nextInt(RANKS)));
            victims.add((victims.getFirst() + 1 + random.nextInt(RANKS - 1)) % RANKS);
            // From the first step after a checkpoint can be complete; the second one may end while the first is
            // recovered from.
            victims.forEach(victim -> ends[victim] = random.nextInt(EVERY + 1, STEPS));
            Map<Integer, double[]> results = new ConcurrentHashMap<>();
            assertThrows(
                    IllegalStateException.class,
                    () -> Communicators.threads(RANKS, comm -> {
                        comm.deadline(Duration.ofSeconds(30));
                        results.put(comm.rank(), new Trainer(root, failover, comm, ends[comm.rank()]).run());
                    }));
            assertEquals(RANKS - 2, results.size(), "survivors");
            results.values().forEach(weights -> assertArrayEquals(expected, weights));
            Failover.Status status = failover.status();
            assertEquals(victims.stream().sorted().toList(), status.failed());
            assertEquals(TASKS, status.running());
        }
    }
}
