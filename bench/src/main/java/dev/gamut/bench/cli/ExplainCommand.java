package dev.gamut.bench.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code gamut explain}: why a kernel is picked; one subcommand for each kind of operation. */
@Command(
        name = "explain",
        description = "Ranked offers with cost, bound and declines.",
        mixinStandardHelpOptions = true,
        subcommands = ExplainGemmCommand.class)
final class ExplainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw Failure.usage("no operation given; allowed are " + String.join(", ", RootCommand.commands(spec)));
    }
}
