package dev.gamut.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.error.FormatException;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of file, and what is said of files that are not what they claim. */
class MatrixMarketTest {
    private static final String HEADER = "%%MatrixMarket matrix ";

    @TempDir
    private Path folder;

    private Tensor read(String text) throws IOException {
        return MatrixMarket.read(Files.writeString(folder.resolve("a.mtx"), text));
    }

    private static void require(Tensor got, long rows, double... want) {
        assertEquals(rows, got.size(0));
        assertEquals(rows == 0 ? 0 : want.length / rows, got.size(1));
        assertArrayEquals(want, (double[]) got.array());
    }

    @Test
    void everyKind() throws IOException {
        require(
                read(HEADER + "coordinate real general\n% a comment\n\n2 3 3\n1 1 1.5\n2 3 -2e-3\n1 1 1\n"),
                2,
                2.5,
                0,
                0,
                0,
                0,
                -2e-3);
        require(
                read("%%matrixmarket".replace("matrixmarket", "MatrixMarket")
                        + " Matrix Array Real General\n2 2\n1\n2\n3\n4\n"),
                2,
                1,
                3,
                2,
                4);
        require(read(HEADER + "coordinate integer symmetric\n2 2 2\n1 1 7\n2 1 -3"), 2, 7, -3, -3, 0);
        require(read(HEADER + "coordinate pattern general\n2 2 1\n1 2\n"), 2, 0, 1, 0, 0);
        require(read(HEADER + "coordinate real skew-symmetric\n2 2 1\n2 1 5\n"), 2, 0, -5, 5, 0);
        require(read(HEADER + "array real symmetric\n2 2\n1\n2\n3\n"), 2, 1, 2, 2, 3);
        require(read(HEADER + "array real skew-symmetric\n2 2\n4\n"), 2, 0, -4, 4, 0);
        require(read(HEADER + "coordinate real general\r\n1 1 1\r\n1 1 3\r\n"), 1, 3);
        require(read(HEADER + "array real general\r2 1\r\r% é\r\n3\n\r4\r"), 2, 3, 4);
        require(read(HEADER + "array real general\n0 0\n"), 0);
    }

    /** Lines, and their ends, that lie across the buffer's end. */
    @Test
    void longFiles() throws IOException {
        for (String end : new String[] {"\n", "\r", "\r\n"}) {
            for (int shift = 0; shift < 8; shift++) {
                StringBuilder text =
                        new StringBuilder(HEADER + "array integer general" + end + "%" + "x".repeat(shift));
                text.append(end).append("20000 1").append(end);
                double[] want = new double[20_000];
                for (int i = 0; i < want.length; i++) {
                    want[i] = 10_000 + i;
                    text.append(10_000 + i).append(end);
                }
                require(read(text.toString()), want.length, want);
                int last = text.length();
                FormatException e = assertThrows(FormatException.class, () -> read(text + "1" + end));
                assertEquals(last, e.offset(), e.getMessage());
            }
        }
    }

    @Test
    void sizesAreToldBeforeThereIsMemory() throws IOException {
        Path file = Files.writeString(folder.resolve("a.mtx"), HEADER + "coordinate real general\n46340 46339 0\n");
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> MatrixMarket.read(file, shape -> {
                    throw new IllegalStateException(Arrays.toString(shape));
                }));
        assertEquals("[46340, 46339]", e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|0|it does not begin with %%MatrixMarket",
                "hello|0|it does not begin with %%MatrixMarket",
                "%%MatrixMarket matrix array real|0|expected %%MatrixMarket matrix FORMAT FIELD SYMMETRY",
                "%%MatrixMarket matrix array complex general/1 1/1|0|the field is complex; double, integer, pattern, real are read",
                "%%MatrixMarket matrix array real hermitian/1 1/1|0|the symmetry is hermitian",
                "%%MatrixMarket matrix array pattern general/1 1/1|0|only coordinates can be a pattern",
                "%%MatrixMarket matrix array real general/2/1|41|'2' has 1 words; the sizes needs 2",
                "%%MatrixMarket matrix array real general/2 x/1|41|'x' is no whole number",
                "%%MatrixMarket matrix array real general/70000 70000/1|41|the matrix is 70000×70000",
                "%%MatrixMarket matrix array real symmetric/2 3/1|43|it must be square",
                "%%MatrixMarket matrix array real general/2 1/1|46|the file ends; expected element 2, 1",
                "%%MatrixMarket matrix array real general/1 1/1/2|47|there is more than the header says: '2'",
                "%%MatrixMarket matrix array real general/1 1/one|45|'one' is no number",
                "%%MatrixMarket matrix coordinate real general/2 2 -1|46|there are -1 elements; their number is 0 or more",
                "%%MatrixMarket matrix coordinate real general/2 2 1/3 1 1|52|element 3, 1; the matrix is 2×2",
                "%%MatrixMarket matrix coordinate real general/2 2 1/0 1 1|52|the first element is 1, 1",
                "%%MatrixMarket matrix coordinate real symmetric/2 2 1/1 2 1|54|only those below the diagonal and on it",
            })
    void whatIsWrongIsNamed(String text, long offset, String part) {
        FormatException e = assertThrows(FormatException.class, () -> read(text.replace('/', '\n')));
        assertTrue(e.getMessage().contains(part), e.getMessage());
        assertEquals(offset, e.offset(), e.getMessage());
        long lines = text.chars().limit(offset).filter(c -> c == '/').count();
        e = assertThrows(FormatException.class, () -> read(text.replace("/", "\r\n")));
        assertEquals(offset + lines, e.offset(), e.getMessage());
    }
}
