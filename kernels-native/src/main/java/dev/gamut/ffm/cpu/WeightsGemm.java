package dev.gamut.ffm.cpu;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.ffm.cpu.abi.gamut_h;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Feature;
import dev.gamut.spi.Cost;
import dev.gamut.spi.CostModel;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.PlanContext;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * F32, BF16 or I8 rows times weights of few bits that lie along k, with a scale factor and perhaps a zero point for each group of them: the
 * weights are read once for some rows. Sums are F32. Bound: (k + 2)·u of F32, in one of five ways.
 *
 * <p>With dot products of bytes, which are exact, also where AVX2 has to make them of products of 16 bits, activations of I8 are taken as they
 * are: the sums of up to 128 products are exact integers,
 * each of which meets its scale factors in one multiply-add (native-src, driver/bytes.c). I8 rows may have scale factors, one for each row
 * or for each block along k, or one for all; without zero points. Other activations are split into three digits of a byte with an exponent
 * for each 32 of them, and what that leaves out is split again where the bound has no room for it; k / 4 of the bound is left for what is
 * left out (driver/digits.h). With products of tiles of BF16 they are split into three terms of BF16, exactly, and so are weights
 * (driver/terms.c). Without either activations are multiplied as they are by weights that become floats on the way, and a
 * sum meets its scale factor once for some 8 of them (driver/floats.c). For many rows weights times their scale factors become panels of
 * the product of F32, in its order (driver/panels.c).
 */
final class WeightsGemm extends NativeGemm {
    private static final Set<DType> SCALES = EnumSet.of(DType.F32, DType.F16, DType.BF16);
    private static final Set<DType> ZERO_POINTS = EnumSet.of(DType.I8, DType.U8, DType.I4);

    /** Splitting 16 rows of this length takes less than a millisecond, for which the garbage collector waits. */
    private static final int LONGEST = 1 << 16;

    /** Blocks of activations have a multiple of so many. */
    private static final int BLOCK = 32;

    WeightsGemm(CpuLibrary library, CpuLibrary.Entry entry) {
        super(library, entry, true, "C, rows times weights along k, read once, by " + way(entry));
    }

    private static String way(CpuLibrary.Entry entry) {
        if (entry.needs().contains(Feature.AMX_BF16)) {
            return "products of BF16, in which weights and up to three terms of an activation are exact";
        }
        if (entry.id().tile().isPresent()) {
            return "panels of F32, register tile " + entry.id().tile().orElseThrow();
        }
        boolean bytes = entry.needs().contains(Feature.AVX512_VNNI)
                || entry.id().types().getFirst() == DType.I8;
        return bytes ? "exact dot products of bytes" : "multiply-adds";
    }

    @Override
    ErrorBound bound(GemmDesc desc) {
        return ErrorBound.ofAccumulation(desc.acc());
    }

    /** Blocks are added in their order, whatever the threads. */
    @Override
    Determinism determinism() {
        return Determinism.RUN_TO_RUN;
    }

    @Override
    Optional<String> decline(GemmDesc desc) {
        if (desc.batch() != 1) {
            return Optional.of("batch is " + desc.batch() + "; it must be 1");
        }
        if (desc.k() > LONGEST) {
            return Optional.of("k is " + desc.k() + "; it must be at most " + LONGEST);
        }
        return alongK("a", desc.a().colStride())
                .or(() -> alongK("b", desc.b().rowStride()))
                .or(() -> byBytes(desc.b()))
                .or(() -> activations(desc.a()))
                .or(() -> scaling(desc.b()));
    }

    private static Optional<String> activations(MatrixDesc a) {
        Scaling by = a.scaling();
        if (!by.hasScales()) {
            return Optional.empty();
        }
        if (a.type() != DType.I8) {
            return Optional.of("a has scaling " + by + "; activations of " + a.type() + " are taken as they are");
        }
        boolean known = SCALES.contains(by.scaleType()) && !by.hasZeroPoints() && suits(by);
        return known
                ? Optional.empty()
                : Optional.of("a has scaling " + by + "; allowed are scales of " + SCALES
                        + " for all, for rows or for blocks of a multiple of " + BLOCK
                        + " along k, without zero points");
    }

    private static boolean suits(Scaling by) {
        return switch (by.granularity()) {
            case NONE, PER_TENSOR -> true;
            case PER_AXIS -> by.axis() == 0;
            case PER_BLOCK -> by.axis() == 1 && by.block() % BLOCK == 0;
        };
    }

    private static Optional<String> alongK(String name, long stride) {
        return stride != 1
                ? Optional.of(name + " has stride " + stride + " along k; it must be contiguous")
                : Optional.empty();
    }

    /** A single row may lie so that two columns share a byte. */
    private static Optional<String> byBytes(MatrixDesc b) {
        return b.cols() > 1 && b.colStride() * b.type().bits() % Byte.SIZE != 0
                ? Optional.of("b has stride " + b.colStride() + " between columns; those of " + b.type()
                        + " must begin at whole bytes")
                : Optional.empty();
    }

    private Optional<String> scaling(MatrixDesc b) {
        Scaling by = b.scaling();
        int group = id().group().orElseThrow();
        boolean groups = by.granularity() == Scaling.Granularity.PER_BLOCK
                && by.axis() == 0
                && by.block() == group
                && SCALES.contains(by.scaleType())
                && by.zeroPointType().map(ZERO_POINTS::contains).orElse(true);
        return groups
                ? Optional.empty()
                : Optional.of("b has scaling " + by + "; allowed are blocks of " + group + " along k, scales of "
                        + SCALES + " and zero points of " + ZERO_POINTS);
    }

    @Override
    GemmExecutor prepare(GemmDesc desc, PlanContext context, CostModel model) {
        return new WeightsExecutor(library(), number(), desc, context, threads(desc, model));
    }

    @Override
    Cost cost(GemmDesc desc, CostModel model) {
        double weights = (double) desc.n() * desc.k();
        double bytes = weights * desc.b().type().bits() / 8;
        boolean far = bytes
                > Math.max(
                        model.context().machine().caches().l2(),
                        model.context().machine().caches().l3());
        int threads = threads(desc, model);
        double memory = far ? bytes / model.get("memory_bytes_per_cycle") : 0;
        return new Cost(
                model.seconds(cycles(desc, model)) / threads,
                model.seconds(memory) / threads,
                model.seconds(desc.m() * desc.k() * model.get("cycles_per_activation")),
                model.seconds(model.get("call_cycles") + model.forkCycles(threads)),
                0);
    }

    /** Laying out the weights for so many rows that are computed together, and multiplying them by each. */
    private static double cycles(GemmDesc desc, CostModel model) {
        double weights = (double) desc.n() * desc.k();
        return weights
                * (Math.ceil(desc.m() / model.get("rows_together")) * model.get("cycles_per_code")
                        + Math.ceil(desc.m() / model.get("rows_at_once"))
                                * model.get("rows_at_once")
                                * model.get("cycles_per_product"));
    }

    private static int threads(GemmDesc desc, CostModel model) {
        return (int) Math.clamp(
                model.threads(cycles(desc, model)), 1, Math.max(1, desc.n() / gamut_h.GAMUT_WEIGHTS_COLUMNS()));
    }
}
