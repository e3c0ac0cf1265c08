package dev.gamut.bench.cli;

import dev.gamut.bench.run.CheckpointRates;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gamut checkpoint}: what saving costs on a disk. */
@Command(
        name = "checkpoint",
        description = {
            "Writes checkpoints into a folder, in turn with a file of the same bytes, through the system's page cache or past it as is"
                    + " faster, and says at which share of the file's rate; and how"
                    + " long saving keeps a step waiting that computes meanwhile. Fails where the share is below "
                    + CheckpointCommand.SHARE + " or more than " + CheckpointCommand.STALL + " of a step is lost.",
        },
        mixinStandardHelpOptions = true)
final class CheckpointCommand implements Callable<Integer> {
    static final double SHARE = 0.8;
    static final double STALL = 0.05;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "A folder on the disk, with room for three times the size.")
    private Path folder;

    @Option(
            names = "--size",
            defaultValue = "1G",
            paramLabel = "SIZE",
            description = "Of a checkpoint (default: ${DEFAULT-VALUE}).")
    private ByteSize size;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "For what waits for the disk (default: the size; with less, saving waits for the disk).")
    private ByteSize memory;

    @Option(
            names = "--step",
            defaultValue = "10",
            paramLabel = "SECONDS",
            description = "Of a step (default: ${DEFAULT-VALUE}).")
    private double step;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            paramLabel = "N",
            description = "How often; medians count (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() throws IOException {
        json.check();
        require(size.bytes() >= 1 << 20, "--size is " + size.bytes() + " bytes; it must be at least 1M");
        require(step > 0 && step <= 3600, "--step is " + step + "; allowed are numbers above 0 up to 3600");
        require(rounds >= 1, "--rounds is " + rounds + "; it must be at least 1");
        require(Files.isDirectory(folder), "DIR is " + folder + ", which is no folder");
        long free = Files.getFileStore(folder).getUsableSpace();
        require(
                free / 3 >= size.bytes(),
                folder + " has room for " + (free >> 20) + " MiB; three times --size is needed, "
                        + (3 * size.bytes() >> 20));
        CheckpointRates rates = measure();
        boolean passed = rates.share() >= SHARE && rates.stall() <= STALL;
        PrintWriter out = spec.commandLine().getOut();
        if (!json.replacesText()) {
            print(rates, out);
        }
        json.write(asJson(rates, passed), out);
        return passed ? Main.DONE : Main.CHECK_FAILED;
    }

    /** In a folder of its own, of which nothing is left, whatever happens. */
    private CheckpointRates measure() throws IOException {
        Path scratch = Files.createTempDirectory(folder, "gamut-checkpoint");
        Exception failure = null;
        try {
            return CheckpointRates.measure(
                    scratch,
                    size.bytes() / CheckpointRates.BLOCK * CheckpointRates.BLOCK,
                    memory == null ? size.bytes() : memory.bytes(),
                    rounds,
                    step);
        } catch (IOException | RuntimeException e) {
            failure = e;
            throw e;
        } finally {
            remove(scratch, failure);
        }
    }

    /** Removes a folder with all that is in it; where that fails after another failure, that one is told. */
    private static void remove(Path folder, Exception failure) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        }
    }

    private static void require(boolean holds, String complaint) {
        if (!holds) {
            throw Failure.usage(complaint);
        }
    }

    private static void print(CheckpointRates rates, PrintWriter out) {
        double megabytes = rates.size() / 1e6;
        out.printf(
                Locale.ROOT,
                "checkpoints of %.0f MB: %.0f MB/s, %.2f of the %.0f MB/s of a file (at least %.2f)%n",
                megabytes,
                megabytes / CheckpointRates.median(rates.checkpoint()),
                rates.share(),
                megabytes / CheckpointRates.median(rates.file()),
                SHARE);
        out.printf(
                Locale.ROOT,
                "saving keeps a step of %.2f s waiting for %.3f s, %.1f %% of it (at most %.0f %%); with what writes meanwhile it takes"
                        + " %.3f s longer%n",
                rates.step(),
                CheckpointRates.median(rates.save()),
                100 * rates.stall(),
                100 * STALL,
                CheckpointRates.median(rates.slower()));
    }

    private static Map<String, Object> asJson(CheckpointRates rates, boolean passed) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("bytes", rates.size());
        all.put("checkpoint_seconds", rates.checkpoint());
        all.put("file_seconds", rates.file());
        all.put("share", rates.share());
        all.put("step_seconds", rates.step());
        all.put("save_seconds", rates.save());
        all.put("slower_seconds", rates.slower());
        all.put("stall", rates.stall());
        all.put("passed", passed);
        return all;
    }
}
