package dev.gamut.internal.dispatch;

import dev.gamut.convert.ConvertDesc;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.internal.device.Side;
import dev.gamut.internal.device.StagedConvert;
import dev.gamut.internal.device.StagedGemm;
import dev.gamut.internal.device.StagedReduce;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.spi.ConvertExecutor;
import dev.gamut.spi.ConvertKernel;
import dev.gamut.spi.Cost;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.KernelProvider;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.PlanContext;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.spi.ReduceKernel;
import dev.gamut.spi.Tuning;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A provider's kernels for operands that live on a device: the device's own, to which operands of the host are copied, or those of the
 * host, to which operands of the device are copied. So every operation has a kernel there too.
 */
final class PlacedKernels implements KernelProvider {
    /** Only ranks kernels of the host, and tells a reader what copying costs. */
    private static final double SECONDS_PER_BYTE = 1e-10;

    private static final double SECONDS_PER_CALL = 50e-6;

    private final KernelProvider provider;
    private final Side side;
    private final PlanContext host;
    private final List<Kernel<?, ?>> kernels;

    /**
     * Wraps a provider.
     *
     * @param provider of the device or of the host
     * @param side which of them
     * @param host where kernels of the host are prepared
     */
    PlacedKernels(KernelProvider provider, Side side, PlanContext host) {
        this.provider = provider;
        this.side = side;
        this.host = host;
        this.kernels =
                provider.kernels().stream().<Kernel<?, ?>>map(this::placed).toList();
    }

    private Kernel<?, ?> placed(Kernel<?, ?> kernel) {
        return switch (kernel) {
            case GemmKernel gemm -> new Gemm(gemm);
            case ReduceKernel reduce -> new Reduce(reduce);
            case ConvertKernel convert -> new Convert(convert);
        };
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return provider.unavailable(machine);
    }

    @Override
    public List<Kernel<?, ?>> kernels() {
        return kernels;
    }

    @Override
    public Optional<String> library() {
        return provider.library();
    }

    @Override
    public Tuning tuning() {
        return provider.tuning();
    }

    private OfferContext context(OfferContext context) {
        return side == Side.DEVICE ? context : context.on(Optional.empty());
    }

    /** An executor that is made where its kernel computes, and wrapped. */
    private <X> Offer<X> placed(Offer<X> offer, double bits, BiFunction<PlanContext, X, X> wrapper) {
        if (!(offer instanceof Offer.Accept<X> accept)) {
            return offer;
        }
        Cost copies = new Cost(0, 0, 0, 0, bits / 8 * SECONDS_PER_BYTE + SECONDS_PER_CALL);
        return new Offer.Accept<>(
                side == Side.DEVICE ? accept.cost() : accept.cost().plus(copies),
                accept.bound(),
                accept.determinism(),
                plan -> wrapper.apply(plan, accept.preparer().prepare(side == Side.DEVICE ? plan : host)));
    }

    private static double bits(MatrixDesc m, long batch) {
        return (double) m.rows() * m.cols() * batch * m.type().bits();
    }

    /** What stays of a kernel wherever it computes. */
    private abstract static class Placed<K extends Kernel<?, ?>> {
        final K kernel;

        Placed(K kernel) {
            this.kernel = kernel;
        }

        public final KernelInfo info() {
            return kernel.info();
        }

        public final Optional<String> unavailable(Capabilities machine) {
            return kernel.unavailable(machine);
        }
    }

    private final class Gemm extends Placed<GemmKernel> implements GemmKernel {
        Gemm(GemmKernel kernel) {
            super(kernel);
        }

        /** The second pass is a part of what is wrapped: it is the host's. */
        @Override
        public boolean fuses(Epilogue.Op op) {
            return true;
        }

        @Override
        public Offer<GemmExecutor> offer(GemmDesc desc, OfferContext context) {
            Optional<Epilogue.Op> separate = desc.epilogue().stream()
                    .filter(op -> side == Side.DEVICE && !kernel.fuses(op))
                    .findFirst();
            if (separate.isPresent()) {
                return new Offer.Decline<>("epilogue " + separate.get() + " is not fused");
            }
            double bits = bits(desc.a(), desc.batch()) + bits(desc.b(), desc.batch()) + bits(desc.c(), desc.batch());
            return placed(
                    GemmOffers.ask(kernel, desc, context(context)),
                    bits,
                    (plan, executor) -> new StagedGemm(plan.device(), side, desc, executor));
        }
    }

    private final class Reduce extends Placed<ReduceKernel> implements ReduceKernel {
        Reduce(ReduceKernel kernel) {
            super(kernel);
        }

        @Override
        public Offer<ReduceExecutor> offer(ReduceDesc desc, OfferContext context) {
            return placed(
                    kernel.offer(desc, context(context)),
                    (double) desc.x().size() * desc.type().bits(),
                    (plan, executor) -> new StagedReduce(plan.device(), side, desc, executor));
        }
    }

    private final class Convert extends Placed<ConvertKernel> implements ConvertKernel {
        Convert(ConvertKernel kernel) {
            super(kernel);
        }

        @Override
        public Offer<ConvertExecutor> offer(ConvertDesc desc, OfferContext context) {
            return placed(
                    kernel.offer(desc, context(context)),
                    bits(desc.x(), desc.batch()) + bits(desc.y(), desc.batch()),
                    (plan, executor) -> new StagedConvert(plan.device(), side, desc, executor));
        }
    }
}
