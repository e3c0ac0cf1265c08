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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
        try {
            Path target = Files.createTempDirectory("gamut-peer");
            target.toFile().deleteOnExit();
            SymbolLookup library = null;
            for (String file : files) {
                library = SymbolLookup.libraryLookup(extract(owner, folder + file, target), Arena.global());
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

    private static Path extract(Class<?> owner, String resource, Path folder) throws IOException {
        Path target = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
        target.toFile().deleteOnExit();
        try (InputStream in = owner.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("no " + resource + " for this platform");
            }
            Files.copy(in, target);
        }
        return target;
    }

    /** JavaCPP's name of this platform, as it stands in the folders of its jars: {@code linux-x86_64}. */
    public static String platform() {
        String os = System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT);
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
        return LINKER.downcallHandle(symbols.findOrThrow(name), type);
    }

    /**
     * Whether the library exports a function.
     *
     * @param name its symbol
     */
    public boolean has(String name) {
        return symbols.find(name).isPresent();
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
