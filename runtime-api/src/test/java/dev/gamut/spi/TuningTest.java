package dev.gamut.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.error.FormatException;
import dev.gamut.hw.CacheTopology;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.Glob;
import dev.gamut.kernel.KernelId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables of constants: which line answers, what a file may hold, and what is said of one that is wrong. */
class TuningTest {
    private static final KernelId KERNEL = KernelId.parse("gemm_f64_f64_f64_f64_5x4v_fma-kc256_vec");

    private static final Capabilities MACHINE =
            new Capabilities("x86_64", "Some CPU", Set.of(), 512, 2, CacheTopology.DEFAULT).withJdk(25);

    @TempDir
    private Path folder;

    private Tuning file(String text) throws IOException {
        return Tuning.read(Files.writeString(folder.resolve("tuning.txt"), text));
    }

    private static Tuning.Line line(String machine, String bits, String kernel, double value) {
        return new Tuning.Line(Glob.of(machine), bits, Glob.of(kernel), "fma_share", value, "measured; on µ");
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        List<Tuning.Line> lines = List.of(
                line("x86_64/Some CPU/25", "512", "gemm_*_{f32,i32}_*_vec", 0.871),
                line("*", "*", "*", 4096),
                line("*", "128", "sum_*", 1e-7),
                line("*", "128", "sum_*", 0));
        String text = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
        List<Tuning.Line> read = file("# head\r\n\n" + text).lines();
        assertEquals(
                lines.stream().map(Tuning.Line::toString).toList(),
                read.stream().map(Tuning.Line::toString).toList());
        assertEquals(
                List.of(0.871, 4096.0, 1e-7, 0.0),
                read.stream().map(Tuning.Line::value).toList());
        assertTrue(text.contains("; 4096; measured; on µ\n"), text);
    }

    @Test
    void theFirstLineForMachineVectorsAndJdkAnswers() {
        Tuning tuning = Tuning.of(List.of(
                line("x86_64/Some CPU/26", "*", "*", 1),
                line("aarch64/*", "*", "*", 2),
                line("x86_64/*", "256", "*", 3),
                line("x86_64/*", "512", "gemm_f32*", 4),
                line("x86_64/Some*/25", "512", "gemm_*", 5),
                line("x86_64/Some*", "*", "*", 6)));
        assertEquals(5, tuning.get(MACHINE, KERNEL, "fma_share", 0));
        assertEquals(1, tuning.get(MACHINE.withJdk(26), KERNEL, "fma_share", 0));
        assertEquals(6, tuning.get(MACHINE.withJdk(27), KERNEL, "fma_share", 0));
        assertEquals(3, tuning.get(MACHINE.withVectorBits(256), KERNEL, "fma_share", 0));
        assertEquals(7, tuning.get(MACHINE, KERNEL, "nc", 7));
    }

    @Test
    void onlyTheSameQuestionIsReplaced() {
        Tuning.Line old = line("a/b/25", "512", "gemm_*", 1);
        assertTrue(line("a/b/25", "512", "gemm_*", 2).replaces(old));
        assertFalse(line("a/b/26", "512", "gemm_*", 2).replaces(old));
        assertFalse(line("a/b/25", "256", "gemm_*", 2).replaces(old));
        assertFalse(line("a/b/25", "512", "gemm_f64*", 2).replaces(old));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        frob                          | a line is machine; vector bits; kernel; constant; value; origin
        *; *; *; nc; 5                | a line is machine; vector bits; kernel; constant; value; origin
        *; *; *; nc; many; o          | value is 'many'; a number is needed
        *; *; *; nc; -1; o            | value is -1.0; a number of at least 0 is needed
        *; *; *; nc; NaN; o           | value is NaN; a number of at least 0 is needed
        *; *; *; nc; 1e999; o         | value is Infinity; a number of at least 0 is needed
        *; wide; *; nc; 1; o          | vector bits is 'wide'; a number or * is needed
        {a; *; *; nc; 1; o            | braces must be closed
        *; *; ; nc; 1; o              | it must not be empty
        *; *; *; n c; 1; o            | constant is 'n c'; a word of letters, digits and _ is needed
        """)
    void malformedFilesAreNamedWithTheirLine(String wrong, String expected) {
        FormatException e = assertThrows(
                FormatException.class, () -> file("# µ\n*; *; *; nc; 1; o\n\n" + wrong + "\n*; *; *; mc; 1; o\n"));
        String message = e.getMessage();
        assertTrue(message.startsWith(folder.resolve("tuning.txt") + " at byte 24: line 4: "), message);
        assertTrue(message.contains(expected), message);
        assertEquals(1, message.lines().count());
        IllegalArgumentException shipped = assertThrows(
                IllegalArgumentException.class,
                () -> Tuning.read(
                        new ByteArrayInputStream(("\n" + wrong).getBytes(StandardCharsets.UTF_8)), "a-table"));
        assertTrue(shipped.getMessage().startsWith("a-table:2: "), shipped.getMessage());
    }

    @Test
    void whatAFileCannotHoldIsNoLine() {
        for (String bad : List.of("a;b", "a\nb")) {
            assertThrows(IllegalArgumentException.class, () -> line(bad, "*", "*", 1));
            assertThrows(IllegalArgumentException.class, () -> line("*", "*", bad, 1));
            assertThrows(IllegalArgumentException.class, () -> line("*", bad, "*", 1));
        }
    }

    @Test
    void anEmptyFileHasNoLinesAndBinaryIsRefused() throws IOException {
        assertEquals(List.of(), file("").lines());
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 0, 1, 2});
        assertThrows(FormatException.class, () -> Tuning.read(binary));
        assertThrows(IllegalArgumentException.class, () -> Tuning.read(folder));
    }
}
