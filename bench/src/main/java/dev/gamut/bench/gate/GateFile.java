package dev.gamut.bench.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gamut.bench.cli.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

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
        return root.path("machine").path("cpu").asText();
    }

    /** When. */
    public String date() {
        return root.path("machine").path("date").asText();
    }
}
