package dev.gamut.ffm.cpu;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.ffm.cpu.abi.gamut_gemm;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.hw.Feature;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Cost;
import dev.gamut.spi.CostModel;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.PlanContext;
import dev.gamut.tensor.Operand;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Large products: packed panels and a register tile. Where its id names an order, bits do not depend on threads, tile or machine;
 * integers are exact, and where they are requantised each step is rounded as the reference rounds it. Bound: (k + 2)·u of the accumulator, reached as for the Java kernels of the same order; instructions on pairs of
 * BF16 flush numbers below the normal range. Those of x86 round each of the two products like a multiply-add (Intel 64 and IA-32
 * Architectures Software Developer's Manual, VDPBF16PS). Arm's BFMMLA rounds the sum of two products, which are exact, and then its
 * addition, both to odd, by 2·u each (Arm Architecture Reference Manual, BFDotAdd): ⌈k / 2⌉ additions, of which the first is exact, and
 * the sum of two, together (k + 1)·u; adding up blocks of k costs less than what it saves.
 *
 * <p>Products of F32 and F64 by one, two or three terms of BF16 (native-src, x86/amx/terms.inc) have the bound of sums in the type and what terms leave out of
 * operands, in F64 with the roundings of blocks that are summed in F32; below the normal range they lose no more than the type itself. They are never taken where
 * native arithmetic is asked for.
 */
final class PackedGemm extends NativeGemm {
    /** Instructions that take numbers below the normal range as 0. */
    private static final Set<Feature> FLUSHING = EnumSet.of(Feature.AVX512_BF16, Feature.AMX_BF16, Feature.BF16);

    /** What a term can lose by that: the smallest normal number times the largest one. */
    private static final double FLUSHED = 0x1p-126 * DType.BF16.maxFinite();

    /** Steps of k between which sums go through memory. */
    private static final int KC = 256;

    /** Columns up to which nothing is packed, as compiled in: of bytes, and of numbers that are their own accumulators. */
    private static final int FEW_OF_BYTES = 16;

    private static final int FEW = 4;

    /** Steps of k whose products of bytes surely have a sum of 32 bits; results of other types take no more of them as they lie. */
    private static final int SPAN = 1 << 16;

    /** Instructions whose tiles take bytes as they lie, and such numbers. */
    private static final Set<Feature> MEETING_BYTES = EnumSet.of(Feature.AVX2, Feature.AVX512_VNNI);

    private static final Set<Feature> MEETING = EnumSet.of(Feature.AVX2, Feature.AVX512, Feature.NEON);

    /**
     * By type and implementation, what products of terms of a narrower type leave out of |A|·|B|, of F64 with the roundings of a block; that of three terms of F32
     * is within the bound of sums.
     */
    private static final Map<DType, Map<String, Double>> LEFT_OUT = Map.of(
            DType.F32,
            Map.of("amxbf16", 1.01 * 0x1p-7, "amxbf16x2", 1.01 * 0x1p-15, "amxbf16x3", 0.0),
            DType.F64,
            Map.of(
                    "amxbf16",
                    1.01 * (0x1p-7 + 31 * 0x1p-24),
                    "amxbf16x2",
                    1.01 * (0x1p-15 + 35 * 0x1p-24),
                    "amxbf16x3",
                    1.01 * 39 * 0x1p-24));

    private static final long CACHE_LINE = 64;

    PackedGemm(CpuLibrary library, CpuLibrary.Entry entry) {
        super(library, entry, leftOut(entry.id()) == null, summary(entry.id()));
    }

    /** What terms leave out; null where products are of numbers as they are. */
    private static Double leftOut(KernelId id) {
        return LEFT_OUT.getOrDefault(id.types().getFirst(), Map.of()).get(id.impl());
    }

    private static String summary(KernelId id) {
        String tile = "register tile " + id.tile().orElseThrow();
        return leftOut(id) != null ? "C, emulated: products of terms of BF16, " + tile : "C, packed panels, " + tile;
    }

    @Override
    ErrorBound bound(GemmDesc desc) {
        ErrorBound ieee = ErrorBound.ofAccumulation(desc.acc());
        Double leftOut = leftOut(id());
        double constant = leftOut == null ? ieee.constant() : ieee.constant() + leftOut / ieee.unit();
        boolean flushes = info().ieee() && !Collections.disjoint(needs(), FLUSHING);
        return new ErrorBound(
                ieee.unit(), ieee.perTerm(), ieee.perLevel(), constant, flushes ? FLUSHED : ieee.underflow());
    }

    @Override
    Determinism determinism() {
        return id().types().get(2).isInteger()
                ? Determinism.bitwise(EvaluationOrder.EXACT)
                : id().order().map(Determinism::bitwise).orElse(Determinism.RUN_TO_RUN);
    }

    /** Codes of 8 bits are what sums of integers are requantised to. */
    private boolean requantises() {
        return id().types().getLast().bits() == Byte.SIZE;
    }

    @Override
    public boolean fuses(Epilogue.Op op) {
        return requantises() && op instanceof Epilogue.Requantise;
    }

    @Override
    Optional<String> decline(GemmDesc desc) {
        if (!info().ieee() && desc.accuracy().equals(Accuracy.NATIVE)) {
            return Optional.of("it emulates " + id().types().getFirst() + ", and native arithmetic is asked for");
        }
        if (requantises() && desc.epilogue().size() != 1) {
            return Optional.of("epilogue is " + desc.epilogue() + "; it must be one requantisation");
        }
        if (desc.b().packed().isPresent() && desc.b().batchStride() != 0) {
            return Optional.of("b is packed and differs from batch to batch");
        }
        return scaled("a", desc.a()).or(() -> scaled("b", desc.b()));
    }

    /** Right operands of this type that are one matrix for the whole batch. */
    @Override
    public boolean packs(MatrixDesc b) {
        return b.type() == id().types().get(1) && !b.scaling().hasScales() && b.batchStride() == 0;
    }

    @Override
    public PackedMatrix pack(MatrixDesc b, Operand data, PlanContext context) {
        MemorySegment gemm = Arena.ofAuto().allocate(gamut_gemm.layout());
        gamut_gemm.size(gemm, gamut_gemm.sizeof());
        gamut_gemm.kernel(gemm, number());
        gamut_gemm.n(gemm, b.cols());
        gamut_gemm.k(gemm, b.rows());
        gamut_gemm.b_row(gemm, b.rowStride());
        gamut_gemm.b_col(gemm, b.colStride());
        long bytes = library().packedBytes(gemm);
        MemorySegment panels = Arena.ofAuto().allocate(Math.max(bytes, 1), CACHE_LINE);
        MemorySegment from = data.segment();
        context.parallelFor(
                library().packedPieces(gemm),
                (piece, workspace) -> library().pack(gemm, from, data.offset(), piece, panels));
        return new PackedMatrix(b.packed(id()), panels, bytes);
    }

    private static Optional<String> scaled(String name, MatrixDesc x) {
        return x.scaling().hasScales()
                ? Optional.of(
                        name + " has scaling " + x.scaling() + "; " + x.type() + " operands are taken as they are")
                : Optional.empty();
    }

    @Override
    GemmExecutor prepare(GemmDesc desc, PlanContext context, CostModel model) {
        return new PackedExecutor(library(), number(), desc, context, model.threadsFor(desc.flops()));
    }

    @Override
    Cost cost(GemmDesc desc, CostModel model) {
        boolean packedB = desc.b().packed().isPresent();
        boolean swapped = packedB || desc.c().rowStride() != 1 && desc.c().colStride() == 1;
        double m = swapped ? desc.n() : desc.m();
        double n = swapped ? desc.m() : desc.n();
        double k = desc.k();
        int threads = model.threadsFor(desc.flops());
        double share = desc.batch() / (double) threads;
        if (meets(desc, swapped)) {
            double bytes = (m * k + n * k) * id().types().getFirst().bits() / Byte.SIZE;
            boolean far =
                    bytes * desc.batch() > model.context().machine().caches().l2();
            double reading =
                    model.seconds(bytes / model.get(far ? "unpacked_bytes_per_cycle" : "cache_bytes_per_cycle"))
                            * share;
            double multiplying = model.seconds(desc.flops() / model.peak("fma_share")) / threads;
            return new Cost(
                    Math.max(0, multiplying - reading), // one hides behind the other
                    reading,
                    0,
                    model.seconds(model.get("call_cycles") * share + model.forkCycles(threads)),
                    0);
        }
        int mr = id().tile().orElseThrow().rows(model.lanes());
        int nr = id().tile().orElseThrow().cols(model.lanes());
        double flops = 2 * Math.ceil(m / mr) * mr * Math.ceil(n / nr) * nr * k;
        double results = m * n * Math.ceil(k / KC);
        return new Cost(
                model.seconds(flops / model.peak("fma_share")) * share,
                model.seconds(results * model.get("cycles_per_result")) * share,
                model.seconds(packing(desc.m() * k, model) + (packedB ? 0 : packing(desc.n() * k, model))) * share,
                model.seconds(model.get("call_cycles") * share + model.forkCycles(threads)),
                0);
    }

    /** Whether the library takes operands as they lie: few columns of what it computes, contiguous along k, and lines along k or across. */
    private boolean meets(GemmDesc desc, boolean swapped) {
        if (desc.b().packed().isPresent()) {
            return false;
        }
        MatrixDesc lines = swapped ? desc.b().transpose() : desc.a();
        MatrixDesc columns = swapped ? desc.a().transpose() : desc.b();
        boolean own = id().types().getFirst() == desc.acc() && info().ieee() && !Collections.disjoint(needs(), MEETING);
        boolean bytes = id().types().get(2).isInteger() && !Collections.disjoint(needs(), MEETING_BYTES);
        boolean wide = bytes && desc.c().type() != desc.acc() && desc.k() > SPAN;
        int few = wide ? 0 : bytes ? FEW_OF_BYTES : own ? FEW : 0;
        boolean inOrder = lines.colStride() == 1 || own && lines.rowStride() == 1;
        return few > 0 && columns.cols() <= few && columns.rowStride() == 1 && inOrder;
    }

    /** Cycles for an operand: those of copying it, or of bringing it from memory where it does not fit L2. */
    private double packing(double elements, CostModel model) {
        double bytes = elements * id().types().getFirst().bits() / 8;
        double copying = elements * model.get("cycles_per_packed_element");
        boolean near = bytes <= model.context().machine().caches().l2();
        return near ? copying : Math.max(copying, bytes / model.get("memory_bytes_per_cycle"));
    }
}
