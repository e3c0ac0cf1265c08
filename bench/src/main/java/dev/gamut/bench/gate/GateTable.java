package dev.gamut.bench.gate;

import dev.gamut.bench.cli.Resources;
import dev.gamut.bench.gate.GateRow.Measure;
import dev.gamut.hw.Feature;
import dev.gamut.kernel.Glob;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The rows of the gate, {@code gate.csv}. Immutable. */
final class GateTable {
    private static final String FILE = "dev/gamut/bench/gate.csv";
    private static final int COLUMNS = 9;

    private final List<GateRow> rows;

    private GateTable(List<GateRow> rows) {
        this.rows = rows;
    }

    /** The table that is shipped. */
    static GateTable shipped() {
        return parse(FILE, Resources.text(FILE));
    }

    /**
     * Reads a table.
     *
     * @param name of the file, for complaints
     * @param text its lines
     * @throws IllegalStateException naming the line that is wrong
     */
    static GateTable parse(String name, String text) {
        List<GateRow> rows = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            try {
                for (GateRow row : rows(line)) {
                    if (!keys.add(row.key())) {
                        throw new IllegalArgumentException(row.key() + " is there twice");
                    }
                    rows.add(row);
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException(name + ": '" + line + "': " + e.getMessage(), e);
            }
        }
        return new GateTable(List.copyOf(rows));
    }

    private static List<GateRow> rows(String line) {
        List<String> f = Braces.columns(line);
        if (f.size() != COLUMNS) {
            throw new IllegalArgumentException(f.size() + " of " + COLUMNS + " columns");
        }
        double bar = number(f.get(5));
        double floor = number(f.get(6));
        if (floor > bar || Double.isNaN(floor) != Double.isNaN(bar)) {
            throw new IllegalArgumentException("floor " + f.get(6) + " does not suit bar " + f.get(5));
        }
        List<GateRow> rows = new ArrayList<>();
        for (String id : Braces.expand(f.get(0))) {
            for (String peer : Braces.expand(f.get(3))) {
                rows.add(new GateRow(
                        id,
                        Measure.valueOf(f.get(1).toUpperCase(Locale.ROOT)),
                        f.get(2),
                        peer,
                        f.get(4),
                        bar,
                        floor,
                        features(f.get(7)),
                        words(f.get(7)).filter(Phase::isOne).map(Phase::parse).findFirst(),
                        f.get(8).equals("yes")));
            }
        }
        return rows;
    }

    private static double number(String text) {
        return text.equals("-") ? Double.NaN : Double.parseDouble(text);
    }

    private static List<Feature> features(String text) {
        return words(text)
                .filter(word -> !Phase.isOne(word))
                .map(name -> Feature.valueOf(name.toUpperCase(Locale.ROOT)))
                .toList();
    }

    private static Stream<String> words(String text) {
        return text.equals("-") ? Stream.empty() : Arrays.stream(text.split(" "));
    }

    List<GateRow> all() {
        return rows;
    }

    /**
     * Rows to measure.
     *
     * @param quick only those meant for a quick run
     * @param ids a pattern over ids
     */
    List<GateRow> select(boolean quick, Glob ids) {
        return rows.stream()
                .filter(row -> (row.quick() || !quick) && ids.matches(row.id()))
                .toList();
    }

    Optional<GateRow> find(String id, String peer) {
        return rows.stream()
                .filter(row -> row.id().equals(id) && row.peer().equals(peer))
                .findFirst();
    }
}
