package dev.gamut.bench.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A run of the gate as the table that stands in the guide: one line for rows that differ in shape only. */
public final class GateMarkdown {
    /** Of the marks around the table. */
    public static final String NAME = "gate";

    private GateMarkdown() {}

    /** Rows of one line of the table. */
    private record Family(String head, String tail, String peer, double bar) {}

    /**
     * The table.
     *
     * @param file the run
     */
    public static String table(GateFile file) {
        Map<Family, List<JsonNode>> families = new LinkedHashMap<>();
        for (JsonNode row : file.root().path("rows")) {
            if (row.path("ratio").isNumber()) {
                families.computeIfAbsent(family(row), f -> new ArrayList<>()).add(row);
            }
        }
        JsonNode machine = file.root().path("machine");
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s, %d cores, %s, %s, commit %s, by `%s`; peers: %s.%n%n",
                machine.path("cpu").asText(),
                machine.path("cores").asInt(),
                machine.path("java").asText(),
                file.date().substring(0, 10),
                machine.path("commit").asText("unknown"),
                machine.path("command").asText(),
                versions(file)));
        text.append("| rows | over | ratio, lowest to highest | bar | at or above it |\n|---|---|---|---|---|\n");
        families.forEach((family, rows) -> text.append(line(family, rows)));
        return text.toString();
    }

    private static Family family(JsonNode row) {
        String[] parts = row.path("id").asText().split("\\.", 5);
        return new Family(
                parts[0] + "." + parts[1] + "." + parts[2] + ".",
                "." + parts[4],
                row.path("peer").asText(),
                row.path("bar").asDouble(Double.NaN));
    }

    private static String line(Family family, List<JsonNode> rows) {
        List<String> shapes = rows.stream()
                .map(row -> row.path("id").asText().split("\\.", 5)[3])
                .toList();
        double low = rows.stream()
                .mapToDouble(row -> row.path("ratio").asDouble())
                .min()
                .orElseThrow();
        double high = rows.stream()
                .mapToDouble(row -> row.path("ratio").asDouble())
                .max()
                .orElseThrow();
        boolean judged = !Double.isNaN(family.bar);
        long reached = rows.stream()
                .filter(row -> row.path("ratio").asDouble() >= family.bar)
                .count();
        return String.format(
                Locale.ROOT,
                "| `%s%s%s` | %s | %s | %s | %s |%n",
                family.head,
                shapes(shapes),
                family.tail,
                family.peer,
                digits(low) + (low == high ? "" : " to " + digits(high)),
                judged ? digits(family.bar) : "",
                judged ? reached + " of " + rows.size() : "");
    }

    /** {@code n{8,16}} for numbers behind one letter, {@code {mem,l2}} for others. */
    private static String shapes(List<String> shapes) {
        if (shapes.size() == 1) {
            return shapes.getFirst();
        }
        boolean sizes = shapes.stream().allMatch(shape -> shape.matches("n\\d+"));
        String inside = shapes.stream()
                .sorted(Comparator.comparingInt(shape -> sizes ? Integer.parseInt(shape.substring(1)) : 0))
                .map(shape -> sizes ? shape.substring(1) : shape)
                .collect(Collectors.joining(","));
        return (sizes ? "n" : "") + "{" + inside + "}";
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value >= 10 ? "%.0f" : value >= 0.095 ? "%.2f" : "%.2g", value);
    }

    /** Each library's version: what it says of itself up to the first comma. */
    private static String versions(GateFile file) {
        TreeSet<String> versions = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (JsonNode row : file.root().path("rows")) {
            String version = row.path("version").asText("");
            String peer = row.path("peer").asText();
            if (!version.isEmpty() && !peer.contains("-bandwidth") && !peer.startsWith("own-")) {
                versions.add(version.split(",", 2)[0]);
            }
        }
        return String.join(", ", versions);
    }
}
