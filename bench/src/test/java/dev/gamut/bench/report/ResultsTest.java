package dev.gamut.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gamut.bench.cli.Json;
import dev.gamut.bench.machine.Bandwidth;
import dev.gamut.bench.machine.CYardsticks;
import dev.gamut.bench.machine.Yardsticks;
import dev.gamut.bench.problem.Precision;
import dev.gamut.bench.problem.Workload;
import dev.gamut.bench.problem.Workloads;
import dev.gamut.dtype.DType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The documented keys of {@code report.json}, whatever was measured. */
class ResultsTest {
    /** In the order in which the documentation lists them. */
    static final List<String> ROW_KEYS = List.of(
            "op",
            "kernel",
            "provider",
            "a",
            "b",
            "acc",
            "c",
            "m",
            "n",
            "k",
            "threads",
            "seconds",
            "gops",
            "error",
            "bound",
            "ok",
            "share_of_peak",
            "workload");

    private static final Bandwidth BANDWIDTH = new Bandwidth(10, 4, 9, 8);
    private static final Yardsticks PEAKS = new Yardsticks(
            1,
            Map.of(DType.F64, 40.0, DType.F32, 80.0),
            Map.of("L1", BANDWIDTH, "L2", BANDWIDTH, "L3", BANDWIDTH, "memory", BANDWIDTH),
            new CYardsticks("unavailable: no C compiler", Map.of()));

    private static Row row(String op, double seconds) {
        Workload workload = Workloads.shipped().all().stream()
                .filter(w -> w.op().equals(op))
                .findFirst()
                .orElseThrow();
        Precision precision = workload.precisions().getFirst();
        boolean ok = seconds > 0;
        return new Row(
                workload,
                precision,
                "kernel",
                "provider",
                "f64",
                "f64",
                1,
                true,
                "",
                seconds,
                1e9,
                1e6,
                "L2",
                1e-16,
                1e-14,
                0.01,
                ok,
                ok ? "" : "it broke",
                PEAKS);
    }

    private static JsonNode json(Row... rows) throws Exception {
        Results results = new Results(
                Map.of("cpu", "some"), PEAKS, PEAKS, List.of(rows), 0, 1.5, Instant.parse("2026-01-01T00:00:00Z"));
        return new ObjectMapper().readTree(Json.text(results.asJson()));
    }

    private static List<String> keys(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    @Test
    void everyRowHasEveryKey() throws Exception {
        JsonNode json = json(row("gemm", 0.1), row("sum", 0.1), row("dot", 0.1), row("sum", Double.NaN));
        assertEquals(List.of("machine", "rows"), keys(json));
        for (JsonNode row : json.get("rows")) {
            assertEquals(ROW_KEYS, keys(row));
        }
    }

    @Test
    void numbersAreWhatTheyShouldBe() throws Exception {
        JsonNode row = json(row("gemm", 0.1)).get("rows").get(0);
        assertEquals(10, row.get("gops").asDouble(), 1e-9);
        assertEquals(0.25, row.get("share_of_peak").asDouble(), 1e-9);
        assertTrue(row.get("ok").isBoolean());
    }

    @Test
    void whatDoesNotExistIsNull() throws Exception {
        JsonNode rows = json(row("sum", Double.NaN), row("dot", 0.1)).get("rows");
        assertTrue(rows.get(0).get("seconds").isNull());
        assertTrue(rows.get(0).get("share_of_peak").isNull());
        assertTrue(rows.get(0).get("b").isNull(), "a sum has one operand");
        assertFalse(rows.get(1).get("b").isNull(), "a dot product has two");
    }
}
