package dev.gamut;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.Profile;
import dev.gamut.hw.Capabilities;
import dev.gamut.hw.Setting;
import dev.gamut.kernel.Glob;
import dev.gamut.spi.Tuning;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How a {@link Gamut} is opened. Immutable; each method gives a changed copy.
 *
 * <p>What is not set here is taken from the system properties {@code gamut.threads}, {@code gamut.kernel}, {@code
 * gamut.strict}, {@code gamut.tuning}, {@code gamut.offload} and those of {@link Profile#configured}, else from the environment variables {@code
 * GAMUT_THREADS}, {@code GAMUT_KERNEL} and so on.
 *
 * @param threads worker threads, the caller's included; at least 1
 * @param kernel kernels to rank before all others; empty for none
 * @param strict whether it is an error that no preferred kernel takes an operation
 * @param tuning cost constants asked before all others
 * @param tuningFile a file of constants that are asked next, before the shipped ones; read when a Gamut is opened. Unless it is
 *     set, the one that {@code gamut tune} wrote for this user, where there is one
 * @param profile what calls get that ask for nothing
 * @param offload devices to which operands of the host are copied where that pays, as {@link Gamut#device} takes them; none by default
 */
public record GamutConfig(
        int threads,
        Optional<Glob> kernel,
        boolean strict,
        Tuning tuning,
        Optional<Path> tuningFile,
        Profile profile,
        List<String> offload) {
    /** The setting that leaves the user's file of constants alone. */
    private static final String NO_FILE = "none";

    /** Checks the number of threads and that strict mode names its kernels. */
    public GamutConfig {
        Objects.requireNonNull(profile, "profile");
        offload = List.copyOf(offload);
        if (threads < 1 || threads > 4_096) {
            throw new IllegalArgumentException("threads is " + threads + "; allowed are 1 to 4096");
        }
        if (strict && kernel.isEmpty()) {
            throw new IllegalArgumentException(
                    "strict is set without a preferred kernel; name one or leave strict out");
        }
    }

    /** The settings of properties and environment, all processors where none are given. */
    public static GamutConfig defaults() {
        int threads = Setting.of("threads")
                .map(GamutConfig::threadCount)
                .orElse(Capabilities.host().cores());
        Optional<Glob> kernel = Setting.of("kernel").map(Glob::of);
        boolean strict = Setting.of("strict").map(GamutConfig::truth).orElse(false);
        Optional<Path> tuningFile =
                Setting.of("tuning").map(GamutConfig::namedFile).orElseGet(() -> existing(System.getenv()));
        List<String> offload = Setting.of("offload")
                .map(names -> List.of(names.split("\\s*,\\s*")))
                .orElse(List.of());
        return new GamutConfig(threads, kernel, strict, Tuning.EMPTY, tuningFile, Profile.configured(), offload);
    }

    /**
     * Where {@code gamut tune} keeps what it measures: the file that {@code gamut.tuning} names, else that of the user, which need
     * not exist.
     */
    public static Path ownTuningFile() {
        return Setting.of("tuning").flatMap(GamutConfig::namedFile).orElseGet(() -> userTuningFile(System.getenv()));
    }

    private static Optional<Path> namedFile(String text) {
        try {
            return text.equals(NO_FILE) ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "gamut.tuning is '" + text + "'; the path of a file or '" + NO_FILE + "' is needed", e);
        }
    }

    /** By the XDG base directory specification, which takes no relative path. */
    static Path userTuningFile(Map<String, String> environment) {
        Optional<Path> configuration = Optional.ofNullable(environment.get("XDG_CONFIG_HOME"))
                .filter(folder -> folder.startsWith("/"))
                .map(Path::of);
        return configuration
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".config"))
                .resolve("gamut/tuning.txt");
    }

    /** Of a folder that the locale cannot spell no file can be there. */
    static Optional<Path> existing(Map<String, String> environment) {
        try {
            return Optional.of(userTuningFile(environment)).filter(Files::exists);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static int threadCount(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("gamut.threads is '" + text + "'; a whole number from 1 is needed", e);
        }
    }

    private static boolean truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes" -> true;
            case "false", "0", "no" -> false;
            default -> throw new IllegalArgumentException("gamut.strict is '" + text + "'; allowed are true and false");
        };
    }

    /**
     * With a number of threads.
     *
     * @param n 1 to 4096
     * @return a copy
     */
    public GamutConfig threads(int n) {
        return new GamutConfig(n, kernel, strict, tuning, tuningFile, profile, offload);
    }

    /**
     * Prefers kernels.
     *
     * @param glob a pattern over kernel ids, for example {@code "gemm_*_vec"}
     * @return a copy
     */
    public GamutConfig kernel(String glob) {
        return new GamutConfig(threads, Optional.of(Glob.of(glob)), strict, tuning, tuningFile, profile, offload);
    }

    /**
     * Makes it an error that no preferred kernel takes an operation.
     *
     * @param on whether
     * @return a copy
     */
    public GamutConfig strict(boolean on) {
        return new GamutConfig(threads, kernel, on, tuning, tuningFile, profile, offload);
    }

    /**
     * With cost constants of this machine.
     *
     * @param constants asked before those of a file and the shipped ones
     * @return a copy
     */
    public GamutConfig tuning(Tuning constants) {
        return new GamutConfig(threads, kernel, strict, constants, tuningFile, profile, offload);
    }

    /**
     * With a file of cost constants, as {@code gamut tune} writes it.
     *
     * @param file must exist when a Gamut is opened
     * @return a copy
     */
    public GamutConfig tuningFile(Path file) {
        return new GamutConfig(threads, kernel, strict, tuning, Optional.of(file), profile, offload);
    }

    /**
     * Without any file of cost constants.
     *
     * @return a copy
     */
    public GamutConfig withoutTuningFile() {
        return new GamutConfig(threads, kernel, strict, tuning, Optional.empty(), profile, offload);
    }

    /**
     * With defaults for a kind of work.
     *
     * @param defaults all of accuracy, determinism, solver and tolerance, whatever was set before
     * @return a copy
     */
    public GamutConfig profile(Profile defaults) {
        return new GamutConfig(threads, kernel, strict, tuning, tuningFile, defaults, offload);
    }

    /**
     * With devices that products, reductions and conversions of host tensors may go to: they do where a kernel there is predicted to take
     * less time than any here, copies included. Opening looks for them and opens them; they end with the Gamut.
     *
     * @param devices such as {@code "cuda:0"}, in place of any named before
     * @return a copy
     */
    public GamutConfig offload(String... devices) {
        return new GamutConfig(threads, kernel, strict, tuning, tuningFile, profile, List.of(devices));
    }

    /**
     * With another default of accuracy than the profile's.
     *
     * @param demand of products and reductions of tensors
     * @return a copy
     */
    public GamutConfig accuracy(Accuracy demand) {
        return profile(profile.accuracy(demand));
    }

    /**
     * With another default of determinism than the profile's.
     *
     * @param demand of products and reductions
     * @return a copy
     */
    public GamutConfig determinism(Determinism demand) {
        return profile(profile.determinism(demand));
    }

    /**
     * With another solver than the profile's.
     *
     * @param way that linear systems are solved
     * @return a copy
     */
    public GamutConfig solver(Profile.Solver way) {
        return profile(profile.solver(way));
    }

    /**
     * With another tolerance than the profile's.
     *
     * @param unit u of the backward error √n·u, from 2^-53 to 1
     * @return a copy
     */
    public GamutConfig tolerance(double unit) {
        return profile(profile.tolerance(unit));
    }
}
