package dev.gamut.ffm.blas;

import dev.gamut.hw.Capabilities;
import dev.gamut.spi.Kernel;
import dev.gamut.spi.KernelProvider;
import dev.gamut.spi.Tuning;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Products by the BLAS library of the user's system. It is looked for when a plan is first made or the provider is asked about this
 * machine, and stays open until the process ends. There is a kernel for each library that is told apart; those of the one that is found
 * can be used. Thread-safe.
 *
 * <p>The library is the file that the system property {@code gamut.blas} or the environment variable {@code GAMUT_BLAS} names ({@code
 * none} for none), or the first of the usual names that the system's loader knows. Gamut's own BLAS is refused, by whatever name it is
 * found or preloaded.
 */
public final class BlasProvider implements KernelProvider {
    static final String NAME = "blas";

    private static final String TUNING = "tuning.txt";

    private final Supplier<HostBlas> host;
    private final List<Kernel<?, ?>> kernels;
    private final Tuning tuning = readTuning();

    /** For {@link java.util.ServiceLoader}. */
    public BlasProvider() {
        this(HostBlas::get);
    }

    BlasProvider(Supplier<HostBlas> host) {
        this.host = host;
        this.kernels = Stream.of(Vendor.values())
                .flatMap(vendor -> Stream.of(Precision.values())
                        .<Kernel<?, ?>>map(precision -> new BlasGemm(vendor, precision, host)))
                .toList();
    }

    private static Tuning readTuning() {
        try (InputStream in = BlasProvider.class.getResourceAsStream(TUNING)) {
            return Tuning.read(in, TUNING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + TUNING, e);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> unavailable(Capabilities machine) {
        return unavailable(machine, host);
    }

    /** Of another machine than this one it is not known which library it has: what is chosen for it depends on its description alone. */
    static Optional<String> unavailable(Capabilities machine, Supplier<HostBlas> host) {
        return machine.equals(Capabilities.host())
                ? Optional.ofNullable(host.get().failure())
                : Optional.of("which BLAS library another machine has is not known");
    }

    @Override
    public List<Kernel<?, ?>> kernels() {
        return kernels;
    }

    @Override
    public Tuning tuning() {
        return tuning;
    }

    @Override
    public Optional<String> library() {
        return Optional.ofNullable(host.get().library()).map(BlasLibrary::describe);
    }
}
