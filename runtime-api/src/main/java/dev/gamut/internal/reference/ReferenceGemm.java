package dev.gamut.internal.reference;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.spi.Cost;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import java.util.List;
import java.util.Optional;

/**
 * The reference product of one combination of types: any layout, batch, scaling, alpha, beta and epilogue. The bound is
 * that of its accumulator, (k + 2)·u·(|A|·|B|) + k·η or exact; see {@link FmaF32Gemm}, {@link FmaF64Gemm}, {@link
 * ExactGemm} and {@link RunsGemm}, and {@link ResultWriter} for what follows the sum.
 */
final class ReferenceGemm implements GemmKernel {
    /**
     * Defaults of the tuning constants {@code secondsPerProduct}, {@code secondsPerElement} and {@code secondsPerCall}.
     * They describe code that is still interpreted; compiled it is faster, but then there are better kernels too.
     */
    private static final double SECONDS_PER_PRODUCT = 30e-9;

    private static final double SECONDS_PER_ELEMENT = 200e-9;
    private static final double SECONDS_PER_CALL = 20e-6;

    private final GemmMethod method;
    private final List<DType> types;
    private final KernelInfo info;

    ReferenceGemm(GemmMethod method, List<DType> types) {
        this.method = method;
        this.types = types;
        this.info =
                new KernelInfo(method.id(types), ReferenceProvider.NAME, true, "scalar reference: " + method.summary());
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
    public boolean fuses(Epilogue.Op op) {
        return true;
    }

    @Override
    public Offer<GemmExecutor> offer(GemmDesc desc, OfferContext context) {
        if (!desc.types().equals(types)) {
            return new Offer.Decline<>("types are " + desc.types() + "; this kernel computes " + types);
        }
        Optional<String> objection =
                packed("a", desc.a()).or(() -> packed("b", desc.b())).or(() -> method.objection(desc));
        if (objection.isPresent()) {
            return new Offer.Decline<>(objection.get());
        }
        return new Offer.Accept<>(
                cost(desc, context),
                ErrorBound.ofAccumulation(desc.acc()),
                Determinism.bitwise(method.order()),
                plan -> method.executor(desc, plan));
    }

    private static Optional<String> packed(String name, MatrixDesc operand) {
        return operand.packed()
                .map(kernel -> name + " is packed for " + kernel + "; the reference takes plain operands");
    }

    private Cost cost(GemmDesc desc, OfferContext context) {
        double elements = (double) desc.m() * desc.n() * desc.batch();
        double loads = ((double) desc.m() * desc.k() + (double) desc.k() * desc.n()) * desc.batch();
        return new Cost(
                desc.flops() / 2 * constant(context, "secondsPerProduct", SECONDS_PER_PRODUCT),
                elements * constant(context, "secondsPerElement", SECONDS_PER_ELEMENT),
                loads * constant(context, "secondsPerElement", SECONDS_PER_ELEMENT),
                constant(context, "secondsPerCall", SECONDS_PER_CALL),
                0);
    }

    private double constant(OfferContext context, String name, double otherwise) {
        return context.tuning().get(context.machine(), info.id(), name, otherwise);
    }

    @Override
    public String toString() {
        return info.id().toString();
    }
}
