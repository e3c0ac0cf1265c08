package dev.gamut.vector.emulated;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.KernelId;
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
 * A product that is computed in other types than its operands' and never where native arithmetic is asked for.
 *
 * @param <S> array kind of the operands' type
 */
public abstract class EmulatedGemm<S> implements GemmKernel {
    final Variant<S> variant;
    private final KernelInfo info;

    EmulatedGemm(Variant<S> variant, KernelId id, String summary) {
        this.variant = variant;
        info = new KernelInfo(id, "vector", false, summary);
    }

    static KernelId id(DType type, String impl) {
        return KernelId.of("gemm", List.of(type, type, type, type), impl);
    }

    /** Every kernel of this package. */
    public static List<GemmKernel> kernels() {
        return List.of(
                new ResidueGemm<>(Variant.F64),
                new ResidueGemm<>(Variant.F32),
                new NarrowGemm<>(Variant.F64, new Narrowing(DType.F32, 1)),
                new NarrowGemm<>(Variant.F64, new Narrowing(DType.BF16, 1)),
                new NarrowGemm<>(Variant.F32, new Narrowing(DType.BF16, 1)),
                new NarrowGemm<>(Variant.F32, new Narrowing(DType.BF16, 2)),
                new NarrowGemm<>(Variant.F32, new Narrowing(DType.BF16, 3)));
    }

    /** The answer to a descriptor that nothing common stands against and that computes something. */
    abstract Offer<GemmExecutor> answer(GemmDesc desc, CostModel model);

    @Override
    public final KernelInfo info() {
        return info;
    }

    @Override
    public final Optional<String> unavailable(Capabilities machine) {
        return Requirements.missing(machine);
    }

    @Override
    public final Offer<GemmExecutor> offer(GemmDesc desc, OfferContext context) {
        Optional<String> reason = unavailable(context.machine()).or(() -> decline(desc));
        return reason.isPresent()
                ? new Offer.Decline<>(reason.get())
                : answer(
                        desc,
                        new CostModel(context, info.id(), context.machine().vectorBits()));
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
}
