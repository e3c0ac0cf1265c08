package dev.gamut.bench.supernode;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gamut.bench.cli.Resources;
import dev.gamut.placement.Placer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Machines as they grow: those that take seconds are simulated when they are asked about, larger ones were by {@code gamut simulate}. */
public final class Scales {
    private static final String STORED = "dev/gamut/bench/scales.json";

    /** What a report has the time for. */
    private static final int QUICK = 20_000;

    private Scales() {}

    /**
     * Simulates machines.
     *
     * @param most devices of the largest one
     * @param done told each one's JSON
     * @return an object for each
     */
    public static List<Map<String, Object>> upTo(int most, Consumer<Map<String, Object>> done) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Machine machine : Machine.ALL) {
            if (machine.places() <= most) {
                Map<String, Object> json = Scale.of(machine).asJson();
                all.add(json);
                done.accept(json);
            }
        }
        return all;
    }

    /**
     * The placement section: small machines simulated now, large ones as they are stored (each row says which), and why the first rank of the
     * smallest machine's job is where it is.
     */
    public static Map<String, Object> ofReport() {
        List<Map<String, Object>> rows = upTo(QUICK, json -> json.put("stored", null));
        Map<String, Object> stored = stored();
        for (Map<String, Object> row : rows(stored)) {
            if (((Number) row.get("places")).intValue() > QUICK) {
                Map<String, Object> copy = new LinkedHashMap<>(row);
                copy.put("stored", stored.get("command") + " of " + stored.get("date") + " on " + stored.get("cpu"));
                rows.add(copy);
            }
        }
        Machine smallest = Machine.ALL.getFirst();
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("rows", rows);
        section.put(
                "explained",
                Placer.of(smallest.topology())
                        .place(smallest.workload(Exchange.training(smallest)))
                        .explain(0));
        return section;
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> rows(Map<String, Object> run) {
        return (List<Map<String, Object>>) run.get("rows");
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> stored() {
        try {
            return new ObjectMapper().readValue(Resources.text(STORED), Map.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + STORED, e);
        }
    }
}
