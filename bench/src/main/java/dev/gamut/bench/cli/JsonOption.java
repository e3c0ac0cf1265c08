package dev.gamut.bench.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --json[=FILE]}: the result as JSON instead of text, or beside the text in a file. */
final class JsonOption {
    @Option(
            names = "--json",
            arity = "0..1",
            fallbackValue = "-",
            paramLabel = "FILE",
            description = "Write JSON to FILE, or to standard output instead of text.")
    private String target;

    /** Refuses a target that cannot be written, before any work is done. */
    void check() {
        if (target != null && !target.equals("-")) {
            OutputFile.require(Path.of(target), "--json");
        }
    }

    /** Whether it was given. */
    boolean isGiven() {
        return target != null;
    }

    /** Whether standard output is for JSON alone. */
    boolean replacesText() {
        return "-".equals(target);
    }

    /**
     * Writes where asked; does nothing where not.
     *
     * @param value records, maps and lists
     * @param out standard output
     */
    void write(Object value, PrintWriter out) {
        if (replacesText()) {
            out.print(Json.text(value));
        } else {
            writeFile(value);
        }
    }

    /**
     * Writes the file, if one was named; as often as there is more to say.
     *
     * @param value records, maps and lists
     */
    void writeFile(Object value) {
        if (target != null && !replacesText()) {
            OutputFile.write(Path.of(target), Json.text(value));
        }
    }
}
