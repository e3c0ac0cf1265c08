package dev.gamut.vector.gemm;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;
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
import dev.gamut.spi.PlanContext;
import dev.gamut.vector.Requirements;
import dev.gamut.vector.matrix.Elements;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the kernels of this package share: sums in F64 or F32 lanes, the bound of the accumulator, (k + 2)·u or exact, and bits
 * that do not depend on threads, nor, where an order is promised, on anything else.
 *
 * <p>Nothing here or in a subclass touches the Vector API before {@link #prepare}: offers are answered on any machine.
 *
 * @param <S> array kind of the type that is computed in
 */
abstract class VectorGemm<S> implements GemmKernel {
    private final KernelInfo info;
    private final DType type;
    private final Supplier<Elements<S>> elements;

    /**
     * One entry of the table.
     *
     * @param type F64 or F32: what is computed in
     * @param elements of that type
     * @param id types and order
     * @param summary one line for people
     */
    VectorGemm(DType type, Supplier<Elements<S>> elements, KernelId id, String summary) {
        this.type = type;
        this.elements = elements;
        this.info = new KernelInfo(id, "vector", true, summary);
    }

    static KernelId id(DType type, String impl) {
        return KernelId.of("gemm", List.of(type, type, type, type), impl);
    }

    /** Why this kernel does not take a descriptor of its types, empty where it does. */
    abstract Optional<String> decline(GemmDesc desc);

    abstract Cost cost(GemmDesc desc, CostModel model);

    abstract GemmExecutor prepare(GemmDesc desc, PlanContext context);

    @Override
    public final KernelInfo info() {
        return info;
    }

    final DType type() {
        return type;
    }

    final KernelId id() {
        return info.id();
    }

    /** The constants for the runtime that an executor is prepared in. */
    final CostModel model(PlanContext context) {
        return model(new OfferContext(context.machine(), context.tuning(), context.threads()));
    }

    private CostModel model(OfferContext context) {
        return new CostModel(context, id(), context.machine().vectorBits());
    }

    /** Links against the Vector API. */
    final Elements<S> elements() {
        return elements.get();
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return Requirements.missing(machine);
    }

    @Override
    public final Offer<GemmExecutor> offer(GemmDesc desc, OfferContext context) {
        Optional<String> reason =
                unavailable(context.machine()).or(() -> common(desc)).or(() -> decline(desc));
        if (reason.isPresent()) {
            return new Offer.Decline<>(reason.get());
        }
        return new Offer.Accept<>(
                cost(desc, model(context)),
                ErrorBound.ofAccumulation(desc.acc()),
                determinism(),
                plan -> prepare(desc, plan));
    }

    /** The promise; the order in the id is one for all machines. */
    Determinism determinism() {
        return id().order().map(Determinism::bitwise).orElse(Determinism.RUN_TO_RUN);
    }

    private Optional<String> common(GemmDesc desc) {
        if (!desc.types().equals(id().types())) {
            return Optional.of("types are " + desc.types() + "; the kernel's are " + id().types());
        }
        if (!desc.epilogue().stream().allMatch(this::fuses)) {
            return Optional.of("epilogue " + desc.epilogue() + " is not fused");
        }
        Optional<String> scaled = scaled("a", desc.a()).or(() -> scaled("b", desc.b()));
        if (scaled.isPresent()) {
            return scaled;
        }
        if (desc.a().packed().isPresent()) {
            return Optional.of("a is packed");
        }
        return desc.b().packed().filter(kernel -> !kernel.sumsLike(id())).map(kernel -> "b is packed for " + kernel);
    }

    /** Scale factors are applied to what is decoded anyway. */
    private Optional<String> scaled(String name, MatrixDesc x) {
        return x.scaling().hasScales() && x.type() == type
                ? Optional.of(name + " has scaling " + x.scaling() + "; " + type + " operands are taken as they are")
                : Optional.empty();
    }
}
