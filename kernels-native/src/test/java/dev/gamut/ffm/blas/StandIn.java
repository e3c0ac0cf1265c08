package dev.gamut.ffm.blas;

import dev.gamut.ffm.library.SystemLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** A BLAS of three loops, compiled for the test that asks for it. */
record StandIn(Path file) {
    /**
     * Compiles one.
     *
     * @param folder where to
     * @param name what it looks like, a word of its source
     */
    static StandIn compiled(Path folder, String name) {
        try (InputStream in = StandIn.class.getResourceAsStream("standin.c")) {
            Path source = folder.resolve(name + ".c");
            Files.write(source, in.readAllBytes());
            Path file = folder.resolve("lib" + name.toLowerCase(java.util.Locale.ROOT) + "standin.so");
            Process compiler = new ProcessBuilder(
                            compiler(),
                            "-O1",
                            "-ffp-contract=off",
                            "-shared",
                            "-fPIC",
                            "-D" + name,
                            "-o",
                            file.toString(),
                            source.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (compiler.waitFor() != 0) {
                throw new AssertionError(said);
            }
            return new StandIn(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String compiler() {
        for (String name : List.of("cc", "gcc", "clang")) {
            try {
                new ProcessBuilder(name, "--version")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
                return name;
            } catch (IOException e) { // there is none of that name
                continue;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return Assumptions.abort("cannot run here: no C compiler");
    }

    /** What comes of it where a user names it. */
    HostBlas host() {
        return HostBlas.of(new SystemLibrary(Optional.of(file.toString()), List.of()));
    }

    /** Asks it something: {@code most}, {@code disturbed} or {@code threads}. */
    int ask(String what) {
        try {
            return (int) Linker.nativeLinker()
                    .downcallHandle(
                            SymbolLookup.libraryLookup(file, Arena.global()).findOrThrow("standin_" + what),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT))
                    .invokeExact();
        } catch (Throwable e) {
            throw new AssertionError("C throws nothing", e);
        }
    }
}
