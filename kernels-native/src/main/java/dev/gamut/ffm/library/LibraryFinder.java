package dev.gamut.ffm.library;

import dev.gamut.hw.Capabilities;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a library of Gamut's own is looked for: the file that the user names and nothing else; or what a jar on the class path holds
 * for this platform, put into a file first; or the system's folders. Immutable.
 *
 * @param name without prefix and suffix, such as {@code gamut}
 * @param ordered the user's wish: a file, or {@code none} for no library at all
 * @param packaged the library in a jar, or null where there is none
 * @param platform for messages, such as {@code linux-x86_64}
 * @param files where files of packaged libraries are kept
 */
public record LibraryFinder(
        String name, Optional<String> ordered, byte[] packaged, String platform, LibraryFiles files) {
    /** What the user says for no library. */
    public static final String NONE = "none";

    private static final String FOLDER = "dev/gamut/ffm/natives/";

    /**
     * The finder for this process.
     *
     * @param name without prefix and suffix
     * @param property the system property by which a user names a file
     * @param variable the environment variable for the same, asked second
     * @return a finder
     * @throws LoadFailure where a jar holds the library and cannot be read
     */
    public static LibraryFinder ofProcess(String name, String property, String variable) throws LoadFailure {
        String platform = thisPlatform();
        return new LibraryFinder(
                name,
                wish(property, variable),
                resource(FOLDER + platform + "/" + System.mapLibraryName(name)),
                platform,
                LibraryFiles.ofProcess());
    }

    /** A file that the user names by a property or else a variable, or {@link #NONE}; empty where nothing is said. */
    static Optional<String> wish(String property, String variable) {
        return Optional.ofNullable(System.getProperty(property, System.getenv(variable)))
                .filter(text -> !text.isBlank());
    }

    private static String thisPlatform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).split(" ")[0];
        return os + "-" + Capabilities.host().arch();
    }

    private static byte[] resource(String path) throws LoadFailure {
        try (InputStream in = LibraryFinder.class.getClassLoader().getResourceAsStream(path)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new LoadFailure(path + " on the class path cannot be read: " + e);
        }
    }

    /**
     * Opens the library, to be used until the process ends.
     *
     * @return the library
     * @throws LoadFailure with all that was tried
     */
    public SharedLibrary open() throws LoadFailure {
        if (ordered.isPresent()) {
            return ordered(ordered.get());
        }
        List<String> tried = new ArrayList<>();
        Optional<SharedLibrary> found = packaged == null ? noJar(tried) : files.open(fileName(), packaged, tried);
        return found.or(() -> open(fileName(), tried))
                .orElseThrow(() -> new LoadFailure("no " + fileName() + " can be loaded: " + String.join("; ", tried)));
    }

    /** Opens what the user names. */
    static SharedLibrary ordered(String wish) throws LoadFailure {
        if (wish.equals(NONE)) {
            throw new LoadFailure("switched off");
        }
        List<String> tried = new ArrayList<>();
        return open(file(wish).toAbsolutePath().toString(), tried)
                .orElseThrow(() -> new LoadFailure("the library asked for cannot be loaded: " + tried.getFirst()));
    }

    private static Path file(String wish) throws LoadFailure {
        try {
            Path file = Path.of(wish);
            if (Files.isRegularFile(file)) {
                return file;
            }
        } catch (InvalidPathException e) { // what the locale cannot spell is no file, either
        }
        throw new LoadFailure("the library asked for is " + wish + ", which is no file; a path or none is needed");
    }

    private Optional<SharedLibrary> noJar(List<String> tried) {
        tried.add("no jar on the class path has it for " + platform);
        return Optional.empty();
    }

    private String fileName() {
        return System.mapLibraryName(name);
    }

    private static String reason(String library) {
        Path file = Path.of(library);
        try {
            Optional<String> objection = Files.isRegularFile(file) ? ElfHeader.objection(file) : Optional.empty();
            String reason = objection.orElseGet(() -> DynamicLinker.complaint(library));
            return reason.startsWith(library) ? reason : library + ": " + reason;
        } catch (IOException e) {
            return library + " cannot be read: " + e;
        }
    }

    /** Opens a path, or a name that the system looks for; where that fails, adds the reason to what was tried. */
    static Optional<SharedLibrary> open(String library, List<String> tried) {
        try {
            return Optional.of(new SharedLibrary(library, SymbolLookup.libraryLookup(library, Arena.global())));
        } catch (IllegalArgumentException e) { // how the JDK says that dlopen failed
            tried.add(reason(library));
            return Optional.empty();
        } catch (IllegalCallerException e) {
            tried.add(
                    "the JVM denies native access: add --enable-native-access=dev.gamut.ffm, or ALL-UNNAMED where Gamut is on the"
                            + " class path");
            return Optional.empty();
        }
    }
}
