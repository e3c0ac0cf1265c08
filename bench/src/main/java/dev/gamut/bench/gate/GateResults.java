package dev.gamut.bench.gate;

import dev.gamut.bench.gate.Verdict.Status;
import dev.gamut.bench.machine.Yardsticks;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A finished run of the gate.
 *
 * @param machine facts about machine and JVM
 * @param yardsticks peaks of one thread and, where there are more, of all
 * @param verdicts one for each row, in the order of the table
 * @param command what was called
 * @param seconds how long it took
 * @param finished when
 */
record GateResults(
        Map<String, Object> machine,
        List<Yardsticks> yardsticks,
        List<Verdict> verdicts,
        String command,
        double seconds,
        Instant finished) {
    /** Measured rows, the one farthest below its bar first, those without a bar last. */
    List<Verdict> byDistance() {
        return verdicts.stream()
                .filter(v -> v.status() != Status.NOT_APPLICABLE)
                .sorted(Comparator.comparingDouble(
                        v -> v.status() == Status.FAIL && !v.isMeasured() ? -1 : v.distance()))
                .toList();
    }

    /** Rows that were not measured. */
    List<Verdict> notApplicable() {
        return verdicts.stream()
                .filter(v -> v.status() == Status.NOT_APPLICABLE)
                .toList();
    }

    /**
     * Rows that came out in some way.
     *
     * @param status which
     */
    long count(Status status) {
        return verdicts.stream().filter(v -> v.status() == status).count();
    }

    /** What keeps the first row from being measured, where it is so with all; empty where one was measured. */
    Optional<String> obstacle() {
        List<Verdict> none = notApplicable();
        Verdict first = verdicts.getFirst();
        return none.size() < verdicts.size()
                ? Optional.empty()
                : Optional.of(first.row().key()
                        + (none.size() == 1 ? "" : ", the first of " + none.size() + " rows")
                        + ": "
                        + first.reason());
    }

    /** Whether no row failed. */
    boolean ok() {
        return count(Status.FAIL) == 0;
    }

    /** The gate's JSON. */
    Map<String, Object> asJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        Map<String, Object> facts = new LinkedHashMap<>(machine);
        facts.put("date", finished.truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("command", command);
        facts.put("commit", System.getProperty("gamut.commit", "unknown"));
        facts.put("seconds", Math.round(seconds));
        json.put("machine", facts);
        json.put("yardsticks", yardsticks.stream().map(Yardsticks::asJson).toList());
        json.put("rows", verdicts.stream().map(v -> v.asJson(yardsticks)).toList());
        return json;
    }
}
