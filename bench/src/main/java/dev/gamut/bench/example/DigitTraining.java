package dev.gamut.bench.example;

import dev.gamut.Communicators;
import dev.gamut.Gamut;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.io.Npy;
import dev.gamut.io.Shard;
import dev.gamut.parallel.CheckpointedRun;
import dev.gamut.parallel.CheckpointedWork;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Trains a small network on handwritten digits, data-parallel: each batch is cut into the same {@link #MICRO_BATCHES} whatever the number of
 * ranks, each rank computes the gradients of its own, and the all-reduce adds all of them up in their order. So 1 to 8 ranks learn the same
 * weights to the last bit, also where their number falls in the midst of it.
 */
public final class DigitTraining implements CheckpointedWork {
    /** Parts of a batch. */
    static final int MICRO_BATCHES = 8;

    private static final int MICRO_BATCH = 16;
    private static final int BATCH = MICRO_BATCHES * MICRO_BATCH;
    private static final float RATE = 0.2f;

    /** Every fifth image is kept for the test. */
    private static final int KEPT = 5;

    private final Communicator ranks;
    private final Digits seen;
    private final Digits unseen;
    private final Network network;
    private final Path result;
    private final float[] mean = new float[Network.PARAMETERS];

    private DigitTraining(Gamut gamut, Digits all, Communicator ranks, Path result) {
        if (ranks.size() > MICRO_BATCHES) {
            throw new IllegalArgumentException(
                    "ranks is " + ranks.size() + "; allowed are 1 to " + MICRO_BATCHES + ", one for each micro-batch");
        }
        this.ranks = ranks;
        this.result = result;
        int learnt = learnt(all);
        seen = all.part(0, learnt);
        unseen = all.part(learnt, all.size());
        network = new Network(gamut);
    }

    private static int learnt(Digits all) {
        return all.size() - all.size() / KEPT;
    }

    /** Batches in an epoch. */
    private static int batches(Digits all) {
        return learnt(all) / BATCH;
    }

    /**
     * What was learnt.
     *
     * @param accuracy share of images, unseen before, that are told right
     * @param parameters of each rank
     */
    public record Learnt(double accuracy, List<float[]> parameters) {}

    /**
     * Trains.
     *
     * @param folder with the digits, as {@code .ci/digits} gives it
     * @param ranks 1 to 8
     * @param epochs times that each image is seen
     * @return what was learnt
     */
    public static Learnt train(Path folder, int ranks, int epochs) {
        return train(Digits.read(folder), ranks, epochs);
    }

    static Learnt train(Digits all, int ranks, int epochs) {
        float[][] parameters = new float[ranks][];
        double[] accuracy = new double[ranks];
        try (Gamut gamut = Gamut.open()) {
            Communicators.run(ranks, comm -> {
                DigitTraining training = new DigitTraining(gamut, all, comm, null);
                for (int step = 0; step < epochs * batches(all); step++) {
                    training.step(step);
                }
                parameters[comm.rank()] = training.network.parameters();
                accuracy[comm.rank()] = training.network.accuracy(training.unseen);
            });
        }
        return new Learnt(accuracy[0], List.of(parameters));
    }

    @Override
    public Map<String, Shard> state() {
        return Map.of("parameters", Shard.whole(network.live()));
    }

    @Override
    public void loaded() {
        network.round();
    }

    /** Learns from a batch. */
    @Override
    public void step(long step) {
        int first = Math.toIntExact(step % (seen.size() / BATCH)) * BATCH;
        List<Tensor> gradients = new ArrayList<>();
        int end = (ranks.rank() + 1) * MICRO_BATCHES / ranks.size();
        for (int m = ranks.rank() * MICRO_BATCHES / ranks.size(); m < end; m++) {
            int from = first + m * MICRO_BATCH;
            gradients.add(Tensor.of(network.gradient(seen.part(from, from + MICRO_BATCH)), mean.length));
        }
        Tensor result = Tensor.of(mean, mean.length);
        ranks.run(CollectiveCall.allReduce(gradients, MICRO_BATCHES, result, Combine.AVERAGE));
        network.descend(mean, RATE);
    }

    /**
     * Trains on the ranks that were started, from the last checkpoint on, and says how well.
     *
     * @param arguments the folder of the digits, the number of batches, and the .npy file for the parameters
     */
    public static void main(String[] arguments) {
        if (arguments.length != 3) {
            System.err.println("usage: DigitTraining FOLDER BATCHES RESULT.npy");
            System.exit(2);
        }
        Digits all = Digits.read(Path.of(arguments[0]));
        try (Gamut gamut = Gamut.open()) {
            long steps = Long.parseLong(arguments[1]);
            Path result = Path.of(arguments[2]);
            CheckpointedRun.supervised().run(steps, ranks -> new DigitTraining(gamut, all, ranks, result));
        }
    }

    @Override
    public void finish() throws IOException {
        if (ranks.rank() == 0) {
            Npy.write(result, network.live());
            System.out.printf("%.1f %% of the unseen digits are told right%n", 100 * network.accuracy(unseen));
        }
    }
}
