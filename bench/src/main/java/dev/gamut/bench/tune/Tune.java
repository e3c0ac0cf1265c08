package dev.gamut.bench.tune;

import dev.gamut.GamutConfig;
import dev.gamut.bench.cli.OutputFile;
import dev.gamut.bench.cli.Progress;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.machine.YardstickMeter;
import dev.gamut.bench.machine.Yardsticks;
import dev.gamut.dtype.DType;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.Glob;
import dev.gamut.spi.Tuning;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** One run of {@code gamut tune}: measures the constants of this machine, shows them, and writes them to a file. */
public final class Tune {
    private static final String HEAD = """
            # Cost constants and block sizes of this user's machines, by `./gamut tune`; the shipped ones hold where no line matches.
            # A run replaces the lines of its CPU, JDK and vector width; comments are not kept.
            # machine; vector bits; kernel; constant; value; origin, where machine is a pattern over arch/cpu/JDK version
            """;

    private static final List<DType> TYPES = List.of(DType.F64, DType.F32);

    private final Here here;
    private final Kernels kernels;
    private final boolean whole;
    private final Effort effort;
    private final Supplier<Yardsticks> peaks;
    private final List<Tuning.Line> before;

    Tune(Here here, Glob wanted, Effort effort, Supplier<Yardsticks> peaks, Tuning file) {
        this.here = here;
        this.kernels = new Kernels(here.machine(), wanted);
        this.whole = wanted.toString().equals("*");
        this.effort = effort;
        this.peaks = peaks;
        this.before = file.lines();
    }

    /**
     * A run on this machine.
     *
     * @param quick whether to measure less
     * @param wanted a pattern over the ids of kernels; those of the machine itself are measured where it is {@code *}
     * @param file whose lines of other machines are kept; need not exist
     * @param command what was called
     * @return the run, empty where nothing that can be measured is wanted
     */
    public static Optional<Tune> of(boolean quick, Glob wanted, Path file, String command) {
        Capabilities host = Capabilities.host();
        if (new Kernels(host, wanted).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Tune(
                new Here(host, LocalDate.now(), command),
                wanted,
                quick ? Effort.QUICK : Effort.FULL,
                () -> YardstickMeter.measured(1, MachineCaches.host()),
                Files.exists(file) ? Tuning.read(file) : Tuning.EMPTY));
    }

    /** What a run found. */
    public final class Outcome {
        private final List<Tuned> all;
        private final Tuning file;

        private Outcome(List<Tuned> all) {
            this.all = all;
            this.file = Tuning.of(Tuned.merged(Tuned.lines(all), before, here, whole));
        }

        /** The lines that were measured. */
        List<Tuning.Line> lines() {
            return Tuned.lines(all);
        }

        /**
         * Prints the constants and what they change.
         *
         * @param out where to
         */
        public void print(PrintWriter out) {
            TunePrinter.print(out, all, Choices.between(file));
        }

        /**
         * Writes the file.
         *
         * @param target the file to make or replace
         */
        public void write(Path target) {
            OutputFile.write(
                    target,
                    HEAD + file.lines().stream().map(line -> line + "\n").collect(Collectors.joining()));
        }
    }

    /** Measures. */
    public Outcome run() {
        int threads = GamutConfig.defaults().threads();
        // Constants of earlier runs count where only some are measured anew.
        Tuning base = whole ? Tuning.EMPTY : Tuning.of(before);
        try (Progress progress = Progress.of("tune", steps(threads))) {
            Tuner tuner = new Tuner(here, kernels, base, effort, progress::step);
            if (whole) {
                tuner.machine(peaks);
            }
            for (DType type : TYPES) {
                tuner.packed(type);
                tuner.small(type);
                tuner.libraries(type);
            }
            if (whole && threads > 1) {
                tuner.forks(threads);
            }
            return new Outcome(tuner.found());
        }
    }

    /** Measurements, where nothing is measured twice. */
    private int steps(int threads) {
        int steps = whole ? effort.peaks() + (threads > 1 ? 1 : 0) : 0;
        for (DType type : TYPES) {
            steps += (kernels.packed(type).isEmpty() ? 0 : kernels.allPacked(type) ? 4 : 1)
                    + 3 * (kernels.small(type).size() + kernels.libraries(type).size());
        }
        return steps;
    }
}
