package dev.gamut.bench.supernode;

import dev.gamut.collective.Collective;
import dev.gamut.internal.collective.Algorithm;
import dev.gamut.internal.collective.Schedule;
import dev.gamut.internal.collective.Schedule.Place;
import dev.gamut.internal.collective.Schedule.Step;
import dev.gamut.placement.Traffic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A collective, or messages to neighbours, as who sends how much to whom in each phase: from the schedules that communicators carry out.
 *
 * @param members tasks by their rank in it
 * @param pattern by ranks, shared by exchanges of as many
 */
record Exchange(int[] members, Pattern pattern) {
    /**
     * Messages between ranks.
     *
     * @param to for each phase and rank those that it sends to
     * @param bytes for each of them
     * @param incoming for each phase and rank how many it gets
     */
    record Pattern(int[][][] to, double[][][] bytes, int[][] incoming) {
        int phases() {
            return to.length;
        }

        private static Pattern of(List<List<Map<Integer, Double>>> sent) {
            int phases = sent.size();
            int ranks = sent.getFirst().size();
            int[][][] to = new int[phases][ranks][];
            double[][][] bytes = new double[phases][ranks][];
            int[][] incoming = new int[phases][ranks];
            for (int phase = 0; phase < phases; phase++) {
                for (int rank = 0; rank < ranks; rank++) {
                    Map<Integer, Double> peers = sent.get(phase).get(rank);
                    to[phase][rank] =
                            peers.keySet().stream().mapToInt(Integer::intValue).toArray();
                    bytes[phase][rank] = peers.values().stream()
                            .mapToDouble(Double::doubleValue)
                            .toArray();
                    for (int peer : to[phase][rank]) {
                        incoming[phase][peer]++;
                    }
                }
            }
            return new Pattern(to, bytes, incoming);
        }
    }

    /** An all-reduce of so many bytes, by the algorithm of a name. */
    static Pattern allReduce(String algorithm, int ranks, double bytes) {
        Schedule schedule = Algorithm.of(Collective.ALL_REDUCE).stream()
                .filter(a -> a.name().equals(algorithm))
                .findFirst()
                .orElseThrow()
                .schedule(ranks, 0, 1);
        List<List<Map<Integer, Double>>> sent = new ArrayList<>();
        for (int phase = 0; phase < schedule.phases().size(); phase++) {
            List<Map<Integer, Double>> ofRank = new ArrayList<>();
            for (int rank = 0; rank < ranks; rank++) {
                ofRank.add(new TreeMap<>());
            }
            for (int rank = 0; rank < ranks; rank++) {
                for (Step step : schedule.steps(phase, rank)) {
                    for (Place source : step.sources()) {
                        if (source.rank() != rank) {
                            ofRank.get(source.rank()).merge(rank, bytes / schedule.parts(), Double::sum);
                        }
                    }
                }
            }
            sent.add(ofRank);
        }
        return Pattern.of(sent);
    }

    /** Each rank of a row sends the next one something, and then each one the one before it. */
    static Pattern row(int ranks, double bytes) {
        List<List<Map<Integer, Double>>> sent = new ArrayList<>();
        for (int way : new int[] {1, -1}) {
            List<Map<Integer, Double>> ofRank = new ArrayList<>();
            for (int rank = 0; rank < ranks; rank++) {
                boolean last = rank + way < 0 || rank + way >= ranks;
                ofRank.add(last ? Map.of() : Map.of(rank + way, bytes));
            }
            sent.add(ofRank);
        }
        return Pattern.of(sent);
    }

    /** The step of a training job: layers, activations, gradients. */
    static List<Exchange> training(Machine machine) {
        int[] names = machine.names();
        int stages = machine.stages();
        int copies = machine.copies();
        int group = Machine.GROUP;
        Pattern layer = allReduce("ring", group, Machine.LAYER);
        Pattern pipeline = row(stages, Machine.ACTIVATIONS);
        Pattern gradients = allReduce("doubling", copies, Machine.GRADIENTS);
        List<Exchange> all = new ArrayList<>();
        for (int copy = 0; copy < copies; copy++) {
            for (int stage = 0; stage < stages; stage++) {
                int[] members = new int[group];
                for (int of = 0; of < group; of++) {
                    members[of] = names[Machine.rank(copy, stage, of, stages)];
                }
                all.add(new Exchange(members, layer));
            }
        }
        for (int copy = 0; copy < copies; copy++) {
            for (int of = 0; of < group; of++) {
                int[] members = new int[stages];
                for (int stage = 0; stage < stages; stage++) {
                    members[stage] = names[Machine.rank(copy, stage, of, stages)];
                }
                all.add(new Exchange(members, pipeline));
            }
        }
        for (int stage = 0; stage < stages && copies > 1; stage++) {
            for (int of = 0; of < group; of++) {
                int[] members = new int[copies];
                for (int copy = 0; copy < copies; copy++) {
                    members[copy] = names[Machine.rank(copy, stage, of, stages)];
                }
                all.add(new Exchange(members, gradients));
            }
        }
        return all;
    }

    /** All that it sends. */
    void addTo(Traffic.Builder traffic) {
        Map<Long, double[]> sums = new HashMap<>();
        for (int phase = 0; phase < pattern.phases(); phase++) {
            for (int rank = 0; rank < members.length; rank++) {
                int[] to = pattern.to[phase][rank];
                for (int k = 0; k < to.length; k++) {
                    double[] sum = sums.computeIfAbsent((long) rank << 32 | to[k], key -> new double[2]);
                    sum[0] += pattern.bytes[phase][rank][k];
                    sum[1]++;
                }
            }
        }
        long[] keys = sums.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
        Arrays.stream(keys)
                .forEach(key -> traffic.add(
                        members[(int) (key >>> 32)], members[(int) key], sums.get(key)[0], sums.get(key)[1]));
    }
}
