package dev.gamut.ffm;

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

/**
 * A library of {@code native-src/sim} in the place of a vendor's: it counts, and fails where it is told to.
 *
 * @param file where it is
 * @param symbols what it exports
 */
public record StandIn(String file, SymbolLookup symbols) {
    /**
     * The one of this process; without it a test is skipped.
     *
     * @param variable of the environment, which names it to a provider
     * @param script that builds it
     */
    public static StandIn of(String variable, String script) {
        String file = System.getenv(variable);
        assumeTrue(
                file != null && file.contains("gamut-sim"),
                "cannot run here: " + variable + " names no stand-in; " + script + " builds one");
        return new StandIn(file, SymbolLookup.libraryLookup(file, Arena.global()));
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
    public void fail(String function, int nth, int code) {
        try (Arena arena = Arena.ofConfined()) {
            call("gamut_sim_fail", null, text(arena, function), nth, code);
        }
    }

    /** How often a function was called. */
    public long calls(String function) {
        try (Arena arena = Arena.ofConfined()) {
            return (long) call("gamut_sim_calls", JAVA_LONG, text(arena, function));
        }
    }

    /** Objects that are there. */
    public long open() {
        return (long) call("gamut_sim_open", JAVA_LONG);
    }
}
