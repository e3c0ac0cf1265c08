package dev.gamut.bench.cli;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.bench.collective.RankSource;
import dev.gamut.bench.tune.DeviceTune;
import dev.gamut.bench.tune.Tune;
import dev.gamut.bench.tune.TuneOutcome;
import dev.gamut.device.Device;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.Glob;
import dev.gamut.topology.Topology;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
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
                    + " minutes, 40 seconds with --quick, on a machine that should do nothing else.",
            "With --device it measures what copies to a device, its products and its sums take, and keeps that in the same file.",
            "With --topology it measures latency and bandwidth between ranks instead, for each level that they form: threads of"
                    + " this process or, where mpirun or the like started it, processes."
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

    @Option(
            names = "--topology",
            description = "Measure what messages between ranks take, and print a topology that Topology.read reads.")
    private boolean topology;

    @Option(
            names = {"-t", "--ranks"},
            paramLabel = "N",
            description = "Ranks for --topology (default: those that mpirun or the like has started, else "
                    + RankSource.THREADS + ").")
    private Integer ranks;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "Measure a device such as cuda:0 instead of this machine's own processors.")
    private String device;

    @Option(names = "--dry-run", description = "Show what would be written, and write nothing.")
    private boolean dryRun;

    @Override
    public Integer call() throws IOException {
        if (topology) {
            return topology();
        }
        if (ranks != null) {
            throw Failure.usage("--ranks is for --topology alone");
        }
        if (device != null && quick) {
            throw Failure.usage("--device goes with --kernel, -o and --dry-run alone");
        }
        Path target = output == null ? GamutConfig.ownTuningFile() : output;
        if (!dryRun) {
            prepare(target);
        }
        PrintWriter out = spec.commandLine().getOut();
        TuneOutcome outcome = device == null ? ofProcessors(target) : ofDevice(target);
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

    private TuneOutcome ofProcessors(Path target) {
        if (Capabilities.host().vectorBits() == 0) {
            throw Failure.data(
                    "constants are measured with the Vector API; start Java with --add-modules jdk.incubator.vector",
                    null);
        }
        return Tune.of(quick, kernel, target, commandLine())
                .orElseThrow(
                        () -> Failure.usage("--kernel is '" + kernel + "', which matches no kernel with constants to"
                                + " measure; those are packed and small products of F64 and F32, and those of a BLAS library,"
                                + " such as gemm_f64_*"))
                .run();
    }

    private TuneOutcome ofDevice(Path target) {
        String name;
        try (Gamut gamut = Gamut.open();
                Device found = Devices.open(gamut, device)) {
            name = found.info().name();
        }
        return DeviceTune.run(name, kernel, target, commandLine());
    }

    private int topology() {
        if (quick || device != null || dryRun || !kernel.toString().equals("*")) {
            throw Failure.usage("--topology goes with --ranks and -o alone");
        }
        if (ranks != null && ranks < 1) {
            throw Failure.usage("--ranks is " + ranks + "; at least 1 is needed");
        }
        RankSource source;
        try {
            source = RankSource.of(ranks == null ? OptionalInt.empty() : OptionalInt.of(ranks));
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--ranks is " + ranks + ": " + e.getMessage());
        }
        if (source.leads() && output != null) {
            OutputFile.require(output, "-o");
        }
        AtomicReference<Topology> found = new AtomicReference<>();
        source.run(comm -> {
            Topology measured = Topology.measured(comm);
            if (comm.rank() == 0) {
                found.set(measured);
            }
        });
        if (source.leads()) {
            spec.commandLine().getOut().print(found.get().toText());
            if (output != null) {
                OutputFile.write(output, found.get().toText());
                spec.commandLine().getOut().println("# written to " + output);
            }
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
                + (device == null ? "" : " --device " + device)
                + (kernel.toString().equals("*") ? "" : " --kernel '" + kernel + "'");
    }
}
