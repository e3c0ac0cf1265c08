package dev.gamut.topology;

import java.util.Optional;

/** A library that describes the machine: hwloc. Found by {@link java.util.ServiceLoader}; {@link Topology#host()} asks the first one that is there. */
public interface HostSource {
    /** For people: the library, and where it can be used its version and file. Looks for it. */
    String describe();

    /** Why it cannot be used; empty where it can. Looks for it. */
    Optional<String> unavailable();

    /**
     * This machine in the XML format of hwloc 2.
     *
     * @throws dev.gamut.error.NativeCallException if the library fails
     */
    String xml();
}
