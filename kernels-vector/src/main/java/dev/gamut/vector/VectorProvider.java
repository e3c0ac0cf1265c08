package dev.gamut.vector;

import dev.gamut.hw.Capabilities;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.KernelProvider;
import dev.gamut.spi.Tuning;
import dev.gamut.vector.convert.ConvertTable;
import dev.gamut.vector.emulated.EmulatedGemm;
import dev.gamut.vector.gemm.GemmTable;
import dev.gamut.vector.reduce.ReduceTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Kernels in pure Java on the Vector API. Loads and answers on any machine: classes that touch the incubator module are
 * linked only when a kernel is prepared. Thread-safe.
 */
public final class VectorProvider implements KernelProvider {
    private static final String TUNING = "tuning.txt";

    private final List<Kernel<?, ?>> kernels = table();
    private final Tuning tuning = readTuning();

    /** For {@link java.util.ServiceLoader}. */
    public VectorProvider() {}

    private static List<Kernel<?, ?>> table() {
        List<Kernel<?, ?>> all = new ArrayList<>(GemmTable.kernels());
        all.addAll(EmulatedGemm.kernels());
        all.addAll(ReduceTable.kernels());
        all.addAll(ConvertTable.kernels());
        return List.copyOf(all);
    }

    private static Tuning readTuning() {
        try (InputStream in = VectorProvider.class.getResourceAsStream(TUNING)) {
            return Tuning.read(in, TUNING).over(ReduceTable.tuning());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + TUNING, e);
        }
    }

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return Requirements.missing(machine);
    }

    @Override
    public List<Kernel<?, ?>> kernels() {
        return kernels;
    }

    @Override
    public Tuning tuning() {
        return tuning;
    }
}
