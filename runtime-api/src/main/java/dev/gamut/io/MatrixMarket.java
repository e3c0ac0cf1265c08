package dev.gamut.io;

import dev.gamut.error.FormatException;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.function.Consumer;

/**
 * Reads matrices in Matrix Market's text format (R. F. Boisvert, R. Pozo, K. A. Remington, "The Matrix Market Exchange Formats: Initial
 * Design", NIST, 1996): coordinate or array, real, integer or pattern, general, symmetric or skew-symmetric. Thread-safe.
 */
public final class MatrixMarket {
    private static final String BANNER = "%%MatrixMarket";
    private static final Set<String> FORMATS = Set.of("coordinate", "array");
    private static final Set<String> FIELDS = Set.of("real", "integer", "pattern", "double");
    private static final Set<String> SYMMETRIES = Set.of("general", "symmetric", "skew-symmetric");

    private MatrixMarket() {}

    /**
     * Reads a file.
     *
     * @param file in that format; complex and Hermitian matrices are not read
     * @return a row-major matrix of F64; elements that the file does not name are 0, those it names several times are added up, those of a
     *     pattern are 1
     * @throws FormatException if the file is not what its header says, with the byte of the line that is wrong
     * @throws IOException if it cannot be read
     */
    public static Tensor read(Path file) throws IOException {
        return read(file, shape -> {});
    }

    /**
     * Reads a file whose matrix may be too large for what is to be done with it.
     *
     * @param file in that format; complex and Hermitian matrices are not read
     * @param expected told the numbers of rows and columns before there is memory for them; what it throws ends the reading
     * @return as {@link #read(Path)}
     * @throws FormatException if the file is not what its header says, with the byte of the line that is wrong
     * @throws IOException if it cannot be read
     */
    public static Tensor read(Path file, Consumer<long[]> expected) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new Lines(file, in).matrix(expected);
        }
    }

    private static final class Lines {
        private final Path file;
        private final InputStream in;
        private final byte[] buffer = new byte[1 << 16];
        private int at;
        private int end;

        /** Bytes of the file before this line, and before the next byte. */
        private long begin;

        private long taken;

        private final StringBuilder text = new StringBuilder();
        private String line = "";

        Lines(Path file, InputStream in) {
            this.file = file;
            this.in = in;
        }

        Tensor matrix(Consumer<long[]> expected) throws IOException {
            if (!advance() || !line.startsWith(BANNER)) {
                throw wrong("not a Matrix Market file: it does not begin with " + BANNER);
            }
            List<String> words = List.of(line.toLowerCase(Locale.ROOT).trim().split("\\s+"));
            if (words.size() != 5 || !words.get(1).equals("matrix")) {
                throw wrong("the header is '" + line + "'; expected " + BANNER + " matrix FORMAT FIELD SYMMETRY");
            }
            boolean listed = require("format", words.get(2), FORMATS).equals("coordinate");
            boolean pattern = require("field", words.get(3), FIELDS).equals("pattern");
            String symmetry = require("symmetry", words.get(4), SYMMETRIES);
            if (pattern && !listed) {
                throw wrong("the format is array and the field pattern; only coordinates can be a pattern");
            }
            double mirrored = symmetry.equals("general") ? 0 : symmetry.equals("symmetric") ? 1 : -1;
            long[] sizes = numbers(listed ? 3 : 2);
            if (sizes[0] < 0 || sizes[1] < 0 || sizes[0] > Integer.MAX_VALUE || sizes[1] > Integer.MAX_VALUE) {
                throw wrong("the matrix is " + sizes[0] + "×" + sizes[1] + "; sizes are 0 to 2^31 - 1");
            }
            if (listed && sizes[2] < 0) {
                throw wrong("there are " + sizes[2] + " elements; their number is 0 or more");
            }
            if (mirrored != 0 && sizes[0] != sizes[1]) {
                throw wrong("the matrix is " + symmetry + " and " + sizes[0] + "×" + sizes[1] + "; it must be square");
            }
            if (sizes[0] * sizes[1] > Integer.MAX_VALUE - 8) {
                throw wrong("the matrix is " + sizes[0] + "×" + sizes[1]
                        + "; dense matrices of up to 2^31 - 9 elements are read");
            }
            expected.accept(new long[] {sizes[0], sizes[1]});
            double[] a = new double[(int) (sizes[0] * sizes[1])];
            if (listed) {
                coordinates(a, sizes, pattern, mirrored);
            } else {
                columns(a, sizes, mirrored);
            }
            if (data()) {
                throw wrong("there is more than the header says: '" + line + "'");
            }
            return Tensor.of(a, sizes[0], sizes[1]);
        }

        private void coordinates(double[] a, long[] sizes, boolean pattern, double mirrored) throws IOException {
            for (long k = 0; k < sizes[2]; k++) {
                StringTokenizer words = words("element " + (k + 1) + " of " + sizes[2], pattern ? 2 : 3);
                long i = whole(words.nextToken());
                long j = whole(words.nextToken());
                if (i < 1 || i > sizes[0] || j < 1 || j > sizes[1]) {
                    throw wrong("element " + i + ", " + j + "; the matrix is " + sizes[0] + "×" + sizes[1]
                            + ", and the first element is 1, 1");
                }
                if (mirrored != 0 && (i < j || mirrored < 0 && i == j)) {
                    throw wrong("element " + i + ", " + j + "; only those below the diagonal"
                            + (mirrored < 0 ? "" : " and on it") + " may stand in such a file");
                }
                put(a, sizes, i - 1, j - 1, pattern ? 1 : number(words.nextToken()), mirrored);
            }
        }

        private void columns(double[] a, long[] sizes, double mirrored) throws IOException {
            for (long j = 0; j < sizes[1]; j++) {
                for (long i = mirrored == 0 ? 0 : mirrored > 0 ? j : j + 1; i < sizes[0]; i++) {
                    double x = number(
                            words("element " + (i + 1) + ", " + (j + 1), 1).nextToken());
                    put(a, sizes, i, j, x, mirrored);
                }
            }
        }

        private static void put(double[] a, long[] sizes, long i, long j, double x, double mirrored) {
            a[(int) (i * sizes[1] + j)] += x;
            if (mirrored != 0 && i != j) {
                a[(int) (j * sizes[1] + i)] += mirrored * x;
            }
        }

        private String require(String what, String word, Set<String> allowed) {
            if (!allowed.contains(word)) {
                throw wrong("the " + what + " is " + word + "; "
                        + String.join(", ", allowed.stream().sorted().toList()) + " are read");
            }
            return word;
        }

        private long[] numbers(int count) throws IOException {
            StringTokenizer words = words("the sizes", count);
            long[] all = new long[count];
            for (int i = 0; i < count; i++) {
                all[i] = whole(words.nextToken());
            }
            return all;
        }

        private StringTokenizer words(String what, int count) throws IOException {
            if (!data()) {
                throw wrong("the file ends; expected " + what);
            }
            StringTokenizer words = new StringTokenizer(line);
            if (words.countTokens() != count) {
                throw wrong("'" + line + "' has " + words.countTokens() + " words; " + what + " needs " + count);
            }
            return words;
        }

        private long whole(String word) {
            try {
                return Long.parseLong(word);
            } catch (NumberFormatException e) {
                throw wrong("'" + word + "' is no whole number");
            }
        }

        private double number(String word) {
            try {
                return Double.parseDouble(word);
            } catch (NumberFormatException e) {
                throw wrong("'" + word + "' is no number");
            }
        }

        /** Goes to the next line that is neither empty nor a comment. */
        private boolean data() throws IOException {
            do {
                if (!advance()) {
                    return false;
                }
            } while (line.isBlank() || line.startsWith("%"));
            return true;
        }

        /** Lines end with \n, \r or \r\n, or with the file. */
        private boolean advance() throws IOException {
            begin = taken;
            int next = take();
            if (next < 0) {
                return false;
            }
            text.setLength(0);
            for (; next >= 0 && next != '\n' && next != '\r'; next = take()) {
                text.append((char) next);
            }
            if (next == '\r' && peek() == '\n') {
                take();
            }
            line = text.toString();
            return true;
        }

        private int take() throws IOException {
            int next = peek();
            if (next >= 0) {
                at++;
                taken++;
            }
            return next;
        }

        /** The next byte, a character of ISO 8859-1; -1 at the end. */
        private int peek() throws IOException {
            if (at == end) {
                at = 0;
                end = Math.max(0, in.read(buffer));
            }
            return at < end ? buffer[at] & 0xFF : -1;
        }

        private FormatException wrong(String what) {
            return new FormatException(file, begin, what);
        }
    }
}
