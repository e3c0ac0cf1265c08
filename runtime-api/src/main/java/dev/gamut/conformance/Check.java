package dev.gamut.conformance;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.tensor.Operand;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Verifies results of real runs against the oracle: every element of small problems; of large ones {@value #SAMPLES} elements
 * drawn at random and, for a GEMM without epilogue, the whole matrix by {@link Freivalds}. Stateless and thread-safe.
 */
public final class Check {
    /** Elements drawn from a large result. */
    public static final int SAMPLES = 1_024;

    /** Terms up to which every element is computed again: some tenths of a second. */
    private static final double EVERYTHING = 1 << 24;

    /** Elements of A, B and C up to which each matrix of a batch passes Freivalds' check. */
    private static final double WHOLE_BATCH = 1 << 26;

    private Check() {}

    /**
     * Verifies a GEMM with beta = 0.
     *
     * @param desc what was computed, with a plain (not packed) b
     * @param bound the declared bound of the kernel that ran
     * @param run the operands as they were during the run, b plain, and c the result
     * @param seed where random choices start
     * @return how C compares
     */
    public static Report gemm(GemmDesc desc, ErrorBound bound, GemmArgs run, long seed) {
        return gemm(desc, bound, run, null, seed);
    }

    /**
     * Verifies a GEMM.
     *
     * @param desc what was computed, with a plain (not packed) b
     * @param bound the declared bound of the kernel that ran
     * @param run the operands as they were during the run, b plain, and c the result
     * @param oldC a copy of c from before the run, with the layout of c; may be null where beta is 0
     * @param seed where random choices start
     * @return how C compares
     */
    public static Report gemm(GemmDesc desc, ErrorBound bound, GemmArgs run, Operand oldC, long seed) {
        return gemm(desc, bound, false, run, oldC, seed);
    }

    static Report gemm(GemmDesc desc, ErrorBound bound, boolean exact, GemmArgs run, Operand oldC, long seed) {
        if (run.b().isEmpty() && desc.k() > 0 && run.alpha() != 0) {
            throw new IllegalArgumentException("b is empty; the check needs the plain operand, not its panels");
        }
        GemmOracle oracle = new GemmOracle(desc, bound, exact, run, oldC);
        MatrixValues c = new MatrixValues(desc.c(), run.c(), null);
        Findings findings = new Findings();
        double elements = (double) desc.m() * desc.n() * desc.batch();
        if (elements * Math.max(desc.k(), 1) <= EVERYTHING) {
            for (long batch = 0; batch < desc.batch(); batch++) {
                for (long i = 0; i < desc.m(); i++) {
                    for (long j = 0; j < desc.n(); j++) {
                        element(desc, oracle, c, batch, i, j, findings);
                    }
                }
            }
            return findings.report();
        }
        SplittableRandom random = new SplittableRandom(seed);
        for (int s = 0; s < SAMPLES; s++) {
            long batch = random.nextLong(desc.batch());
            element(desc, oracle, c, batch, random.nextLong(desc.m()), random.nextLong(desc.n()), findings);
        }
        if (desc.epilogue().isEmpty()) {
            whole(desc, bound, oracle, c, random).ifPresent(findings::fail);
        }
        return findings.report();
    }

    private static void element(
            GemmDesc desc, GemmOracle oracle, MatrixValues c, long batch, long i, long j, Findings findings) {
        Enclosure truth = oracle.at(batch, i, j);
        double value;
        double rest = 0;
        if (desc.c().type().isInteger()) {
            long whole = c.integerAt(batch, i, j);
            value = whole;
            rest = whole == Long.MAX_VALUE ? -1 : whole - (long) value;
        } else {
            value = c.at(batch, i, j);
        }
        Comparison comparison =
                Comparison.of(value, rest, truth, oracle.arithmetic(), desc.c().type());
        if (findings.add(comparison, oracle.terms())) {
            findings.fail((desc.batch() == 1 ? "" : "batch " + batch + " ") + "element (" + i + "," + j + ") "
                    + describe(comparison));
        }
    }

    private static Optional<String> whole(
            GemmDesc desc, ErrorBound bound, GemmOracle oracle, MatrixValues c, SplittableRandom random) {
        Freivalds freivalds = new Freivalds(desc, bound, oracle, c);
        double m = desc.m();
        double size = m * desc.n() + (m + desc.n()) * desc.k();
        long checked = Math.clamp((long) (WHOLE_BATCH / size), 1, desc.batch());
        for (long b = 0; b < checked; b++) {
            long batch = checked == desc.batch() ? b : random.nextLong(desc.batch());
            Optional<String> wrong = freivalds.check(batch, random);
            if (wrong.isPresent()) {
                return wrong.map(text -> desc.batch() == 1 ? text : "batch " + batch + " " + text);
            }
        }
        return Optional.empty();
    }

    static String describe(Comparison c) {
        return String.format(
                Locale.ROOT,
                "computed %.17g exact %.17g error %.6g allowed %.6g",
                c.computed(),
                c.exact(),
                c.error(),
                c.allowed());
    }

    /**
     * Verifies a reduction.
     *
     * @param desc what was computed
     * @param bound the declared bound of the kernel that ran
     * @param run operands and result
     * @param seed where random choices start
     * @return how the results compare
     */
    public static Report reduce(ReduceDesc desc, ErrorBound bound, ReduceArgs run, long seed) {
        return reduce(desc, bound, false, run, seed);
    }

    static Report reduce(ReduceDesc desc, ErrorBound bound, boolean exact, ReduceArgs run, long seed) {
        ReduceOracle oracle = new ReduceOracle(desc, bound, exact, run);
        Findings findings = new Findings();
        long results = desc.results();
        boolean all = (double) results * Math.max(desc.terms(), 1) <= EVERYTHING || results <= SAMPLES;
        SplittableRandom random = new SplittableRandom(seed);
        for (long r = 0; r < (all ? results : SAMPLES); r++) {
            long at = all ? r : random.nextLong(results);
            Comparison comparison = oracle.compare(at);
            if (findings.add(comparison, oracle.terms())) {
                findings.fail("result " + at + " " + describe(comparison));
            }
        }
        return findings.report();
    }

    /** What has been seen so far. */
    private static final class Findings {
        private double worst;
        private double largest;
        private double relative;
        private long elements;
        private String message = "";

        /** Counts an element; whether it is wrong. */
        boolean add(Comparison c, double terms) {
            elements++;
            worst = Math.max(worst, c.ratio());
            largest = Math.max(largest, c.error());
            relative = terms > 0 && Double.isFinite(c.error()) ? Math.max(relative, c.error() / terms) : relative;
            return !c.ok();
        }

        void fail(String what) {
            message = message.isEmpty() ? what : message;
        }

        Report report() {
            return new Report(message.isEmpty(), worst, largest, relative, elements, message);
        }
    }
}
