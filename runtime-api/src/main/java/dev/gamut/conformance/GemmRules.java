package dev.gamut.conformance;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.error.UnsupportedProblemException;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.spi.KernelInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The rules for GEMM kernels. */
final class GemmRules {
    private static final List<Integer> THREADS = List.of(1, 2, 3);

    /** Multiplications that a problem of a sample has at most. */
    private static final long SMALL = 200_000;

    private final KernelInfo kernel;
    private final Options options;
    private final Subject subject;
    private final GemmFactors factors;
    private final Tally tally;

    private GemmRules(KernelInfo kernel, Options options, Subject subject, String rule) {
        this.kernel = kernel;
        this.options = options;
        this.subject = subject;
        this.factors = new GemmFactors(kernel.id(), subject.machine());
        this.tally = new Tally(kernel.id(), rule + " | seed " + options.seed());
    }

    private record Rule(String name, boolean required, Consumer<GemmRules> test) {}

    private static final List<Rule> RULES = List.of(
            new Rule(
                    "exact inputs give exact results",
                    true,
                    r -> r.all(r.factors.combinations(true, r.options), Data.EXACT)),
            new Rule(
                    "random inputs stay within the bound",
                    true,
                    r -> r.all(r.factors.combinations(false, r.options), Data.RANDOM)),
            new Rule("beta = 0 never reads C", true, GemmRules::poisonedC),
            new Rule("alpha = 0 or k = 0 reads neither A nor B", true, GemmRules::poisonedOperands),
            new Rule("blocks of k, m and n meet without a seam", true, GemmRules::blocks),
            new Rule("a large old C does not spend the bound", true, GemmRules::largeC),
            new Rule("special values follow IEEE 754", true, GemmRules::specials),
            new Rule(Conformance.PACKING, false, GemmRules::packed),
            new Rule(Conformance.DETERMINISM, false, GemmRules::determinism));

    /** For products in floating point of weights with scale factors. */
    private static final Rule WEIGHTS =
            new Rule("groups of weights keep their scale factors", true, GemmRules::groupsOfWeights);

    static List<Conformance.Case> cases(KernelInfo kernel, Supplier<Subject> open, Options options) {
        List<DType> types = kernel.id().types();
        boolean weights = types.get(1).isInteger() && types.get(2).isFloat();
        return Stream.concat(RULES.stream(), weights ? Stream.of(WEIGHTS) : Stream.empty())
                .map(rule -> new Conformance.Case(kernel.id(), rule.name, () -> run(rule, kernel, open, options)))
                .toList();
    }

    private static Outcome run(Rule rule, KernelInfo kernel, Supplier<Subject> open, Options options) {
        try (Subject subject = open.get()) {
            GemmRules rules = new GemmRules(kernel, options, subject, rule.name);
            rule.test.accept(rules);
            rules.tally.run(options);
            return rules.tally.outcome(rule.required);
        }
    }

    private void all(List<GemmSpec> specs, Data data) {
        specs.forEach(spec -> one(spec, data));
    }

    private void one(GemmSpec spec, Data data) {
        one(spec, data, 1);
    }

    private void one(GemmSpec spec, Data data, double sizeOfC) {
        add(data, spec, s -> {
            GemmDesc desc = s.desc(kernel);
            GemmProblem problem = new GemmProblem(s, desc, data, options.seed(), sizeOfC);
            GemmPlan plan = run(problem, s, desc);
            return problem.verify(plan.bound(), options.seed());
        });
    }

    private void add(Data data, GemmSpec spec, Function<GemmSpec, Report> test) {
        if (!options.isSample() || spec.m() * spec.n() * spec.k() <= SMALL) {
            tally.add(() -> attempt(data, spec, test));
        }
    }

    /**
     * Tries a problem; of one that is declined, the same as kernels for weights take it, then its first row and column: kernels for
     * vectors take nothing else.
     */
    private boolean attempt(Data data, GemmSpec spec, Function<GemmSpec, Report> test) {
        if (tally.attempt(data + " " + spec, () -> test.apply(spec))) {
            return true;
        }
        if (kernel.id().group().isPresent() && !spec.equals(spec.ofWeights())) {
            return attempt(data, spec.ofWeights(), test);
        }
        boolean splits = spec.m() > 1 && spec.n() > 1;
        boolean row = splits && attempt(data, spec.size(1, spec.n()), test);
        return splits && attempt(data, spec.size(spec.m(), 1), test) || row;
    }

    private GemmPlan run(GemmProblem problem, GemmSpec spec, GemmDesc desc) {
        PackedMatrix packed =
                spec.packed() ? subject.pack(problem.rightOperand(), desc.accuracy(), spec.threads()) : null;
        GemmPlan plan = subject.plan(packed == null ? desc : desc.b(packed.desc()), spec.threads());
        plan.run(problem.args(packed));
        return plan;
    }

    /** A shape that leaves edges on all sides, with scale factors where the kernel needs them. */
    private GemmSpec edges() {
        return scaled(GemmSpec.plain(factors.tileRows() + 1, factors.tileCols() + 1, factors.tileRows() + 2));
    }

    private GemmSpec scaled(GemmSpec spec) {
        List<Scaling> left = factors.scalings(0);
        List<Scaling> right = factors.scalings(1);
        return spec.scalings(left.get(left.size() - 1), right.get(right.size() - 1));
    }

    private static GemmSpec.Lie lie(GemmSpec.Order order) {
        return new GemmSpec.Lie(order, Memory.Place.ARRAY);
    }

    /** C is NaN (or an odd pattern) before each run with beta = 0; whoever reads it cannot get an exact result. */
    private void poisonedC() {
        for (GemmSpec.Order order : GemmSpec.Order.values()) {
            for (double alpha : new double[] {1, -2, 0}) {
                one(edges().scalars(alpha, 0).lies(GemmSpec.Lie.PLAIN, GemmSpec.Lie.PLAIN, lie(order)), Data.EXACT);
            }
        }
    }

    /** A and B are NaN (or an odd pattern) where alpha = 0; where k = 0 alpha takes no part, whatever it is. */
    private void poisonedOperands() {
        double last = kernel.id().types().get(2).isInteger() ? -2 : Double.POSITIVE_INFINITY;
        double[] factorsOfNothing = {1, -1, last};
        for (GemmSpec.Order order : GemmSpec.Order.values()) {
            for (double beta : new double[] {0, 1, -2}) {
                GemmSpec spec = edges().lies(lie(order), lie(order), GemmSpec.Lie.PLAIN);
                one(spec.scalars(0, beta), Data.EXACT);
                GemmSpec empty = GemmSpec.plain(spec.m(), spec.n(), 0).scalings(spec.scalingA(), spec.scalingB());
                for (double alpha : factorsOfNothing) {
                    one(empty.scalars(alpha, beta).batch(GemmSpec.Batch.EACH), Data.EXACT);
                }
            }
        }
    }

    /** Around 256 (the block of named orders) and beyond other usual block sizes, with and without an old C. */
    private void blocks() {
        int m = factors.tileRows() + 1;
        int n = factors.tileCols() + 1;
        for (long k : new long[] {255, 256, 257, 509, 769, 1_031}) {
            for (Data data : List.of(Data.EXACT, Data.RANDOM)) {
                one(scaled(GemmSpec.plain(m, n, k)).scalars(-2, 1).threads(2), data);
                one(
                        scaled(GemmSpec.plain(2, 3, k))
                                .lies(lie(GemmSpec.Order.COL), lie(GemmSpec.Order.COL), lie(GemmSpec.Order.COL)),
                        data);
            }
        }
        // One operand along k, the other across, one of them in memory that is no whole array.
        for (GemmSpec.Order order : List.of(GemmSpec.Order.COL, GemmSpec.Order.ROW)) {
            GemmSpec.Order other = order == GemmSpec.Order.COL ? GemmSpec.Order.ROW : GemmSpec.Order.COL;
            GemmSpec.Lie c = lie(GemmSpec.Order.ROW_PADDED);
            GemmSpec.Lie a = new GemmSpec.Lie(order, Memory.Place.NATIVE);
            GemmSpec.Lie b = new GemmSpec.Lie(other, Memory.Place.NATIVE_1);
            one(scaled(GemmSpec.plain(m, n, 1_031)).lies(a, lie(other), c), Data.RANDOM);
            one(scaled(GemmSpec.plain(m, n, 257)).lies(lie(order), b, c), Data.RANDOM);
        }
        for (GemmSpec wide :
                List.of(GemmSpec.plain(211, 4, 37), GemmSpec.plain(3, 307, 37), GemmSpec.plain(131, 137, 41))) {
            one(scaled(wide).threads(3), Data.RANDOM);
        }
    }

    /**
     * One row and a few, as a decoder multiplies them, times weights whose groups are the usual ones, along k in memory or
     * across: kernels for them read several groups at a time, and leave rests of groups, outputs and bytes. One row takes all orders
     * with all ways of scaling; more rows take the next order with the next way.
     */
    private void groupsOfWeights() {
        DType left = kernel.id().types().get(0);
        List<GemmSpec.Order> orders = List.of(GemmSpec.Order.COL, GemmSpec.Order.COL_PADDED, GemmSpec.Order.ROW);
        int turn = 0;
        for (Scaling groups : factors.weights()) {
            for (long m : new long[] {1, 3, 16}) {
                GemmSpec spec = GemmSpec.plain(m, 71, 677)
                        .scalings(left.isInteger() ? Scaling.perAxis(0, DType.F32) : Scaling.NONE, groups)
                        .threads(m == 1 ? 1 : 2);
                boolean all = m == 1 || options.full();
                for (GemmSpec.Order order : all ? orders : List.of(orders.get(turn++ % orders.size()))) {
                    one(spec.lies(GemmSpec.Lie.PLAIN, lie(order), GemmSpec.Lie.PLAIN), Data.RANDOM);
                }
                for (long k : m == 1 ? new long[] {640, 740} : new long[0]) { // whole steps, or a part of a group
                    GemmSpec.Lie along = new GemmSpec.Lie(GemmSpec.Order.COL, Memory.Place.NATIVE);
                    one(spec.depth(k).lies(GemmSpec.Lie.PLAIN, along, GemmSpec.Lie.PLAIN), Data.RANDOM);
                }
                GemmSpec.Lie odd = new GemmSpec.Lie(GemmSpec.Order.COL, Memory.Place.NATIVE_1);
                one(spec.lies(odd, odd, odd).scalars(-1, 1).chain(EpilogueChain.BIAS_GELU_RESIDUAL), Data.RANDOM);
            }
        }
    }

    /** beta·C many times the product: its rounding may be paid for once, not once for each block of k. */
    private void largeC() {
        DType acc = kernel.id().types().get(2);
        DType c = kernel.id().types().get(3);
        boolean fits = c.isFloat() && acc.isFloat() && c.maxFinite() > 0x1p40;
        for (long k : new long[] {7, 300, 2_053, 4_099}) {
            double times = fits ? Math.scalb(1.0, Math.min(40, Math.max(4, acc.precision() - 12))) : 1;
            one(scaled(GemmSpec.plain(3, 5, k)).scalars(1, 1), Data.RANDOM, times);
            one(
                    scaled(GemmSpec.plain(factors.tileRows(), factors.tileCols(), k))
                            .scalars(1, 1),
                    Data.RANDOM,
                    times);
        }
    }

    /** NaN, infinities, signed zeros, subnormals and overflow, here and there or everywhere. */
    private void specials() {
        GemmSpec small = scaled(GemmSpec.plain(factors.tileRows() + 1, factors.tileCols() + 1, 3));
        for (Data data : List.of(Data.SPECIAL, Data.TINY, Data.HUGE)) {
            for (GemmSpec spec : List.of(small, edges(), scaled(GemmSpec.plain(7, 9, 1)))) {
                one(spec, data);
                one(
                        spec.scalars(-2, 1)
                                .lies(lie(GemmSpec.Order.COL), lie(GemmSpec.Order.ROW), lie(GemmSpec.Order.COL)),
                        data);
                one(spec.chain(EpilogueChain.RELU), data);
                one(spec.chain(EpilogueChain.GELU).scalars(1, 1), data);
                one(spec.chain(EpilogueChain.SILU), data);
            }
        }
    }

    /** The combinations of the exact rule with B packed beforehand, one matrix for the whole batch. */
    private void packed() {
        List<GemmSpec> specs = new ArrayList<>();
        for (GemmSpec spec : factors.combinations(true, new Options(false, options.seed()))) {
            boolean shared = spec.batch() == GemmSpec.Batch.ONE || spec.batch() == GemmSpec.Batch.ONE_B;
            if (shared && !spec.scalingB().hasScales() && spec.alpha() != 0) {
                specs.add(spec.packed(true));
            }
        }
        all(specs, Data.EXACT);
        if (!edges().scalingB().hasScales()) {
            one(edges().packed(true), Data.RANDOM);
        }
        one(GemmSpec.plain(67, 71, 700).packed(true).threads(2), Data.RANDOM);
    }

    /** Equal bits as far as they are promised, found out by demanding them. */
    private void determinism() {
        int m = factors.tileRows();
        int n = factors.tileCols();
        List<GemmSpec> specs = new ArrayList<>(List.of(
                edges(),
                scaled(GemmSpec.plain(4 * m + 3, 2 * n + 3, 515)),
                scaled(GemmSpec.plain(1, 130, 515)),
                scaled(GemmSpec.plain(3 * m, 5, 70)).scalars(-1, 1).chain(EpilogueChain.BIAS_GELU_RESIDUAL)));
        if (kernel.id().tile().isPresent()) {
            specs.add(GemmSpec.plain(151, 149, 601)); // large enough to be spread over threads
        }
        for (GemmSpec spec : specs) {
            add(Data.RANDOM, spec, this::sameBits);
        }
    }

    private Report sameBits(GemmSpec spec) {
        GemmDesc desc = spec.desc(kernel);
        GemmProblem problem = new GemmProblem(spec, desc, Data.RANDOM, options.seed());
        GemmDesc demanding = desc.determinism(Determinism.RUN_TO_RUN);
        long[] first = bits(problem, subject.plan(demanding, 2));
        List<String> differences = new ArrayList<>();
        differ(first, bits(problem, subject.plan(demanding, 2)), "a second run").ifPresent(differences::add);
        try {
            subject.plan(desc.determinism(Determinism.BITWISE), 2);
        } catch (UnsupportedProblemException e) {
            return report(differences);
        }
        for (int threads : THREADS) {
            GemmPlan plan = subject.plan(desc.determinism(Determinism.BITWISE), threads);
            differ(first, bits(problem, plan), threads + " threads").ifPresent(differences::add);
        }
        named(desc, problem, first).ifPresent(differences::add);
        return report(differences);
    }

    /** The order must be named in the id (or be exact), and give the bits of the reference's kernel of that order. */
    private java.util.Optional<String> named(GemmDesc desc, GemmProblem problem, long[] first) {
        EvaluationOrder order = kernel.id().order().orElse(EvaluationOrder.EXACT);
        GemmDesc demanding = desc.determinism(Determinism.bitwise(order));
        try {
            subject.plan(demanding, 1);
        } catch (UnsupportedProblemException e) {
            return java.util.Optional.of("promises equal bits in an order that its id does not name");
        }
        GemmPlan reference;
        try {
            reference = subject.reference(demanding);
        } catch (UnsupportedProblemException e) {
            return java.util.Optional.empty();
        }
        return differ(first, bits(problem, reference), "the reference in the order " + order);
    }

    static Report report(List<String> differences) {
        return new Report(differences.isEmpty(), 0, 0, 0, 0, String.join("; ", differences));
    }

    private static long[] bits(GemmProblem problem, GemmPlan plan) {
        problem.restore();
        plan.run(problem.args(null));
        return problem.bits();
    }

    static java.util.Optional<String> differ(long[] first, long[] second, String who) {
        int at = Arrays.mismatch(first, second);
        return at < 0
                ? java.util.Optional.empty()
                : java.util.Optional.of("element " + at + " has bits " + Long.toHexString(first[at]) + ", with " + who
                        + " " + Long.toHexString(second[at]));
    }
}
