package dev.gamut.internal.dispatch;

import dev.gamut.convert.ConvertDesc;
import dev.gamut.device.Device;
import dev.gamut.device.DeviceInfo;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.hw.Capabilities;
import dev.gamut.internal.device.Side;
import dev.gamut.internal.device.StagedConvert;
import dev.gamut.internal.device.StagedGemm;
import dev.gamut.internal.device.StagedPack;
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
import dev.gamut.tensor.Operand;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A provider's kernels where operands may have to be copied to them: those of the device that operands live on; those of the host, for
 * operands of a device, so that every operation has a kernel there too; and those of a device for operands of the host, where that pays.
 */
final class PlacedKernels implements KernelProvider {
    /** Asked of the table by the kernel's name: bytes that copies move in a second, in 1e9, and microseconds that each takes besides. */
    private static final String RATE = "copy_gbs";

    private static final String LATENCY = "copy_us";

    /** Of a provider whose table says nothing of copies: PCIe 3.0 from memory that is not pinned. */
    private static final double RATE_BY_DEFAULT = 6;

    private static final double LATENCY_BY_DEFAULT = 20;

    private final KernelProvider provider;
    private final Optional<Elsewhere> elsewhere;
    private final List<Kernel<?, ?>> kernels;

    /**
     * A place where operands do not live.
     *
     * @param plans where kernels are prepared
     * @param context what they are asked with
     */
    private record Elsewhere(PlanContext plans, OfferContext context) {
        /** The device, or empty for the host. */
        Optional<DeviceInfo> device() {
            return context.device();
        }
    }

    private PlacedKernels(KernelProvider provider, Optional<Elsewhere> elsewhere) {
        this.provider = provider;
        this.elsewhere = elsewhere;
        this.kernels =
                provider.kernels().stream().<Kernel<?, ?>>map(this::placed).toList();
    }

    /** The kernels of the device that operands live on; those of the host are copied to it. */
    static PlacedKernels resident(KernelProvider device) {
        return new PlacedKernels(device, Optional.empty());
    }

    /**
     * Kernels of a place that operands are copied to, of which not one need be there before.
     *
     * @param provider of the host, or of the device
     * @param plans where they are prepared
     * @param context what they are asked with: on the device, or on none
     */
    static PlacedKernels elsewhere(KernelProvider provider, PlanContext plans, OfferContext context) {
        return new PlacedKernels(provider, Optional.of(new Elsewhere(plans, context)));
    }

    /** Where they compute on copies, for people; empty where operands live. */
    Optional<String> place() {
        return elsewhere.map(e -> e.device().map(DeviceInfo::name).orElse(Candidate.HOST));
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

    private Side side() {
        return elsewhere.isEmpty() || elsewhere.get().device().isPresent() ? Side.DEVICE : Side.HOST;
    }

    private OfferContext context(OfferContext asked) {
        return elsewhere.map(e -> e.context.inner(asked.inner())).orElse(asked);
    }

    /**
     * An executor that is made where its kernel computes, and wrapped.
     *
     * @param context of where operands live
     * @param bytes of each operand
     */
    private <X> Offer<X> placed(
            KernelInfo kernel,
            Offer<X> offer,
            OfferContext context,
            BiFunction<Device, X, X> wrapper,
            double... bytes) {
        if (!(offer instanceof Offer.Accept<X> accept)) {
            return offer;
        }
        double all = Arrays.stream(bytes).sum();
        Optional<String> reason = elsewhere.flatMap(Elsewhere::device).flatMap(target -> objection(target, bytes, all));
        if (reason.isPresent()) {
            return new Offer.Decline<>(reason.get());
        }
        return new Offer.Accept<>(
                elsewhere.isEmpty() ? accept.cost() : accept.cost().plus(copies(kernel, context, all, bytes.length)),
                accept.bound(),
                accept.determinism(),
                plan -> {
                    PlanContext where = elsewhere.map(Elsewhere::plans).orElse(plan);
                    Device device = (side() == Side.DEVICE ? where : plan).device();
                    return wrapper.apply(device, accept.preparer().prepare(where));
                });
    }

    private static Optional<String> objection(DeviceInfo device, double[] bytes, double all) {
        double most = Arrays.stream(bytes).max().orElse(0);
        return all > device.memory()
                ? Optional.of(count("operands take ", all) + device.name() + " has " + device.memory())
                : most > device.largest()
                        ? Optional.of(count("an operand takes ", most) + device.name() + " has " + device.largest()
                                + " in one buffer")
                        : Optional.empty();
    }

    private static String count(String what, double bytes) {
        return String.format(Locale.ROOT, "%s%.0f bytes; ", what, bytes);
    }

    /** The device's provider has these constants, whichever side it is. */
    private Cost copies(KernelInfo kernel, OfferContext operands, double bytes, int count) {
        OfferContext device = operands.device().isPresent() ? operands : elsewhere.orElseThrow().context;
        double rate = device.tuning().get(device.machine(), kernel.id(), RATE, RATE_BY_DEFAULT);
        double latency = device.tuning().get(device.machine(), kernel.id(), LATENCY, LATENCY_BY_DEFAULT);
        return new Cost(0, 0, 0, 0, bytes / (rate * 1e9) + count * latency * 1e-6);
    }

    private static double bytes(MatrixDesc m, long batch) {
        return (double) m.extent(batch) * m.type().bits() / Byte.SIZE;
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

        /**
         * For operands of a device the second pass is a part of what is wrapped: it is the host's. For those of the host it follows the
         * copy of the product, as for any kernel.
         */
        @Override
        public boolean fuses(Epilogue.Op op) {
            return elsewhere.flatMap(Elsewhere::device).isEmpty() || kernel.fuses(op);
        }

        @Override
        public boolean packs(MatrixDesc b) {
            return elsewhere.isEmpty() && kernel.packs(b);
        }

        @Override
        public PackedMatrix pack(MatrixDesc b, Operand data, PlanContext context) {
            return StagedPack.pack(kernel, b, data, context);
        }

        @Override
        public Offer<GemmExecutor> offer(GemmDesc desc, OfferContext context) {
            Optional<Epilogue.Op> separate = desc.epilogue().stream()
                    .filter(op -> side() == Side.DEVICE && !kernel.fuses(op))
                    .findFirst();
            if (separate.isPresent()) {
                return new Offer.Decline<>("epilogue " + separate.get() + " is not fused");
            }
            return placed(
                    info(),
                    GemmOffers.ask(kernel, desc, context(context)),
                    context,
                    (device, executor) -> new StagedGemm(device, side(), desc, executor),
                    bytes(desc.a(), desc.batch()),
                    bytes(desc.b(), desc.batch()),
                    bytes(desc.c(), desc.batch()));
        }
    }

    private final class Reduce extends Placed<ReduceKernel> implements ReduceKernel {
        Reduce(ReduceKernel kernel) {
            super(kernel);
        }

        @Override
        public Offer<ReduceExecutor> offer(ReduceDesc desc, OfferContext context) {
            double each = (double) desc.x().extent() * desc.type().bits() / Byte.SIZE;
            double results = (double) desc.results() * desc.result().bits() / Byte.SIZE;
            return placed(
                    info(),
                    kernel.offer(desc, context(context)),
                    context,
                    (device, executor) -> new StagedReduce(device, side(), desc, executor),
                    desc.op().isBinary() ? new double[] {each, each, results} : new double[] {each, results});
        }
    }

    private final class Convert extends Placed<ConvertKernel> implements ConvertKernel {
        Convert(ConvertKernel kernel) {
            super(kernel);
        }

        @Override
        public Offer<ConvertExecutor> offer(ConvertDesc desc, OfferContext context) {
            return placed(
                    info(),
                    kernel.offer(desc, context(context)),
                    context,
                    (device, executor) -> new StagedConvert(device, side(), desc, executor),
                    bytes(desc.x(), desc.batch()),
                    bytes(desc.y(), desc.batch()));
        }
    }
}
