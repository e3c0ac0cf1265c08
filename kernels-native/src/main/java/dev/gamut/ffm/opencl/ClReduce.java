package dev.gamut.ffm.opencl;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.device.DeviceInfo;
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
 * Reductions of one operation and type by Gamut's own kernels in OpenCL C: any strides and axis of up to four axes.
 *
 * <p>Bound: (n + 2)·u for sums of n terms, in whatever order; selections and sums of integers are exact.
 */
final class ClReduce implements ReduceKernel {
    private static final int AXES = 4;
    private static final int GROUP = 64;

    /** Terms that are worth a group of their own. */
    private static final long TERMS_OF_A_PART = 8_192;

    private static final long MOST_PARTS = 256;

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

    private final Formula formula;
    private final DType type;
    private final DType result;
    private final KernelInfo info;

    private ClReduce(Formula formula, DType type) {
        this.formula = formula;
        this.type = type;
        this.result = ReduceDesc.of(formula.op, type, Layout.rowMajor(1), ReduceDesc.ALL)
                .result();
        this.info = new KernelInfo(
                KernelId.of(formula.op.name().toLowerCase(Locale.ROOT), List.of(type, result), "opencl"),
                ClHost.NAME,
                true,
                "own OpenCL C, groups of " + GROUP);
    }

    static List<ClReduce> kernels() {
        List<ClReduce> all = new ArrayList<>();
        for (Formula formula : FORMULAS) {
            TYPES.forEach(type -> all.add(new ClReduce(formula, type)));
        }
        return all;
    }

    @Override
    public KernelInfo info() {
        return info;
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return Optional.empty();
    }

    @Override
    public Offer<ReduceExecutor> offer(ReduceDesc desc, OfferContext context) {
        Optional<String> reason = objection(desc, context.device().orElseThrow());
        if (reason.isPresent()) {
            return new Offer.Decline<>(reason.get());
        }
        boolean exact = formula.op.isSelection() || type.isInteger();
        return new Offer.Accept<>(
                ClCost.ofElements(context, info.id(), (double) desc.terms() * desc.results()),
                exact ? ErrorBound.EXACT : ErrorBound.ofAccumulation(type.sumAccumulator()),
                exact ? Determinism.bitwise(EvaluationOrder.EXACT) : Determinism.RUN_TO_RUN,
                plan -> {
                    String source = source(plan.device().info());
                    return args -> execute(desc, args, plan.device(), source);
                });
    }

    private Optional<String> objection(ReduceDesc desc, DeviceInfo device) {
        DType sum = type.sumAccumulator();
        if (desc.op() != formula.op || desc.type() != type) {
            return Optional.of("operation is " + desc.op() + " of " + desc.type() + "; this kernel computes "
                    + formula.op + " of " + type);
        }
        if (desc.result() != result) {
            return Optional.of("result is " + desc.result() + "; this kernel gives " + result);
        }
        if (sum.isFloat() && !ClSource.computes(device, sum)) {
            return Optional.of(device.title() + " has no arithmetic in " + sum + " as IEEE 754 says");
        }
        return desc.x().rank() > AXES
                ? Optional.of("x has " + desc.x().rank() + " axes; up to " + AXES + " are taken")
                : Optional.empty();
    }

    private String source(DeviceInfo device) {
        boolean integers = type.isInteger();
        DType sum = type.sumAccumulator();
        return new ClSource(device)
                .define("X", type.id())
                .define("SUM", ClSource.scalar(sum))
                .define("REAL", integers ? "float" : ClSource.scalar(sum))
                .define("INTEGERS", integers)
                .define("SELECTS", formula.op.isSelection())
                .define("INDEX", formula.op.isIndex())
                .define("BINARY", formula.op.isBinary())
                .define("TERM", integers ? formula.ofInteger : formula.term)
                .define("VALUE", integers ? formula.ofKey : formula.result)
                .define("STORE", (integers ? "exact_" : "store_") + result.id())
                .with("reduce.cl");
    }

    private static void execute(ReduceDesc desc, ReduceArgs args, Device device, String source) {
        long parts = Math.clamp(desc.terms() / TERMS_OF_A_PART, 1, desc.results() > 1 ? 1 : MOST_PARTS);
        if (desc.results() == 0) {
            return;
        }
        long[] shape = shape(desc, args, parts);
        long states = Math.multiplyExact(desc.results() * parts, Long.BYTES);
        try (DeviceBuffer values = device.allocate(states);
                DeviceBuffer indexes = device.allocate(states);
                Launch first = new Launch(device, source, "parts");
                Launch last = new Launch(device, source, "join_parts")) {
            first.longs(shape).memory(args.x().remote()).memory(args.y().remote());
            first.memory(values).memory(indexes).run(parts * GROUP, desc.results(), 1, GROUP, 1);
            last.longs(shape).memory(values).memory(indexes).memory(args.out().remote());
            last.run(desc.results(), 1, 1, GROUP, 1);
        }
    }

    /** The structure {@code shape}: terms are numbered over the axes that disappear, results over those that remain. */
    private static long[] shape(ReduceDesc desc, ReduceArgs args, long parts) {
        int head = 6;
        long[] shape = new long[head + 6 * AXES];
        shape[0] = desc.terms();
        shape[1] = desc.results();
        shape[2] = parts;
        shape[3] = args.x().offset();
        shape[4] = args.y().offset();
        shape[5] = args.out().offset();
        for (int d = 0; d < AXES; d++) {
            int axis = d - (AXES - desc.x().rank());
            boolean disappears = desc.axis() == ReduceDesc.ALL || axis == desc.axis();
            axis(shape, head + d, axis >= 0 && disappears, desc, axis);
            axis(shape, head + 3 * AXES + d, axis >= 0 && !disappears, desc, axis);
        }
        return shape;
    }

    private static void axis(long[] shape, int at, boolean counts, ReduceDesc desc, int axis) {
        shape[at] = counts ? desc.x().size(axis) : 1;
        shape[at + AXES] = counts ? desc.x().stride(axis) : 0;
        shape[at + 2 * AXES] = counts ? desc.y().stride(axis) : 0;
    }

    @Override
    public String toString() {
        return info.id().toString();
    }
}
