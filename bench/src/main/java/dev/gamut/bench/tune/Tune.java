package dev.gamut.bench.tune;

import dev.gamut.GamutConfig;
import dev.gamut.bench.cli.Progress;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.machine.YardstickMeter;
import dev.gamut.bench.machine.Yardsticks;
import dev.gamut.dtype.DType;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.Glob;
import dev.gamut.spi.Tuning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One run of {@code gamut tune}: measures the constants of this machine, shows them, and writes them to a file. */
public final class Tune {
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

    /** Measures. */
    public TuneOutcome run() {
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
            List<Tuned> found = tuner.found();
            Tuning merged = Tuning.of(Tuned.merged(Tuned.lines(found), before, here, whole));
            return new TuneOutcome(found, merged, List.of());
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
