package dev.gamut.internal.reference;

import dev.gamut.hw.Capabilities;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.KernelProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The scalar kernels that answer where no other kernel does: clear before fast, exact or in a named order, on any machine
 * and on one thread. The dispatcher registers them itself and asks them last. Immutable and thread-safe.
 */
public final class ReferenceProvider implements KernelProvider {
    /** Name of the provider. */
    public static final String NAME = "reference";

    private static final List<Kernel<?, ?>> KERNELS = table();

    private static List<Kernel<?, ?>> table() {
        List<Kernel<?, ?>> all = new ArrayList<>(GemmTable.kernels());
        all.addAll(ReduceTable.kernels());
        all.addAll(ReferenceConvert.kernels());
        return List.copyOf(all);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return Optional.empty();
    }

    @Override
    public List<Kernel<?, ?>> kernels() {
        return KERNELS;
    }
}
