package dev.gamut.io;

import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;

/** A process that writes checkpoints by two ranks until it is killed, from the last complete one on; it says which are complete. */
final class CheckpointVictim {
    static final int RANKS = 2;
    static final int ROWS = 96;
    static final int COLUMNS = 1_000;

    private CheckpointVictim() {}

    /**
     * Runs.
     *
     * @param arguments the folder and the number of this run
     */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        long run = Long.parseLong(arguments[1]);
        long first = Checkpoint.latest(root).map(found -> found.step() + 1).orElse(0L);
        long[] step = {first};
        CyclicBarrier together = new CyclicBarrier(RANKS, () -> System.out.println("complete " + step[0]++));
        for (int rank = 0; rank < RANKS; rank++) {
            int of = rank;
            Thread.ofPlatform().start(() -> write(root, of, run, first, together));
        }
    }

    private static void write(Path root, int rank, long run, long first, CyclicBarrier together) {
        try (CheckpointWriter writer = new CheckpointWriter(root, rank, RANKS, run, 2, 4 << 20)) {
            for (long step = first; ; step++) {
                writer.save(step, shards(rank, step));
                writer.await();
                together.await();
            }
        } catch (Exception e) {
            System.out.println("wrong: " + e);
        }
    }

    /** Numbers that tell their step. */
    static Map<String, Shard> shards(int rank, long step) {
        Map<String, Shard> all = new LinkedHashMap<>();
        Tensor part = Tensor.zeros(DType.F32, ROWS / RANKS, COLUMNS);
        java.util.Arrays.fill((float[]) part.array(), step);
        all.put("weights", Shard.along(part, 0, (long) rank * ROWS / RANKS, ROWS));
        if (rank == 0) {
            all.put("step", Shard.whole(Tensor.of(new double[] {step})));
        }
        return all;
    }
}
