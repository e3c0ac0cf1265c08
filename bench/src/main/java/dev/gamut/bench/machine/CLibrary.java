package dev.gamut.bench.machine;

import dev.gamut.bench.cli.Resources;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The loops in C, compiled by the system's compiler for the machine they run on and loaded until the process ends; or the
 * reason why they are not there. Immutable.
 */
final class CLibrary {
    private static final String FOLDER = "dev/gamut/bench/yardsticks/";
    private static final List<String> COMPILERS = List.of("cc", "gcc", "clang");

    /** -O3 takes half as long again and changes nothing, as the loops are written with vectors. */
    private static final List<String> FLAGS = List.of("-O2", "-std=gnu11", "-shared", "-fPIC");

    /** A compiler takes about two seconds. */
    private static final long PATIENCE_SECONDS = 60;

    private static final Linker LINKER = Linker.nativeLinker();

    private final SymbolLookup symbols; // null where something is missing
    private final String missing;

    private CLibrary(SymbolLookup symbols, String missing) {
        this.symbols = symbols;
        this.missing = missing;
    }

    /**
     * What is compiled.
     *
     * @param name of the library
     * @param files the source and the headers that it includes
     * @param flags beside those that all have
     */
    record Program(String name, List<String> files, List<String> flags) {}

    private static final Program YARDSTICKS = new Program(
            "yardsticks",
            List.of("yardsticks.c", "peaks_x86.h", "peaks_arm.h", "reduce.h", "reduce_types.h"),
            List.of());

    /** Holds the process's library, which is compiled when this class is first used. */
    private static final class Host {
        static final CLibrary LIBRARY = compiled(COMPILERS);
    }

    /** The library of this process, compiled at the first call. */
    static CLibrary host() {
        return Host.LIBRARY;
    }

    /**
     * Compiles and loads.
     *
     * @param compilers commands to try, in this order
     */
    static CLibrary compiled(List<String> compilers) {
        return compiled(compilers, YARDSTICKS);
    }

    /** Compiles a file that needs no other. */
    static CLibrary compiled(String file) {
        return compiled(COMPILERS, new Program(file.replace(".c", ""), List.of(file), List.of()));
    }

    /**
     * Compiles and loads.
     *
     * @param compilers commands to try, in this order
     * @param program what
     */
    static CLibrary compiled(List<String> compilers, Program program) {
        String failure = "no C compiler";
        try {
            Path folder = Files.createTempDirectory("gamut-" + program.name());
            folder.toFile().deleteOnExit();
            for (String file : program.files()) {
                unpacked(file, folder);
            }
            Path library = passing(folder.resolve(System.mapLibraryName(program.name())));
            for (String compiler : compilers) {
                Optional<String> complaint = compile(compiler, program, library);
                if (complaint.isEmpty()) {
                    return new CLibrary(SymbolLookup.libraryLookup(library, Arena.global()), "");
                }
                failure = complaint.get().isEmpty() ? failure : compiler + " failed: " + complaint.get();
            }
        } catch (IOException | IllegalArgumentException e) {
            failure = "cannot build or load the C loops: " + e.getMessage();
        }
        return new CLibrary(null, "unavailable: " + failure);
    }

    private static void unpacked(String name, Path folder) throws IOException {
        Files.writeString(passing(folder.resolve(name)), Resources.text(FOLDER + name));
    }

    private static Path passing(Path file) {
        file.toFile().deleteOnExit();
        return file;
    }

    /** Nothing where it worked; an empty text where there is no such compiler, else the first line of its complaint. */
    private static Optional<String> compile(String compiler, Program program, Path library) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(compiler);
        command.addAll(FLAGS);
        command.addAll(program.flags());
        command.addAll(List.of("-o", library.toString(), program.files().getFirst()));
        Path messages = passing(library.resolveSibling("messages"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(library.getParent().toFile())
                .redirectErrorStream(true)
                .redirectOutput(messages.toFile());
        builder.environment().put("LC_ALL", "C");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) { // how Java says that there is no such command
            return Optional.of("");
        }
        if (!ended(process)) {
            return Optional.of("not done after " + PATIENCE_SECONDS + " s");
        }
        return process.exitValue() == 0 ? Optional.empty() : Optional.of(firstError(messages, process.exitValue()));
    }

    private static boolean ended(Process process) {
        try {
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            process.destroyForcibly();
        }
    }

    private static String firstError(Path messages, int status) throws IOException {
        try (var lines = Files.lines(messages)) {
            return lines.filter(line -> line.contains("error")).findFirst().orElse("exit status " + status);
        }
    }

    /** Why there are no loops; empty where there are. */
    Optional<String> missing() {
        return missing.isEmpty() ? Optional.empty() : Optional.of(missing);
    }

    /**
     * A function.
     *
     * @param name its symbol
     * @param type its result and parameters
     * @param options of the call
     * @return a handle for {@code invokeExact}; where there are no loops, one that throws IllegalStateException
     */
    MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        if (symbols != null) {
            return LINKER.downcallHandle(symbols.findOrThrow(name), type, options);
        }
        MethodType java = type.toMethodType();
        MethodHandle thrower = MethodHandles.throwException(java.returnType(), IllegalStateException.class)
                .bindTo(new IllegalStateException(missing));
        return MethodHandles.dropArguments(thrower, 0, java.parameterList());
    }

    /**
     * What a handle threw: a downcall declares Throwable, and throws what its arguments deserve at most.
     *
     * @return never
     */
    static Error rethrown(Throwable thrown) {
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        throw thrown instanceof Error e ? e : new AssertionError(thrown);
    }

    /**
     * Text of a C string.
     *
     * @param cString its address, not null
     */
    static String text(MemorySegment cString) {
        return cString.reinterpret(4_096).getString(0);
    }

    /**
     * Where an array lies just now: the C library's way of moving nothing returns the address. A collection may move the
     * array; one so large and so long in use is hardly ever moved.
     *
     * @param array any array
     */
    static long address(double[] array) {
        MethodHandle move = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("memmove"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG),
                Linker.Option.critical(true));
        MemorySegment segment = MemorySegment.ofArray(array);
        try {
            return (long) move.invokeExact(segment, segment, 0L);
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }
}
