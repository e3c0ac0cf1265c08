package dev.gamut.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.error.FormatException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Invalid files: each is refused with the place and the reason, whether it is read or mapped. */
class NpyHostileTest {
    private static final String GOOD = NpyBytes.dictionary("<f8", "False", "(2,)");

    @TempDir
    private Path folder;

    private FormatException refused(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("x.npy"), bytes);
        FormatException e = assertThrows(FormatException.class, () -> Npy.read(file));
        try (Arena arena = Arena.ofConfined()) {
            assertEquals(
                    e.getMessage(),
                    assertThrows(FormatException.class, () -> Npy.map(file, arena))
                            .getMessage());
        }
        assertEquals(file, e.file());
        return e;
    }

    private void refused(byte[] bytes, long offset, String reason) throws IOException {
        FormatException e = refused(bytes);
        assertTrue(e.getMessage().contains(reason), e.getMessage());
        assertEquals(offset, e.offset(), e.getMessage());
    }

    @Test
    void anyTruncationIsRefused() throws IOException {
        byte[] whole = NpyBytes.file(1, GOOD, new byte[16]);
        for (int length = 0; length < whole.length; length++) {
            refused(Arrays.copyOf(whole, length));
        }
    }

    @Test
    void whatIsNoNpyFileIsRefused() throws IOException {
        refused(new byte[0], 0, "the file is empty");
        refused(new byte[500], 0, "not an .npy file");
        refused("PK\3\4 an archive".getBytes(StandardCharsets.US_ASCII), 0, "not an .npy file");
        refused(NpyBytes.file(4, GOOD, new byte[16]), 6, "version 4.0");
        refused(NpyBytes.file(0, GOOD, new byte[16]), 6, "version 0.0");
    }

    @Test
    void aHeaderThatLiesAboutItsLengthIsRefused() throws IOException {
        refused(NpyBytes.file(1, 60_000, GOOD, new byte[16]), 8, "the header says it has 60000 bytes");
        refused(NpyBytes.file(2, 0xffff_ffffL, GOOD, new byte[16]), 8, "the header says it has 4294967295 bytes");
        refused(NpyBytes.file(1, 0, GOOD, new byte[16]), 10, "'{' is missing: the header ends early");
        refused(NpyBytes.file(1, GOOD.length() - 3, GOOD, new byte[16]));
        refused(NpyBytes.file(2, 2 << 20, GOOD + " ".repeat(3 << 20), new byte[16]), 8, "at most 1048576 are read");
    }

    @Test
    void dataOfTheWrongSizeIsRefused() throws IOException {
        refused(NpyBytes.file(1, GOOD, new byte[15]), 128, "needs 16 bytes of data; the file has 15");
        refused(NpyBytes.file(1, GOOD, new byte[17]), 128, "needs 16 bytes of data; the file has 17");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
        |O;        Python objects
        O8;        Python objects
        >f8;       big-endian
        >i4;       big-endian
        <f16;      supported are f2, f4, f8
        <c16;      supported are
        <U5;       supported are
        |S5;       supported are
        |V2;       supported are
        <M8[ns];   supported are
        |b1;       supported are
        <u2;       supported are
        f;         supported are
        <;         supported are
        """)
    void typesThatAreNotReadAreRefused(String descr, String reason) throws IOException {
        FormatException e = refused(NpyBytes.file(1, NpyBytes.dictionary(descr, "False", "(2,)"), new byte[16]));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
        assertEquals(20, e.offset(), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
        {'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (2,)};              structured type
        {'descr': ('<f8', (2,)), 'fortran_order': False, 'shape': (2,)};               a quoted string is missing
        {'descr': '<f8', 'fortran_order': 0, 'shape': (2,)};                           must be True or False
        {'descr': '<f8', 'fortran_order': true, 'shape': (2,)};                        must be True or False
        {'descr': '<f8', 'fortran_order': False, 'shape': (2)};                        written (3,)
        {'descr': '<f8', 'fortran_order': False, 'shape': [2]};                        '(' is missing
        {'descr': '<f8', 'fortran_order': False, 'shape': (-2,)};                      whole number
        {'descr': '<f8', 'fortran_order': False, 'shape': (2.0,)};                     ',' or ')' is missing
        {'descr': '<f8', 'fortran_order': False, 'shape': (2L,)};                      ',' or ')' is missing
        {'descr': '<f8', 'fortran_order': False, 'shape': (1 2)};                      ',' or ')' is missing
        {'descr': '<f8', 'fortran_order': False, 'shape': (,)};                        whole number
        {'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775808,)};     whole number
        {'descr': '<f8', 'fortran_order': False, 'shape': (1152921504606846976,)};     more than 2^63 bytes
        {'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)};   more than 2^63 bytes
        {'descr': '<f8', 'fortran_order': False, 'shape': (0, 4294967296, 4294967296)};more than 2^63 bytes
        {'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904,)};     more than 2^63 bytes
        {'descr': '<f8', 'fortran_order': False, 'shape': (2,), 'x': 1};               key 'x'
        {'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2,)};       stands there twice
        {'fortran_order': False, 'shape': (2,)};                                       no 'descr'
        {'descr': '<f8', 'shape': (2,)};                                               no 'fortran_order'
        {'descr': '<f8', 'fortran_order': False};                                      no 'shape'
        {'descr': '<f8', 'fortran_order': False, 'shape': (2,)} + {};                  goes on after
        {'descr': '<f8', 'fortran_order': False, 'shape': (2,);                        the header ends early
        {'descr': '<f8' 'fortran_order': False, 'shape': (2,)};                        ',' is missing
        {'descr': '<f8, 'fortran_order': False, 'shape': (2,)};                        ',' is missing
        {'descr': '<f8;                                                                a string does not end
        {'descr': '\\x3cf8', 'fortran_order': False, 'shape': (2,)};                   plain characters
        {descr: '<f8'};                                                                a quoted string is missing
        __import__('os').system('x');                                                  '{' is missing
        """)
    void dictionariesThatNumPyDoesNotWriteAreRefused(String dictionary, String reason) throws IOException {
        FormatException e = refused(NpyBytes.file(1, dictionary, new byte[16]));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    @Test
    void tooManyAxesAreRefused() throws IOException {
        String shape = "(" + "1, ".repeat(65) + ")";
        FormatException e = refused(NpyBytes.file(1, NpyBytes.dictionary("<f8", "False", shape), new byte[8]));
        assertTrue(e.getMessage().contains("more than 64 axes"), e.getMessage());
    }

    @Test
    void aFileThatIsNotThereIsNoFormatError() {
        assertThrows(NoSuchFileException.class, () -> Npy.read(folder.resolve("no.npy")));
    }
}
