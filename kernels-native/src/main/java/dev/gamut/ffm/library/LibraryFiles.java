package dev.gamut.ffm.library;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files for libraries that come in jars, since only files can be opened: in a folder of the user's that many processes share, each
 * library under the hash of its content; where that cannot be, in a folder of this process alone, gone once the library is open.
 * Immutable.
 *
 * <p>A file appears under its name by a rename, so that no process sees half of it, and is compared with the jar's content before each
 * use, so that a damaged one is replaced; a process that has the old one open keeps it.
 *
 * <p>Folders are texts as the environment has them: one that the locale cannot spell is a reason like others.
 *
 * @param shared the folder of the user; one without a home has no absolute path, and none is made
 * @param temporary where folders for one process are made
 */
public record LibraryFiles(String shared, String temporary) {
    /**
     * The folders for this process: {@code $XDG_CACHE_HOME/gamut} or {@code ~/.cache/gamut}, and the JVM's temporary folder.
     */
    static LibraryFiles ofProcess() {
        return new LibraryFiles(
                shared(System.getenv(), System.getProperty("user.home", "")), System.getProperty("java.io.tmpdir", ""));
    }

    static String shared(Map<String, String> environment, String home) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        return (cache.startsWith("/") ? cache : home + "/.cache") + "/gamut";
    }

    private static Path folder(String path) throws IOException {
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Opens a library from its content.
     *
     * @param fileName name of its file
     * @param content all of it
     * @param tried where what failed is added
     * @return the library, empty where it cannot be opened from either folder
     */
    Optional<SharedLibrary> open(String fileName, byte[] content, List<String> tried) {
        return openShared(fileName, content, tried).or(() -> openOwn(fileName, content, tried));
    }

    private Optional<SharedLibrary> openShared(String fileName, byte[] content, List<String> tried) {
        try {
            Path file = folder(shared).resolve(hash(content)).resolve(fileName);
            if (!file.isAbsolute()) {
                throw new IOException("an absolute path is needed");
            }
            if (!holds(file, content)) {
                replace(file, content);
            }
            return LibraryFinder.open(file.toString(), tried);
        } catch (IOException e) {
            tried.add("it cannot be put into " + shared + ": " + e);
            return Optional.empty();
        }
    }

    private static boolean holds(Path file, byte[] content) throws IOException {
        return Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), content);
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Path part = Files.createTempFile(file.getParent(), "part", null);
        try {
            Files.write(part, content);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** The folder can be entered by this user alone, so that nobody puts another file there. */
    private Optional<SharedLibrary> openOwn(String fileName, byte[] content, List<String> tried) {
        try {
            Path folder = Files.createTempDirectory(folder(temporary), "gamut");
            Path file = folder.resolve(fileName);
            try {
                Files.write(file, content);
                return LibraryFinder.open(file.toString(), tried);
            } finally {
                remove(file);
                remove(folder);
            }
        } catch (IOException e) {
            tried.add("it cannot be put into " + temporary + ": " + e);
            return Optional.empty();
        }
    }

    /** A library is open whatever becomes of its file: network file systems keep it under another name, and its folder with it. */
    private static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) { // it stays behind
        }
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
