package dev.gamut.internal.reference;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.dtype.DType;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.ConvertExecutor;
import dev.gamut.spi.ConvertKernel;
import dev.gamut.spi.Cost;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The reference conversion of one pair of types: any layout, scaling and rounding, element by element. */
final class ReferenceConvert implements ConvertKernel {
    private static final double SECONDS_PER_ELEMENT = 50e-9;
    private static final double SECONDS_PER_CALL = 10e-6;

    private final DType from;
    private final DType to;
    private final KernelInfo info;

    ReferenceConvert(DType from, DType to) {
        this.from = from;
        this.to = to;
        this.info = new KernelInfo(
                KernelId.of("convert", List.of(from, to), "ref"),
                ReferenceProvider.NAME,
                true,
                "scalar reference: one rounding");
    }

    /** A kernel for each pair of types. */
    static List<ReferenceConvert> kernels() {
        List<DType> types = List.of(DType.values()).stream()
                .filter(type -> type.kind() != DType.Kind.SCALE)
                .toList();
        List<ReferenceConvert> kernels = new ArrayList<>();
        for (DType from : types) {
            types.forEach(to -> kernels.add(new ReferenceConvert(from, to)));
        }
        return kernels;
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
    public Offer<ConvertExecutor> offer(ConvertDesc desc, OfferContext context) {
        if (desc.x().type() != from || desc.y().type() != to) {
            return new Offer.Decline<>("types are " + desc.x().type() + " to "
                    + desc.y().type() + "; this kernel converts " + from + " to " + to);
        }
        Cost cost = new Cost(desc.elements() * SECONDS_PER_ELEMENT, 0, 0, SECONDS_PER_CALL, 0);
        return new Offer.Accept<>(
                cost,
                ErrorBound.EXACT,
                Determinism.bitwise(EvaluationOrder.EXACT),
                plan -> new ConvertLoop(desc, plan));
    }

    @Override
    public String toString() {
        return info.id().toString();
    }
}
