package dev.gamut.io;

import dev.gamut.dtype.DType;
import dev.gamut.error.FormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the dictionary in the head of an .npy file: the three keys that the format defines, each once, in any order,
 * and nothing else of Python's syntax.
 */
final class NpyHeaderParser {
    /** NumPy's own limit. */
    private static final int MAX_RANK = 64;

    private final Path file;
    private final String text;
    private final long start;
    private int at;

    private String descr;
    private Boolean fortranOrder;
    private long[] shape;
    private int descrAt;
    private int shapeAt;

    private NpyHeaderParser(Path file, String text, long start) {
        this.file = file;
        this.text = text;
        this.start = start;
    }

    /**
     * Parses.
     *
     * @param file named in messages
     * @param text the dictionary, one char a byte
     * @param start position of its first byte in the file
     */
    static NpyHeader parse(Path file, String text, long start) {
        return new NpyHeaderParser(file, text, start).header();
    }

    private NpyHeader header() {
        expect('{');
        while (peek() != '}') {
            entry();
            if (peek() != '}') {
                expect(',');
            }
        }
        expect('}');
        if (peek() != 0) {
            throw error(at, "the header goes on after its dictionary");
        }
        require(descr != null, "descr");
        require(fortranOrder != null, "fortran_order");
        require(shape != null, "shape");
        NpyHeader header = new NpyHeader(type(), fortranOrder, shape);
        requireAddressable(header.type());
        return header;
    }

    private void require(boolean present, String key) {
        if (!present) {
            throw error(0, "the header has no '" + key + "'");
        }
    }

    private void entry() {
        peek();
        int keyAt = at;
        String key = string();
        expect(':');
        peek();
        switch (key) {
            case "descr" -> {
                once(keyAt, key, descr);
                descrAt = at;
                descr = descr();
            }
            case "fortran_order" -> {
                once(keyAt, key, fortranOrder);
                fortranOrder = truth();
            }
            case "shape" -> {
                once(keyAt, key, shape);
                shapeAt = at;
                shape = tuple();
            }
            default -> throw error(keyAt, "key '" + key + "'; allowed are descr, fortran_order and shape");
        }
    }

    private void once(int keyAt, String key, Object earlier) {
        if (earlier != null) {
            throw error(keyAt, "'" + key + "' stands there twice");
        }
    }

    private String descr() {
        if (peek() == '[') {
            throw error(at, "a structured type; plain numbers are read: " + NpyHeader.supported());
        }
        return string();
    }

    private DType type() {
        char order = descr.isEmpty() ? 0 : descr.charAt(0);
        String code = "<>=|".indexOf(order) >= 0 ? descr.substring(1) : descr;
        if (code.startsWith("O")) {
            throw error(
                    descrAt,
                    "type '" + descr + "' is Python objects, which are not read; supported are "
                            + NpyHeader.supported());
        }
        DType type = NpyHeader.type(code);
        if (type == null) {
            throw error(descrAt, "type is '" + descr + "'; supported are " + NpyHeader.supported());
        }
        boolean foreign = (order == '<' || order == '>') && order != NpyHeader.nativeOrder() && type.bits() > 8;
        if (foreign) {
            throw error(
                    descrAt,
                    "type '" + descr + "' is " + (order == '>' ? "big" : "little")
                            + "-endian; only this machine's byte order, '" + NpyHeader.nativeOrder() + "', is read");
        }
        return type;
    }

    /** Refuses shapes whose strides or bytes would not fit a long, axes of size 0 counted as 1. */
    private void requireAddressable(DType type) {
        try {
            long bytes = type.bits() / 8;
            for (long size : shape) {
                bytes = Math.multiplyExact(bytes, Math.max(size, 1));
            }
        } catch (ArithmeticException _) {
            throw error(shapeAt, "the shape needs more than 2^63 bytes");
        }
    }

    private boolean truth() {
        for (String word : List.of("True", "False")) {
            if (text.startsWith(word, at)) {
                at += word.length();
                return word.equals("True");
            }
        }
        throw error(at, "fortran_order must be True or False");
    }

    private long[] tuple() {
        List<Long> sizes = new ArrayList<>();
        expect('(');
        boolean comma = true;
        while (peek() != ')') {
            if (!comma) {
                throw error(at, "a ',' or ')' is missing in the shape");
            }
            if (sizes.size() == MAX_RANK) {
                throw error(at, "the shape has more than " + MAX_RANK + " axes");
            }
            sizes.add(number());
            comma = peek() == ',';
            at += comma ? 1 : 0;
        }
        expect(')');
        if (sizes.size() == 1 && !comma) {
            throw error(shapeAt, "the shape is a number in parentheses; a tuple of one is written (3,)");
        }
        return sizes.stream().mapToLong(Long::longValue).toArray();
    }

    private long number() {
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        try {
            return Long.parseLong(text.substring(from, at));
        } catch (NumberFormatException _) {
            throw error(from, "a size in the shape is not a whole number from 0 to 2^63 - 1");
        }
    }

    private String string() {
        char quote = peek();
        if (quote != '\'' && quote != '"') {
            throw error(at, "a quoted string is missing");
        }
        int from = at + 1;
        int to = text.indexOf(quote, from);
        if (to < 0) {
            throw error(at, "a string does not end");
        }
        String value = text.substring(from, to);
        if (value.chars().anyMatch(ch -> ch < ' ' || ch > '~' || ch == '\\')) {
            throw error(at, "a string holds something else than plain characters");
        }
        at = to + 1;
        return value;
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw error(at, "'" + wanted + "' is missing" + (at < text.length() ? "" : ": the header ends early"));
        }
        at++;
    }

    /** The next character that is no white space, 0 at the end. */
    private char peek() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private FormatException error(int position, String message) {
        return new FormatException(file, start + position, message);
    }
}
