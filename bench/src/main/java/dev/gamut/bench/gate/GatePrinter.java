package dev.gamut.bench.gate;

import dev.gamut.bench.cli.Figures;
import dev.gamut.bench.cli.Terminal;
import dev.gamut.bench.gate.Verdict.Status;
import dev.gamut.bench.machine.Yardsticks;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A run of the gate as a table for the terminal, at most 120 columns, the row farthest below its bar first. */
final class GatePrinter {
    private static final String FORMAT = "%-9s %-39s %-18s %7s %11s %6s %6s %9s %7s";

    private final PrintWriter out;
    private final boolean colours;

    GatePrinter(PrintWriter out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    void write(GateResults results) {
        results.yardsticks().forEach(y -> yardsticks(y.asJson()));
        out.println();
        out.println(style(
                String.format(
                        Locale.ROOT,
                        FORMAT,
                        "",
                        "row",
                        "over",
                        "ratio",
                        "quartiles",
                        "bar",
                        "of bar",
                        "ours",
                        "of peak"),
                Terminal.DIM));
        results.byDistance().forEach(v -> out.println(line(v, results.yardsticks())));
        out.println(style(
                "of peak: share of the nearer measured roof, arithmetic or the bandwidth of the level", Terminal.DIM));
        setAside(results.verdicts());
        results.verdicts().stream()
                .filter(v -> v.row().measure() == GateRow.Measure.CROSSOVER)
                .flatMap(v -> v.forks().stream().limit(1).map(fork -> v.row().id() + ": " + fork.peer()))
                .forEach(out::println);
        notApplicable(results.notApplicable());
        peers(results.verdicts());
        for (Verdict v : results.verdicts()) {
            if (v.status() == Status.FAIL || v.status() == Status.UNDECIDED) {
                String colour = v.status() == Status.FAIL ? Terminal.RED : Terminal.BOLD;
                out.println(style(v.status() == Status.FAIL ? "FAILED " : "undecided ", colour)
                        + v.row().key() + " (" + kernel(v) + "): " + v.reason());
            }
        }
        out.printf(
                Locale.ROOT,
                "%d passed, %d failed, %d undecided, %d do not apply; %.0f s%n",
                results.count(Status.PASS),
                results.count(Status.FAIL),
                results.count(Status.UNDECIDED),
                results.count(Status.NOT_APPLICABLE),
                results.seconds());
    }

    /** A line of arithmetic and one of bandwidths; what is not available here is left to the JSON, where its reason stands. */
    private void yardsticks(Map<String, Object> peaks) {
        out.println("measured peaks, threads " + peaks.get("threads") + ": " + figures(peaks, "_gops") + ", "
                + figures(peaks, "_ns"));
        out.println("  " + figures(peaks, "_gbs"));
    }

    private static String figures(Map<String, Object> peaks, String unit) {
        return peaks.entrySet().stream()
                .filter(e -> e.getValue() instanceof Number && e.getKey().endsWith(unit))
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", "));
    }

    private String line(Verdict v, List<Yardsticks> peaks) {
        String text = String.format(
                Locale.ROOT,
                FORMAT,
                v.status() == Status.PASS && Double.isNaN(v.row().bar())
                        ? ""
                        : v.status().text(),
                v.row().id(),
                v.row().peer(),
                ratio(v.ratio()),
                v.isMeasured() && v.low() != v.high() ? v.spread() : "",
                ratio(v.row().bar()),
                ratio(v.distance()),
                v.isTimed() ? Figures.seconds(v.ours()) : "",
                share(v.shareOfPeak(peaks)));
        return switch (v.status()) {
            case FAIL -> style(text, Terminal.RED);
            case UNDECIDED -> style(text, Terminal.BOLD);
            default -> Double.isNaN(v.row().bar()) ? style(text, Terminal.DIM) : text;
        };
    }

    private static String ratio(double value) {
        return Double.isNaN(value) ? "" : Figures.digits(value);
    }

    private static String share(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.0f%%", 100 * value);
    }

    /** Of rows that only some phases count for, how many pairs did not. */
    private void setAside(List<Verdict> verdicts) {
        for (Verdict v : verdicts) {
            int counted =
                    v.forks().stream().mapToInt(fork -> fork.pairs().size()).sum();
            v.row()
                    .phase()
                    .filter(phase -> counted + v.setAside() > 0)
                    .ifPresent(phase -> out.println(v.row().key() + ": " + v.setAside() + " of "
                            + (counted + v.setAside()) + " pairs set aside, whose probe did not show " + phase));
        }
    }

    /** Reasons, each with the rows it concerns. */
    private void notApplicable(List<Verdict> verdicts) {
        Map<String, List<Verdict>> byReason =
                verdicts.stream().collect(Collectors.groupingBy(Verdict::reason, TreeMap::new, Collectors.toList()));
        byReason.forEach((reason, rows) -> out.println("not applicable: "
                + reason
                + " ("
                + rows.stream().map(v -> v.row().id()).collect(Collectors.joining(", "))
                + ")"));
    }

    /** What each peer says of itself, which kernels it took among it. */
    private void peers(List<Verdict> verdicts) {
        Map<String, Set<String>> versions = new TreeMap<>();
        for (Verdict v : verdicts) {
            for (ForkResult fork : v.forks()) {
                if (!fork.peer().isEmpty() && !v.row().isLimit()) {
                    versions.computeIfAbsent(v.row().peer() + ", t" + v.row().threads(), peer -> new TreeSet<>())
                            .add(fork.peer());
                }
            }
        }
        versions.forEach(
                (peer, all) -> all.forEach(version -> out.println(style(peer + ": " + version, Terminal.DIM))));
    }

    private static String kernel(Verdict v) {
        return v.forks().isEmpty() || v.forks().getFirst().kernel().isEmpty()
                ? "no kernel"
                : v.forks().getFirst().kernel();
    }

    private String style(String text, String code) {
        return colours ? code + text + Terminal.PLAIN : text;
    }
}
