package dev.gamut.ffm.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.ffm.library.SystemLibrary;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which library is taken, what it tells of itself, and why others are not. */
class HostBlasTest {
    @TempDir
    Path folder;

    private static HostBlas named(String wish) {
        return HostBlas.of(new SystemLibrary(Optional.of(wish), Vendor.allNames()));
    }

    private static HostBlas found(Object... names) {
        List<String> all = new ArrayList<>();
        for (Object name : names) {
            all.add(name.toString());
        }
        return HostBlas.of(new SystemLibrary(Optional.empty(), all));
    }

    private Path text() throws Exception {
        return Files.writeString(folder.resolve("text.so"), "no library, but a long enough one: ".repeat(10));
    }

    @Test
    void eachLibraryTellsItsVersionAndThreads() {
        Map<String, String> said = Map.of(
                "OPENBLAS", "OpenBLAS 9.9.9 of the tests, from %s, 7 threads",
                "BLIS", "BLIS 9.9, from %s",
                "MKL", "oneMKL 9.9 of the tests, from %s, 1 thread",
                "CBLAS", "a BLAS library that tells no name, from %s");
        said.forEach((name, text) -> {
            StandIn library = StandIn.compiled(folder, name);
            HostBlas host = library.host();
            assertNull(host.failure());
            assertEquals(Vendor.valueOf(name), host.library().vendor());
            assertEquals(String.format(text, library.file()), host.library().describe());
        });
    }

    @Test
    void noneIsNone() {
        assertEquals("no BLAS library: switched off", named("none").failure());
    }

    @Test
    void whatIsNotThereIsListed() {
        assertEquals(
                "no BLAS library: looked for libabsent.so.0, /absent/libabsent.so",
                found("libabsent.so.0", "/absent/libabsent.so").failure());
    }

    @Test
    void aFileThatIsNoLibraryIsAReason() throws Exception {
        String failure = named(text().toString()).failure();
        assertTrue(failure.startsWith("no BLAS library: the library asked for cannot be loaded: " + text()), failure);
        failure = found("libabsent.so.0", text()).failure();
        assertTrue(
                failure.startsWith("no BLAS library: looked for libabsent.so.0, " + text() + "; " + text() + ": "),
                failure);
    }

    @Test
    void aLibraryWithoutProductsIsPassedOver() throws Exception {
        StandIn empty = StandIn.compiled(folder, "EMPTY");
        assertEquals(
                "no BLAS library: " + empty.file() + " has no function cblas_dgemm",
                named(empty.file().toString()).failure());
        StandIn whole = StandIn.compiled(folder, "OPENBLAS");
        HostBlas host = found(text(), empty.file(), whole.file());
        assertTrue(host.library().describe().contains(whole.file().toString()), host::toString);
    }

    @Test
    void gamutsOwnIsRefusedByWhateverName() throws Exception {
        StandIn own = StandIn.compiled(folder, "OWN");
        Path alternative = Files.createSymbolicLink(folder.resolve("libblas.so.3"), own.file());
        for (HostBlas host : List.of(named(alternative.toString()), found(alternative))) {
            assertTrue(host.failure().contains(alternative + " is Gamut's own libgamut_blas"), host::failure);
        }
    }

    private static void needsLinux() {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/maps")), "cannot run here: this is not Linux");
    }

    @Test
    void gamutsOwnIsRefusedWhereItIsPreloaded() throws Exception {
        needsLinux();
        StandIn own = StandIn.compiled(folder, "OWN");
        StandIn other = StandIn.compiled(folder, "OPENBLAS");
        ProcessBuilder java = BlasRun.command(List.of(), "say");
        java.environment().put("GAMUT_BLAS", other.file().toString());
        assertEquals("using " + other.host().library().describe(), said(java));
        java.environment().put("LD_PRELOAD", own.file().toString());
        assertEquals(
                "absent: no BLAS library: Gamut's own libgamut_blas is preloaded and answers for whatever else is opened",
                said(java));
    }

    @Test
    void openingLooksForNothing() throws Exception {
        needsLinux();
        StandIn library = StandIn.compiled(folder, "OPENBLAS");
        ProcessBuilder java = BlasRun.command(List.of(), "lazy");
        java.environment().put("GAMUT_BLAS", library.file().toString());
        assertEquals("opened: false, planned: true", said(java));
    }

    private static String said(ProcessBuilder java) throws Exception {
        Process process = java.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), said);
        return said.lines().reduce((first, last) -> last).orElse("");
    }
}
