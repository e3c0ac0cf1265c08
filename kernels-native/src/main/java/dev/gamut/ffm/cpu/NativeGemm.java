package dev.gamut.ffm.cpu;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.spi.Cost;
import dev.gamut.spi.CostModel;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.PlanContext;
import java.util.Optional;

/** What the products in C share. */
abstract class NativeGemm extends NativeKernel implements GemmKernel {
    NativeGemm(CpuLibrary library, CpuLibrary.Entry entry, boolean ieee, String summary) {
        super(library, entry, ieee, summary, entry.id().types().get(2));
    }

    /** The kernel of an entry: an id with a group is that of a product with weights, one with that order of a product by residues. */
    static NativeGemm of(CpuLibrary library, CpuLibrary.Entry entry) {
        if (entry.id().order().equals(Optional.of(EvaluationOrder.RESIDUE))) {
            return new ResidueGemm(library, entry);
        }
        return entry.id().group().isPresent() ? new WeightsGemm(library, entry) : new PackedGemm(library, entry);
    }

    /** Why this kernel does not take a descriptor of its types and of an epilogue that it fuses, empty where it does. */
    abstract Optional<String> decline(GemmDesc desc);

    abstract Cost cost(GemmDesc desc, CostModel model);

    abstract ErrorBound bound(GemmDesc desc);

    abstract Determinism determinism();

    abstract GemmExecutor prepare(GemmDesc desc, PlanContext context, CostModel model);

    @Override
    public final Offer<GemmExecutor> offer(GemmDesc desc, OfferContext context) {
        Optional<String> reason =
                unavailable(context.machine()).or(() -> common(desc)).or(() -> decline(desc));
        if (reason.isPresent()) {
            return new Offer.Decline<>(reason.get());
        }
        return new Offer.Accept<>(
                cost(desc, model(context)), bound(desc), determinism(), plan -> prepare(desc, plan, model(plan)));
    }

    private Optional<String> common(GemmDesc desc) {
        if (!desc.types().equals(id().types())) {
            return Optional.of("types are " + desc.types() + "; the kernel's are " + id().types());
        }
        if (!desc.epilogue().stream().allMatch(this::fuses)) {
            return Optional.of("epilogue " + desc.epilogue() + " is not fused");
        }
        return desc.a()
                .packed()
                .map(kernel -> "a is packed for " + kernel)
                .or(() -> desc.b()
                        .packed()
                        .filter(kernel -> !kernel.sumsLike(id()))
                        .map(kernel -> "b is packed for " + kernel));
    }
}
