package dev.gamut.bench.cli;

import dev.gamut.bench.gate.Gate;
import dev.gamut.bench.gate.GateFile;
import dev.gamut.bench.gate.GateMarkdown;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.Glob;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gamut gate}: ratios against peers, each with a bar and a floor. */
@Command(
        name = "gate",
        description = {
            "Measures kernels against the libraries a user would take instead, in turn in one process, three processes a row.",
            "Fails where a ratio falls below its floor, or no row applies here. Takes about an hour and fetches some 500 MB of libraries; --rows"
                    + " measures a part, and fetches only what that needs."
        },
        mixinStandardHelpOptions = true)
final class GateCommand implements Callable<Integer> {
    private static final String ALL = "*";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rows",
            defaultValue = ALL,
            paramLabel = "GLOB",
            description = "Only rows whose id matches: * any characters, ? one, {a,b} alternatives (default: *).")
    private Glob rows;

    @Option(names = "--quick", description = "A few rows, each for a shorter time, in some minutes.")
    private boolean quick;

    @Option(names = "--judged", description = "Only rows that have a bar; the others only show where Gamut stands.")
    private boolean judged;

    @Option(names = "--bars", description = "Fail where a ratio falls below its bar, not only below its floor.")
    private boolean bars;

    @Option(
            names = "--share",
            defaultValue = "1",
            paramLabel = "SHARE",
            description =
                    "Fail only below this share of the floor, from 0 to 1 (default: 1): for machines that do other work.")
    private double share;

    @Option(
            names = "--against",
            paramLabel = "FILE",
            description = "Compare with an earlier run that --json wrote, for example one of bench/results.")
    private Path against;

    @Option(
            names = "--readme",
            paramLabel = "FILE",
            description = "Replace the table between the gate's marks in FILE by this run, or by that of --from.")
    private Path readme;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description =
                    "Measure nothing; use a run that --json wrote. Given again for each part of a run made in parts; a row"
                            + " that stands in several is taken from the last.")
    private List<Path> from = List.of();

    @Option(names = "--list", description = "Print ids and peers of the rows, and measure nothing.")
    private boolean list;

    /** Asked by the launcher, which builds these modules before it calls again. */
    @Option(names = "--modules", hidden = true, paramLabel = "FILE")
    private Path modules;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() throws IOException {
        json.check();
        if (!(share > 0 && share <= 1)) {
            throw Failure.usage("--share is " + share + "; allowed are numbers above 0, up to 1");
        }
        if (!from.isEmpty()) {
            requireFromAlone();
            return modules == null ? rewrite() : answer(List.of());
        }
        Gate gate = Gate.of(quick, judged, rows, bars, share, commandLine())
                .orElseThrow(() -> Failure.usage("--rows is '" + rows + "', which matches no row"
                        + (judged ? " with a bar" : "") + (quick ? " of a quick run" : "")
                        + "; `gamut gate --list` names them"));
        PrintWriter out = spec.commandLine().getOut();
        if (modules != null) {
            return answer(list ? List.of() : gate.modules());
        }
        if (list) {
            gate.keys().forEach(out::println);
            return Main.DONE;
        }
        if (readme != null) {
            MarkedText.require(readme, "--readme", GateMarkdown.NAME);
        }
        return measure(gate, out);
    }

    private void requireFromAlone() {
        boolean measures =
                quick || judged || bars || share != 1 || !rows.toString().equals(ALL);
        if (measures || list || against != null || json.isGiven()) {
            throw Failure.usage("--from is " + from.getFirst() + "; it goes with --readme alone");
        }
    }

    /** Tells the launcher which peers to build. */
    private int answer(List<String> names) throws IOException {
        Files.write(modules, names);
        return Main.DONE;
    }

    private int measure(Gate gate, PrintWriter out) {
        if (Capabilities.host().vectorBits() == 0) {
            throw Failure.data(
                    "the gate measures with the Vector API; start Java with --add-modules jdk.incubator.vector", null);
        }
        GateFile earlier = against == null ? null : GateFile.read(against, "--against");
        Gate.Outcome outcome = gate.run(soFar -> json.writeFile(soFar.asJson()));
        if (!json.replacesText()) {
            outcome.print(out);
        }
        if (earlier != null) {
            outcome.compare(earlier, json.replacesText() ? spec.commandLine().getErr() : out);
        }
        json.write(outcome.asJson(), out);
        outcome.obstacle().ifPresent(reason -> {
            throw Failure.data("nothing was measured: " + reason, null);
        });
        if (readme != null) {
            rewrite(GateFile.of(outcome.asJson()));
        }
        return outcome.ok() ? Main.DONE : Main.CHECK_FAILED;
    }

    private int rewrite() {
        if (readme == null) {
            throw Failure.usage("--from is " + from.getFirst() + " without --readme; it says what to write there");
        }
        return rewrite(GateFile.joined(
                from.stream().map(file -> GateFile.read(file, "--from")).toList(), "--from"));
    }

    private int rewrite(GateFile file) {
        MarkedText.rewrite(readme, "--readme", GateMarkdown.NAME, GateMarkdown.table(file));
        return Main.DONE;
    }

    private String commandLine() {
        return "./gamut gate" + (quick ? " --quick" : "") + (judged ? " --judged" : "")
                + (rows.toString().equals(ALL) ? "" : " --rows '" + rows + "'");
    }
}
