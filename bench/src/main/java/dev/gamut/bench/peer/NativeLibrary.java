package dev.gamut.bench.peer;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/** A shared library out of a jar, with its functions as method handles. It stays loaded until the process ends. */
public final class NativeLibrary {
    private static final Linker LINKER = Linker.nativeLinker();

    private final SymbolLookup symbols;

    private NativeLibrary(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    /** A downcall. */
    @FunctionalInterface
    public interface Call<T> {
        /** Invokes a method handle exactly. */
        T run() throws Throwable;
    }

    /**
     * Unpacks and loads.
     *
     * @param owner a class whose loader sees the jar
     * @param folder of the files in the jar, with a slash at both ends
     * @param files what to load, in this order: what a library needs stands before it
     * @return the last of them
     * @throws Unavailable if a file is missing or cannot be loaded
     */
    public static NativeLibrary load(Class<?> owner, String folder, List<String> files) throws Unavailable {
        return load(owner, folder, List.of(), files);
    }

    /**
     * Unpacks and loads a library that opens others by itself.
     *
     * @param owner a class whose loader sees the jar
     * @param folder of the files in the jar, with a slash at both ends
     * @param beside what to unpack into the same directory and leave to the library to load
     * @param files what to load, in this order: what a library needs stands before it
     * @return the last of them
     * @throws Unavailable if a file is missing or cannot be loaded
     */
    public static NativeLibrary load(Class<?> owner, String folder, List<String> beside, List<String> files)
            throws Unavailable {
        try {
            for (String file : beside) {
                extract(owner, folder + file);
            }
            SymbolLookup library = null;
            for (String file : files) {
                library = SymbolLookup.libraryLookup(extract(owner, folder + file), Arena.global());
            }
            return new NativeLibrary(library);
        } catch (IOException | IllegalArgumentException e) {
            throw new Unavailable("cannot load " + files.getLast() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Wraps a library that is loaded already.
     *
     * @param symbols where its functions are
     */
    public static NativeLibrary of(SymbolLookup symbols) {
        return new NativeLibrary(symbols);
    }

    /**
     * Unpacks a file unless an earlier process did: libraries of hundreds of megabytes are opened by fork after fork. The
     * directory is that user's and that jar's own. A file appears in it by a rename, hence whole, and processes that
     * unpack it at the same time put equal files there one after the other.
     */
    private static Path extract(Class<?> owner, String resource) throws IOException {
        URL url = owner.getResource(resource);
        if (url == null) {
            throw new IOException("no " + resource + " for this platform");
        }
        if (!(url.openConnection() instanceof JarURLConnection jar)) {
            throw new IOException(resource + " is not in a jar");
        }
        jar.setUseCaches(false); // or closing the stream would leave the jar open
        try (InputStream in = jar.getInputStream()) {
            Path target = directory(Path.of(jar.getJarFile().getName()))
                    .resolve(resource.substring(resource.lastIndexOf('/') + 1));
            if (!Files.exists(target) || Files.size(target) != jar.getContentLengthLong()) {
                Path part = Files.createTempFile(target.getParent(), "part", null);
                try {
                    Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
                    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    Files.deleteIfExists(part);
                }
            }
            return target;
        }
    }

    /** Where files of a jar are unpacked. Code is loaded from there, so nobody else may have made it. */
    private static Path directory(Path jar) throws IOException {
        String user = System.getProperty("user.name");
        Path directory = Path.of(
                System.getProperty("java.io.tmpdir"),
                "gamut-peers-" + user,
                jar.getFileName() + "-" + Files.size(jar) + "-"
                        + Files.getLastModifiedTime(jar).toMillis());
        Path base = directory.getParent();
        try {
            Files.createDirectory(base);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(base, LinkOption.NOFOLLOW_LINKS)
                    || !Files.getOwner(base, LinkOption.NOFOLLOW_LINKS)
                            .getName()
                            .endsWith(user)) {
                throw new IOException(base + " is not a directory of " + user, e);
            }
        }
        return Files.createDirectories(directory);
    }

    /** JavaCPP's name of this platform, as it stands in the folders of its jars: {@code linux-x86_64}. */
    public static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        return (os.startsWith("mac") ? "macosx" : os.startsWith("win") ? "windows" : "linux") + "-"
                + (arch.equals("aarch64") ? "arm64" : arch.equals("amd64") ? "x86_64" : arch);
    }

    /**
     * A function.
     *
     * @param name its symbol
     * @param type its result and parameters
     * @return a handle for {@code invokeExact}
     */
    public MethodHandle function(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(address(name), type);
    }

    /**
     * Where a function lies, for handles that take that as their first argument.
     *
     * @param name its symbol
     */
    public MemorySegment address(String name) {
        return symbols.findOrThrow(name);
    }

    /**
     * Sets a variable in this process's C environment, which Java's own view of it does not show.
     *
     * @param name the variable
     * @param value its value; null to unset it
     */
    public static void environment(String name, String value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocateFrom(name);
            if (value == null) {
                MethodHandle unset = LINKER.downcallHandle(
                        LINKER.defaultLookup().findOrThrow("unsetenv"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
                call(() -> (int) unset.invokeExact(key));
            } else {
                MemorySegment text = arena.allocateFrom(value);
                MethodHandle set = LINKER.downcallHandle(
                        LINKER.defaultLookup().findOrThrow("setenv"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
                call(() -> (int) set.invokeExact(key, text, 1));
            }
        }
    }

    /**
     * Runs a downcall where its time does not matter.
     *
     * @param call invokes a handle
     * @return what it returns
     */
    public static <T> T call(Call<T> call) {
        try {
            return call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) { // a downcall declares Throwable and throws nothing else
            throw new AssertionError(e);
        }
    }

    /**
     * Text of a C string.
     *
     * @param cString its address, not null
     */
    public static String text(MemorySegment cString) {
        return cString.reinterpret(4_096).getString(0);
    }
}
