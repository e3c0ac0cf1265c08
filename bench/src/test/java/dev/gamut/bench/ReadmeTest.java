package dev.gamut.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gamut.Gamut;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every Java program in the README compiles, runs, and prints what the comments after its print statements say. */
class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern PRINTED = Pattern.compile("IO\\.println\\(.*\\); +// (.*)");

    @TempDir
    Path folder;

    @TestFactory
    List<DynamicTest> programs() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        List<String> programs =
                BLOCK.matcher(readme).results().map(block -> block.group(1)).toList();
        assertTrue(programs.size() >= 3, "the README shows arrays, tensors and plans");
        List<DynamicTest> tests = new ArrayList<>();
        for (String program : programs) {
            tests.add(DynamicTest.dynamicTest("program " + (tests.size() + 1), () -> {
                assumeTrue(!program.contains("gamut.device(") || hasDevice(), "cannot run here: there is no device");
                run(program);
            }));
        }
        return tests;
    }

    private static boolean hasDevice() {
        try (Gamut gamut = Gamut.open()) {
            return !gamut.devices().isEmpty();
        }
    }

    private void run(String program) throws IOException, InterruptedException {
        Path source =
                Files.writeString(Files.createTempDirectory(folder, "readme").resolve("Example.java"), program);
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        source.toString())
                .redirectError(folder.resolve("errors").toFile())
                .start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = java.waitFor();
        String errors = Files.readString(folder.resolve("errors"));
        assertEquals(0, exit, errors);
        assertEquals(promised(program), output, "what the README says it prints");
    }

    private static String promised(String program) {
        Matcher printed = PRINTED.matcher(program);
        Stream<String> lines = printed.results().map(line -> line.group(1).strip() + System.lineSeparator());
        return lines.collect(Collectors.joining());
    }
}
