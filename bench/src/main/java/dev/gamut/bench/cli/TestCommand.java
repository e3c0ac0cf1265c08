package dev.gamut.bench.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code gamut test}, so that help names it: the launcher runs it itself, because tests need Maven and the sources. */
@Command(name = "test", description = "Runs the project's tests: [--full] [--only NAME]... [--seed N].")
final class TestCommand implements Callable<Integer> {
    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        throw Failure.usage("tests are run by the launcher in a checkout: ./gamut test " + String.join(" ", arguments));
    }
}
