package dev.gamut.spi;

import dev.gamut.hw.Capabilities;
import java.util.List;
import java.util.Optional;

/**
 * A source of kernels, found with {@link java.util.ServiceLoader}. Its class must load and answer on any machine: what
 * needs a library or an incubator module is touched only when a kernel is prepared. Thread-safe.
 */
public interface KernelProvider {
    /** Name for people and messages, for example {@code vector}. */
    String name();

    /**
     * Why nothing of this provider can run on a machine.
     *
     * @param machine any machine, not only the host
     * @return the reason, empty where the provider is usable
     */
    Optional<String> unavailable(Capabilities machine);

    /** Every kernel there is, usable on this machine or not. The same list each time. */
    List<Kernel<?, ?>> kernels();

    /** The native library behind the kernels, for people: its version and where it was found; empty where there is none. */
    default Optional<String> library() {
        return Optional.empty();
    }

    /** Default cost constants of the kernels, with their origin. */
    default Tuning tuning() {
        return Tuning.EMPTY;
    }
}
