package dev.gamut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.error.FormatException;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Tuning;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where cost constants are looked for, and what comes first. Tests run with GAMUT_TUNING=none. */
class TuningFileTest {
    private static final String PROPERTY = "gamut.tuning";
    private static final KernelId KERNEL = KernelId.parse("gemm_f64_f64_f64_f64_5x4v_fma-kc256_vec");

    @TempDir
    private Path folder;

    @AfterEach
    void clear() {
        System.clearProperty(PROPERTY);
    }

    private static String line(String constant, double value) {
        return "*; *; gemm_*; " + constant + "; " + value + "; test\n";
    }

    private static double get(Gamut gamut, String constant) {
        return gamut.tuning().get(gamut.machine(), KERNEL, constant, Double.NaN);
    }

    @Test
    void theEnvironmentOfTheTestsLeavesTheUsersFileOut() {
        assertEquals("none", System.getenv("GAMUT_TUNING"));
        assertEquals(Optional.empty(), GamutConfig.defaults().tuningFile());
    }

    @Test
    void constantsComeBeforeTheFileAndTheFileBeforeTheTables() throws IOException {
        Path file = Files.writeString(folder.resolve("t.txt"), line("nc", 1) + line("mc", 2));
        Tuning own = Tuning.read(new ByteArrayInputStream(line("nc", 3).getBytes(StandardCharsets.UTF_8)), "own");
        GamutConfig config = GamutConfig.defaults().threads(1).tuningFile(file);
        try (Gamut gamut = Gamut.open(config.tuning(own))) {
            assertEquals(3, get(gamut, "nc"));
            assertEquals(2, get(gamut, "mc"));
            assertTrue(gamut.describe().contains("tuning: " + file), gamut.describe());
        }
        try (Gamut gamut = Gamut.open(config.tuning(own).withoutTuningFile())) {
            assertEquals(3, get(gamut, "nc"));
            assertEquals(Double.NaN, get(gamut, "mc"));
            assertTrue(gamut.describe().contains("tuning: shipped"), gamut.describe());
        }
    }

    @Test
    void thePropertyNamesAFileOrNone() throws IOException {
        Path file = Files.writeString(folder.resolve("t.txt"), line("nc", 1));
        System.setProperty(PROPERTY, file.toString());
        try (Gamut gamut = Gamut.open()) {
            assertEquals(1, get(gamut, "nc"));
        }
        assertEquals(file, GamutConfig.ownTuningFile());
        System.setProperty(PROPERTY, "none");
        assertEquals(Optional.empty(), GamutConfig.defaults().tuningFile());
    }

    @Test
    void aNamedFileMustBeThereAndWellFormed() throws IOException {
        Path missing = folder.resolve("missing.txt");
        System.setProperty(PROPERTY, missing.toString());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, Gamut::open);
        assertEquals("the tuning file is " + missing + ", which does not exist", e.getMessage());
        Path malformed = Files.writeString(folder.resolve("bad.txt"), line("nc", 1) + "frob\n");
        System.setProperty(PROPERTY, malformed.toString());
        FormatException f = assertThrows(FormatException.class, Gamut::open);
        assertTrue(f.getMessage().contains(malformed + " at byte "), f.getMessage());
        assertTrue(f.getMessage().contains("line 2: 'frob'"), f.getMessage());
    }

    @Test
    void theUsersFileIsInTheConfigurationFolder() {
        Path home = Path.of(System.getProperty("user.home"), ".config/gamut/tuning.txt");
        assertEquals(home, GamutConfig.userTuningFile(Map.of()));
        assertEquals(home, GamutConfig.userTuningFile(Map.of("XDG_CONFIG_HOME", "")));
        assertEquals(home, GamutConfig.userTuningFile(Map.of("XDG_CONFIG_HOME", "relative")));
        assertEquals(Path.of("/x/gamut/tuning.txt"), GamutConfig.userTuningFile(Map.of("XDG_CONFIG_HOME", "/x")));
    }

    @Test
    void aFolderThatCannotBeSpeltHasNoFile() throws IOException {
        assertEquals(Optional.empty(), GamutConfig.existing(Map.of("XDG_CONFIG_HOME", "/a\0b")));
        assertEquals(Optional.empty(), GamutConfig.existing(Map.of("XDG_CONFIG_HOME", folder.toString())));
        Path file = Files.createDirectory(folder.resolve("gamut")).resolve("tuning.txt");
        Files.writeString(file, line("nc", 1));
        assertEquals(Optional.of(file), GamutConfig.existing(Map.of("XDG_CONFIG_HOME", folder.toString())));
    }
}
