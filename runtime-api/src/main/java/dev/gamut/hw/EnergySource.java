package dev.gamut.hw;

import java.util.List;
import java.util.Optional;

/** A library that counts the energy of devices. Found by {@link java.util.ServiceLoader}; {@link EnergyMeter#devices()} asks all of them. */
public interface EnergySource {
    /** Why it counts nothing; empty where it does. Looks for the library. */
    Optional<String> unavailable();

    /** What is counted, a name for each counter; empty where nothing is. */
    List<String> counters();

    /**
     * What a counter shows.
     *
     * @param counter its number in the list
     * @return microjoules since some moment, which may be another one after the driver was loaded anew
     * @throws dev.gamut.error.NativeCallException if the library fails
     */
    long microjoules(int counter);
}
