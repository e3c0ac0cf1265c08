package dev.gamut.ffm.cpu;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.hw.Capabilities;
import dev.gamut.hw.Feature;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.Cost;
import dev.gamut.spi.CostModel;
import dev.gamut.spi.GemmExecutor;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.Offer;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.PlanContext;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the products in C share: an entry of the library's table, and when it can be used. */
abstract class NativeGemm implements GemmKernel {
    /** Width of the vectors that come with a feature; SVE's is the machine's. */
    private static final Map<Feature, Integer> BITS =
            new EnumMap<>(Map.of(Feature.AVX2, 256, Feature.AVX512, 512, Feature.NEON, 128));

    private final CpuLibrary library;
    private final CpuLibrary.Entry entry;
    private final KernelInfo info;
    /** Why the library refuses a feature that the host has. */
    private final Optional<String> refused;

    NativeGemm(CpuLibrary library, CpuLibrary.Entry entry, String summary) {
        this.library = library;
        this.entry = entry;
        this.info = new KernelInfo(entry.id(), "native", true, summary);
        this.refused = entry.needs().stream()
                .filter(Capabilities.host()::has)
                .flatMap(f -> library.refusal(f).map(why -> f + " is not used: " + why).stream())
                .findFirst();
    }

    /** The kernel of an entry: an id without a tile is that of a product with weights. */
    static NativeGemm of(CpuLibrary library, CpuLibrary.Entry entry) {
        return entry.id().tile().isPresent() ? new PackedGemm(library, entry) : new WeightsGemm(library, entry);
    }

    /** Why this kernel does not take a descriptor of its types without epilogue, empty where it does. */
    abstract Optional<String> decline(GemmDesc desc);

    abstract Cost cost(GemmDesc desc, CostModel model);

    abstract ErrorBound bound(GemmDesc desc);

    abstract Determinism determinism();

    abstract GemmExecutor prepare(GemmDesc desc, PlanContext context, CostModel model);

    @Override
    public final KernelInfo info() {
        return info;
    }

    final KernelId id() {
        return info.id();
    }

    final CpuLibrary library() {
        return library;
    }

    /** Its number in the library. */
    final int number() {
        return entry.number();
    }

    final Set<Feature> needs() {
        return entry.needs();
    }

    /** A machine lacks features or has them; of those that the host has, the library may refuse some. */
    @Override
    public final Optional<String> unavailable(Capabilities machine) {
        Set<Feature> lacking =
                entry.needs().stream().filter(f -> !machine.has(f)).collect(Collectors.toUnmodifiableSet());
        if (!lacking.isEmpty()) {
            return Optional.of("the CPU lacks " + sorted(lacking));
        }
        return refused;
    }

    private static String sorted(Set<Feature> features) {
        return features.stream().sorted().map(Feature::toString).collect(Collectors.joining(", "));
    }

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
        if (!desc.epilogue().isEmpty()) {
            return Optional.of("epilogue " + desc.epilogue() + " is not fused");
        }
        return desc.a()
                .packed()
                .map(kernel -> "a is packed for " + kernel)
                .or(() -> desc.b()
                        .packed()
                        .filter(kernel -> !kernel.equals(id()))
                        .map(kernel -> "b is packed for " + kernel));
    }

    private CostModel model(PlanContext context) {
        return model(new OfferContext(context.machine(), context.tuning(), context.threads()));
    }

    private CostModel model(OfferContext context) {
        return new CostModel(context, id(), vectorBits(context.machine()));
    }

    private int vectorBits(Capabilities machine) {
        if (entry.needs().contains(Feature.SVE)) {
            return Math.max(128, machine.vectorBits());
        }
        return entry.needs().stream()
                .mapToInt(f -> BITS.getOrDefault(f, 0))
                .reduce(id().types().get(2).bits(), Math::max);
    }
}
