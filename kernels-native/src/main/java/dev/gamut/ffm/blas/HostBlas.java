package dev.gamut.ffm.blas;

import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SystemLibrary;

/**
 * The BLAS library of this process, looked for once.
 *
 * @param library null where there is none
 * @param failure why there is none, null where there is one
 */
record HostBlas(BlasLibrary library, String failure) {
    /** Names a file to load, or {@code none}. */
    private static final String PROPERTY = "gamut.blas";

    private static final String VARIABLE = "GAMUT_BLAS";

    /** Looked for when first asked for. */
    private static final class Holder {
        static final HostBlas HOST = of(SystemLibrary.ofProcess(PROPERTY, VARIABLE, Vendor.allNames()));
    }

    static HostBlas get() {
        return Holder.HOST;
    }

    static HostBlas of(SystemLibrary place) {
        try {
            return new HostBlas(place.open(BlasLibrary::of), null);
        } catch (LoadFailure e) {
            return new HostBlas(null, "no BLAS library: " + e.getMessage());
        }
    }
}
