package dev.gamut.topology;

import dev.gamut.collective.Communicator;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The ranks of a communicator as places, in the groups that its levels form, and what it costs them to talk. */
final class Ranks {
    /** Estimates until they are measured, those of a job of Slurm: of the widest level, and of all below. */
    private static final double FAR_LATENCY = 2e-6;

    private static final double FAR_BANDWIDTH = 12.5e9;
    private static final double NEAR_LATENCY = 5e-7;
    private static final double NEAR_BANDWIDTH = 20e9;

    /** Pairs of ranks that are measured on a level; their median counts. */
    private static final int PAIRS = 3;

    private static final int SHORT = 8;
    private static final int LONG = 4 << 20;
    private static final int ROUNDS = 200;
    private static final int LONG_ROUNDS = 7;
    private static final int SAMPLES = 5;

    private Ranks() {}

    /** The ranks in the order of places: those of a group are next to each other. */
    private static int[] order(List<Communicator.Level> levels, int size) {
        Comparator<Integer> order = Comparator.comparing(rank -> 0);
        for (Communicator.Level level : levels) {
            order = order.thenComparing(rank -> level.group().get(rank));
        }
        return IntStream.range(0, size)
                .boxed()
                .sorted(order.thenComparing(rank -> rank))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /**
     * The tree of some levels, the first of which is one group, with estimates.
     *
     * @param levels widest first
     * @param size number of ranks
     */
    static Topology topology(List<Communicator.Level> levels, int size) {
        int[] order = order(levels, size);
        TopologyBuilder builder = Topology.builder();
        for (int level = 0; level < levels.size(); level++) {
            Level costs = level == 0
                    ? new Level(levels.get(level).name(), FAR_LATENCY, FAR_BANDWIDTH)
                    : new Level(levels.get(level).name(), NEAR_LATENCY, NEAR_BANDWIDTH);
            builder.level(costs, level == 0 ? new int[0] : parts(levels, level, order));
        }
        builder.level(new Level("rank", 0, NEAR_BANDWIDTH), parts(levels, levels.size(), order));
        for (int place = 0; place < size; place++) {
            if (order[place] != place) {
                builder.name(levels.size(), place, "rank" + order[place]);
            }
        }
        return builder.failure(levels.getLast().name()).build();
    }

    /** Into how many parts each domain of the level above is divided. */
    private static int[] parts(List<Communicator.Level> levels, int level, int[] order) {
        List<Integer> parts = new ArrayList<>();
        for (int place = 0; place < order.length; place++) {
            boolean part = place == 0 || differ(levels, level, order[place - 1], order[place]);
            if (place == 0 || differ(levels, level - 1, order[place - 1], order[place])) {
                parts.add(0);
            }
            parts.set(parts.size() - 1, parts.getLast() + (part ? 1 : 0));
        }
        return parts.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Whether two ranks are of different groups on a level or on one above; ranks themselves are the level below all. */
    private static boolean differ(List<Communicator.Level> levels, int level, int a, int b) {
        return level >= levels.size()
                || levels.subList(0, level + 1).stream()
                        .anyMatch(of -> !of.group().get(a).equals(of.group().get(b)));
    }

    /** The same with what messages between ranks take; all ranks call. */
    static Topology measured(Communicator ranks) {
        Topology topology = topology(ranks.levels(), ranks.size());
        int[] order = order(ranks.levels(), ranks.size());
        for (int level = 0; level < topology.levels().size(); level++) {
            boolean lowest = level == topology.levels().size() - 1;
            List<double[]> found = new ArrayList<>();
            for (int[] pair : lowest ? List.of(new int[] {0, 0}) : pairs(topology, level)) {
                found.add(shared(ranks, order[pair[0]], order[pair[1]]));
            }
            if (!found.isEmpty()) {
                topology = topology.measured(level, rounded(median(found, 0)), rounded(median(found, 1)));
            }
        }
        return topology;
    }

    /** Places that meet on a level, of different domains of it as far as there are some: the first one of each of two parts. */
    private static List<int[]> pairs(Topology topology, int level) {
        List<int[]> pairs = new ArrayList<>();
        for (int domain = 0; domain < topology.size(level) && pairs.size() < PAIRS; domain++) {
            int first = topology.first(level, domain);
            int second = topology.end(level + 1, topology.domain(level + 1, first));
            if (second < topology.end(level, domain)) {
                pairs.add(new int[] {first, second});
            }
        }
        return pairs;
    }

    private static double median(List<double[]> found, int which) {
        double[] sorted =
                found.stream().mapToDouble(pair -> pair[which]).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** Three digits: the next ones are another time others. */
    private static double rounded(double value) {
        return new BigDecimal(value).round(new MathContext(3)).doubleValue();
    }

    /** Latency and bandwidth between two ranks, known to all. */
    private static double[] shared(Communicator ranks, int a, int b) {
        double[] found = new double[2];
        if (ranks.rank() == a && a == b) {
            found = ofCopies();
        } else if (ranks.rank() == a || ranks.rank() == b) {
            found = between(ranks, a, b);
        }
        ranks.broadcast(Tensor.of(found, found.length), a);
        return found;
    }

    private static double[] between(Communicator ranks, int a, int b) {
        pingPong(ranks, a, b, SHORT, ROUNDS); // until the JIT compiler has seen it
        double latency = pingPong(ranks, a, b, SHORT, ROUNDS);
        pingPong(ranks, a, b, LONG, 1);
        double whole = pingPong(ranks, a, b, LONG, LONG_ROUNDS);
        // Where threads wait for processors the latency may be all there is.
        double seconds = Math.max(whole - latency, whole / 2);
        return new double[] {latency, LONG / seconds};
    }

    /** Half of the fastest mean of some round trips: what disturbs only makes them slower. */
    private static double pingPong(Communicator ranks, int a, int b, int bytes, int rounds) {
        Tensor message = Tensor.zeros(DType.U8, bytes);
        double best = Double.POSITIVE_INFINITY;
        for (int sample = 0; sample < SAMPLES; sample++) {
            long begin = System.nanoTime();
            for (int round = 0; round < rounds; round++) {
                if (ranks.rank() == a) {
                    ranks.startSend(message, b, 0).await();
                    ranks.startReceive(message, b, 0).await();
                } else {
                    ranks.startReceive(message, a, 0).await();
                    ranks.startSend(message, a, 0).await();
                }
            }
            best = Math.min(best, (System.nanoTime() - begin) / 2e9 / rounds);
        }
        return best;
    }

    /** A rank and itself: copies in its memory, without latency. */
    private static double[] ofCopies() {
        byte[] from = new byte[LONG];
        byte[] to = new byte[LONG];
        Arrays.fill(from, (byte) 1);
        double best = Double.POSITIVE_INFINITY;
        for (int sample = 0; sample < SAMPLES * LONG_ROUNDS; sample++) {
            long begin = System.nanoTime();
            System.arraycopy(from, 0, to, 0, LONG);
            best = Math.min(best, (System.nanoTime() - begin) / 1e9);
        }
        return new double[] {0, LONG / Math.max(best, 1e-9)};
    }
}
