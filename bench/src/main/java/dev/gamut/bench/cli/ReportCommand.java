package dev.gamut.bench.cli;

import dev.gamut.bench.gate.GateFile;
import dev.gamut.bench.report.ReportRun;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.Glob;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code gamut report}: every operation and precision on real workloads, verified, timed, held against measured peaks.
 */
@Command(
        name = "report",
        description = {
            "Measures every operation, precision and kernel usable here on real workload shapes.",
            "Each result is verified against an exact reference; speeds are held against peaks measured in the same"
                    + " run.",
            "Writes a table, DIR/report.json and DIR/report.html. Takes about 4 minutes, 1 with --quick."
        },
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "A selection of the workloads, in about a minute.")
    private boolean quick;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "gamut-report",
            paramLabel = "DIR",
            description = "Where report.json and report.html go (default: gamut-report).")
    private Path directory;

    @Option(
            names = "--gate",
            paramLabel = "FILE",
            description = "Show a run of the gate in the report, as gamut gate --json=FILE wrote it.")
    private Path gate;

    @Option(names = "--workloads", hidden = true, defaultValue = "*", paramLabel = "GLOB")
    private Glob workloads;

    @Override
    public Integer call() {
        if (Capabilities.host().vectorBits() == 0) {
            throw Failure.data(
                    "the peaks are measured with the Vector API; start Java with --add-modules jdk.incubator.vector",
                    null);
        }
        ReportRun run = ReportRun.of(quick, workloads)
                .orElseThrow(() -> Failure.usage("--workloads is '" + workloads + "'; no workload matches"));
        GateFile earlier = gate == null ? null : GateFile.read(gate, "--gate");
        OutputFile.prepareDirectory(directory, "-o", ReportRun.JSON, ReportRun.HTML);
        boolean ok = run.run(spec.commandLine().getOut(), directory, earlier);
        return ok ? Main.DONE : Main.CHECK_FAILED;
    }
}
