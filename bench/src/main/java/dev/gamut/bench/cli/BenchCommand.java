package dev.gamut.bench.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code gamut bench}: JMH, with its own options. */
@Command(
        name = "bench",
        description = "Runs the JMH benchmarks; every option is JMH's: -l lists benchmarks, -h explains the options.")
final class BenchCommand implements Callable<Integer> {
    @Unmatched
    private List<String> jmhOptions = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        CommandLineOptions options = parse();
        Runner runner = new Runner(failingOnError(options));
        if (options.shouldHelp()) {
            options.showHelp();
        } else if (options.shouldList()) {
            runner.list();
        } else if (options.shouldListWithParams()) {
            runner.listWithParams(options);
        } else if (options.shouldListProfilers()) {
            options.listProfilers();
        } else if (options.shouldListResultFormats()) {
            options.listResultFormats();
        } else {
            run(runner);
        }
        return Main.DONE;
    }

    private CommandLineOptions parse() throws IOException {
        try {
            return new CommandLineOptions(jmhOptions.toArray(String[]::new));
        } catch (CommandLineOptionException e) {
            throw Failure.usage(e.getMessage() + "; -h lists JMH's options");
        }
    }

    /** A benchmark that throws fails the command, unless {@code -foe} says otherwise. */
    private static Options failingOnError(CommandLineOptions options) {
        return new OptionsBuilder()
                .parent(options)
                .shouldFailOnError(options.shouldFailOnError().orElse(true))
                .build();
    }

    private void run(Runner runner) {
        try {
            runner.run();
        } catch (NoBenchmarksException e) {
            throw Failure.usage("no benchmark matches " + jmhOptions + "; -l lists them");
        } catch (RunnerException e) {
            throw Failure.data("JMH gave up: " + origin(e).getMessage(), e);
        }
    }

    /** What went wrong first: JMH wraps it, as a cause or suppressed. */
    private static Throwable origin(Throwable e) {
        Throwable[] suppressed = e.getSuppressed();
        Throwable inner = e.getCause() == null && suppressed.length > 0 ? suppressed[0] : e.getCause();
        return inner == null ? e : origin(inner);
    }
}
