package dev.gamut.bench.gate;

import dev.gamut.bench.gate.Verdict.Status;
import dev.gamut.hw.Capabilities;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures rows in JVMs of their own, by JMH. Each pass runs every row once, so that the JVMs of a row lie minutes apart: a
 * slow minute of a shared machine spoils one of them, not all.
 */
final class GateRun {
    /** One JVM differs from the next by some percent: fewer say nothing. */
    private static final int FORKS = 3;

    /** JVMs more for rows that these do not decide. */
    private static final int MORE_FORKS = 2;

    private static final long LONGEST_MINUTES = 10;

    private final List<GateRow> rows;
    private final double seconds;
    private final ToDoubleFunction<GateRow> limit;
    private final Predictions predictions = new Predictions();
    private final Map<GateRow, List<ForkResult>> forks = new LinkedHashMap<>();
    private final Map<GateRow, String> obstacles = new LinkedHashMap<>();

    /**
     * Ready to run.
     *
     * @param rows what to measure
     * @param seconds that each side of each row is measured in each JVM
     * @param limit the ratio that a row must reach; NaN for none
     */
    GateRun(List<GateRow> rows, double seconds, ToDoubleFunction<GateRow> limit) {
        this.rows = rows;
        this.seconds = seconds;
        this.limit = limit;
        for (GateRow row : rows) {
            row.obstacle(Capabilities.host())
                    .ifPresentOrElse(why -> obstacles.put(row, why), () -> forks.put(row, new ArrayList<>()));
        }
    }

    /** JVMs that a run starts at least. */
    int steps() {
        return FORKS * forks.size();
    }

    /**
     * Measures everything.
     *
     * @param done told after each JVM
     * @param soFar told the verdicts after each pass
     * @return a verdict for each row, in the order of the rows
     */
    List<Verdict> run(Consumer<String> done, Consumer<List<Verdict>> soFar) {
        for (int pass = 0; pass < FORKS + MORE_FORKS; pass++) {
            for (GateRow row : forks.keySet()) {
                if (pass < FORKS ? isPossible(row) : verdict(row).status() == Status.UNDECIDED) {
                    forks.get(row).add(row.isPredicted() ? predictions.of(row) : fork(row));
                }
                if (pass < FORKS) {
                    done.accept(row.key());
                }
            }
            soFar.accept(verdicts());
        }
        return verdicts();
    }

    private List<Verdict> verdicts() {
        return rows.stream().map(this::verdict).toList();
    }

    /** Whether another JVM may say more; a prediction is the same each time. */
    private boolean isPossible(GateRow row) {
        List<ForkResult> soFar = forks.get(row);
        return soFar.stream().allMatch(fork -> fork.obstacle().isEmpty()) && !(row.isPredicted() && !soFar.isEmpty());
    }

    private Verdict verdict(GateRow row) {
        return obstacles.containsKey(row)
                ? Verdict.notApplicable(row, obstacles.get(row))
                : Verdict.of(row, forks.get(row), limit.applyAsDouble(row));
    }

    private ForkResult fork(GateRow row) {
        Path folder = null;
        PrintStream out = System.out;
        PrintStream err = System.err;
        try {
            folder = Files.createTempDirectory("gamut-gate");
            Path result = folder.resolve("result.json");
            Path log = folder.resolve("log");
            try (PrintStream words = new PrintStream(Files.newOutputStream(log), true, StandardCharsets.UTF_8)) {
                System.setOut(words); // where JMH puts what its JVMs say
                System.setErr(words);
                jmh(row, result);
            } finally {
                System.setOut(out);
                System.setErr(err);
            }
            return Files.exists(result)
                    ? ForkResult.read(result)
                    : ForkResult.failed("its JVM ended without a result: " + lastWords(log));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep a result in a temporary file", e);
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH could not measure " + row.key() + ": " + e.getMessage(), e);
        } finally {
            remove(folder);
        }
    }

    private void jmh(GateRow row, Path result) throws RunnerException {
        // Two gates at once would spoil each other's figures, but that is for people to see to, not for a lock file.
        System.setProperty("jmh.ignoreLock", "true");
        List<String> options = new ArrayList<>(row.isa().map(Isa::options).orElse(List.of()));
        options.add("-D" + GateBenchmark.RESULT + "=" + result);
        options.add("-D" + GateBenchmark.SECONDS + "=" + seconds);
        new Runner(new OptionsBuilder()
                        .include("\\.GateBenchmark\\.row$")
                        .param("id", row.id())
                        .param("peer", row.peer())
                        .jvmArgsAppend(options.toArray(String[]::new))
                        .forks(1)
                        .timeout(TimeValue.minutes(LONGEST_MINUTES))
                        .build())
                .run();
    }

    /** What a JVM said that ended without a result: the line that names an exception or a crash, else its last one. */
    private static String lastWords(Path log) throws IOException {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        return lines.stream()
                .filter(line -> line.contains("Exception") || line.contains("Error") || line.contains("SIG"))
                .findFirst()
                .or(() -> lines.reversed().stream()
                        .filter(line -> !line.isBlank())
                        .findFirst())
                .map(String::strip)
                .orElse("its JVM said nothing");
    }

    private static void remove(Path folder) {
        if (folder == null) {
            return;
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            System.getLogger("dev.gamut").log(System.Logger.Level.WARNING, "cannot remove " + folder + ": " + e);
        }
    }
}
