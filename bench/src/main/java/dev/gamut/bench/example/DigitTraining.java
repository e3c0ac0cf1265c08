package dev.gamut.bench.example;

import dev.gamut.Communicators;
import dev.gamut.Gamut;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains a small network on handwritten digits, data-parallel: each batch is cut into the same {@link #MICRO_BATCHES} whatever the number of
 * ranks, each rank computes the gradients of its own, and the all-reduce adds all of them up in their order. So 1, 2, 4 and 8 ranks
 * learn the same weights to the last bit.
 */
public final class DigitTraining {
    /** Parts of a batch. */
    static final int MICRO_BATCHES = 8;

    private static final int MICRO_BATCH = 16;
    private static final float RATE = 0.2f;

    /** Every fifth image is kept for the test. */
    private static final int KEPT = 5;

    private DigitTraining() {}

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
     * @param ranks 1, 2, 4 or 8
     * @param epochs times that each image is seen
     * @return what was learnt
     */
    public static Learnt train(Path folder, int ranks, int epochs) {
        return train(Digits.read(folder), ranks, epochs);
    }

    static Learnt train(Digits all, int ranks, int epochs) {
        if (ranks < 1 || MICRO_BATCHES % ranks != 0) {
            throw new IllegalArgumentException(
                    "ranks is " + ranks + "; it must divide the " + MICRO_BATCHES + " micro-batches");
        }
        int learnt = all.size() - all.size() / KEPT;
        Digits seen = all.part(0, learnt);
        Digits unseen = all.part(learnt, all.size());
        float[][] parameters = new float[ranks][];
        double[] accuracy = new double[ranks];
        try (Gamut gamut = Gamut.open()) {
            Communicators.run(ranks, comm -> {
                Network network = new Network(gamut);
                for (int epoch = 0; epoch < epochs; epoch++) {
                    epoch(comm, network, seen);
                }
                parameters[comm.rank()] = network.parameters();
                accuracy[comm.rank()] = network.accuracy(unseen);
            });
        }
        return new Learnt(accuracy[0], List.of(parameters));
    }

    private static void epoch(Communicator comm, Network network, Digits seen) {
        int own = MICRO_BATCHES / comm.size();
        float[] mean = new float[Network.PARAMETERS];
        Tensor result = Tensor.of(mean, mean.length);
        int batch = MICRO_BATCHES * MICRO_BATCH;
        for (int first = 0; first + batch <= seen.size(); first += batch) {
            List<Tensor> gradients = new ArrayList<>();
            for (int m = comm.rank() * own; m < (comm.rank() + 1) * own; m++) {
                int from = first + m * MICRO_BATCH;
                gradients.add(Tensor.of(network.gradient(seen.part(from, from + MICRO_BATCH)), mean.length));
            }
            comm.run(CollectiveCall.allReduce(gradients, result, Combine.AVERAGE));
            network.descend(mean, RATE);
        }
    }

    /**
     * Trains and says how well.
     *
     * @param arguments the folder of the digits, the number of ranks, the number of epochs
     */
    public static void main(String[] arguments) {
        if (arguments.length != 3) {
            System.err.println("usage: DigitTraining FOLDER RANKS EPOCHS");
            System.exit(2);
        }
        Learnt learnt = train(Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        System.out.printf("%.1f %% of the unseen digits are told right%n", 100 * learnt.accuracy());
    }
}
