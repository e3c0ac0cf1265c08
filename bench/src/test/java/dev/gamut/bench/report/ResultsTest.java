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
import dev.gamut.topology.Topology;
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
            "workload",
            "joules");

    private static final Bandwidth BANDWIDTH = new Bandwidth(10, 4, 9, 8);
    static final Yardsticks PEAKS = new Yardsticks(
            1,
            Map.of(DType.F64, 40.0, DType.F32, 80.0),
            Map.of("L1", BANDWIDTH, "L2", BANDWIDTH, "L3", BANDWIDTH, "memory", BANDWIDTH),
            new CYardsticks("unavailable: no C compiler", Map.of()));

    private static final String MACHINE = """
            level cluster latency=5us bandwidth=25GB/s planes=2
            level node count=3 latency=300ns bandwidth=400GB/s
            level device count=2,1,2 latency=0s bandwidth=1TB/s
            down device 4
            down node 1
            down cluster 0 plane=1
            """;

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
                "native",
                List.of("native"),
                "",
                seconds,
                Double.NaN,
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
                Map.of("cpu", "some"),
                PEAKS,
                PEAKS,
                List.of(rows),
                List.of(rows),
                TopologyFacts.of(Topology.parse(MACHINE)),
                Map.of("rows", List.of()),
                Map.of("source", "unavailable: it is a test"),
                0,
                1.5,
                Instant.parse("2026-01-01T00:00:00Z"));
        return new ObjectMapper().readTree(Json.text(results.asJson()));
    }

    private static List<String> keys(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    @Test
    void everyRowHasEveryKey() throws Exception {
        JsonNode json = json(row("gemm", 0.1), row("sum", 0.1), row("dot", 0.1), row("sum", Double.NaN));
        assertEquals(List.of("machine", "rows", "routes", "topology", "placement", "energy"), keys(json));
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
    void theTopologyIsATree() throws Exception {
        JsonNode topology = json(row("gemm", 0.1)).get("topology");
        assertEquals(3, topology.get("levels").size());
        assertTrue(topology.get("levels").get(1).get("fails").asBoolean());
        assertEquals(12.5e9, topology.get("tree").get("bandwidth").asDouble());
        JsonNode nodes = topology.get("tree").get("parts");
        assertEquals(3, nodes.size());
        assertEquals(1, nodes.get(1).get("parts").size());
        assertTrue(nodes.get(1).get("parts").get(0).get("down").asBoolean());
        assertTrue(nodes.get(2).get("parts").get(1).get("down").asBoolean());
        assertFalse(nodes.get(2).get("parts").get(0).get("down").asBoolean());
        assertEquals(MACHINE.contains("planes=2"), topology.get("text").asText().contains("planes=2"));
        Topology large = Topology.builder()
                .level(new dev.gamut.topology.Level("cluster", 0, 1))
                .level(new dev.gamut.topology.Level("node", 0, 1), 5_000)
                .build();
        assertEquals(null, TopologyFacts.of(large).get("tree"), "too large to be drawn");
    }

    @Test
    void whatDoesNotExistIsNull() throws Exception {
        JsonNode rows = json(row("sum", Double.NaN), row("dot", 0.1)).get("rows");
        assertTrue(rows.get(0).get("seconds").isNull());
        assertTrue(rows.get(0).get("joules").isNull());
        assertTrue(rows.get(0).get("share_of_peak").isNull());
        assertTrue(rows.get(0).get("b").isNull(), "a sum has one operand");
        assertFalse(rows.get(1).get("b").isNull(), "a dot product has two");
    }
}
