package dev.gamut.conformance;

import dev.gamut.kernel.KernelId;
import dev.gamut.spi.KernelInfo;
import java.lang.foreign.SegmentAllocator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The rules every kernel must keep, as cases to run: for each kernel one case a rule.
 *
 * <pre>{@code
 * for (KernelInfo kernel : gamut.kernels()) {
 *     for (Conformance.Case c : Conformance.cases(kernel, Options.DEFAULT)) {
 *         Outcome outcome = c.run();
 *     }
 * }
 * }</pre>
 *
 * <p>A kernel is forced through the public interface: a strict preference for its id. Shapes follow from its tile; factors
 * (layouts, memory, alpha and beta, batches, epilogues, scaling, threads) are combined pairwise, or all with all. Each case
 * opens what it needs and closes it; cases are independent and may run on several threads.
 */
public final class Conformance {
    private Conformance() {}

    /**
     * One rule applied to one kernel.
     *
     * @param kernel the kernel
     * @param rule the rule, in a few words
     * @param test runs it
     */
    public record Case(KernelId kernel, String rule, Supplier<Outcome> test) {
        /**
         * Runs the rule for a test.
         *
         * @return what is wrong: a broken rule, or one that the kernel has nothing for, unless it need not; empty where all is well
         */
        public Optional<String> fault() {
            Outcome outcome = run();
            boolean notOffered = outcome.status() == Outcome.Status.NOT_APPLICABLE && OFFERS.contains(rule);
            return outcome.status() == Outcome.Status.PASSED || notOffered
                    ? Optional.empty()
                    : Optional.of(outcome.message());
        }

        /** Runs the rule. Exceptions of the kernel are failures of the rule, not of this call. */
        public Outcome run() {
            return test.get();
        }

        @Override
        public String toString() {
            return kernel + ": " + rule;
        }
    }

    /** A rule that a kernel need not have anything for: packing is an offer, not a duty. */
    public static final String PACKING = "packed right operands";

    /** Another one: what has 16 bits seldom needs factors. */
    static final String WIDE_FACTORS = "scale factors of numbers of 16 bits";

    private static final Set<String> OFFERS = Set.of(PACKING, WIDE_FACTORS);

    /** The rule that does not apply to kernels which promise no bits. */
    public static final String DETERMINISM = "promised determinism";

    /**
     * Where operands outside the heap lie, if that is bound while a case runs: memory that tells when a kernel reads or writes
     * beside it. Otherwise the collector's, aligned to 64 bytes.
     */
    public static final ScopedValue<SegmentAllocator> NATIVE_MEMORY = ScopedValue.newInstance();

    /**
     * The rules for one kernel.
     *
     * @param kernel one of {@code Gamut.kernels()} that is usable on this machine
     * @param options how thoroughly
     * @return a case for each rule
     */
    public static List<Case> cases(KernelInfo kernel, Options options) {
        return cases(kernel, () -> new GamutSubject(kernel), options);
    }

    /**
     * The rules for one kernel of a device, its operands there, here, and mixed.
     *
     * @param kernel one of {@code Gamut.kernels(device)} that the device can run
     * @param device its name
     * @param options how thoroughly
     * @return a case for each rule
     */
    public static List<Case> cases(KernelInfo kernel, String device, Options options) {
        return cases(kernel, () -> new DeviceSubject(kernel, device), options);
    }

    /**
     * The bits of a kernel's results for a fixed list of problems, to be compared between machines.
     *
     * @param kernel one of {@code Gamut.kernels()} that is usable on this machine
     * @param seed where random numbers start
     * @return one for each problem whose bits the kernel promises; none where it promises none
     */
    public static List<Fingerprint> fingerprints(KernelInfo kernel, long seed) {
        try (Subject subject = new GamutSubject(kernel)) {
            return Fingerprints.of(kernel, subject, seed);
        }
    }

    static List<Case> cases(KernelInfo kernel, Supplier<Subject> open, Options options) {
        return switch (kernel.id().op()) {
            case "gemm" -> GemmRules.cases(kernel, open, options);
            case "convert" -> ConvertRules.cases(kernel, open, options);
            default -> ReduceRules.cases(kernel, open, options);
        };
    }
}
