package dev.gamut.ffm.cpu;

import dev.gamut.hw.Capabilities;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.KernelProvider;
import dev.gamut.spi.Tuning;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * Kernels in C, from the library libgamut. Where that cannot be loaded there are none, and {@link #unavailable} says why.
 * Thread-safe.
 *
 * <p>The library is the file that the system property {@code gamut.native} or the environment variable {@code GAMUT_NATIVE} names
 * ({@code none} for none), or the one in a jar of natives on the class path, or the system's.
 */
public final class NativeProvider implements KernelProvider {
    private static final String TUNING = "tuning.txt";

    private final HostLibrary host;
    private final List<Kernel<?, ?>> kernels;
    private final Tuning tuning = readTuning();

    /** For {@link java.util.ServiceLoader}. */
    public NativeProvider() {
        this(HostLibrary.get());
    }

    NativeProvider(HostLibrary host) {
        this.host = host;
        this.kernels = host.library() == null
                ? List.of()
                : host.library().kernels().stream()
                        .<Kernel<?, ?>>map(entry -> NativeKernel.of(host.library(), entry))
                        .toList();
    }

    private static Tuning readTuning() {
        try (InputStream in = NativeProvider.class.getResourceAsStream(TUNING)) {
            return Tuning.read(in, TUNING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + TUNING, e);
        }
    }

    @Override
    public String name() {
        return "native";
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return Optional.ofNullable(host.failure());
    }

    @Override
    public List<Kernel<?, ?>> kernels() {
        return kernels;
    }

    @Override
    public Optional<String> library() {
        return Optional.ofNullable(host.library()).map(CpuLibrary::origin);
    }

    @Override
    public Tuning tuning() {
        return tuning;
    }
}
