package dev.gamut.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code gamut run}: programs that fail once, always, are called wrongly or come to a standstill. */
@Timeout(300)
class RunCommandTest {
    @TempDir
    private Path folder;

    /** What is run. */
    public static final class Program {
        private Program() {}

        /**
         * Fails in some way.
         *
         * @param arguments which, and a folder
         */
        public static void main(String[] arguments) throws IOException, InterruptedException {
            switch (arguments[0]) {
                case "once" -> {
                    Path file = Path.of(arguments[1], "failed");
                    if (!Files.exists(file)) {
                        Files.createFile(file);
                        System.exit(3);
                    }
                    System.out.println("ranks " + System.getProperty("gamut.ranks"));
                }
                case "always" -> throw new IllegalStateException("it fails always");
                case "sleeps" -> Thread.sleep(100_000);
                default -> throw new IllegalArgumentException("how is '" + arguments[0] + "'");
            }
        }
    }

    /** As a compact source file's class is. */
    static final class Compact {
        void main() {
            System.out.println("ranks " + System.getProperty("gamut.ranks"));
        }
    }

    /** One that fails before its main. */
    static final class Uninitialised {
        private static final int DIGITS = digits();

        private Uninitialised() {}

        private static int digits() {
            throw new IllegalStateException("no file of digits");
        }

        public static void main(String[] arguments) {
            System.out.println(DIGITS);
        }
    }

    private Invocation run(String how, String... options) {
        String[] command = {
            "run", "--checkpoints", folder.resolve("checkpoints").toString(), "--ranks", "3"
        };
        String[] program = {"--", Program.class.getName(), how, folder.toString()};
        String[] all = java.util.stream.Stream.of(command, options, program)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new);
        return Invocation.of(all);
    }

    @Test
    void whatFailsOnceIsStartedAgain() throws Exception {
        Invocation run = run("once", "--json");
        assertEquals(0, run.code(), run.err());
        assertEquals(
                "gamut run: launch 1 ended with status 3 at step 0; it is started again",
                run.err().strip());
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertTrue(json.get("done").asBoolean());
        assertEquals(2, json.get("launches").size());
        assertEquals(3, json.get("launches").get(0).get("status").asInt());
        assertEquals(0, json.get("launches").get(1).get("status").asInt());
        assertEquals(3, json.get("launches").get(1).get("ranks").asInt());
        assertEquals(0, json.get("recoveries").size(), "it has no journal");
    }

    @Test
    void mainMayBeAnInstances() throws Exception {
        Invocation run = Invocation.of(
                "run",
                "--checkpoints",
                folder.resolve("checkpoints").toString(),
                "--json",
                "--",
                Compact.class.getName());
        assertEquals(0, run.code(), run.err());
        assertTrue(new ObjectMapper().readTree(run.out()).get("done").asBoolean(), run.out());
    }

    @Test
    void whatComesNoFurtherIsGivenUp() {
        Invocation run = run("always", "--tries", "2");
        assertEquals(1, run.code(), run.err());
        assertTrue(
                run.err()
                        .strip()
                        .endsWith(
                                "was given up: launch 2 ended with status 1, as did 1 before, no further than step 0"),
                run.err());
    }

    @Test
    void whatMakesNoStepIsEnded() {
        Invocation run = run("sleeps", "--tries", "1", "--patience", "2");
        assertEquals(1, run.code(), run.err());
        assertTrue(run.err().contains("launch 1 made no step for 2 s"), run.err());
    }

    @Test
    void whatIsCalledWronglyIsNotStartedAgain() {
        String complaint = run("wrong").complaint(2);
        assertTrue(complaint.contains("was given up: the program was called wrongly"), complaint);
    }

    @Test
    void whatFailsBeforeItsMainMayBeStartedAgain() {
        String folderOfCheckpoints = folder.resolve("checkpoints").toString();
        String complaint = Invocation.of(
                        "run",
                        "--checkpoints",
                        folderOfCheckpoints,
                        "--tries",
                        "1",
                        "--",
                        Uninitialised.class.getName())
                .complaint(1);
        assertTrue(complaint.contains("was given up: launch 1 ended with status 1"), complaint);
    }
}
