package dev.gamut.spi;

import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.Glob;
import dev.gamut.kernel.KernelId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Constants of the cost model and block sizes, as data with their origin. Immutable.
 *
 * <p>Lines read {@code machine; vector bits; kernel; constant; value; origin}: machine and kernel are patterns ({@code *},
 * {@code ?}, <code>{a,b}</code>) over {@code arch/cpu name} and kernel ids, vector bits a number or {@code *}. The first line
 * that matches answers, so the particular stands before the general. {@code #} starts a comment.
 */
public final class Tuning {
    /** No constants at all. */
    public static final Tuning EMPTY = new Tuning(List.of());

    private record Line(Machine machine, Glob kernel, String constant, double value, String origin) {}

    private record Machine(Glob name, String bits) {
        boolean matches(Capabilities c) {
            return (bits.equals("*") || bits.equals(Integer.toString(c.vectorBits())))
                    && name.matches(c.arch() + "/" + c.cpu());
        }
    }

    private final List<Line> lines;

    private Tuning(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    /**
     * Reads a table.
     *
     * @param in UTF-8 text in the form above
     * @param name its name in messages
     * @return the table
     */
    public static Tuning read(InputStream in, String name) {
        List<Line> lines = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            int number = 0;
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                number++;
                String content = text.strip();
                if (!content.isEmpty() && !content.startsWith("#")) {
                    lines.add(line(content, name + ":" + number));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
        return new Tuning(lines);
    }

    private static Line line(String text, String where) {
        String[] f = text.split(";", 6);
        if (f.length != 6) {
            throw new IllegalArgumentException(
                    where + ": '" + text + "'; a line is machine; vector bits; kernel; constant; value; origin");
        }
        try {
            double value = Double.parseDouble(f[4].strip());
            if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        where + ": value is " + value + "; a number of at least 0 is needed");
            }
            return new Line(
                    new Machine(Glob.of(f[0].strip()), f[1].strip()),
                    Glob.of(f[2].strip()),
                    f[3].strip(),
                    value,
                    f[5].strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(where + ": value is '" + f[4].strip() + "'; a number is needed", e);
        }
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
        for (Line line : lines) {
            if (line.constant.equals(constant) && line.kernel.matches(kernel) && line.machine.matches(machine)) {
                return line.value;
            }
        }
        return otherwise;
    }
}
