package dev.gamut.io;

import dev.gamut.error.FormatException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The part of JSON (RFC 8259) that heads of files are written in: objects, arrays, strings, whole numbers, true, false and null. */
final class Json {
    private static final int DEEPEST = 32;
    private static final String ESCAPES = "\"\\/bfnrt";
    private static final String ESCAPED = "\"\\/\b\f\n\r\t";

    private final Path file;
    private final long begin;
    private final String text;
    private int at;

    private Json(Path file, long begin, String text) {
        this.file = file;
        this.begin = begin;
        this.text = text;
    }

    /**
     * Reads an object.
     *
     * @param file where it stands, for messages
     * @param begin byte at which it begins there
     * @param text the object, with blanks around it
     * @return strings, longs, booleans, null, lists and maps, whose keys are in their order
     */
    static Map<String, Object> object(Path file, long begin, String text) {
        Json json = new Json(file, begin, text);
        json.blanks();
        if (json.peek() != '{') {
            throw json.wrong("an object was expected");
        }
        Map<String, Object> object = json.object(0);
        json.blanks();
        if (json.at < text.length()) {
            throw json.wrong("there is more after the object");
        }
        return object;
    }

    /** A string as JSON writes it. */
    static String quote(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : value.toCharArray()) {
            int escape = c == '/' ? -1 : ESCAPED.indexOf(c);
            if (escape >= 0) {
                quoted.append('\\').append(ESCAPES.charAt(escape));
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private Object value(int depth) {
        blanks();
        if (depth > DEEPEST) {
            throw wrong("values are nested deeper than " + DEEPEST);
        }
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> all = new LinkedHashMap<>();
        at++;
        blanks();
        if (accept('}')) {
            return all;
        }
        do {
            blanks();
            int key = at;
            String name = string();
            blanks();
            expect(':');
            if (all.containsKey(name)) {
                at = key;
                throw wrong("key '" + name + "' is there twice");
            }
            all.put(name, value(depth + 1));
            blanks();
        } while (accept(','));
        expect('}');
        return all;
    }

    private List<Object> array(int depth) {
        List<Object> all = new ArrayList<>();
        at++;
        blanks();
        if (accept(']')) {
            return all;
        }
        do {
            all.add(value(depth + 1));
            blanks();
        } while (accept(','));
        expect(']');
        return all;
    }

    private String string() {
        if (peek() != '"') {
            throw wrong("a string was expected");
        }
        StringBuilder value = new StringBuilder();
        at++;
        while (peek() != '"') {
            char c = next();
            if (c < ' ') {
                at--;
                throw wrong("a string has a control character");
            }
            value.append(c == '\\' ? escape() : c);
        }
        at++;
        return value.toString();
    }

    private char escape() {
        char c = next();
        int simple = ESCAPES.indexOf(c);
        if (simple >= 0) {
            return ESCAPED.charAt(simple);
        }
        if (c == 'u' && at + 4 <= text.length() && text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
            at += 4;
            return (char) Integer.parseInt(text.substring(at - 4, at), 16);
        }
        throw wrong("an escape that JSON does not have");
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw wrong("a value was expected");
        }
        at += word.length();
        return value;
    }

    private Long number() {
        int from = at;
        while (at < text.length() && "-0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        try {
            return Long.parseLong(text.substring(from, at));
        } catch (NumberFormatException e) {
            at = from;
            throw wrong("a whole number or another value was expected");
        }
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong("it ends too early");
        }
        return text.charAt(at);
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private boolean accept(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    private void expect(char c) {
        if (!accept(c)) {
            throw wrong("'" + c + "' was expected");
        }
    }

    private FormatException wrong(String what) {
        int before = text.substring(0, Math.min(at, text.length())).getBytes(StandardCharsets.UTF_8).length;
        return new FormatException(file, begin + before, what);
    }
}
