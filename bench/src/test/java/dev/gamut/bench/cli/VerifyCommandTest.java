package dev.gamut.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What {@code gamut verify} answers where no kernel asked for is usable: in a JVM without the Vector API. */
class VerifyCommandTest {
    @Test
    void nothingVerifiedIsAFailureThatSaysWhy() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.gamut.bench.cli.Main",
                        "verify",
                        "--kernel",
                        "min_*_vec")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, process.waitFor(), output);
        String last = output.lines().reduce("", (a, b) -> b);
        assertTrue(last.startsWith("gamut verify: nothing was verified: "), output);
        assertTrue(last.contains("--add-modules jdk.incubator.vector"), output);
    }
}
