package dev.gamut.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The exit code of {@code gamut bench}: of a benchmark that cannot start, as it has a type that does not exist. */
class BenchCommandTest {
    private static Invocation broken(String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "bench",
                "jmh.GemmBenchmark",
                "-p",
                "types=f99",
                "-p",
                "shape=n8",
                "-f",
                "0",
                "-wi",
                "0",
                "-i",
                "1",
                "-v",
                "SILENT"));
        arguments.addAll(Arrays.asList(options));
        return Invocation.of(arguments.toArray(String[]::new));
    }

    @Test
    void aBenchmarkThatFailsFailsTheCommand() {
        String complaint = broken().complaint(1);
        assertTrue(complaint.contains("JMH gave up: ") && complaint.contains("f99"), complaint);
    }

    @Test
    void unlessTheUserSaysOtherwise() {
        assertEquals(0, broken("-foe", "false").code());
    }
}
