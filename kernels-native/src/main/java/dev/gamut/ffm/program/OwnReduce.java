package dev.gamut.ffm.program;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.device.DeviceInfo;
import dev.gamut.device.Scratch;
import dev.gamut.dtype.DType;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.spi.ReduceKernel;
import dev.gamut.tensor.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reductions of one operation and type by Gamut's own programs: any strides and axis of up to four axes.
 *
 * <p>Bound: (n + 2)·u for sums of n terms, in whatever order; selections and sums of integers are exact.
 */
public final class OwnReduce extends DeviceKernel<ReduceDesc, ReduceExecutor> implements ReduceKernel {
    private static final int AXES = 4;
    private static final int GROUP = 64;

    /** Terms that are worth a group of their own. */
    private static final long TERMS_OF_A_PART = 8_192;

    /** Groups of all results that are worth it. */
    private static final long MOST_PARTS = 4_096;

    /**
     * What an operation is in OpenCL C.
     *
     * @param op the operation
     * @param term of floats, from {@code value} and {@code other}
     * @param ofInteger the same of integers
     * @param result from the smallest {@code key}, of floats
     * @param ofKey the same of integers
     */
    private record Formula(ReduceOp op, String term, String ofInteger, String result, String ofKey) {}

    private static final List<Formula> FORMULAS = List.of(
            new Formula(ReduceOp.SUM, "value", "value", "key", "key"),
            new Formula(ReduceOp.ASUM, "fabs(value)", "(value < 0 ? -value : value)", "key", "key"),
            new Formula(ReduceOp.DOT, "value * other", "value * other", "key", "key"),
            new Formula(ReduceOp.MIN, "value", "value", "key", "key"),
            new Formula(ReduceOp.MAX, "-value", "~value", "-key", "~key"),
            new Formula(ReduceOp.ARGMIN, "value", "value", "key", "key"),
            new Formula(ReduceOp.ARGMAX, "-value", "~value", "key", "key"),
            new Formula(ReduceOp.ARGAMAX, "-fabs(value)", "(value < 0 ? value : -value)", "key", "key"));

    private static final List<DType> TYPES = List.of(DType.F64, DType.F32, DType.F16, DType.BF16, DType.I32, DType.I8);

    private final Language language;
    private final Formula formula;
    private final DType type;
    private final DType result;

    private OwnReduce(Language language, Formula formula, DType type) {
        super(new KernelInfo(
                id(formula.op, type, language.provider()),
                language.provider(),
                true,
                language.title() + ", groups of " + GROUP));
        this.language = language;
        this.formula = formula;
        this.type = type;
        this.result = info().id().types().getLast();
    }

    /**
     * The name of a reduction to the natural type of its results.
     *
     * @param op operation
     * @param type of its terms
     * @param impl who computes
     */
    public static KernelId id(ReduceOp op, DType type, String impl) {
        DType result =
                ReduceDesc.of(op, type, Layout.rowMajor(1), ReduceDesc.ALL).result();
        return KernelId.of(op.name().toLowerCase(Locale.ROOT), List.of(type, result), impl);
    }

    /** All of them. */
    public static List<OwnReduce> kernels(Language language) {
        List<OwnReduce> all = new ArrayList<>();
        for (Formula formula : FORMULAS) {
            TYPES.forEach(type -> all.add(new OwnReduce(language, formula, type)));
        }
        return all;
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return language.missing();
    }

    @Override
    protected Offer.Accept<ReduceExecutor> acceptance(ReduceDesc desc, OfferContext context) {
        boolean exact = formula.op.isSelection() || type.isInteger();
        return new Offer.Accept<>(
                ProgramCost.ofElements(context, info().id(), (double) desc.terms() * desc.results()),
                exact ? ErrorBound.EXACT : ErrorBound.ofAccumulation(type.sumAccumulator()),
                exact ? Determinism.bitwise(EvaluationOrder.EXACT) : Determinism.RUN_TO_RUN,
                plan -> {
                    Language.Ready program = language.ready(plan.device(), program());
                    return args -> execute(desc, args, plan.device(), program);
                });
    }

    @Override
    protected Optional<String> objection(ReduceDesc desc, DeviceInfo device) {
        DType sum = type.sumAccumulator();
        Optional<String> none = language.objection(device);
        if (none.isPresent()) {
            return none;
        }
        if (desc.op() != formula.op || desc.type() != type) {
            return Optional.of("operation is " + desc.op() + " of " + desc.type() + "; this kernel computes "
                    + formula.op + " of " + type);
        }
        if (desc.result() != result) {
            return Optional.of("result is " + desc.result() + "; this kernel gives " + result);
        }
        if (sum.isFloat() && !Program.computes(device, sum)) {
            return Optional.of(device.title() + " has no arithmetic in " + sum + " as IEEE 754 says");
        }
        return desc.x().rank() > AXES
                ? Optional.of("x has " + desc.x().rank() + " axes; up to " + AXES + " are taken")
                : Optional.empty();
    }

    /** What computes it. */
    public Program program() {
        boolean integers = type.isInteger();
        DType sum = type.sumAccumulator();
        return new Program(info().id().toString(), "reduce.cl")
                .with("GROUP", Integer.toString(GROUP))
                .with("X", type.id())
                .with("SUM", Program.scalar(sum))
                .with("REAL", integers ? "float" : Program.scalar(sum))
                .with("INTEGERS", integers)
                .with("SELECTS", formula.op.isSelection())
                .with("INDEX", formula.op.isIndex())
                .with("BINARY", formula.op.isBinary())
                .with("TERM", integers ? formula.ofInteger : formula.term)
                .with("VALUE", integers ? formula.ofKey : formula.result)
                .with("STORE", (integers ? "exact_" : "store_") + result.id());
    }

    private static void execute(ReduceDesc desc, ReduceArgs args, Device device, Language.Ready program) {
        long results = desc.results();
        if (results == 0) {
            return;
        }
        long parts = Math.clamp(desc.terms() / TERMS_OF_A_PART, 1, Math.max(1, MOST_PARTS / results));
        long[] shape = shape(desc, args, parts);
        long states = Math.multiplyExact(results * parts, Long.BYTES);
        try (Scratch.Use scratch = device.scratch();
                Launch first = program.launch("parts");
                Launch last = program.launch("join_parts")) {
            DeviceBuffer values = scratch.take(states);
            DeviceBuffer indexes = scratch.take(states);
            first.longs(shape).memory(args.x().remote()).memory(args.y().remote());
            first.memory(values).memory(indexes).run(results * GROUP, parts, 1, GROUP, 1);
            last.longs(shape).memory(values).memory(indexes).memory(args.out().remote());
            last.run(results * GROUP, 1, 1, GROUP, 1);
        }
    }

    /** The structure {@code shape}: terms are numbered over the axes that disappear, results over those that remain. */
    private static long[] shape(ReduceDesc desc, ReduceArgs args, long parts) {
        int head = 7;
        List<ReducedAxis> terms = ReducedAxis.terms(desc);
        long[] shape = new long[head + 6 * AXES];
        shape[0] = desc.terms();
        shape[1] = desc.results();
        shape[2] = parts;
        shape[3] = terms.size() <= 1 ? 1 : 0;
        shape[4] = args.x().offset();
        shape[5] = args.y().offset();
        shape[6] = args.out().offset();
        put(shape, head, terms);
        put(shape, head + 3 * AXES, ReducedAxis.results(desc));
        return shape;
    }

    /** The last axis last, before it axes of one element. */
    private static void put(long[] shape, int at, List<ReducedAxis> axes) {
        int first = AXES - axes.size();
        for (int d = 0; d < AXES; d++) {
            ReducedAxis axis = d < first ? new ReducedAxis(1, 0, 0) : axes.get(d - first);
            shape[at + d] = axis.size();
            shape[at + AXES + d] = axis.x();
            shape[at + 2 * AXES + d] = axis.y();
        }
    }
}
