package dev.gamut.ffm.library;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/**
 * A native library that is open until the process ends, with a lookup of its own: other libraries may export the same names.
 *
 * @param origin the file or name it was opened by, for people
 * @param symbols of this library alone
 */
public record SharedLibrary(String origin, SymbolLookup symbols) {
    /**
     * The address of a function.
     *
     * @param name its name
     * @return the address
     * @throws LoadFailure where the library lacks it
     */
    public MemorySegment find(String name) throws LoadFailure {
        return symbols.find(name).orElseThrow(() -> new LoadFailure(origin + " has no function " + name));
    }
}
