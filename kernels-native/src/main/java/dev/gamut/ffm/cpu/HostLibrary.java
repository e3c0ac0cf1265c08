package dev.gamut.ffm.cpu;

import dev.gamut.ffm.library.LibraryFinder;
import dev.gamut.ffm.library.LoadFailure;

/**
 * The libgamut of this process, looked for once.
 *
 * @param library null where there is none
 * @param failure why there is none, null where there is one
 */
record HostLibrary(CpuLibrary library, String failure) {
    /** Names a file to load, or {@code none}. */
    private static final String PROPERTY = "gamut.native";

    private static final String VARIABLE = "GAMUT_NATIVE";

    /** Loaded when first asked for. */
    private static final class Holder {
        static final HostLibrary HOST = find();
    }

    static HostLibrary get() {
        return Holder.HOST;
    }

    private static HostLibrary find() {
        try {
            CpuLibrary library = CpuLibrary.of(
                    LibraryFinder.ofProcess("gamut", PROPERTY, VARIABLE).open());
            return new HostLibrary(library, null);
        } catch (LoadFailure e) {
            return new HostLibrary(null, e.getMessage());
        }
    }
}
