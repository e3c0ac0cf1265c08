package dev.gamut.internal.collective;

import dev.gamut.collective.CollectiveDesc;
import dev.gamut.internal.collective.Schedule.Place;
import dev.gamut.internal.collective.Schedule.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An algorithm ranked for a call: its schedule and predicted time, or why it does not apply. The prediction walks the schedule: each
 * phase takes one latency and as long as its busiest rank needs for the bytes of its steps.
 *
 * @param algorithm which
 * @param schedule null where it does not apply
 * @param seconds predicted
 * @param reason why it does not apply, empty where it does
 */
record Choice(Algorithm algorithm, Schedule schedule, double seconds, String reason) {
    /**
     * What communication costs on an engine.
     *
     * @param latency seconds a phase
     * @param perByte seconds for a byte copied from another rank
     * @param perOwnByte seconds for a byte of this rank's own
     * @param chunk bytes of the pieces of a pipeline, for each rank
     */
    record Costs(double latency, double perByte, double perOwnByte, long chunk) {}

    private static final int MOST_CHUNKS = 256;

    /**
     * Ranks the algorithms.
     *
     * @param desc what is done
     * @param admitted which algorithms the call admits
     * @param ranks number of ranks
     * @param costs of the engine
     * @param wanted name of the algorithm to prefer, empty for none
     * @return best first; at least one applies
     */
    static List<Choice> rank(
            CollectiveDesc desc,
            java.util.function.Predicate<Algorithm> admitted,
            int ranks,
            Costs costs,
            String wanted) {
        long bytes = desc.count() == CollectiveDesc.VARIES ? 0 : desc.type().bytes(desc.count());
        int chunks = Math.clamp(bytes / (costs.chunk * ranks), 1, MOST_CHUNKS);
        List<Choice> all = new ArrayList<>();
        for (Algorithm algorithm : Algorithm.of(desc.op())) {
            if (!admitted.test(algorithm)) {
                all.add(new Choice(
                        algorithm,
                        null,
                        Double.POSITIVE_INFINITY,
                        "rounds partial results, in an order of its own: not for " + desc));
                continue;
            }
            Schedule schedule = algorithm.schedule(ranks, desc.root(), chunks);
            all.add(new Choice(
                    algorithm,
                    schedule,
                    predict(schedule, desc.op().hasParts() ? bytes / ranks : bytes / schedule.parts(), ranks, costs),
                    ""));
        }
        all.sort(Comparator.comparing(
                        (Choice c) -> c.schedule == null || !c.algorithm.name().equals(wanted))
                .thenComparingDouble(Choice::seconds));
        return List.copyOf(all);
    }

    private static double predict(Schedule schedule, long partBytes, int ranks, Costs costs) {
        double seconds = 0;
        for (List<List<Step>> phase : schedule.phases()) {
            double busiest = 0;
            for (int rank = 0; rank < ranks; rank++) {
                double work = 0;
                for (Step step : phase.get(rank)) {
                    for (Place source : step.sources()) {
                        work += source.rank() == rank ? costs.perOwnByte : costs.perByte;
                    }
                }
                busiest = Math.max(busiest, work);
            }
            seconds += costs.latency + busiest * partBytes;
        }
        return seconds;
    }

    @Override
    public String toString() {
        return algorithm.name() + ": "
                + (reason.isEmpty() ? String.format(java.util.Locale.ROOT, "%.3g s", seconds) : reason);
    }
}
