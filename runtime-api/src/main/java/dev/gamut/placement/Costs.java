package dev.gamut.placement;

import dev.gamut.topology.Topology;

/** What it costs two places to talk, in tables for a topology. */
final class Costs {
    /**
     * Stands for the infinite time of a message between places that cannot reach each other: far beyond any other, and yet such that
     * differences of sums with it keep their sign.
     */
    private static final double UNREACHABLE = 1e6;

    private final Topology topology;
    private final int[][] domain;
    private final double[] latency;
    /** For each level seconds a byte in each of its domains; one number where they are alike. */
    private final double[][] perByte;

    private final boolean directed;
    private final boolean partitioned;

    Costs(Topology topology) {
        this.topology = topology;
        int levels = topology.levels().size();
        domain = new int[levels][topology.places()];
        latency = new double[levels];
        perByte = new double[levels][];
        for (int level = 0; level < levels; level++) {
            latency[level] = topology.levels().get(level).latency();
            for (int place = 0; place < topology.places(); place++) {
                domain[level][place] = topology.domain(level, place);
            }
            perByte[level] = new double[topology.size(level)];
            for (int d = 0; d < perByte[level].length; d++) {
                perByte[level][d] = 1 / topology.bandwidth(level, d);
            }
        }
        directed = topology.hasExtraLatency();
        partitioned = topology.isPartitioned();
    }

    /** Seconds of what two places send each other. */
    double seconds(int a, int b, double bytes, double sent, double received) {
        int level = latency.length - 1;
        while (domain[level][a] != domain[level][b]) {
            level--;
        }
        double each = perByte[level][domain[level][a]];
        if (each == Double.POSITIVE_INFINITY) {
            return UNREACHABLE * (1 + sent + received);
        }
        return directed
                ? topology.latency(a, b) * sent + topology.latency(b, a) * received + bytes * each
                : latency[level] * (sent + received) + bytes * each;
    }

    boolean reach(int a, int b) {
        if (!partitioned || a == b) {
            return true;
        }
        int level = topology.meet(a, b);
        return perByte[level][domain[level][a]] < Double.POSITIVE_INFINITY;
    }

    boolean isPartitioned() {
        return partitioned;
    }

    /** Seconds of what two tasks would send each other across the whole machine: how much they want to be near. */
    double pull(double bytes, double messages) {
        double each = perByte[0][0];
        return latency[0] * messages
                + bytes
                        * (each < Double.POSITIVE_INFINITY
                                ? each
                                : 1 / topology.levels().get(0).bandwidth());
    }
}
