package dev.gamut.ffm.cpu;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Rounding;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.ConvertExecutor;
import dev.gamut.spi.ConvertKernel;
import dev.gamut.spi.Cost;
import dev.gamut.spi.CostModel;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * One matrix of contiguous rows from one type to another, each element rounded once; codes of 8 or 4 bits with scale factors for the
 * whole, for rows or for blocks of a row, and zero points. Every bit is prescribed by {@link ConvertDesc}.
 */
final class NativeConvert extends NativeKernel implements ConvertKernel {
    private static final Set<DType> SCALES = EnumSet.of(DType.F32, DType.F16, DType.BF16);
    private static final Set<DType> ZERO_POINTS = EnumSet.of(DType.I8, DType.U8);

    private final DType from;
    private final DType to;

    NativeConvert(CpuLibrary library, CpuLibrary.Entry entry) {
        super(library, entry, true, "C, neighbouring numbers of contiguous rows", DType.F32);
        from = id().types().getFirst();
        to = id().types().getLast();
    }

    @Override
    public Offer<ConvertExecutor> offer(ConvertDesc desc, OfferContext context) {
        Optional<String> reason = unavailable(context.machine()).or(() -> decline(desc));
        if (reason.isPresent()) {
            return new Offer.Decline<>(reason.get());
        }
        return new Offer.Accept<>(
                cost(desc, model(context)),
                ErrorBound.EXACT,
                Determinism.bitwise(EvaluationOrder.EXACT),
                plan -> new NativeConversion(library(), number(), desc, plan, threads(desc, model(plan))));
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
        if (desc.batch() != 1) {
            return Optional.of("batch is " + desc.batch() + "; it must be 1");
        }
        return lying("x", desc.x()).or(() -> lying("y", desc.y()));
    }

    private static Optional<String> lying(String name, MatrixDesc m) {
        if (m.colStride() != 1 && m.cols() > 1) {
            return Optional.of(name + " has stride " + m.colStride() + " along rows; it must be 1");
        }
        Scaling by = m.scaling();
        boolean known = !by.hasScales()
                || m.type().bits() <= Byte.SIZE
                        && hasGroups(by)
                        && SCALES.contains(by.scaleType())
                        && by.zeroPointType().map(ZERO_POINTS::contains).orElse(true);
        return known
                ? Optional.empty()
                : Optional.of(
                        name + " is " + m.type() + " with scaling " + by + "; allowed are codes of up to 8 bits, one"
                                + " factor for all, for each row or for blocks along rows, scales of " + SCALES
                                + " and zero points of "
                                + ZERO_POINTS);
    }

    private static boolean hasGroups(Scaling by) {
        return switch (by.granularity()) {
            case NONE, PER_TENSOR -> true;
            case PER_AXIS -> by.axis() == 0;
            case PER_BLOCK -> by.axis() == 1;
        };
    }

    private Cost cost(ConvertDesc desc, CostModel model) {
        int threads = threads(desc, model);
        return new Cost(
                0,
                model.seconds(cycles(desc, model)) / threads,
                0,
                model.seconds(model.get("call_cycles") + model.forkCycles(threads)),
                0);
    }

    private static double cycles(ConvertDesc desc, CostModel model) {
        Scaling by =
                desc.x().scaling().hasScales() ? desc.x().scaling() : desc.y().scaling();
        double groups = by.granularity() == Scaling.Granularity.PER_BLOCK
                ? desc.elements() / by.block()
                : desc.x().rows();
        return desc.elements() * model.get("cycles_per_element") + groups * model.get("cycles_per_group");
    }

    private static int threads(ConvertDesc desc, CostModel model) {
        return model.threads(cycles(desc, model));
    }
}
