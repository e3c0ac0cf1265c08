package dev.gamut.vector.emulated;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.Cost;
import dev.gamut.spi.CostModel;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.Offer;
import java.util.Optional;

/**
 * A product in F64 or F32 that is computed by exact products of bytes. One object is one entry of the table.
 *
 * <p>Error, componentwise, with u of the type and S = (|A|·|B|)(i,j): rounding operands costs at most u·S, since bits are chosen for that or the
 * block is computed natively ({@link Precision}); putting sums together rounds once, u·|c| ≤ u·(1 + u)·S, and costs less than 2^-6·u·S beside
 * ({@link Reconstruction}); F32 results are rounded from F64, 2^-28·u·S more. Scaling back is exact but for results below the normal range, which
 * lose half a unit of the smallest number: together {@link #bound}, (2 + 2^-5)·u·S + η. Native blocks have (k + 2)·u·S + k·η. An offer is made before
 * operands are seen, so that is what it declares; a run's record tells the bound of its own.
 *
 * @param <S> array kind of the type
 */
final class ResidueGemm<S> extends EmulatedGemm<S> {
    /** Bits that operands of one order of magnitude need beyond the significand. */
    private static final int USUAL_SPAN = 2;

    /** Something is kept of each line. */
    private static final long MOST_LINES = 1 << 26;

    ResidueGemm(Variant<S> variant) {
        super(
                variant,
                id(variant.type(), "vec").order(EvaluationOrder.RESIDUE),
                "emulated: exact products of bytes modulo " + Moduli.MOST + " numbers at most");
    }

    /** What holds where no block is native. */
    static ErrorBound bound(DType type) {
        return new ErrorBound(type.unitRoundoff(), 0, 0, 2 + 0x1p-5, type.minSubnormal());
    }

    @Override
    Offer<GemmExecutor> answer(GemmDesc desc, CostModel model) {
        if (Math.max(desc.m(), desc.n()) > MOST_LINES) {
            return new Offer.Decline<>(
                    "m is " + desc.m() + " and n " + desc.n() + "; they must be at most " + MOST_LINES);
        }
        return new Offer.Accept<>(
                cost(desc, model),
                ErrorBound.ofAccumulation(variant.type()),
                Determinism.bitwise(EvaluationOrder.RESIDUE),
                plan -> new ResidueExecutor<>(desc, plan, variant));
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
    private Cost cost(GemmDesc desc, CostModel model) {
        if (desc.flops() == 0) {
            return new Cost(0, 0, 0, 0, 0);
        }
        int rows = (int) Math.min(ResidueExecutor.BLOCK, desc.m());
        int cols = (int) Math.min(ResidueExecutor.BLOCK, desc.n());
        int depth = (int) Math.min(ResidueExecutor.DEPTH, desc.k());
        double blocks = (double) desc.m() / rows * desc.n() / cols * desc.batch();
        double pieces = (double) desc.k() / depth;
        int bits = variant.type().precision() + USUAL_SPAN;
        Moduli moduli = Moduli.holding(Math.scalb((double) desc.k(), 2 * bits - 1));
        double planes = (moduli == null ? Moduli.MOST : moduli.count) + 1.0; // one of estimates
        Cost product = model.context().inner().apply(inner(rows, cols, depth, depth, cols));
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
