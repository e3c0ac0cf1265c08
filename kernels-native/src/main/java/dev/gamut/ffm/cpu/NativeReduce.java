package dev.gamut.ffm.cpu;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.Cost;
import dev.gamut.spi.CostModel;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.spi.ReduceKernel;
import dev.gamut.tensor.Layout;
import java.util.Locale;
import java.util.Optional;

/**
 * One operation on neighbouring numbers to one result. With u the unit roundoff of the accumulator, F32 or F64, and L = ⌈log2 n⌉ a sum
 * in the order tree64 rounds at most 57 + L times from a term to the result, a dot product 58 + L times. In a free order a lane takes at most
 * {@value #CHAIN} terms one after the other before lanes and runs of at least 2^13 terms are joined pairwise: {@value #CHAIN} + L, one more
 * for products. A square root halves the relative error of its sum, and with the root itself and a subnormal result two roundings come on
 * top. No order rounds more than n + 2 times. Minima and maxima are exact.
 */
final class NativeReduce extends NativeKernel implements ReduceKernel {
    /** Additions to a lane in a run, and those that join lanes beyond the levels that a run saves (native-src, generic/reduce.inc). */
    private static final int CHAIN = 510;

    private final ReduceOp op;
    private final DType type;
    private final DType accumulator;
    private final boolean tree64;

    NativeReduce(CpuLibrary library, CpuLibrary.Entry entry) {
        super(library, entry, true, summary(entry), entry.id().types().getLast());
        op = ReduceOp.valueOf(id().op().toUpperCase(Locale.ROOT));
        type = id().types().getFirst();
        accumulator = id().types().getLast();
        tree64 = isTree64(entry);
    }

    private static boolean isTree64(CpuLibrary.Entry entry) {
        return entry.id().order().equals(Optional.of(EvaluationOrder.TREE64));
    }

    private static String summary(CpuLibrary.Entry entry) {
        return isTree64(entry) ? "C, 64 lanes over blocks of 4,096 terms, pairwise above" : "C, runs of whole vectors";
    }

    @Override
    public Offer<ReduceExecutor> offer(ReduceDesc desc, OfferContext context) {
        Optional<String> reason = unavailable(context.machine()).or(() -> decline(desc));
        if (reason.isPresent()) {
            return new Offer.Decline<>(reason.get());
        }
        return new Offer.Accept<>(
                cost(desc, model(context)),
                bound(desc.terms()),
                determinism(),
                plan -> new NativeReduction(library(), number(), desc, plan, parts(desc, model(plan))));
    }

    private Optional<String> decline(ReduceDesc desc) {
        if (desc.op() != op || desc.type() != type) {
            return Optional.of("operation is " + desc.op() + " of " + desc.type() + "; this kernel computes " + op
                    + " of " + type);
        }
        if (!op.isSelection() && desc.result().precision() > accumulator.precision()) {
            return Optional.of("result is " + desc.result() + "; this kernel accumulates in " + accumulator);
        }
        if (desc.results() != 1) {
            return Optional.of("results are " + desc.results() + "; this kernel gives 1");
        }
        return scattered("x", desc, desc.x()).or(() -> scattered("y", desc, desc.y()));
    }

    private static Optional<String> scattered(String name, ReduceDesc desc, Layout layout) {
        boolean neighbours = desc.axis() == ReduceDesc.ALL
                ? layout.isRowMajor()
                : desc.terms() <= 1 || layout.stride(desc.axis()) == 1;
        return neighbours
                ? Optional.empty()
                : Optional.of(name + " is " + layout + "; its terms must be neighbours in row-major order");
    }

    private Determinism determinism() {
        if (op.isSelection()) {
            return Determinism.bitwise(EvaluationOrder.EXACT);
        }
        return tree64 ? Determinism.bitwise(EvaluationOrder.TREE64) : Determinism.RUN_TO_RUN;
    }

    private ErrorBound bound(long terms) {
        if (op.isSelection()) {
            return ErrorBound.EXACT;
        }
        ErrorBound anyOrder = ErrorBound.ofAccumulation(accumulator);
        ErrorBound tree = ErrorBound.ofTree(accumulator, chain());
        return tree.relative(terms) <= anyOrder.relative(terms) ? tree : anyOrder;
    }

    private double chain() {
        double sum = tree64 ? 57 : CHAIN;
        return switch (op) {
            case DOT -> sum + 1;
            case NRM2 -> (sum + 1) / 2 + 2;
            default -> sum;
        };
    }

    private Cost cost(ReduceDesc desc, CostModel model) {
        double bytes = (double) desc.terms() * type.bits() / 8 * (op.isBinary() ? 2 : 1);
        boolean near = bytes <= model.context().machine().caches().l2();
        double cycles = bytes / model.get(near ? "cache_bytes_per_cycle" : "memory_bytes_per_cycle");
        int threads = Math.min(parts(desc, model), model.context().threads());
        return new Cost(
                0,
                model.seconds(cycles) / threads,
                0,
                model.seconds(model.get("call_cycles") + model.forkCycles(threads)),
                0);
    }

    /** Some for each thread, so that a thread which is held up does not hold up the rest for long. */
    private static int parts(ReduceDesc desc, CostModel model) {
        int threads = model.context().threads();
        return threads == 1 ? 1 : (int) Math.clamp(desc.terms() / model.get("terms_per_part"), 1, 4.0 * threads);
    }
}
