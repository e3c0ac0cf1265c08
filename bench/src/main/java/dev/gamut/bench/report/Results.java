package dev.gamut.bench.report;

import dev.gamut.bench.machine.Yardsticks;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A finished report.
 *
 * @param machine facts about machine and JVM
 * @param one peaks of one thread
 * @param many peaks of all threads; the same object where there is only one
 * @param rows all measurements
 * @param routes products by each route that some accuracy admits
 * @param topology the machine as a tree
 * @param placement a job on machines as they grow, and why one of its ranks is where it is
 * @param energy what is counted, or why nothing is, and the joules of all of it
 * @param leftOut cases that were left out for want of time or memory
 * @param seconds how long it all took
 * @param finished when
 */
record Results(
        Map<String, Object> machine,
        Yardsticks one,
        Yardsticks many,
        List<Row> rows,
        List<Row> routes,
        Map<String, Object> topology,
        Map<String, Object> placement,
        Map<String, Object> energy,
        int leftOut,
        double seconds,
        Instant finished) {
    /** Whether there are rows and every one is verified. */
    boolean ok() {
        return !rows.isEmpty() && failed().isEmpty();
    }

    /** The peaks of one thread and, where there are more, of all. */
    List<Yardsticks> yardsticks() {
        return one == many ? List.of(one) : List.of(one, many);
    }

    /** Rows whose result is not what it should be. */
    List<Row> failed() {
        return Stream.concat(rows.stream(), routes.stream())
                .filter(row -> !row.ok())
                .toList();
    }

    /** {@code report.json}. */
    Map<String, Object> asJson() {
        Map<String, Object> facts = new LinkedHashMap<>(machine);
        facts.put("yardsticks", yardsticks().stream().map(Yardsticks::asJson).toList());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("machine", facts);
        json.put("rows", rows.stream().map(Row::asJson).toList());
        json.put("routes", routes.stream().map(Row::asRoute).toList());
        json.put("topology", topology);
        json.put("placement", placement);
        json.put("energy", energy);
        return json;
    }
}
