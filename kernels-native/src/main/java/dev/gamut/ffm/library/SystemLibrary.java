package dev.gamut.ffm.library;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where a library that is not Gamut's own is looked for: the file that the user names and nothing else, or under names that the system
 * knows. Immutable.
 *
 * @param ordered the user's wish: a file, or {@link LibraryFinder#NONE} for no library at all
 * @param names for the system's loader, tried in this order
 */
public record SystemLibrary(Optional<String> ordered, List<String> names) {
    private static final String ABSENT = "No such file or directory";

    /**
     * Makes of a library what its caller needs.
     *
     * @param <T> what that is
     */
    @FunctionalInterface
    public interface Binder<T> {
        /**
         * Binds.
         *
         * @param library just opened
         * @return never null
         * @throws LoadFailure where it is not what was looked for
         */
        T bind(SharedLibrary library) throws LoadFailure;
    }

    /**
     * The places for this process.
     *
     * @param property the system property by which a user names a file
     * @param variable the environment variable for the same, asked second
     * @param names for the system's loader
     */
    public static SystemLibrary ofProcess(String property, String variable, List<String> names) {
        return new SystemLibrary(LibraryFinder.wish(property, variable), names);
    }

    /**
     * Opens the first library that serves, to be used until the process ends.
     *
     * @param binder says whether it serves
     * @param <T> what the binder makes
     * @return what the binder made
     * @throws LoadFailure with all that was tried; names that the system does not know are listed, for others it says why not
     */
    public <T> T open(Binder<T> binder) throws LoadFailure {
        if (ordered.isPresent()) {
            return binder.bind(LibraryFinder.ordered(ordered.get()));
        }
        List<String> objections = new ArrayList<>();
        for (String name : names) {
            try {
                Optional<SharedLibrary> library = LibraryFinder.open(name, objections);
                if (library.isPresent()) {
                    return binder.bind(library.get());
                }
            } catch (LoadFailure e) {
                objections.add(e.getMessage());
            }
        }
        String reasons = objections.stream()
                .filter(reason -> !isAbsent(reason))
                .distinct()
                .map(reason -> "; " + reason)
                .collect(Collectors.joining());
        throw new LoadFailure("looked for " + String.join(", ", names) + reasons);
    }

    /** Of a library that is there and needs one that is not, the reason begins with the other one's name. */
    private boolean isAbsent(String reason) {
        return reason.endsWith(ABSENT) && names.stream().anyMatch(name -> reason.startsWith(name + ":"));
    }
}
