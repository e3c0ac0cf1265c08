package dev.gamut.bench.report;

import dev.gamut.bench.cli.Figures;
import dev.gamut.bench.cli.Terminal;
import dev.gamut.bench.machine.Bandwidth;
import dev.gamut.bench.machine.CYardsticks;
import dev.gamut.bench.machine.Figure;
import dev.gamut.bench.machine.Yardsticks;
import dev.gamut.dtype.DType;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report as a table for the terminal: at most 120 columns, one heading for each family. */
final class TableWriter {
    private static final String HEADING = String.format(
            "  %-19s %-12s %-15s %-14s %3s %9s %8s %8s %9s %9s",
            "workload", "types", "size m×n×k", "kernel", "thr", "time", "GOP/s", "GB/s", "of peak", "err/bound");

    private static final String ROUTES =
            String.format("  %-19s %8s %9s %9s  %s", "route", "GOP/s", "error", "bound", "picked for");

    private static final int WIDTH = 120;

    private final PrintWriter out;
    private final boolean colours;

    TableWriter(PrintWriter out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    void write(Results results) {
        results.yardsticks().forEach(this::yardsticks);
        String family = "";
        for (Row row : results.rows()) {
            if (!row.workload().family().equals(family)) {
                family = row.workload().family();
                out.println();
                out.println(style(family, Terminal.BOLD));
                out.println(style(HEADING, Terminal.DIM));
            }
            out.println(line(row));
        }
        out.println();
        out.println(style(
                "• the kernel Gamut picks; of peak: share of the nearer measured roof, F arithmetic, 1 2 3 M cache "
                        + "level or memory",
                Terminal.DIM));
        standIns(results)
                .forEach((smaller, larger) -> out.println(
                        style(smaller + " stands for " + larger + ", too large for the reference", Terminal.DIM)));
        routes(results.routes());
        for (Row row : results.failed()) {
            out.println(
                    style("FAILED ", Terminal.RED) + row.workload().id() + " " + row.kernel() + ": " + row.message());
        }
    }

    /** Each way to compute some products, under one heading for each of them. */
    private void routes(List<Row> routes) {
        String product = "";
        for (Row row : routes) {
            String of = row.workload().id() + ", " + row.precision() + ", "
                    + row.workload().size();
            if (!of.equals(product)) {
                product = of;
                out.println();
                out.println(style("accuracy against speed: " + of, Terminal.BOLD));
                out.println(style(ROUTES, Terminal.DIM));
            }
            String text = String.format(
                    Locale.ROOT,
                    "%s %-19s %8s %9s %9s  %s",
                    row.chosen() ? "•" : " ",
                    cut(shortName(row), 19),
                    Figures.digits(row.gops()),
                    Figures.digits(row.error()),
                    Figures.digits(row.bound()),
                    String.join(" ", row.chosenFor()));
            out.println(text.stripTrailing() + (row.ok() ? "" : style(" ✗", Terminal.RED)));
        }
    }

    /** Workload and precision of each stand-in, and what it stands for. */
    private static Map<String, String> standIns(Results results) {
        Map<String, String> notes = new LinkedHashMap<>();
        for (Row row : results.rows()) {
            if (!row.standsFor().isEmpty()) {
                notes.put(row.workload().id() + " in " + row.precision(), row.standsFor());
            }
        }
        return notes;
    }

    private void yardsticks(Yardsticks y) {
        out.printf(
                Locale.ROOT,
                "measured peaks, %d %s: F64 %.1f and F32 %.1f GOP/s%n",
                y.threads(),
                y.threads() == 1 ? "thread" : "threads",
                y.arithmetic(DType.F64),
                y.arithmetic(DType.F32));
        List<String> levels = y.levels().entrySet().stream()
                .map(e -> e.getKey() + " " + bandwidth(e.getValue()))
                .toList();
        wrapped("GB/s read/copy/triad: ", levels);
        CYardsticks c = y.c();
        List<String> figures = c.figures().entrySet().stream()
                .filter(e -> e.getValue().present())
                .map(e -> figure(e.getKey(), e.getValue()))
                .toList();
        wrapped("GOP/s in C: ", figures.isEmpty() ? List.of(c.compiler()) : figures);
    }

    private static String bandwidth(Bandwidth b) {
        return Figures.digits(b.read()) + "/" + Figures.digits(b.copy()) + "/" + Figures.digits(b.triad());
    }

    /** The key without its unit in words, then the figure, with a unit unless it is the heading's. */
    private static String figure(String key, Figure figure) {
        String name = key.substring(0, key.lastIndexOf('_')).replace('_', ' ');
        String unit = figure.unit().equals(Figure.GOPS) ? "" : " " + figure.unit();
        return name + " " + Figures.digits(figure.value()) + unit;
    }

    /** Parts with commas between them, on as many lines as they need. */
    private void wrapped(String heading, List<String> parts) {
        StringBuilder line = new StringBuilder("  " + heading);
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i) + (i + 1 < parts.size() ? ", " : "");
            if (line.length() + part.strip().length() > WIDTH) {
                out.println(line.toString().stripTrailing());
                line = new StringBuilder(" ".repeat(2 + heading.length()));
            }
            line.append(part);
        }
        out.println(line);
    }

    private String line(Row row) {
        String text = String.format(
                Locale.ROOT,
                "%s %-19s %-12s %-15s %-14s %3d %9s %8s %8s %9s %9s",
                row.chosen() ? "•" : " ",
                cut(row.workload().id(), 19),
                cut(row.precision().toString(), 12),
                cut(row.workload().size(), 15),
                cut(shortName(row), 14),
                row.threads(),
                Double.isNaN(row.seconds()) ? "–" : Figures.seconds(row.seconds()),
                Figures.digits(row.gops()),
                Figures.digits(row.gbs()),
                share(row),
                Figures.digits(row.errorOverBound()));
        String verdict = row.ok() ? style("✓", Terminal.GREEN) : style("✗", Terminal.RED);
        return (row.isReference() ? style(text, Terminal.DIM) : text) + " " + verdict;
    }

    private static String share(Row row) {
        if (Double.isNaN(row.seconds())) {
            return "–";
        }
        char roof = switch (row.binding()) {
            case "arithmetic" -> 'F';
            case "memory" -> 'M';
            default -> row.binding().charAt(1);
        };
        return String.format(Locale.ROOT, "%.1f%% %c", 100 * row.shareOfPeak(), roof);
    }

    /** The kernel's id without operation and types, which stand beside it. */
    static String shortName(Row row) {
        String[] words = row.kernel().split("_");
        int from = row.workload().isGemm() ? 5 : 3;
        return String.join("_", Arrays.asList(words).subList(Math.min(from, words.length - 1), words.length));
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }

    private String style(String text, String code) {
        return colours ? code + text + Terminal.PLAIN : text;
    }
}
