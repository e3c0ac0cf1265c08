package dev.gamut.kernel;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A pattern over kernel ids and other names: {@code *} any characters, {@code ?} one, {@code {a,b}} one of several words. Immutable.
 */
public final class Glob {
    private final String text;
    private final Pattern pattern;
    private final Optional<KernelId> exact;

    private Glob(String text, Pattern pattern) {
        this.text = text;
        this.pattern = pattern;
        this.exact = exact(text);
    }

    /** The kernel where the text is its whole id: planning asks every kernel, and to compare ids is quicker than to print them. */
    private static Optional<KernelId> exact(String text) {
        if (text.chars().anyMatch(ch -> "*?{".indexOf(ch) >= 0)) {
            return Optional.empty();
        }
        try {
            return Optional.of(KernelId.parse(text)).filter(id -> id.toString().equals(text));
        } catch (IllegalArgumentException otherName) {
            return Optional.empty();
        }
    }

    /**
     * Reads a pattern.
     *
     * @param text the pattern; braces must be closed and not nested
     * @return the glob
     */
    public static Glob of(String text) {
        StringBuilder regex = new StringBuilder();
        boolean inBraces = false;
        for (char ch : text.toCharArray()) {
            boolean opens = ch == '{';
            boolean closes = ch == '}';
            if (opens && inBraces || closes && !inBraces) {
                throw new IllegalArgumentException("pattern is '" + text + "'; braces must pair and not nest");
            }
            inBraces = opens || inBraces && !closes;
            regex.append(
                    switch (ch) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        case '{' -> "(?:";
                        case '}' -> ")";
                        case ',' -> inBraces ? "|" : ",";
                        default -> Pattern.quote(String.valueOf(ch));
                    });
        }
        if (inBraces || text.isBlank()) {
            throw new IllegalArgumentException(
                    "pattern is '" + text + "'; it must not be empty and its braces must be closed");
        }
        return new Glob(text, Pattern.compile(regex.toString()));
    }

    /**
     * Whether a kernel is meant.
     *
     * @param id its id
     * @return true where the whole id matches
     */
    public boolean matches(KernelId id) {
        return exact.isPresent()
                ? exact.get().equals(id)
                : pattern.matcher(id.toString()).matches();
    }

    /**
     * Whether any other text is meant, for tables that name machines or benchmark rows in the same way.
     *
     * @param other the text
     * @return true where the whole text matches
     */
    public boolean matches(String other) {
        return pattern.matcher(other).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
