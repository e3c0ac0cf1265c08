package dev.gamut.conformance;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.error.UnsupportedProblemException;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.spi.KernelInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The rules for reduction kernels. */
final class ReduceRules {
    /** Around and beyond the block of 4,096 that named orders use. */
    private static final int[] LARGE = {4_095, 4_096, 4_097, 3 * 4_096 + 17};

    /** Elements that an operand of a sample has at most. */
    private static final long SMALL = 13_000;

    /** And that one of many forms has: wide ones have few terms then. */
    private static final long MOST = 25_000;

    private final KernelInfo kernel;
    private final Options options;
    private final Subject subject;
    private final ReduceOp op;
    private final DType type;
    private final Tally tally;

    private ReduceRules(KernelInfo kernel, Options options, Subject subject, String rule) {
        this.kernel = kernel;
        this.options = options;
        this.subject = subject;
        this.op = ReduceSpec.op(kernel);
        this.type = type(kernel);
        this.tally = new Tally(kernel.id(), rule + " | seed " + options.seed());
    }

    private record Rule(String name, Predicate<KernelInfo> applies, Consumer<ReduceRules> test) {}

    private static final List<Rule> RULES = List.of(
            new Rule("exact inputs give exact results", ReduceRules::isExact, ReduceRules::exactInputs),
            new Rule("random inputs stay within the bound", k -> true, r -> r.shapes(ReduceNumbers::random, false)),
            new Rule("blocks of terms meet without a seam", k -> true, ReduceRules::large),
            new Rule("special values follow IEEE 754", k -> type(k).isFloat(), ReduceRules::specials),
            new Rule(
                    "the first of equals and the first NaN win",
                    k -> ReduceSpec.op(k).isSelection(),
                    ReduceRules::ties),
            new Rule(
                    "no overflow or underflow in between",
                    k -> type(k).isFloat() || ReduceSpec.op(k) != ReduceOp.PRODUCT,
                    ReduceRules::extremes),
            new Rule(Conformance.DETERMINISM, k -> true, ReduceRules::determinism));

    private static DType type(KernelInfo kernel) {
        return kernel.id().types().get(0);
    }

    /** Operations whose result is exact for small integers, and means over powers of two. */
    private static boolean isExact(KernelInfo kernel) {
        ReduceOp op = ReduceSpec.op(kernel);
        return !op.isReal() || op == ReduceOp.MEAN;
    }

    static List<Conformance.Case> cases(KernelInfo kernel, Supplier<Subject> open, Options options) {
        return RULES.stream()
                .filter(rule -> rule.applies.test(kernel))
                .map(rule -> new Conformance.Case(kernel.id(), rule.name, () -> run(rule, kernel, open, options)))
                .toList();
    }

    private static Outcome run(Rule rule, KernelInfo kernel, Supplier<Subject> open, Options options) {
        try (Subject subject = open.get()) {
            ReduceRules rules = new ReduceRules(kernel, options, subject, rule.name);
            rule.test.accept(rules);
            rules.tally.run(options);
            return rules.tally.outcome(true);
        }
    }

    private void one(ReduceSpec spec, String what, IntToDoubleFunction numbers, boolean exact) {
        if (spec.n() == 0 && !takesEmpty()) {
            return;
        }
        add(what, spec, () -> {
            ReduceDesc desc = spec.desc(kernel);
            ReduceProblem problem = new ReduceProblem(spec, desc, numbers, exact);
            ReducePlan plan = subject.plan(desc, spec.threads());
            plan.run(problem.args());
            return problem.verify(plan.bound(), options.seed());
        });
    }

    private void add(String what, ReduceSpec spec, Supplier<Report> test) {
        if (!options.isSample() || spec.form().layout(spec.n()).size() <= SMALL) {
            tally.add(() -> tally.attempt(what + " " + spec, test));
        }
    }

    private boolean takesEmpty() {
        return !op.needsElements() && !(op == ReduceOp.MEAN && type.isInteger());
    }

    private ReduceNumbers numbers() {
        return new ReduceNumbers(op, type, options.seed());
    }

    private void exactInputs() {
        if (!op.isReal()) {
            shapes(ReduceNumbers::exact, true);
        }
        if (op == ReduceOp.MEAN) {
            one(ReduceSpec.plain(64), "exact", numbers().exact(), true);
            one(ReduceSpec.plain(4_096).threads(2), "exact", numbers().exact(), true);
        }
    }

    /** Sizes around lanes, forms, memory and threads, pairwise or all with all. */
    private void shapes(Function<ReduceNumbers, IntToDoubleFunction> fill, boolean exact) {
        int lanes = Math.max(2, subject.machine().lanes(Math.max(8, type.bits())));
        int[] sizes = IntStream.of(0, 1, 2, lanes - 1, lanes, lanes + 1, 63, 64, 65, 131)
                .sorted()
                .distinct()
                .toArray();
        ReduceSpec.Form[] forms = ReduceSpec.Form.values();
        Memory.Place[] places = Memory.Place.values();
        int[] counts = {sizes.length, forms.length, places.length, places.length, 3};
        for (int[] v : options.full() ? Pairwise.all(counts) : Pairwise.rows(counts, options.seed())) {
            ReduceSpec spec = new ReduceSpec(sizes[v[0]], forms[v[1]], places[v[2]], places[v[3]], 1 + v[4]);
            if (spec.form().layout(spec.n()).size() <= MOST) {
                one(spec, exact ? "exact" : "random", fill.apply(numbers()), exact);
            }
        }
    }

    private void large() {
        for (int n : LARGE) {
            ReduceSpec flat = ReduceSpec.plain(n);
            one(flat.threads(2), "random", numbers().random(), false);
            one(
                    flat.form(ReduceSpec.Form.STRIDED).threads(3),
                    "random",
                    numbers().random(),
                    false);
            one(flat.form(ReduceSpec.Form.ROWS_PADDED), "random", numbers().random(), false);
            one(
                    flat.form(ReduceSpec.Form.COLUMNS).threads(2),
                    "random",
                    numbers().random(),
                    false);
            one(flat.form(ReduceSpec.Form.ALL_PADDED), "random", numbers().random(), false);
        }
        for (ReduceSpec.Form wide : List.of(ReduceSpec.Form.WIDE, ReduceSpec.Form.WIDE_APART)) {
            one(ReduceSpec.plain(131).form(wide).threads(2), "random", numbers().random(), false);
        }
    }

    /** A NaN or an infinity at each end, in the middle and around lane and block boundaries. */
    private void specials() {
        for (int n : new int[] {1, 7, 65, 4_097}) {
            for (int place : IntStream.of(0, 1, n / 2, 31, 63, 64, n - 1)
                    .filter(p -> p < n)
                    .distinct()
                    .toArray()) {
                for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                    one(
                            ReduceSpec.plain(n).threads(2),
                            value + " at " + place,
                            numbers().with(value, place),
                            false);
                }
            }
            one(ReduceSpec.plain(n), "special", numbers().of(Data.SPECIAL), false);
        }
        IntToDoubleFunction both = e -> e % 2 == 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        one(ReduceSpec.plain(66), "both infinities", both, false);
    }

    private void ties() {
        for (int n : new int[] {1, 2, 9, 64, 65, 200, 4_097}) {
            for (ReduceSpec.Form form : ReduceSpec.Form.values()) {
                if (form.layout(n).size() <= MOST) {
                    one(ReduceSpec.plain(n).form(form), "ties", numbers().ties(), true);
                }
            }
            one(ReduceSpec.plain(n).threads(3), "all equal", e -> 1, true);
            if (type.hasNaN() && n > 8) {
                one(ReduceSpec.plain(n), "two NaN", numbers().with(Double.NaN, 5, n - 1), true);
            }
        }
    }

    private void extremes() {
        for (int n : new int[] {1, 3, 65, 4_097}) {
            if (op == ReduceOp.NRM2 || op == ReduceOp.LOGSUMEXP || op == ReduceOp.ASUM) {
                one(ReduceSpec.plain(n), "near the limit", numbers().nearLimit(n), false);
            }
            if (op == ReduceOp.NRM2 && type.isFloat()) {
                one(ReduceSpec.plain(n), "tiny squares", numbers().tinySquares(), false);
            }
            if (op != ReduceOp.PRODUCT || type.isFloat()) {
                one(ReduceSpec.plain(n), "tiny", numbers().of(Data.TINY), false);
            }
            if (type.isFloat()) {
                one(ReduceSpec.plain(n), "huge", numbers().of(Data.HUGE), false);
            }
        }
    }

    private void determinism() {
        for (int n : new int[] {65, 4_097, 5 * 4_096 + 17}) {
            for (ReduceSpec.Form form :
                    List.of(ReduceSpec.Form.FLAT, ReduceSpec.Form.STRIDED, ReduceSpec.Form.COLUMNS)) {
                ReduceSpec spec = ReduceSpec.plain(n).form(form);
                add("random", spec, () -> sameBits(spec));
            }
        }
    }

    private Report sameBits(ReduceSpec spec) {
        ReduceDesc desc = spec.desc(kernel);
        ReduceProblem problem = new ReduceProblem(spec, desc, numbers().random(), false);
        ReduceDesc demanding = desc.determinism(Determinism.RUN_TO_RUN);
        long[] first = bits(problem, subject.plan(demanding, 2));
        List<String> differences = new ArrayList<>();
        GemmRules.differ(first, bits(problem, subject.plan(demanding, 2)), "a second run")
                .ifPresent(differences::add);
        try {
            subject.plan(desc.determinism(Determinism.BITWISE), 2);
        } catch (UnsupportedProblemException e) {
            return GemmRules.report(differences);
        }
        for (int threads : new int[] {1, 2, 3}) {
            ReducePlan plan = subject.plan(desc.determinism(Determinism.BITWISE), threads);
            GemmRules.differ(first, bits(problem, plan), threads + " threads").ifPresent(differences::add);
        }
        named(desc, problem, first).ifPresent(differences::add);
        return GemmRules.report(differences);
    }

    private Optional<String> named(ReduceDesc desc, ReduceProblem problem, long[] first) {
        EvaluationOrder order = kernel.id().order().orElse(EvaluationOrder.EXACT);
        ReduceDesc demanding = desc.determinism(Determinism.bitwise(order));
        try {
            subject.plan(demanding, 1);
        } catch (UnsupportedProblemException e) {
            return Optional.of("promises equal bits in an order that its id does not name");
        }
        ReducePlan reference;
        try {
            reference = subject.reference(demanding);
        } catch (UnsupportedProblemException e) {
            return Optional.empty();
        }
        return GemmRules.differ(first, bits(problem, reference), "the reference in the order " + order);
    }

    private static long[] bits(ReduceProblem problem, ReducePlan plan) {
        problem.restore();
        plan.run(problem.args());
        return problem.bits();
    }
}
