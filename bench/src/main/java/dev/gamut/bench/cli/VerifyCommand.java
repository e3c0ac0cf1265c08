package dev.gamut.bench.cli;

import dev.gamut.Gamut;
import dev.gamut.conformance.Conformance;
import dev.gamut.conformance.DeviceRules;
import dev.gamut.conformance.Options;
import dev.gamut.conformance.Outcome;
import dev.gamut.device.Device;
import dev.gamut.kernel.Glob;
import dev.gamut.spi.KernelInfo;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gamut verify}: the conformance rules on this machine's kernels. */
@Command(
        name = "verify",
        description = "Holds this machine's kernels against the rules every kernel must keep.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    private static final String ALL = "*";

    private static final Map<Outcome.Status, String> HEADS = Map.of(
            Outcome.Status.PASSED, "ok",
            Outcome.Status.FAILED, "FAILED",
            Outcome.Status.NOT_APPLICABLE, "none");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--kernel",
            defaultValue = ALL,
            paramLabel = "GLOB",
            description = "Only kernels whose id matches: * any characters, ? one, {a,b} alternatives (default: *).")
    private Glob kernel;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description =
                    "The kernels of a device, such as opencl:0, instead of the host's, and, unless --kernel is given, the device: "
                            + "random sequences of operations, memory that does not suffice, collectives of one rank.")
    private String device;

    @Option(names = "--full", description = "The cross product of all factors instead of every pair of values once.")
    private boolean full;

    @Option(
            names = "--seed",
            defaultValue = "" + Options.SEED,
            description = "Where random numbers start (default: fixed).")
    private long seed;

    /** What one kernel's rules found. */
    private record Result(int passed, int notApplicable, int problems, double worst, List<String> failures) {}

    @Override
    public Integer call() {
        List<KernelInfo> usable = new ArrayList<>();
        List<String> unusable = new ArrayList<>();
        try (Gamut gamut = Gamut.open()) {
            for (KernelInfo info : kernels(gamut)) {
                if (kernel.matches(info.id())) {
                    gamut.unavailable(info)
                            .ifPresentOrElse(why -> unusable.add(info.id() + ": " + why), () -> usable.add(info));
                }
            }
        }
        if (usable.isEmpty() && unusable.isEmpty()) {
            throw Failure.usage(
                    "--kernel is '" + kernel + "', which matches no kernel; `gamut doctor --all` names them");
        }
        return verify(usable, unusable);
    }

    private List<KernelInfo> kernels(Gamut gamut) {
        if (device == null) {
            return gamut.kernels();
        }
        try (Device opened = Devices.open(gamut, device)) {
            device = opened.info().name();
            return gamut.kernels(opened);
        }
    }

    private List<Conformance.Case> cases(KernelInfo info) {
        return device == null ? Conformance.cases(info, options()) : Conformance.cases(info, device, options());
    }

    private Options options() {
        return new Options(full, seed);
    }

    private String line(DeviceRules.Rule rule, Outcome outcome) {
        String head = String.format("%-6s %s: %s", HEADS.get(outcome.status()), device, rule);
        return outcome.status() == Outcome.Status.PASSED
                ? head + ", " + outcome.problems()
                : head + ": " + outcome.message();
    }

    private int verify(List<KernelInfo> usable, List<String> unusable) {
        PrintWriter out = spec.commandLine().getOut();
        int failed = 0;
        int broken = 0;
        int problems = 0;
        List<String> lines = new ArrayList<>();
        List<DeviceRules.Rule> rules =
                device == null || !kernel.toString().equals(ALL) ? List.of() : DeviceRules.of(device, options());
        try (Progress progress = Progress.of("verify", usable.size() + rules.size())) {
            for (KernelInfo info : usable) {
                Result result = rules(info);
                problems += result.problems;
                failed += result.failures.isEmpty() ? 0 : 1;
                lines.addAll(lines(info, result));
                if (!progress.isShown()) {
                    print(out, lines); // at once, for a reader of the pipe; a bar would be torn by it
                }
                progress.step(info.id().toString());
            }
            for (DeviceRules.Rule rule : rules) {
                Outcome outcome = rule.run();
                broken += outcome.failed() ? 1 : 0;
                lines.add(line(rule, outcome));
                if (!progress.isShown()) {
                    print(out, lines);
                }
                progress.step(rule.toString());
            }
        }
        print(out, lines);
        unusable.forEach(why -> out.println("not usable here  " + why));
        if (usable.isEmpty()) {
            throw nothingVerified(unusable);
        }
        out.printf(
                "%d of %d kernels keep all rules, %d problems computed%s%n",
                usable.size() - failed,
                usable.size(),
                problems,
                unusable.isEmpty() ? "" : "; " + unusable.size() + " not usable here");
        return failed + broken == 0 ? Main.DONE : Main.CHECK_FAILED;
    }

    private static Failure nothingVerified(List<String> unusable) {
        String which =
                unusable.size() == 1 ? "the only kernel asked for" : "the first of " + unusable.size() + " kernels";
        return Failure.data("nothing was verified: " + which + ", " + unusable.getFirst(), null);
    }

    private Result rules(KernelInfo info) {
        int passed = 0;
        int notApplicable = 0;
        int problems = 0;
        double worst = 0;
        List<String> failures = new ArrayList<>();
        for (Conformance.Case rule : cases(info)) {
            Outcome outcome = rule.run();
            problems += outcome.problems();
            worst = Math.max(worst, outcome.worst());
            switch (outcome.status()) {
                case PASSED -> passed++;
                case NOT_APPLICABLE -> notApplicable++;
                case FAILED -> failures.add(rule.rule() + ": " + outcome.message());
            }
        }
        return new Result(passed, notApplicable, problems, worst, failures);
    }

    private static void print(PrintWriter out, List<String> lines) {
        lines.forEach(out::println);
        lines.clear();
        out.flush();
    }

    private static List<String> lines(KernelInfo info, Result r) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%-6s %-40s %2d rules kept, %d broken, %d do not apply; %d problems, error up to %.2g of the bound",
                r.failures.isEmpty() ? "ok" : "FAILED",
                info.id(),
                r.passed,
                r.failures.size(),
                r.notApplicable,
                r.problems,
                r.worst));
        r.failures.forEach(failure -> lines.add("       " + failure));
        return lines;
    }
}
