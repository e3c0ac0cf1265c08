package dev.gamut.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateCommandTest {
    private static final String ROW = "vector.gemm.f64.n8.t1";

    @TempDir
    private Path folder;

    /** A run takes an hour, and its result is lost where the table has no place. */
    @Test
    void aReadmeWithoutMarksIsRefusedBeforeAnythingIsMeasured() throws IOException {
        Path readme = Files.writeString(folder.resolve("r.md"), "no marks");
        String complaint = Invocation.of("gate", "--rows", ROW, "--readme", readme.toString())
                .complaint(1);
        assertTrue(complaint.contains("<!-- gate: begin -->"), complaint);
        assertEquals("no marks", Files.readString(readme));
        Path missing = folder.resolve("none.md");
        complaint = Invocation.of("gate", "--rows", ROW, "--readme", missing.toString())
                .complaint(1);
        assertTrue(complaint.contains("none.md does not exist"), complaint);
    }
}
