package dev.gamut.ffm.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Arrays;
import java.util.Locale;

/** The stand-in of {@code native-src/sim/gpu} for one vendor's libraries, as {@code gpu-sim-test.sh} builds it and names it to the provider. */
record Simulator(Vendor vendor, String file, SymbolLookup symbols) {
    /** The one of this process; without it a test is skipped. */
    static Simulator of(Vendor vendor) {
        String variable = "GAMUT_" + vendor.id().toUpperCase(Locale.ROOT);
        String file = System.getenv(variable);
        assumeTrue(
                file != null && file.contains("gamut-sim"),
                "cannot run here: " + variable + " names no simulator; gpu-sim-test.sh builds one");
        return new Simulator(vendor, file, SymbolLookup.libraryLookup(file, Arena.global()));
    }

    private Object call(String name, MemoryLayout result, Object... arguments) {
        MemoryLayout[] all = {ADDRESS, JAVA_INT, JAVA_INT};
        MemoryLayout[] parameters = Arrays.copyOf(all, arguments.length);
        FunctionDescriptor type =
                result == null ? FunctionDescriptor.ofVoid(parameters) : FunctionDescriptor.of(result, parameters);
        try {
            return Linker.nativeLinker()
                    .downcallHandle(symbols.find(name).orElseThrow(), type)
                    .invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MemorySegment text(Arena arena, String text) {
        return arena.allocateFrom(text);
    }

    /** Makes the n-th call of a function from now on fail. */
    void fail(Call function, int nth, int code) {
        fail(vendor.function(function), nth, code);
    }

    /** The same by a function's name. */
    void fail(String function, int nth, int code) {
        try (Arena arena = Arena.ofConfined()) {
            call("gamut_sim_fail", null, text(arena, function), nth, code);
        }
    }

    /** How often a function was called. */
    long calls(Call function) {
        try (Arena arena = Arena.ofConfined()) {
            return (long) call("gamut_sim_calls", JAVA_LONG, text(arena, vendor.function(function)));
        }
    }

    /** Memory, registrations, streams, events, handles and descriptors that are there. */
    long open() {
        return (long) call("gamut_sim_open", JAVA_LONG);
    }
}
