package dev.gamut.conformance;

import dev.gamut.convert.ConvertDesc;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Rounding;
import dev.gamut.dtype.Scaling;
import dev.gamut.spi.KernelInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The rules for conversion kernels: every bit is prescribed. */
final class ConvertRules {
    private static final int[] SIZES = {0, 1, 2, 15, 16, 17, 33, 70};

    private final KernelInfo kernel;
    private final Options options;
    private final Subject subject;
    private final DType from;
    private final DType to;
    private final Tally tally;

    private ConvertRules(KernelInfo kernel, Options options, Subject subject, String rule) {
        this.kernel = kernel;
        this.options = options;
        this.subject = subject;
        this.from = kernel.id().types().get(0);
        this.to = kernel.id().types().get(1);
        this.tally = new Tally(kernel.id(), rule + " | seed " + options.seed());
    }

    /** {@code required} says whether a kernel that declines all of it breaks it. */
    private record Rule(String name, boolean required, Predicate<KernelInfo> applies, Consumer<ConvertRules> test) {}

    private static final List<Rule> RULES = List.of(
            new Rule("every element has the bits prescribed", true, k -> true, ConvertRules::shapes),
            new Rule("every code and what lies between two", true, k -> true, ConvertRules::codes),
            new Rule("other roundings", true, k -> true, ConvertRules::roundings),
            new Rule(
                    "scale factors and zero points", true, k -> scales(k, Byte.SIZE), rules -> rules.scaled(Byte.SIZE)),
            new Rule(Conformance.WIDE_FACTORS, false, k -> scales(k, Short.SIZE), rules -> rules.scaled(Short.SIZE)));

    static List<Conformance.Case> cases(KernelInfo kernel, Supplier<Subject> open, Options options) {
        return RULES.stream()
                .filter(rule -> rule.applies.test(kernel))
                .map(rule -> new Conformance.Case(kernel.id(), rule.name, () -> run(rule, kernel, open, options)))
                .toList();
    }

    private static Outcome run(Rule rule, KernelInfo kernel, Supplier<Subject> open, Options options) {
        try (Subject subject = open.get()) {
            ConvertRules rules = new ConvertRules(kernel, options, subject, rule.name);
            rule.test.accept(rules);
            rules.tally.run(options);
            return rules.tally.outcome(rule.required);
        }
    }

    private static boolean scales(KernelInfo kernel, int bits) {
        return kernel.id().types().stream().anyMatch(type -> areCodes(type, bits));
    }

    /** Whether a type's numbers are those with scale factors: of 16 bits, or of 8 and fewer. */
    private static boolean areCodes(DType type, int bits) {
        return Math.max(Byte.SIZE, type.bits()) == bits;
    }

    private void one(ConvertSpec spec) {
        tally.add(() -> tally.attempt(spec, () -> {
            ConvertDesc desc = spec.desc(from, to);
            ConvertProblem problem = new ConvertProblem(spec, desc, options.seed());
            subject.plan(desc, spec.threads()).run(problem.args());
            return problem.verify();
        }));
    }

    private void shapes() {
        GemmSpec.Order[] orders = GemmSpec.Order.values();
        Memory.Place[] places = Memory.Place.values();
        int[] counts = {SIZES.length, SIZES.length, orders.length, orders.length, places.length, places.length, 2, 3};
        for (int[] v : options.full() ? Pairwise.all(counts) : Pairwise.rows(counts, options.seed())) {
            one(ConvertSpec.plain(SIZES[v[0]], SIZES[v[1]])
                    .lies(new GemmSpec.Lie(orders[v[2]], places[v[4]]), new GemmSpec.Lie(orders[v[3]], places[v[5]]))
                    .batch(1 + 2 * v[6])
                    .threads(1 + v[7]));
        }
    }

    /** Long rows, so that each code of 16 bits occurs; in a sample, some thousand codes. */
    private void codes() {
        one(ConvertSpec.plain(1, options.isSample() ? 3_001 : 70_001));
        one(ConvertSpec.plain(3, options.isSample() ? 1_001 : 30_001).threads(2));
    }

    private void roundings() {
        for (Rounding rounding : Rounding.values()) {
            if (rounding == Rounding.STOCHASTIC && to.bits() > 16) {
                continue;
            }
            for (boolean counted : new boolean[] {false, true}) {
                one(ConvertSpec.plain(5, options.isSample() ? 403 : 4_003)
                        .rounding(rounding)
                        .counted(counted));
            }
            numbered(rounding);
        }
    }

    /** Numbers that elements are rounded by count rows of all matrices, wherever they lie and whichever thread takes them. */
    private void numbered(Rounding rounding) {
        GemmSpec.Order[] orders = GemmSpec.Order.values();
        for (int i = 0; i < orders.length; i++) {
            one(ConvertSpec.plain(5, 37)
                    .rounding(rounding)
                    .counted(i % 2 == 0)
                    .lies(
                            new GemmSpec.Lie(orders[i], Memory.Place.NATIVE),
                            new GemmSpec.Lie(orders[(i + 2) % orders.length], Memory.Place.ARRAY_1))
                    .batch(3)
                    .threads(1 + i % 3));
        }
    }

    private void scaled(int bits) {
        boolean scalesX = areCodes(from, bits);
        boolean scalesY = areCodes(to, bits);
        List<Scaling> left = scalesX ? new ArrayList<>(scalings(from)) : List.of(Scaling.NONE);
        List<Scaling> right = scalesY ? scalings(to) : List.of(Scaling.NONE);
        if (scalesX) { // of results, zero points are integers
            left.add(Scaling.perAxis(0, DType.F32).withZeroPoints(DType.F32));
        }
        for (Scaling x : left) {
            for (Scaling y : right) {
                if (x.hasScales() || y.hasScales()) {
                    one(ConvertSpec.plain(9, 133).scalings(x, y).threads(2));
                    one(ConvertSpec.plain(37, 8)
                            .scalings(x, y)
                            .lies(
                                    new GemmSpec.Lie(GemmSpec.Order.COL, Memory.Place.NATIVE),
                                    new GemmSpec.Lie(GemmSpec.Order.ROW, Memory.Place.ARRAY)));
                    one(ConvertSpec.plain(5, 133)
                            .scalings(x, y)
                            .batch(2)
                            .lies(
                                    new GemmSpec.Lie(GemmSpec.Order.ROW, Memory.Place.ARRAY_1),
                                    new GemmSpec.Lie(GemmSpec.Order.COL, Memory.Place.NATIVE)));
                }
            }
        }
        for (Scaling odd : List.of(Scaling.perBlock(1, 20, DType.F32), Scaling.perBlock(0, 20, DType.F32))) {
            boolean along = odd.axis() == 1; // parts of a long row do not begin where a block does
            ConvertSpec spec = (along ? ConvertSpec.plain(1, 4_140) : ConvertSpec.plain(50, 9)).threads(2);
            if (scalesX) {
                one(spec.scalings(odd, Scaling.NONE));
            }
            if (scalesY) {
                one(spec.scalings(Scaling.NONE, odd));
            }
        }
        if (scalesY) {
            Scaling blocks = Scaling.perBlock(1, 32, DType.F32);
            one(ConvertSpec.plain(4, 100).scalings(Scaling.NONE, blocks).counted(true));
            for (Rounding rounding : Rounding.values()) {
                ConvertSpec spec = ConvertSpec.plain(4, 100)
                        .scalings(Scaling.NONE, blocks)
                        .rounding(rounding)
                        .batch(3);
                one(spec);
                one(spec.threads(3)
                        .lies(
                                new GemmSpec.Lie(GemmSpec.Order.COL_PADDED, Memory.Place.ARRAY),
                                new GemmSpec.Lie(GemmSpec.Order.COL, Memory.Place.NATIVE)));
            }
        }
    }

    private static List<Scaling> scalings(DType type) {
        List<Scaling> all = new ArrayList<>(List.of(
                Scaling.NONE,
                Scaling.perTensor(DType.F32),
                Scaling.perAxis(0, DType.F16),
                Scaling.perBlock(1, 32, type.isFloat() ? DType.F8E8M0 : DType.F32)));
        if (type.isInteger()) {
            all.add(Scaling.perAxis(1, DType.BF16).withZeroPoints(DType.I8));
            all.add(Scaling.perBlock(1, 32, DType.F32).withZeroPoints(DType.I8));
            all.add(Scaling.perBlock(1, 32, DType.F32).withZeroPoints(DType.I32));
        }
        return all;
    }
}
