package dev.gamut.bench.gate;

import java.util.ArrayList;
import java.util.List;

/** Texts with alternatives in braces, as shells expand them: {@code n{8,16}} is {@code n8} and {@code n16}. */
final class Braces {
    private Braces() {}

    /**
     * Writes out all combinations.
     *
     * @param text with any number of groups, not nested
     * @return in the order of the alternatives, the last group fastest
     */
    static List<String> expand(String text) {
        int open = text.indexOf('{');
        if (open < 0) {
            return List.of(text);
        }
        int close = text.indexOf('}', open);
        if (close < 0) {
            throw new IllegalArgumentException("'" + text + "' has a brace that is not closed");
        }
        List<String> all = new ArrayList<>();
        for (String one : text.substring(open + 1, close).split(",", -1)) {
            for (String rest : expand(text.substring(close + 1))) {
                all.add(text.substring(0, open) + one.strip() + rest);
            }
        }
        return all;
    }

    /**
     * Splits a line at commas that are not inside braces.
     *
     * @param line columns
     * @return the columns without blanks around them
     */
    static List<String> columns(String line) {
        List<String> columns = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == ',' && depth == 0) {
                columns.add(line.substring(start, i).strip());
                start = i + 1;
            }
        }
        columns.add(line.substring(start).strip());
        return columns;
    }
}
