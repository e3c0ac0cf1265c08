package dev.gamut.bench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts of which a command writes a part: what stands between {@code <!-- NAME: begin -->} and {@code <!-- NAME: end -->}. */
public final class MarkedText {
    private MarkedText() {}

    /**
     * Replaces the part between two marks.
     *
     * @param text the whole
     * @param name of the marks
     * @param part what is to stand between them, whole lines
     * @throws IllegalArgumentException where the marks are missing
     */
    public static String replace(String text, String name, String part) {
        String first = "<!-- " + name + ": begin -->";
        String last = "<!-- " + name + ": end -->";
        int begin = text.indexOf(first);
        int end = text.indexOf(last);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("the text has no lines " + first + " and " + last);
        }
        return text.substring(0, begin + first.length()) + "\n" + part + text.substring(end);
    }

    /**
     * Refuses a file that {@link #rewrite} could not change, before any work is done.
     *
     * @param option that named the file, for messages
     */
    static void require(Path file, String option, String name) {
        OutputFile.require(file, option);
        replaced(file, option, name, "");
    }

    /**
     * Replaces the part in a file, atomically.
     *
     * @param option that named the file, for messages
     */
    static void rewrite(Path file, String option, String name, String part) {
        OutputFile.write(file, replaced(file, option, name, part));
    }

    private static String replaced(Path file, String option, String name, String part) {
        try {
            return replace(Files.readString(file), name, part);
        } catch (IOException e) {
            throw Failure.data(option + " is " + file + ", which cannot be read: " + Complaints.message(e), e);
        } catch (IllegalArgumentException e) {
            throw Failure.data(option + " is " + file + ": " + e.getMessage(), e);
        }
    }
}
