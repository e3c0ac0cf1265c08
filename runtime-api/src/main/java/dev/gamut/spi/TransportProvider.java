package dev.gamut.spi;

import java.util.Optional;

/**
 * A library by which processes exchange bytes, found with {@link java.util.ServiceLoader}. Its class must load and answer on any
 * machine; the library is looked for only when {@link #unavailable}, {@link #library} or {@link #world} is asked. Thread-safe.
 */
public interface TransportProvider {
    /** Name for people and settings, for example {@code mpi}. */
    String name();

    /** Whether this process was started as one of several ranks; asks the environment alone and loads nothing. */
    boolean isLaunched();

    /**
     * Why it cannot be used here.
     *
     * @return the reason, empty where it can
     */
    Optional<String> unavailable();

    /** Version and place of the library, for people; empty where none was found. */
    Optional<String> library();

    /**
     * The group of all ranks; opened once a process.
     *
     * @return it
     */
    Transport world();
}
