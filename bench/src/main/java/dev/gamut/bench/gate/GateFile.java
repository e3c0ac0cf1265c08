package dev.gamut.bench.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gamut.bench.cli.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A run of the gate as it was written to a file.
 *
 * @param root its JSON
 */
public record GateFile(JsonNode root) {
    /**
     * Reads a file.
     *
     * @param file what {@code gamut gate --json=FILE} wrote
     * @param option the option that named it
     */
    public static GateFile read(Path file, String option) {
        try {
            JsonNode root = new ObjectMapper().readTree(file.toFile());
            if (!root.path("rows").isArray() || !root.path("machine").isObject()) {
                throw Failure.data(option + " is " + file + ", which is not a file that gamut gate --json wrote", null);
            }
            return new GateFile(root);
        } catch (IOException e) {
            throw Failure.data(option + " is " + file + ", which cannot be read as JSON: " + e.getMessage(), e);
        }
    }

    /**
     * A run that was just made.
     *
     * @param json the gate's JSON
     */
    public static GateFile of(Map<String, Object> json) {
        return new GateFile(new ObjectMapper().valueToTree(json));
    }

    /**
     * A run that was made in parts, for example of some rows each: all their rows, those of a later part instead of an earlier
     * one's with the same keys, and the facts of the last part with the commands and commits of all.
     *
     * @param parts at least one, all by one processor and JVM
     * @param option the option that named them
     */
    public static GateFile joined(List<GateFile> parts, String option) {
        Map<String, JsonNode> rows = new LinkedHashMap<>();
        for (GateFile part : parts) {
            for (String fact : List.of("cpu", "java")) {
                String first = parts.getFirst().machine(fact);
                if (!first.equals(part.machine(fact))) {
                    throw Failure.data(
                            option + " names runs of '" + first + "' and of '" + part.machine(fact)
                                    + "'; parts of one run are made by one processor and JVM",
                            null);
                }
            }
            rows.putAll(part.rows());
        }
        ObjectNode root = parts.getLast().root.deepCopy();
        root.putArray("rows").addAll(rows.values());
        ObjectNode machine = root.withObject("machine");
        machine.put("command", all(parts, "command", "`, `"));
        machine.put("commit", all(parts, "commit", ", "));
        return new GateFile(root);
    }

    private static String all(List<GateFile> parts, String fact, String between) {
        return parts.stream().map(part -> part.machine(fact)).distinct().collect(Collectors.joining(between));
    }

    private String machine(String fact) {
        return root.path("machine").path(fact).asText("unknown");
    }

    /** Its rows by their keys. */
    Map<String, JsonNode> rows() {
        Map<String, JsonNode> rows = new LinkedHashMap<>();
        root.path("rows")
                .forEach(row -> rows.put(
                        row.path("id").asText() + " / " + row.path("peer").asText(), row));
        return rows;
    }

    /** The processor it was measured on. */
    public String cpu() {
        return machine("cpu");
    }

    /** When. */
    public String date() {
        return machine("date");
    }
}
