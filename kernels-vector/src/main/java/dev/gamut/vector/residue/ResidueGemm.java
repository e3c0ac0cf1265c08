package dev.gamut.vector.residue;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Cost;
import dev.gamut.spi.CostModel;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.vector.Requirements;
import java.util.List;
import java.util.Optional;

/**
 * A product in F64 or F32 that is computed by exact products of bytes. One object is one entry of the table.
 *
 * <p>Error, componentwise, with u of the type and S = (|A|·|B|)(i,j): rounding operands costs at most u·S, since the bits of a block are chosen for that or the
 * block is computed natively ({@link Precision}); putting sums together rounds once, u·|c| ≤ u·(1 + u)·S, and costs less than 2^-6·u·S beside
 * ({@link Reconstruction}); F32 results are rounded from F64, 2^-28·u·S more. Scaling back is exact but for results below the normal range, which
 * lose half a unit of the smallest number: together {@link #bound}, (2 + 2^-5)·u·S + η. Native blocks have (k + 2)·u·S + k·η. An offer is made before
 * operands are seen, so that is what it declares; a run's record tells the bound of its own.
 *
 * @param <S> array kind of the type
 */
public final class ResidueGemm<S> implements GemmKernel {
    /** Bits that operands of one order of magnitude need beyond the significand. */
    private static final int USUAL_SPAN = 2;

    private final Variant<S> variant;
    private final KernelInfo info;

    private ResidueGemm(Variant<S> variant) {
        DType type = variant.type();
        this.variant = variant;
        KernelId id =
                KernelId.of("gemm", List.of(type, type, type, type), "vec").order(EvaluationOrder.RESIDUE);
        info = new KernelInfo(
                id, "vector", false, "emulated: exact products of bytes modulo " + Moduli.MOST + " or fewer numbers");
    }

    /** What holds where no block is native. */
    static ErrorBound bound(DType type) {
        return new ErrorBound(type.unitRoundoff(), 0, 0, 2 + 0x1p-5, type.minSubnormal());
    }

    /** The kernels of this package. */
    public static List<GemmKernel> kernels() {
        return List.of(new ResidueGemm<>(Variant.F64), new ResidueGemm<>(Variant.F32));
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
    public Offer<GemmExecutor> offer(GemmDesc desc, OfferContext context) {
        Optional<String> reason = unavailable(context.machine()).or(() -> decline(desc));
        if (reason.isPresent()) {
            return new Offer.Decline<>(reason.get());
        }
        return new Offer.Accept<>(
                cost(desc, context),
                ErrorBound.ofAccumulation(variant.type()),
                Determinism.bitwise(EvaluationOrder.RESIDUE),
                plan -> new ResidueExecutor<>(desc, plan, variant));
    }

    private Optional<String> decline(GemmDesc desc) {
        if (!desc.types().equals(info.id().types())) {
            return Optional.of("types are " + desc.types() + "; the kernel's are "
                    + info.id().types());
        }
        if (desc.accuracy().equals(Accuracy.NATIVE)) {
            return Optional.of("it emulates " + variant.type() + ", and native arithmetic is asked for");
        }
        if (!desc.epilogue().isEmpty()) {
            return Optional.of("epilogue " + desc.epilogue() + " is not fused");
        }
        return plain("a", desc.a()).or(() -> plain("b", desc.b()));
    }

    private static Optional<String> plain(String name, MatrixDesc x) {
        return x.scaling().hasScales() || x.packed().isPresent()
                ? Optional.of(name + " is scaled or packed; plain operands are taken")
                : Optional.empty();
    }

    /** The product of a block's residues. */
    static GemmDesc inner(int rows, int cols, int depth, int pitch, int ld) {
        return GemmDesc.of(
                lines(DType.I8, rows, depth, pitch),
                lines(DType.I8, cols, depth, pitch).transpose(),
                lines(DType.I32, rows, cols, ld));
    }

    private static MatrixDesc lines(DType type, int rows, int cols, int pitch) {
        return new MatrixDesc(type, rows, cols, pitch, 1, 0, Scaling.NONE, Optional.empty());
    }

    /** For operands of one order of magnitude: layout for each modulus, the moduli's products, and what follows them. */
    private Cost cost(GemmDesc desc, OfferContext context) {
        if (desc.flops() == 0) {
            return new Cost(0, 0, 0, 0, 0);
        }
        CostModel model = new CostModel(context, info.id(), context.machine().vectorBits());
        int rows = (int) Math.min(ResidueExecutor.BLOCK, desc.m());
        int cols = (int) Math.min(ResidueExecutor.BLOCK, desc.n());
        int depth = (int) Math.min(ResidueExecutor.DEPTH, desc.k());
        double blocks = (double) desc.m() / rows * desc.n() / cols * desc.batch();
        double pieces = (double) desc.k() / depth;
        int bits = variant.type().precision() + USUAL_SPAN;
        Moduli moduli = Moduli.holding(Math.scalb((double) desc.k(), 2 * bits - 1));
        double planes = (moduli == null ? Moduli.MOST : moduli.count) + 1.0; // one of estimates
        Cost product = context.inner().apply(inner(rows, cols, depth, depth, cols));
        double laidOut = blocks * (rows + cols) * desc.k();
        int threads = model.threadsFor(desc.flops());
        return new Cost(
                product.seconds() * planes * pieces * blocks,
                model.seconds(blocks * rows * cols * planes * model.get("cycles_per_residue_of_result")) / threads,
                model.seconds(laidOut
                                * (model.get("cycles_per_scanned_element") + planes * model.get("cycles_per_residue")))
                        / threads,
                model.seconds(model.get("block_cycles") * blocks + model.forkCycles(threads)),
                0);
    }
}
