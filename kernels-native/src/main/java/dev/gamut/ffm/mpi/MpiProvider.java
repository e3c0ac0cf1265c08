package dev.gamut.ffm.mpi;

import dev.gamut.spi.Transport;
import dev.gamut.spi.TransportProvider;
import java.util.Optional;

/**
 * Ranks over MPI: Open MPI, MPICH and its relatives, and libraries with the standard ABI. The library is the file that the system property
 * {@code gamut.mpi} or the environment variable {@code GAMUT_MPI} names ({@code none} for none), what the process has loaded, or one of the
 * usual names; it must be of the family of the launcher. Thread-safe.
 *
 * <p>MPI is initialised when {@link #world} is first asked for, and finalised when the process ends, which waits for the other ranks.
 * After a rank has failed it is not finalised.
 */
public final class MpiProvider implements TransportProvider {
    /** For {@link java.util.ServiceLoader}. */
    public MpiProvider() {}

    @Override
    public String name() {
        return "mpi";
    }

    @Override
    public boolean isLaunched() {
        return Launcher.of(System.getenv()).isPresent();
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.ofNullable(MpiHost.get().failure());
    }

    @Override
    public Optional<String> library() {
        return Optional.ofNullable(MpiHost.get().library()).map(MpiLibrary::describe);
    }

    @Override
    public Transport world() {
        return World.transport();
    }
}
