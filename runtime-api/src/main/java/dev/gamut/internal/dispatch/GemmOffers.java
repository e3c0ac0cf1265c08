package dev.gamut.internal.dispatch;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.internal.reference.TwoPassGemm;
import dev.gamut.spi.Cost;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import java.util.List;

/** Completes a GEMM kernel's offer with the shared second pass where the kernel does not fuse the epilogue. */
final class GemmOffers {
    /** Scalar code over each element, measured within a factor of two on several machines; only ranks kernels. */
    private static final double SECONDS_PER_ELEMENT_AND_OP = 4e-9;

    /** Sums that do not wait in C wait in one Java array of a workspace. */
    private static final long LARGEST_SCRATCH = Integer.MAX_VALUE - 8;

    private GemmOffers() {}

    static Offer<GemmExecutor> ask(GemmKernel kernel, GemmDesc desc, OfferContext context) {
        if (desc.epilogue().stream().allMatch(kernel::fuses)) {
            return kernel.offer(desc, context);
        }
        if (!isInPlace(desc) && (double) desc.m() * desc.n() * desc.batch() > LARGEST_SCRATCH) {
            return new Offer.Decline<>("the second pass for its epilogue would need a scratch of " + desc.batch()
                    + " times " + desc.m() + "×" + desc.n() + " elements; a Java array holds " + LARGEST_SCRATCH);
        }
        GemmDesc product = withoutEpilogue(desc);
        return switch (kernel.offer(product, context)) {
            case Offer.Decline<GemmExecutor> decline -> decline;
            case Offer.Accept<GemmExecutor> accept ->
                new Offer.Accept<>(
                        accept.cost().plus(passCost(desc)),
                        accept.bound(),
                        accept.determinism(),
                        plan -> new TwoPassGemm(desc, product, accept.preparer().prepare(plan), plan));
        };
    }

    /** Whether sums wait in C itself. */
    private static boolean isInPlace(GemmDesc desc) {
        return desc.c().type() == desc.acc() && !desc.acc().isInteger();
    }

    /**
     * The product alone, for the pass to finish: in C itself where C has the accumulator's type; else in a contiguous scratch.
     * Integer sums always go to an I64 scratch, where they are exact whatever k and the epilogue works on them in F32.
     */
    private static GemmDesc withoutEpilogue(GemmDesc desc) {
        DType scratch = desc.acc().isInteger() ? DType.I64 : desc.acc();
        return new GemmDesc(
                desc.a(),
                desc.b(),
                isInPlace(desc)
                        ? desc.c()
                        : MatrixDesc.rowMajor(scratch, desc.m(), desc.n()).batchStride(desc.m() * desc.n()),
                desc.acc(),
                desc.batch(),
                List.of(),
                desc.accuracy(),
                desc.determinism());
    }

    private static Cost passCost(GemmDesc desc) {
        double elements = (double) desc.m() * desc.n() * desc.batch();
        DType type = desc.c().type();
        double bytes = 2.0 * type.bits() / 8 * elements;
        return new Cost(elements * desc.epilogue().size() * SECONDS_PER_ELEMENT_AND_OP, bytes / 10e9, 0, 0, 0);
    }
}
