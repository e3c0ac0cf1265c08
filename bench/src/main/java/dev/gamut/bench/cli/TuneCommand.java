package dev.gamut.bench.cli;

import dev.gamut.GamutConfig;
import dev.gamut.bench.tune.Tune;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.Glob;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gamut tune}: measures the constants that kernels are chosen by. */
@Command(
        name = "tune",
        description = {
            "Measures the constants of the cost model on this machine with this JDK: which register tile and which block sizes"
                    + " are fastest, what packing, calls and threads cost.",
            "Writes them to the user's file, which every Gamut then reads (GAMUT_TUNING=none leaves it out). Takes up to two"
                    + " minutes, 40 seconds with --quick, on a machine that should do nothing else."
        },
        mixinStandardHelpOptions = true)
final class TuneCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "Smaller products for a shorter time.")
    private boolean quick;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description =
                    "Where the constants go (default: the file that GAMUT_TUNING names, else gamut/tuning.txt in the"
                            + " user's configuration folder).")
    private Path output;

    @Option(
            names = "--kernel",
            defaultValue = "*",
            paramLabel = "GLOB",
            description = "Only constants of kernels whose id matches: * any characters, ? one, {a,b} alternatives"
                    + " (default: *). Others stay as they are in the file.")
    private Glob kernel;

    @Option(names = "--dry-run", description = "Show what would be written, and write nothing.")
    private boolean dryRun;

    @Override
    public Integer call() throws IOException {
        Path target = output == null ? GamutConfig.ownTuningFile() : output;
        if (!dryRun) {
            prepare(target);
        }
        if (Capabilities.host().vectorBits() == 0) {
            throw Failure.data(
                    "constants are measured with the Vector API; start Java with --add-modules jdk.incubator.vector",
                    null);
        }
        Tune tune = Tune.of(quick, kernel, target, commandLine())
                .orElseThrow(
                        () -> Failure.usage("--kernel is '" + kernel + "', which matches no kernel with constants to"
                                + " measure; those are packed and small products of F64 and F32, and those of a BLAS library,"
                                + " such as gemm_f64_*"));
        PrintWriter out = spec.commandLine().getOut();
        Tune.Outcome outcome = tune.run();
        outcome.print(out);
        out.println();
        if (dryRun) {
            out.println("not written: --dry-run");
        } else {
            outcome.write(target);
            out.println("written to " + target + (isRead(target) ? "" : "; GAMUT_TUNING=" + target + " uses it"));
        }
        return Main.DONE;
    }

    private void prepare(Path target) throws IOException {
        if (output == null && target.getParent() != null) {
            Files.createDirectories(target.getParent());
        }
        OutputFile.require(target, output == null ? "the tuning file" : "-o");
    }

    /** Whether a Gamut opened with the same settings reads the file. */
    private static boolean isRead(Path target) {
        Optional<Path> read = GamutConfig.defaults().tuningFile();
        return read.map(Path::toAbsolutePath).equals(Optional.of(target.toAbsolutePath()));
    }

    private String commandLine() {
        return "./gamut tune" + (quick ? " --quick" : "")
                + (kernel.toString().equals("*") ? "" : " --kernel '" + kernel + "'");
    }
}
