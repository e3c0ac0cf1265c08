package dev.gamut.vector.convert;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Rounding;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.ConvertExecutor;
import dev.gamut.spi.ConvertKernel;
import dev.gamut.spi.Cost;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.vector.Requirements;
import java.util.List;
import java.util.Optional;

/**
 * The conversion of one pair of types, row by row through F32 numbers, which every element is exactly, so that it is rounded once.
 * Offers are answered without touching the Vector API.
 */
final class VectorConvert implements ConvertKernel {
    private final DType from;
    private final DType to;
    private final KernelInfo info;

    VectorConvert(DType from, DType to) {
        this.from = from;
        this.to = to;
        this.info = new KernelInfo(
                KernelId.of("convert", List.of(from, to), "vec"), "vector", true, "decoded to F32 and encoded, in L1");
    }

    @Override
    public KernelInfo info() {
        return info;
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return Requirements.missing(machine);
    }

    @Override
    public Offer<ConvertExecutor> offer(ConvertDesc desc, OfferContext context) {
        Optional<String> reason = unavailable(context.machine()).or(() -> decline(desc));
        if (reason.isPresent()) {
            return new Offer.Decline<>(reason.get());
        }
        int threads = threads(desc, context);
        double cycles = desc.elements() * get(context, "cycles_per_element") / threads;
        double ghz = get(context, "ghz") * 1e9;
        double fork = threads > 1 ? get(context, "fork_cycles") : 0;
        return new Offer.Accept<>(
                new Cost(0, cycles / ghz, 0, (get(context, "call_cycles") + fork) / ghz, 0),
                ErrorBound.EXACT,
                Determinism.bitwise(EvaluationOrder.EXACT),
                plan -> new MatrixConvert(
                        desc, plan, threads(desc, new OfferContext(plan.machine(), plan.tuning(), plan.threads()))));
    }

    private double get(OfferContext context, String constant) {
        return context.tuning().get(context.machine(), info.id(), constant, Double.NaN);
    }

    private int threads(ConvertDesc desc, OfferContext context) {
        double cycles = desc.elements() * get(context, "cycles_per_element");
        return (int) Math.clamp(cycles / get(context, "cycles_per_thread"), 1, context.threads());
    }

    private Optional<String> decline(ConvertDesc desc) {
        if (desc.x().type() != from || desc.y().type() != to) {
            return Optional.of("types are " + desc.x().type() + " to "
                    + desc.y().type() + "; this kernel converts " + from + " to " + to);
        }
        if (desc.rounding() != Rounding.NEAREST_EVEN) {
            return Optional.of("rounding is " + desc.rounding() + "; it must be NEAREST_EVEN");
        }
        if (desc.counted()) {
            return Optional.of("losses are counted");
        }
        return scaled("x", desc.x()).or(() -> scaled("y", desc.y())).or(() -> shared(desc.y()));
    }

    private static Optional<String> scaled(String name, MatrixDesc m) {
        return m.scaling().hasScales() && m.type() == DType.F32
                ? Optional.of(name + " is F32 with scaling " + m.scaling() + "; only narrower types are scaled here")
                : Optional.empty();
    }

    /** Rows of 4-bit elements must not share bytes, or threads would write to one. */
    private static Optional<String> shared(MatrixDesc y) {
        return y.type().isSubByte() && (y.colStride() != 1 && y.cols() > 1)
                ? Optional.of("y is " + y.type() + " without contiguous rows")
                : Optional.empty();
    }

    @Override
    public String toString() {
        return info.id().toString();
    }
}
