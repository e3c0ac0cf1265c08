package dev.gamut.ffm.cpu;

import dev.gamut.dtype.DType;
import dev.gamut.hw.Capabilities;
import dev.gamut.hw.Feature;
import dev.gamut.kernel.KernelId;
import dev.gamut.spi.CostModel;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.KernelInfo;
import dev.gamut.spi.OfferContext;
import dev.gamut.spi.PlanContext;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the kernels in C share: an entry of the library's table, and when it can be used. */
abstract class NativeKernel {
    private final CpuLibrary library;
    private final CpuLibrary.Entry entry;
    private final DType accumulator;
    private final KernelInfo info;
    /** Why the library refuses a feature that the host has. */
    private final Optional<String> refused;

    NativeKernel(CpuLibrary library, CpuLibrary.Entry entry, boolean ieee, String summary, DType accumulator) {
        this.library = library;
        this.entry = entry;
        this.accumulator = accumulator;
        this.info = new KernelInfo(entry.id(), "native", ieee, summary);
        this.refused = entry.needs().stream()
                .filter(Capabilities.host()::has)
                .flatMap(f -> library.refusal(f).map(why -> f + " is not used: " + why).stream())
                .findFirst();
    }

    /** The kernel of an entry: its operation tells which sort it is. */
    static Kernel<?, ?> of(CpuLibrary library, CpuLibrary.Entry entry) {
        return switch (entry.id().op()) {
            case "gemm" -> NativeGemm.of(library, entry);
            case "convert" -> new NativeConvert(library, entry);
            default -> new NativeReduce(library, entry);
        };
    }

    /** See {@link Kernel#info}. */
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

    final CostModel model(PlanContext context) {
        return model(new OfferContext(context.machine(), context.tuning(), context.threads()));
    }

    final CostModel model(OfferContext context) {
        return new CostModel(context, id(), vectorBits(context.machine()));
    }

    private int vectorBits(Capabilities machine) {
        if (entry.needs().contains(Feature.SVE)) {
            return Math.max(128, machine.vectorBits());
        }
        return entry.needs().stream().mapToInt(Feature::vectorBits).reduce(accumulator.bits(), Math::max);
    }

    @Override
    public final String toString() {
        return id().toString();
    }
}
