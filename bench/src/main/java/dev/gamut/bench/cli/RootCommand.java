package dev.gamut.bench.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code gamut} itself: the table of commands. */
@Command(
        name = "gamut",
        description = "Numerics over the whole range of precisions: measure, verify and explain them on this machine.",
        mixinStandardHelpOptions = true,
        versionProvider = RootCommand.Version.class,
        footer = {"", "Exit codes: 0 done, 1 a check failed, 2 bad usage."},
        subcommands = {
            ReportCommand.class,
            TestCommand.class,
            DoctorCommand.class,
            ExplainCommand.class,
            GemmCommand.class,
            VerifyCommand.class,
            BenchCommand.class,
            GateCommand.class,
            CollectivesCommand.class,
            SolveCommand.class,
            RunCommand.class,
            SimulateCommand.class,
            CheckpointCommand.class,
            TuneCommand.class,
            SveModelCommand.class
        })
final class RootCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show where an error comes from.")
    private boolean debug;

    boolean debug() {
        return debug;
    }

    static List<String> commands(CommandSpec spec) {
        return spec.subcommands().keySet().stream().toList();
    }

    @Override
    public Integer call() {
        throw Failure.usage("no command given; allowed are " + String.join(", ", commands(spec)));
    }

    /** Reads the version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws Exception {
            return new String[] {
                "gamut " + Resources.mavenVersion("dev.gamut", "gamut-bench").orElse("(not installed)"),
                "Java " + Runtime.version()
            };
        }
    }
}
