package dev.gamut.bench.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Two runs of the gate side by side: where ratios agree within their spreads, and where they do not. */
final class Comparison {
    /** Lines that are shown in each direction. */
    private static final int SHOWN = 15;

    private final List<Change> agreeing = new ArrayList<>();
    private final List<Change> changed = new ArrayList<>();
    private final GateFile earlier;

    private record Change(String key, double before, double now) {
        double factor() {
            return now / before;
        }
    }

    Comparison(GateFile earlier, List<Verdict> now) {
        this.earlier = earlier;
        Map<String, JsonNode> rows = earlier.rows();
        for (Verdict v : now) {
            JsonNode before = rows.get(v.row().key());
            if (v.isMeasured() && before != null && before.path("ratio").isNumber()) {
                double ratio = before.path("ratio").asDouble();
                double low = before.path("iqr").path(0).asDouble();
                double high = before.path("iqr").path(1).asDouble();
                // Four digits were written: what was equal must not differ by their rounding.
                boolean agrees = v.low() <= high * 1.001 && low <= v.high() * 1.001;
                (agrees ? agreeing : changed).add(new Change(v.row().key(), ratio, v.ratio()));
            }
        }
    }

    /** Rows that both runs measured. */
    int compared() {
        return agreeing.size() + changed.size();
    }

    /** Those whose quartiles overlap. */
    int agreed() {
        return agreeing.size();
    }

    void print(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "against %s of %s: %d of %d ratios agree within their spreads%n",
                earlier.cpu(),
                earlier.date(),
                agreed(),
                compared());
        changed.stream()
                .sorted(Comparator.comparingDouble(c -> -Math.abs(Math.log(c.factor()))))
                .limit(SHOWN)
                .forEach(c -> out.printf(
                        Locale.ROOT,
                        "  %-60s %.3f, now %.3f (%+.0f %%)%n",
                        c.key,
                        c.before,
                        c.now,
                        100 * (c.factor() - 1)));
    }
}
