package dev.gamut.bench.example;

import dev.gamut.Communicators;
import dev.gamut.Gamut;
import dev.gamut.collective.Combine;
import dev.gamut.collective.Communicator;
import dev.gamut.dtype.DType;
import dev.gamut.parallel.Experts;
import dev.gamut.parallel.Pipeline;
import dev.gamut.parallel.Shard;
import dev.gamut.parallel.ShardedGemm;
import dev.gamut.placement.Placement;
import dev.gamut.placement.Placer;
import dev.gamut.placement.RankMap;
import dev.gamut.placement.Task;
import dev.gamut.placement.Traffic;
import dev.gamut.placement.Workload;
import dev.gamut.tensor.Tensor;
import dev.gamut.topology.Topology;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A step of training by data, pipeline, tensor and expert parallelism at once, whose ranks are where {@link Placer} wants them: each is a task
 * with what it sends to which other ones, and does the work of the task that {@link RankMap} gives it. All numbers are small and whole, so that
 * the result must be that of one rank exactly.
 *
 * @param data replicas, each with batches of its own
 * @param stages of the pipeline: layers
 * @param tensor parts of each layer, and ranks that share out experts
 */
public record PlacedStep(int data, int stages, int tensor) {
    private static final int BATCHES = 3;
    private static final int TOKENS = 8;
    private static final int WIDTH = 16;

    /** Bytes of what a batch is between layers. */
    private static final double ACTIVATIONS = 4.0 * TOKENS * WIDTH;

    /** Checks that there is at least one of each. */
    public PlacedStep {
        if (data < 1 || stages < 1 || tensor < 1 || tensor > WIDTH) {
            throw new IllegalArgumentException("data, stages and tensor are " + data + ", " + stages + " and " + tensor
                    + "; allowed are numbers from 1 on, " + WIDTH + " for tensor at most");
        }
    }

    /** How many. */
    int tasks() {
        return data * stages * tensor;
    }

    /** Numbered so that those that talk most are farthest apart, as programs happen to number them. */
    private int task(int replica, int stage, int part) {
        return (part * stages + stage) * data + replica;
    }

    private int replica(int task) {
        return task % data;
    }

    private int stage(int task) {
        return task / data % stages;
    }

    private int part(int task) {
        return task / data / stages;
    }

    /** Tasks, and what they send each other in a step. */
    Workload workload() {
        List<Task> tasks = IntStream.range(0, tasks())
                .mapToObj(
                        task -> new Task("replica" + replica(task) + "-stage" + stage(task) + "-part" + part(task), 1))
                .toList();
        Traffic.Builder traffic = Traffic.builder(tasks());
        for (int task = 0; task < tasks(); task++) {
            for (int other = 0; other < tensor; other++) {
                send(traffic, task, task(replica(task), stage(task), other), 2 * BATCHES * ACTIVATIONS, 2 * BATCHES);
            }
            if (stage(task) + 1 < stages) {
                send(traffic, task, task(replica(task), stage(task) + 1, part(task)), BATCHES * ACTIVATIONS, BATCHES);
            }
            for (int other = 0; other < data; other++) {
                send(traffic, task, task(other, stage(task), part(task)), 4.0 * WIDTH, 1);
            }
        }
        return new Workload(tasks, traffic.build());
    }

    private static void send(Traffic.Builder traffic, int from, int to, double bytes, double messages) {
        if (from != to) {
            traffic.add(from, to, bytes, messages);
        }
    }

    private static double input(int replica, int batch, int token, int i) {
        return (replica * 3 + batch * 5 + token * 7 + i * 11) % 7 - 3;
    }

    private static double weight(int stage, int i, int j) {
        return (stage + i * 3 + j * 5) % 3 - 1;
    }

    private int expert(int batch, int token) {
        return (token * 3 + batch) % experts();
    }

    private int experts() {
        return 2 * tensor;
    }

    /** What all tokens become, added up. */
    float[] serial() {
        float[] sum = new float[WIDTH];
        for (int token = 0; token < data * BATCHES * TOKENS; token++) {
            int replica = token / BATCHES / TOKENS;
            int batch = token / TOKENS % BATCHES;
            double[] x = new double[WIDTH];
            for (int i = 0; i < WIDTH; i++) {
                x[i] = input(replica, batch, token % TOKENS, i);
            }
            for (int stage = 0; stage < stages; stage++) {
                double[] y = new double[WIDTH];
                for (int i = 0; i < WIDTH; i++) {
                    for (int j = 0; j < WIDTH; j++) {
                        y[j] += x[i] * weight(stage, i, j);
                    }
                }
                x = y;
            }
            for (int i = 0; i < WIDTH; i++) {
                sum[i] += (float) (x[i] * (1 + expert(batch, token % TOKENS)));
            }
        }
        return sum;
    }

    /** The same by all ranks, on each. */
    float[] step(Gamut gamut, Communicator ranks, RankMap map) {
        int task = map.task(ranks.rank());
        int replica = replica(task);
        int stage = stage(task);
        int part = part(task);
        try (Communicator layer = ranks.split(replica * stages + stage, part);
                Communicator pipe = ranks.split(replica * tensor + part, stage);
                Communicator copies = ranks.split(stage * tensor + part, replica)) {
            Shard columns = Shard.of(WIDTH, tensor, part);
            Tensor weights = Tensor.zeros(DType.F32, WIDTH, columns.count());
            for (int i = 0; i < WIDTH; i++) {
                for (int j = 0; j < columns.count(); j++) {
                    weights.set(weight(stage, i, Math.toIntExact(columns.first()) + j), i, j);
                }
            }
            ShardedGemm product = new ShardedGemm(gamut, layer);
            Pipeline hand = Pipeline.forward(pipe, 1, DType.F32, TOKENS, WIDTH);
            Tensor sum = Tensor.zeros(DType.F32, WIDTH);
            hand.begin(BATCHES);
            for (int batch = 0; batch < BATCHES; batch++) {
                Tensor x = hand.isFirst() ? batch(replica, batch) : hand.receive();
                Tensor y = hand.next();
                product.columns(x, weights, y);
                if (hand.isLast()) {
                    routed(layer, y, batch, sum);
                }
                hand.send();
            }
            hand.end();
            if (hand.isLast()) {
                layer.allReduce(sum, Combine.SUM);
                copies.allReduce(sum, Combine.SUM);
            }
            pipe.broadcast(sum, stages - 1);
            return (float[]) sum.array();
        }
    }

    private static Tensor batch(int replica, int batch) {
        Tensor x = Tensor.zeros(DType.F32, TOKENS, WIDTH);
        for (int token = 0; token < TOKENS; token++) {
            for (int i = 0; i < WIDTH; i++) {
                x.set(input(replica, batch, token, i), token, i);
            }
        }
        return x;
    }

    /** Each rank of a layer sends its share of the tokens to their experts; expert e multiplies by e + 1. */
    private void routed(Communicator layer, Tensor tokens, int batch, Tensor sum) {
        Shard own = Shard.of(TOKENS, layer.size(), layer.rank());
        int n = Math.toIntExact(own.count());
        int[][] routing = new int[n][1];
        float[][] weights = new float[n][1];
        Tensor mine = Tensor.zeros(DType.F32, n, WIDTH);
        for (int t = 0; t < n; t++) {
            int token = Math.toIntExact(own.first()) + t;
            routing[t][0] = expert(batch, token);
            weights[t][0] = 1;
            for (int i = 0; i < WIDTH; i++) {
                mine.set(tokens.get(token, i), t, i);
            }
        }
        Experts experts = new Experts(layer, experts());
        Experts.Dispatched dispatched = experts.dispatch(mine, routing);
        Tensor outputs = Tensor.zeros(DType.F32, dispatched.tokens().size(0), WIDTH);
        for (int e = 0; e < experts.count(); e++) {
            Shard rows = dispatched.rows(e);
            for (long row = rows.first(); row < rows.end(); row++) {
                for (int i = 0; i < WIDTH; i++) {
                    outputs.set(dispatched.tokens().get(row, i) * (experts.first() + e + 1), row, i);
                }
            }
        }
        Tensor back = Tensor.zeros(DType.F32, n, WIDTH);
        experts.combine(dispatched, outputs, weights, back);
        for (int t = 0; t < n; t++) {
            for (int i = 0; i < WIDTH; i++) {
                sum.set(sum.get(i) + back.get(t, i), i);
            }
        }
    }

    /**
     * Places the step on a machine and runs it on the ranks that were started.
     *
     * @param arguments a topology's text, and the numbers of replicas, stages and parts
     * @throws IOException if the topology cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            System.err.println("usage: PlacedStep TOPOLOGY REPLICAS STAGES PARTS");
            System.exit(2);
        }
        PlacedStep step = new PlacedStep(
                Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        Placement placement =
                Placer.of(Topology.read(Path.of(arguments[0]))).loadSeconds(0).place(step.workload());
        RankMap map = RankMap.of(placement);
        try (Gamut gamut = Gamut.open()) {
            Communicators.run(ranks -> {
                if (ranks.size() != map.ranks()) {
                    throw new IllegalArgumentException(
                            "ranks is " + ranks.size() + "; the placement has " + map.ranks());
                }
                float[] result = step.step(gamut, ranks, map);
                if (!java.util.Arrays.equals(result, step.serial())) {
                    throw new ArithmeticException("rank " + ranks.rank() + " has another result than one alone");
                }
                ranks.barrier();
                if (ranks.rank() == 0) {
                    System.out.println(placement);
                    System.out.println("right on " + map.hosts());
                }
            });
        }
    }
}
