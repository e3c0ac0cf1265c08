package dev.gamut.bench.tune;

import dev.gamut.bench.cli.Figures;
import java.io.PrintWriter;
import java.util.List;

/** The result of a run as text. */
final class TunePrinter {
    private TunePrinter() {}

    static void print(PrintWriter out, List<Tuned> all, Choices choices) {
        out.printf("%-26s %-46s %8s %8s  %s%n", "constant", "kernels", "shipped", "measured", "figure");
        for (Tuned tuned : all) {
            out.printf(
                    "%-26s %-46s %8s %8s  %s%n",
                    tuned.line().constant(),
                    tuned.line().kernel(),
                    number(tuned.shipped()),
                    number(tuned.line().value()),
                    (tuned.objection().isEmpty() ? "" : tuned.objection() + ": ")
                            + figure(tuned.line().origin()));
        }
        out.println();
        if (choices.changes().isEmpty()) {
            out.println("no change of kernel in " + choices.asked() + " sample products");
            return;
        }
        out.println("kernels change in " + choices.changes().size() + " of " + choices.asked()
                + " sample products (type, size, threads, shipped -> tuned):");
        choices.changes().forEach(change -> out.println("  " + change));
    }

    /** Block sizes and cycles whole where they are large. */
    private static String number(double value) {
        return value >= 1000 ? Long.toString(Math.round(value)) : Figures.digits(value);
    }

    /** What stands behind the command in an origin. */
    private static String figure(String origin) {
        return origin.substring(origin.lastIndexOf(": ") + 2);
    }
}
