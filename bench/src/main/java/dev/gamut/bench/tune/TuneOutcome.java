package dev.gamut.bench.tune;

import dev.gamut.bench.cli.OutputFile;
import dev.gamut.spi.Tuning;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a run of {@code gamut tune} found.
 *
 * @param all constants
 * @param file the table with them and with what stays of the one before
 * @param devices that products of the host may go to where it is told what the constants change
 */
public record TuneOutcome(List<Tuned> all, Tuning file, List<String> devices) {
    private static final String HEAD = """
            # Cost constants and block sizes of this user's machines, by `./gamut tune`; the shipped ones hold where no line matches.
            # A run replaces the lines of its CPU, JDK and vector width; comments are not kept.
            # machine; vector bits; kernel; constant; value; origin, where machine is a pattern over arch/cpu/JDK version
            """;

    /** The lines that were measured. */
    List<Tuning.Line> lines() {
        return Tuned.lines(all);
    }

    /**
     * Prints the constants and what they change.
     *
     * @param out where to
     */
    public void print(PrintWriter out) {
        TunePrinter.print(out, all, Choices.between(file, devices));
    }

    /**
     * Writes the file.
     *
     * @param target the file to make or replace
     */
    public void write(Path target) {
        OutputFile.write(
                target, HEAD + file.lines().stream().map(line -> line + "\n").collect(Collectors.joining()));
    }
}
