package dev.gamut.ffm.mpi;

import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SharedLibrary;
import dev.gamut.ffm.library.SystemLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.Map;
import java.util.Optional;

/**
 * The MPI library of this process, looked for once: the file that the user names; what the process has loaded already; the usual names,
 * first those that the launcher's environment speaks for.
 *
 * @param library null where there is none
 * @param failure why there is none, null where there is one
 */
record MpiHost(MpiLibrary library, String failure) {
    /** Names a file to load, or {@code none}. */
    static final String PROPERTY = "gamut.mpi";

    static final String VARIABLE = "GAMUT_MPI";

    /** By this name glibc knows the programme with all that was loaded for everyone to see. */
    private static final String PROGRAMME = "";

    /** Looked for when first asked for. */
    private static final class Holder {
        static final MpiHost HOST = find();
    }

    static MpiHost get() {
        return Holder.HOST;
    }

    private static MpiHost find() {
        try {
            Environment.prepare();
            return new MpiHost(
                    open(SystemLibrary.ofProcess(PROPERTY, VARIABLE, Launcher.names(System.getenv()))), null);
        } catch (LoadFailure e) {
            return new MpiHost(null, "no MPI library: " + e.getMessage());
        }
    }

    private static MpiLibrary open(SystemLibrary place) throws LoadFailure {
        Optional<SharedLibrary> loaded = place.ordered().isPresent() ? Optional.empty() : loaded();
        return loaded.isPresent() ? bind(loaded.get()) : place.open(MpiHost::bind);
    }

    private static Optional<SharedLibrary> loaded() {
        try {
            SymbolLookup all = SymbolLookup.libraryLookup(PROGRAMME, Arena.global());
            return all.find("MPI_Init_thread").map(_ -> new SharedLibrary("this process", all));
        } catch (IllegalArgumentException e) { // another C library knows no such name
            return Optional.empty();
        } catch (IllegalCallerException e) { // opening a library by name will say so
            return Optional.empty();
        }
    }

    private static MpiLibrary bind(SharedLibrary library) throws LoadFailure {
        MpiLibrary mpi = MpiLibrary.of(library);
        Map<String, String> environment = System.getenv();
        Optional<String> objection =
                Launcher.of(environment).flatMap(launcher -> launcher.objection(mpi.version(), environment));
        if (objection.isPresent()) {
            throw new LoadFailure(library.origin() + " does not fit: " + objection.get());
        }
        return mpi;
    }
}
