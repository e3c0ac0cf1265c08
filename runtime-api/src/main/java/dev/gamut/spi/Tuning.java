package dev.gamut.spi;

import dev.gamut.error.FormatException;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.Glob;
import dev.gamut.kernel.KernelId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Constants of the cost model and block sizes, as data with their origin. Immutable and thread-safe.
 *
 * <p>Lines read {@code machine; vector bits; kernel; constant; value; origin}: machine and kernel are patterns ({@code *},
 * {@code ?}, <code>{a,b}</code>) over {@code arch/cpu name/JDK feature version} and kernel ids, vector bits a number or
 * {@code *}. The first line that matches answers, so the particular stands before the general. {@code #} starts a comment.
 */
public final class Tuning {
    /** No constants at all. */
    public static final Tuning EMPTY = new Tuning(List.of());

    private static final String FORM = "machine; vector bits; kernel; constant; value; origin";

    private static final Pattern BITS = Pattern.compile("\\*|\\d+");
    private static final Pattern WORD = Pattern.compile("\\w+");
    private static final Pattern LINE_BREAK = Pattern.compile("[\\r\\n]");

    /**
     * One constant.
     *
     * @param machine pattern over {@code arch/cpu/JDK}, for example {@code x86_64/AMD*} or <code>x86_64/AMD*&#47;25</code>
     * @param vectorBits a number or {@code *}
     * @param kernel pattern over kernel ids
     * @param constant its name
     * @param value at least 0
     * @param origin where the value comes from, for people
     */
    public record Line(Glob machine, String vectorBits, Glob kernel, String constant, double value, String origin) {
        /** Checks what a file could not hold or what could never match. */
        public Line {
            if (!BITS.matcher(vectorBits).matches()) {
                throw new IllegalArgumentException("vector bits is '" + vectorBits + "'; a number or * is needed");
            }
            if (!WORD.matcher(constant).matches()) {
                throw new IllegalArgumentException(
                        "constant is '" + constant + "'; a word of letters, digits and _ is needed");
            }
            if ((machine.toString() + kernel).indexOf(';') >= 0
                    || LINE_BREAK.matcher(machine.toString() + kernel + origin).find()) {
                throw new IllegalArgumentException("line is for '" + machine + "', '" + kernel + "', origin '" + origin
                        + "'; none may have a line break, nor patterns a semicolon");
            }
            if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("value is " + value + "; a number of at least 0 is needed");
            }
        }

        private static Line parse(String text) {
            String[] f = text.split(";", 6);
            if (f.length != 6) {
                throw new IllegalArgumentException("'" + text + "'; a line is " + FORM);
            }
            return new Line(
                    Glob.of(f[0].strip()),
                    f[1].strip(),
                    Glob.of(f[2].strip()),
                    f[3].strip(),
                    number(f[4].strip()),
                    f[5].strip());
        }

        private static double number(String text) {
            try {
                return Double.parseDouble(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("value is '" + text + "'; a number is needed", e);
            }
        }

        /**
         * Whether this line is meant for a machine.
         *
         * @param c any machine
         */
        public boolean matches(Capabilities c) {
            return (vectorBits.equals("*") || vectorBits.equals(Integer.toString(c.vectorBits())))
                    && machine.matches(c.arch() + "/" + c.cpu() + "/" + c.jdk());
        }

        /**
         * Whether another line is about the same constant of the same machines and kernels, whatever its value.
         *
         * @param other the other line
         */
        public boolean replaces(Line other) {
            return machine.toString().equals(other.machine.toString())
                    && vectorBits.equals(other.vectorBits)
                    && kernel.toString().equals(other.kernel.toString())
                    && constant.equals(other.constant);
        }

        /** The line as it stands in a file. */
        @Override
        public String toString() {
            String number = value == Math.rint(value) && value < 1e15 ? Long.toString((long) value) : "" + value;
            return String.join("; ", machine.toString(), vectorBits, kernel.toString(), constant, number, origin);
        }
    }

    /** What to throw about a line that is not right. */
    private interface Complaint {
        RuntimeException of(int line, long offset, IllegalArgumentException problem);
    }

    private record Question(KernelId kernel, String constant) {}

    /** What was asked of a machine; matching patterns again took most of the time that a plan takes. */
    private record Answers(Capabilities machine, Map<Question, OptionalDouble> found) {}

    private final List<Line> lines;
    private volatile Answers answers = new Answers(null, Map.of());

    private Tuning(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    /**
     * A table of lines.
     *
     * @param lines the first that matches answers
     */
    public static Tuning of(List<Line> lines) {
        return new Tuning(lines);
    }

    /**
     * Reads a table.
     *
     * @param in UTF-8 text in the form above
     * @param name its name in messages
     * @return the table
     */
    public static Tuning read(InputStream in, String name) {
        try {
            return parse(
                    new String(in.readAllBytes(), StandardCharsets.UTF_8),
                    (line, offset, problem) ->
                            new IllegalArgumentException(name + ":" + line + ": " + problem.getMessage(), problem));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    /**
     * Reads a table from a file.
     *
     * @param file UTF-8 text in the form above
     * @return the table
     * @throws FormatException naming the line that is not in that form
     * @throws IllegalArgumentException where the file cannot be read
     */
    public static Tuning read(Path file) {
        try {
            return parse(
                    new String(Files.readAllBytes(file), StandardCharsets.UTF_8),
                    (line, offset, problem) ->
                            new FormatException(file, offset, "line " + line + ": " + problem.getMessage()));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("the tuning file is " + file + ", which does not exist", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the tuning file is " + file + ", which cannot be read: " + e, e);
        }
    }

    private static Tuning parse(String text, Complaint complaint) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        long offset = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String content = raw.strip();
            if (!content.isEmpty() && !content.startsWith("#")) {
                try {
                    lines.add(Line.parse(content));
                } catch (IllegalArgumentException e) {
                    throw complaint.of(number, offset, e);
                }
            }
            offset += raw.getBytes(StandardCharsets.UTF_8).length + 1;
        }
        return new Tuning(lines);
    }

    /** The lines, in the order in which they are asked. */
    public List<Line> lines() {
        return lines;
    }

    /**
     * This table, asked before another one.
     *
     * @param fallback asked where this table has no answer
     * @return both
     */
    public Tuning over(Tuning fallback) {
        List<Line> all = new ArrayList<>(lines);
        all.addAll(fallback.lines);
        return new Tuning(all);
    }

    /**
     * A constant.
     *
     * @param machine the machine asked about
     * @param kernel the kernel asked about
     * @param constant its name
     * @param otherwise what holds where no line matches
     * @return the value of the first line that matches
     */
    public double get(Capabilities machine, KernelId kernel, String constant, double otherwise) {
        Answers known = answers;
        if (known.machine != machine) {
            known = new Answers(machine, new ConcurrentHashMap<>());
            answers = known;
        }
        return known.found
                .computeIfAbsent(new Question(kernel, constant), asked -> find(machine, kernel, constant))
                .orElse(otherwise);
    }

    private OptionalDouble find(Capabilities machine, KernelId kernel, String constant) {
        for (Line line : lines) {
            if (line.constant.equals(constant) && line.kernel.matches(kernel) && line.matches(machine)) {
                return OptionalDouble.of(line.value);
            }
        }
        return OptionalDouble.empty();
    }
}
