package dev.gamut.bench.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.io.Npy;
import dev.gamut.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gemm}: products of files, and everything that may be wrong with the files. */
class GemmCommandTest {
    @TempDir
    private Path folder;

    private Path a;
    private Path b;
    private Path c;

    @BeforeEach
    void write() throws IOException {
        a = folder.resolve("a.npy");
        b = folder.resolve("b.npy");
        c = folder.resolve("c.npy");
        Npy.write(a, Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3));
        Npy.write(b, Tensor.of(new double[] {1, 0, 0, 1, 1, 1}, 3, 2));
    }

    private Invocation gemm(Object... more) {
        String[] all = new String[more.length + 1];
        all[0] = "gemm";
        Arrays.setAll(all, i -> i == 0 ? "gemm" : more[i - 1].toString());
        return Invocation.of(all);
    }

    private double[] product() throws IOException {
        return (double[]) Npy.read(c).array();
    }

    @Test
    void multiplies() throws IOException {
        Invocation run = gemm(a, b, "-o", c);
        assertEquals(0, run.code(), run.err());
        assertArrayEquals(new double[] {4, 5, 10, 11}, product());
        assertTrue(run.out().contains("F64[2, 2] by gemm_f64_"), run.out());
    }

    @Test
    void transposesScalesAndDemands() throws IOException {
        Invocation run = gemm(b, a, "-o", c, "--trans-a", "--trans-b", "--alpha", "2", "--accuracy", "atLeast:f64");
        assertEquals(0, run.code(), run.err());
        assertArrayEquals(new double[] {8, 20, 10, 22}, product());
    }

    @Test
    void replacesOnlyWhenForced() throws IOException {
        Files.writeString(c, "precious");
        assertTrue(gemm(a, b, "-o", c).complaint(2).contains("--force replaces it"));
        assertEquals("precious", Files.readString(c));
        assertEquals(0, gemm(a, b, "-o", c, "--force").code());
        assertArrayEquals(new double[] {4, 5, 10, 11}, product());
    }

    @Test
    void keepsTheOldFileWhenTheProductFails() throws IOException {
        Files.writeString(c, "precious");
        assertTrue(gemm(a, a, "-o", c, "--force").complaint(1).contains("the columns of a must equal the rows of b"));
        assertEquals("precious", Files.readString(c));
        try (var files = Files.list(folder)) {
            assertEquals(3, files.count(), "no temporary file is left");
        }
    }

    @Test
    void refusesOutputsThatCannotBe() {
        assertTrue(gemm(a, b, "-o", folder).complaint(2).contains("a directory; a file is needed"));
        assertTrue(gemm(a, b, "-o", folder.resolve("no/c.npy")).complaint(2).contains("its directory does not exist"));
        assertTrue(gemm(a, b, "-o", a, "--force").complaint(2).contains("is also an input"));
        assertTrue(gemm(a, b).complaint(2).contains("--output"));
    }

    @Test
    void refusesInputsThatAreNotThere() {
        assertTrue(gemm(a, folder.resolve("no.npy"), "-o", c).complaint(2).contains("does not exist"));
        assertTrue(gemm(folder, b, "-o", c).complaint(2).contains("a directory; an .npy file is needed"));
        assertFalse(Files.exists(c));
    }

    @Test
    void refusesDataThatIsNotAMatrix() throws IOException {
        Path text = Files.writeString(folder.resolve("t.npy"), "hello");
        assertTrue(gemm(a, text, "-o", c).complaint(1).contains("at byte 0: not an .npy file"));
        Path vector = folder.resolve("v.npy");
        Npy.write(vector, Tensor.of(new double[] {1, 2, 3}, 3));
        assertTrue(gemm(a, vector, "-o", c).complaint(1).contains("of rank 1"));
        byte[] bytes = Files.readAllBytes(b);
        Path cut = Files.write(folder.resolve("cut.npy"), Arrays.copyOf(bytes, bytes.length - 1));
        assertTrue(gemm(a, cut, "-o", c).complaint(1).contains("needs 48 bytes of data; the file has 47"));
    }

    @Test
    void readsWhatNumPyWrites() throws IOException {
        String head = "{'descr': '<f8', 'fortran_order': True, 'shape': (3, 2), }";
        byte[] file = new byte[128 + 48];
        Arrays.fill(file, (byte) ' ');
        byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0};
        System.arraycopy(start, 0, file, 0, start.length);
        System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, file, 10, head.length());
        file[127] = '\n';
        double[] byColumns = {1, 0, 1, 0, 1, 1};
        java.nio.ByteBuffer.wrap(file, 128, 48)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .asDoubleBuffer()
                .put(byColumns);
        Files.write(b, file);
        assertEquals(0, gemm(a, b, "-o", c).code());
        assertArrayEquals(new double[] {4, 5, 10, 11}, product());
    }
}
