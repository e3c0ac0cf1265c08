package dev.gamut.bench.collective;

import dev.gamut.bench.collective.CollectiveRow.InC;
import dev.gamut.bench.collective.CollectiveRow.Measured;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Rows as they come, as the lines that nccl-tests prints and as JSON. One thread at a time. */
public final class CollectiveResults {
    private static final String HEAD = "# %10s  %12s  %8s  %6s  %6s%s%s";
    private static final String HEADS = "  %7s  %6s  %6s %6s";
    private static final String HEADS_C = "  %7s  %8s";

    private final RankSource source;
    private final CollectiveSweep sweep;
    private final List<CollectiveRow> rows = new ArrayList<>();
    private String engine = "";
    private boolean besideC;

    /**
     * No rows yet.
     *
     * @param source of the ranks
     * @param sweep what is measured
     */
    public CollectiveResults(RankSource source, CollectiveSweep sweep) {
        this.source = source;
        this.sweep = sweep;
    }

    /**
     * The lines above the rows.
     *
     * @param moves what moves the data
     * @param baseline what there is beside it
     */
    public List<String> begin(String moves, CBaseline baseline) {
        engine = moves;
        besideC = baseline.isThere();
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "# engine %s ranks %d memory %s blocking %d warmup iters: %s iters: %s validation: %d seed: %d",
                engine,
                source.size(),
                memory(),
                sweep.waits() ? 1 : 0,
                number(sweep.warmUps()),
                number(sweep.calls()),
                sweep.checks() ? 1 : 0,
                sweep.seed()));
        lines.add("#");
        for (int rank = 0; rank < source.size(); rank++) {
            lines.add(format("#  Rank %3d %s", rank, source.describe(rank)));
        }
        lines.add("#");
        if (!baseline.missing().isEmpty()) {
            lines.add("#  no C loop on the same MPI beside it: " + baseline.missing());
            lines.add("#");
        }
        String names = format(HEADS, "time", "algbw", "busbw", "#wrong");
        String units = format(HEADS, "(us)", "(GB/s)", "(GB/s)", "");
        lines.add(format(HEAD, "", "", "", "", "", "           out-of-place", "                       in-place")
                + (besideC ? "           C loop" : ""));
        lines.add(format(HEAD, "size", "count", "type", "redop", "root", names, names)
                + (besideC ? format(HEADS_C, "time", "blocking") : ""));
        lines.add((format(HEAD, "(B)", "(elements)", "", "", "", units, units)
                        + (besideC ? format(HEADS_C, "(us)", "(us)") : ""))
                .stripTrailing());
        return lines;
    }

    /**
     * Keeps a row.
     *
     * @return its line, after one with the operation where that is another one than before
     */
    public List<String> add(CollectiveRow row) {
        CollectiveCase what = row.what();
        List<String> lines = new ArrayList<>();
        if (rows.isEmpty() || rows.getLast().what().op() != what.op()) {
            lines.add("# " + what.op().id());
        }
        rows.add(row);
        lines.add(format(
                        "%12d  %12d  %8s  %6s  %6d%s%s",
                        what.bytes(),
                        what.count(),
                        what.type().id(),
                        what.redop(),
                        what.shownRoot(),
                        columns(row.outOfPlace()),
                        columns(row.inPlace()))
                + (besideC ? columns(row.inC()) : ""));
        return lines;
    }

    private static String columns(Measured m) {
        if (m == null) {
            return format("  %7s  %6s  %6s  %5s", "N/A", "N/A", "N/A", "N/A");
        }
        return format("  %7s  %6.2f  %6.2f  %5s", micros(m.seconds()), m.algbw(), m.busbw(), text(m.wrong()));
    }

    private static String columns(InC c) {
        return c == null ? format(HEADS_C, "N/A", "N/A") : format(HEADS_C, micros(c.seconds()), micros(c.blocking()));
    }

    private static String micros(double seconds) {
        double micros = seconds * 1e6;
        int digits = micros >= 1e4 ? 0 : micros >= 100 ? 1 : 2;
        return format("%." + digits + "f", micros);
    }

    private static String text(OptionalLong wrong) {
        return wrong.isPresent() ? Long.toString(wrong.getAsLong()) : "N/A";
    }

    /** The lines below the rows. */
    public List<String> end() {
        return List.of(
                "# Out of bounds values : "
                        + (!sweep.checks() ? "not checked" : wrong() + (wrong() == 0 ? " OK" : " FAILED")),
                format("# Avg bus bandwidth    : %.4f", averageBusbw()));
    }

    /** Elements that are wrong. */
    public long wrong() {
        return rows.stream().mapToLong(CollectiveRow::wrong).sum();
    }

    private double averageBusbw() {
        return rows.stream()
                .flatMap(row -> Stream.of(row.outOfPlace(), row.inPlace()))
                .filter(Objects::nonNull)
                .mapToDouble(Measured::busbw)
                .average()
                .orElse(0);
    }

    /**
     * The command's JSON.
     *
     * @param machine what is known of it
     */
    public Map<String, Object> asJson(Map<String, Object> machine) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("machine", machine);
        map.put("engine", engine);
        map.put("ranks", source.size());
        map.put("memory", memory());
        map.put("blocking", sweep.waits());
        map.put("seed", sweep.seed());
        map.put("rows", rows.stream().map(CollectiveRow::asJson).toList());
        map.put("wrong", sweep.checks() ? wrong() : null);
        map.put("avg_busbw", averageBusbw());
        return map;
    }

    private String memory() {
        return sweep.heap() ? "heap" : "native";
    }

    private static String number(OptionalInt given) {
        return given.isPresent() ? Integer.toString(given.getAsInt()) : "auto";
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
