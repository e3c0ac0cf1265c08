package dev.gamut.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gamut.bench.cli.Invocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A report on two small workloads: what it writes and that it is complete and self-contained. */
class ReportCommandTest {
    @TempDir
    private static Path folder;

    private static Path directory;
    private static Invocation run;
    private static JsonNode json;
    private static String html;

    @BeforeAll
    static void report() throws Exception {
        directory = folder.resolve("out");
        run = Invocation.of("report", "--quick", "--workloads", "{minilm-head,sum-l2}", "-o", directory.toString());
        json = new ObjectMapper().readTree(directory.resolve("report.json").toFile());
        html = Files.readString(directory.resolve("report.html"));
    }

    @Test
    void everyRowIsVerifiedAndTimed() {
        assertEquals(0, run.code(), run.out() + run.err());
        assertTrue(json.get("rows").size() >= 17, run.out());
        for (JsonNode row : json.get("rows")) {
            List<String> keys =
                    row.properties().stream().map(java.util.Map.Entry::getKey).toList();
            assertEquals(ResultsTest.ROW_KEYS, keys);
            assertTrue(row.get("ok").asBoolean(), row.toString());
            assertTrue(row.get("seconds").asDouble() > 0, row.toString());
            assertTrue(row.get("share_of_peak").asDouble() > 0, row.toString());
        }
    }

    @Test
    void peaksAreMeasured() {
        for (JsonNode yardstick : json.get("machine").get("yardsticks")) {
            assertTrue(yardstick.get("c_compiler").isTextual(), yardstick.toString());
            yardstick.properties().forEach(entry -> {
                boolean reason = entry.getValue().asText().contains("available: ");
                boolean named = entry.getKey().equals("c_compiler");
                assertTrue(named || reason || entry.getValue().asDouble() > 0, entry.toString());
            });
        }
    }

    /** Energy is a number or the word, with its reason. */
    @Test
    void topologyPlacementAndEnergyAreThere() {
        assertTrue(
                json.get("topology").get("tree").get("parts").size() >= 1,
                json.get("topology").toString());
        JsonNode rows = json.get("placement").get("rows");
        assertEquals(4, rows.size());
        assertTrue(
                rows.get(0).get("stored").isNull() && rows.get(3).get("stored").isTextual(), rows.toString());
        for (JsonNode row : rows) {
            double step = row.get("step_seconds").asDouble();
            assertTrue(row.get("round_robin_step_seconds").asDouble() > 1.2 * step, row.toString());
            assertTrue(row.get("failed_plane_step_seconds").asDouble() > step, row.toString());
        }
        assertTrue(json.get("placement").get("explained").asText().contains("on device"), json.toString());
        JsonNode energy = json.get("energy");
        assertEquals(
                energy.get("joules").isNull(), energy.get("source").asText().startsWith("unavailable: "));
        assertEquals(
                energy.get("device_joules").isNull(),
                energy.get("devices").asText().startsWith("unavailable: "));
    }

    @Test
    void tableFitsTheTerminalAndIsPlainInAPipe() {
        run.out().lines().forEach(line -> assertTrue(line.length() <= 120, line.length() + ": " + line));
        assertFalse(run.out().contains("\u001b"), "escape sequences in a pipe");
        assertTrue(run.out().contains("rows verified in"), run.out());
    }

    @Test
    void htmlFetchesNothing() {
        Pattern fetches = Pattern.compile(String.join(
                "|",
                "(?:src|href|action|data)\\s*=\\s*[\"'](?!data:)[^\"']+[\"']",
                "url\\s*\\(|@import|import\\s*\\(|sourceMappingURL",
                "fetch\\(|XMLHttpRequest|WebSocket|EventSource"));
        String page = html.replaceAll("id=\"data\"", "");
        Matcher found = fetches.matcher(page);
        assertFalse(
                found.find(),
                () -> page.substring(Math.max(0, found.start() - 60), Math.min(page.length(), found.end() + 60)));
        assertFalse(html.contains("{{"), "a placeholder is left");
    }

    @Test
    void htmlHoldsTheSameRows() throws Exception {
        Matcher data = Pattern.compile("<script id=\"data\" type=\"application/json\">(.*?)</script>")
                .matcher(html);
        assertTrue(data.find());
        assertEquals(
                json.get("rows").size(),
                new ObjectMapper().readTree(data.group(1)).get("rows").size());
    }

    @Test
    void refusesAFileAsDirectoryBeforeMeasuring() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        Invocation refused = Invocation.of("report", "-o", file.toString());
        assertEquals(2, refused.code());
        assertEquals(1, refused.err().lines().count(), refused.err());
        assertEquals("x", Files.readString(file));
    }

    @Test
    void refusesADirectoryInTheWayBeforeMeasuring() throws Exception {
        Path taken = folder.resolve("taken");
        Files.createDirectories(taken.resolve("report.html"));
        Invocation refused = Invocation.of("report", "-o", taken.toString());
        assertEquals(2, refused.code());
        assertEquals("", refused.out());
        assertTrue(refused.err().contains("report.html, a directory"), refused.err());
    }
}
