package dev.gamut.accuracy;

import dev.gamut.dtype.DType;
import dev.gamut.hw.Setting;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What calls get that ask for nothing: defaults for a kind of work, in one word. Immutable; each method gives a changed copy.
 *
 * <table>
 * <caption>The profiles</caption>
 * <tr><th>name</th><th>accuracy</th><th>determinism</th><th>solver</th><th>tolerance</th></tr>
 * <tr><td>{@code general}</td><td>native</td><td>any</td><td>direct</td><td>2^-53</td></tr>
 * <tr><td>{@code hpc}</td><td>native</td><td>bitwise</td><td>refined</td><td>2^-53</td></tr>
 * <tr><td>{@code ai-training}</td><td>native</td><td>run to run</td><td>refined</td><td>2^-24</td></tr>
 * <tr><td>{@code ai-inference}</td><td>atLeast(BF16)</td><td>any</td><td>refined</td><td>2^-24</td></tr>
 * </table>
 *
 * <p>Accuracy is the default of products and reductions of tensors; calls with the names of BLAS keep the arithmetic that they are named
 * for, and descriptors say all of it themselves. Determinism is the default of both, and where it comes from the settings of the process
 * ({@link #configured}), of collectives too.
 *
 * @param name the profile that it began as
 * @param accuracy of products and reductions of tensors
 * @param determinism of products, reductions and collectives
 * @param solver of linear systems
 * @param tolerance u of the backward error √n·u that refinement of a system of order n ends at; from 2^-53 to 1
 */
public record Profile(String name, Accuracy accuracy, Determinism determinism, Solver solver, double tolerance) {
    /** How linear systems of F64 are solved. */
    public enum Solver {
        /** By factors of F64. */
        DIRECT,
        /** By factors of F32 and refinement in F64 to the tolerance; by factors of F64 where that does not converge. */
        REFINED;

        /** For people and settings. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whatever is fastest in the arithmetic of the operands' types; the default. */
    public static final Profile GENERAL =
            new Profile("general", Accuracy.NATIVE, Determinism.ANY, Solver.DIRECT, 0x1p-53);

    /** Simulations: the same bits on every machine, for any number of threads and ranks. */
    public static final Profile HPC = new Profile("hpc", Accuracy.NATIVE, Determinism.BITWISE, Solver.REFINED, 0x1p-53);

    /** Training: precision is that of the tensors, and a step can be computed again on its machine to the same bits. */
    public static final Profile AI_TRAINING =
            new Profile("ai-training", Accuracy.NATIVE, Determinism.RUN_TO_RUN, Solver.REFINED, 0x1p-24);

    /** Inference: F32 and F64 may be computed by anything as good as BF16 with sums of BF16. */
    public static final Profile AI_INFERENCE =
            new Profile("ai-inference", Accuracy.atLeast(DType.BF16), Determinism.ANY, Solver.REFINED, 0x1p-24);

    /** All of them. */
    public static final List<Profile> ALL = List.of(GENERAL, HPC, AI_TRAINING, AI_INFERENCE);

    /** Checks the tolerance. */
    public Profile {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(accuracy, "accuracy");
        Objects.requireNonNull(determinism, "determinism");
        Objects.requireNonNull(solver, "solver");
        if (!(tolerance >= 0x1p-53 && tolerance <= 1)) {
            throw new IllegalArgumentException("tolerance is " + tolerance + "; allowed are 2^-53 (1.11e-16) to 1");
        }
    }

    /**
     * One of {@link #ALL}.
     *
     * @param name its name
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Profile of(String name) {
        return ALL.stream()
                .filter(profile -> profile.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("profile is '" + name + "'; allowed are "
                        + String.join(", ", ALL.stream().map(Profile::name).toList())));
    }

    /**
     * That of the settings of this process: {@code gamut.profile} ({@code GAMUT_PROFILE}), {@link #GENERAL} without one, with what
     * {@code gamut.accuracy}, {@code gamut.determinism}, {@code gamut.solver} and {@code gamut.tolerance} (and variables named alike) say.
     *
     * @throws IllegalArgumentException if a setting is none, naming it and what is allowed
     */
    public static Profile configured() {
        Profile named = Setting.of("profile").map(Profile::of).orElse(GENERAL);
        return new Profile(
                named.name,
                Setting.of("accuracy").map(Accuracy::parse).orElse(named.accuracy),
                Setting.of("determinism").map(Determinism::parse).orElse(named.determinism),
                Setting.of("solver").map(Profile::solver).orElse(named.solver),
                Setting.of("tolerance").map(Profile::number).orElse(named.tolerance));
    }

    private static Solver solver(String text) {
        for (Solver solver : Solver.values()) {
            if (solver.id().equals(text.toLowerCase(Locale.ROOT))) {
                return solver;
            }
        }
        throw new IllegalArgumentException("solver is '" + text + "'; allowed are direct and refined");
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("tolerance is '" + text + "'; a number such as 1e-8 is needed", e);
        }
    }

    /**
     * With another accuracy.
     *
     * @param demand of products and reductions of tensors
     */
    public Profile accuracy(Accuracy demand) {
        return new Profile(name, demand, determinism, solver, tolerance);
    }

    /**
     * With another determinism.
     *
     * @param demand of products, reductions and collectives
     */
    public Profile determinism(Determinism demand) {
        return new Profile(name, accuracy, demand, solver, tolerance);
    }

    /**
     * With another solver.
     *
     * @param way that linear systems are solved
     */
    public Profile solver(Solver way) {
        return new Profile(name, accuracy, determinism, way, tolerance);
    }

    /**
     * With another tolerance.
     *
     * @param unit u of the backward error √n·u, from 2^-53 to 1
     */
    public Profile tolerance(double unit) {
        return new Profile(name, accuracy, determinism, solver, unit);
    }

    /** The name and all that it stands for; what differs from the profile of that name shows. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: accuracy %s, determinism %s, solver %s, tolerance %.3g",
                name,
                accuracy,
                determinism.toString().toLowerCase(Locale.ROOT),
                solver.id(),
                tolerance);
    }
}
