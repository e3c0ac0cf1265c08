package dev.gamut.bench.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine without a C compiler, or with one that fails, is told of and does no harm. */
class CLibraryTest {
    @TempDir
    private Path folder;

    private String script(String name, String body) throws Exception {
        Path script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script.toString();
    }

    @Test
    void withoutACompilerHandlesSayWhy() {
        CLibrary none =
                CLibrary.compiled(List.of(folder.resolve("no-such-compiler").toString()));
        assertEquals("unavailable: no C compiler", none.missing().orElseThrow());
        MethodHandle handle = none.function("gamut_yard_empty", FunctionDescriptor.ofVoid());
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> {
            handle.invokeExact();
        });
        assertEquals("unavailable: no C compiler", e.getMessage());
    }

    @Test
    void aCompilersComplaintIsPassedOn() throws Exception {
        String cc = script("cc", "echo first line; echo 'yardsticks.c:1: error: too old' >&2; exit 1");
        assertEquals(
                "unavailable: " + cc + " failed: yardsticks.c:1: error: too old",
                CLibrary.compiled(List.of(cc)).missing().orElseThrow());
    }

    @Test
    void aLibraryThatIsNotThereIsNoFailure() throws Exception {
        String missing =
                CLibrary.compiled(List.of(script("cc", "exit 0"))).missing().orElseThrow();
        assertTrue(missing.startsWith("unavailable: cannot build or load the C loops"), missing);
    }

    @Test
    void theNextCompilerIsTried() throws Exception {
        assumeTrue(CLoops.unavailable().isEmpty(), "cannot run here: no C compiler");
        List<String> compilers = List.of("no-such-compiler", script("broken", "exit 1"), "cc", "gcc", "clang");
        assertFalse(CLibrary.compiled(compilers).missing().isPresent());
    }

    @Test
    void arraysHaveAnAddress() {
        assertEquals(0, CLibrary.address(new double[100]) % Double.BYTES);
        assertTrue(CLibrary.address(new double[100]) != 0);
    }
}
