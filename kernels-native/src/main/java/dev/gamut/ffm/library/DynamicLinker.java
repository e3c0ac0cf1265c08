package dev.gamut.ffm.library;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** The system's own words about a library that it does not open, dlerror(3): {@link SymbolLookup} does not pass them on. */
final class DynamicLinker {
    private static final int RTLD_NOW = 2;
    private static final long LONGEST_MESSAGE = 4096;

    private DynamicLinker() {}

    /**
     * Why a library does not open.
     *
     * @param library a path or a name
     * @return what dlerror says after another try
     */
    static String complaint(String library) {
        return ask(library).orElse("the system gives no reason");
    }

    /** Empty where the system has no such functions, or where the library opens after all. */
    private static Optional<String> ask(String library) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup system = linker.defaultLookup();
        Optional<MemorySegment> open = system.find("dlopen");
        Optional<MemorySegment> error = system.find("dlerror");
        if (open.isEmpty() || error.isEmpty()) {
            return Optional.empty();
        }
        MethodHandle dlopen = linker.downcallHandle(
                open.get(), FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        MethodHandle dlerror = linker.downcallHandle(error.get(), FunctionDescriptor.of(ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = (MemorySegment) dlopen.invokeExact(arena.allocateFrom(library), RTLD_NOW);
            if (handle.address() != 0) {
                return Optional.empty();
            }
            MemorySegment message = (MemorySegment) dlerror.invokeExact();
            return message.address() == 0
                    ? Optional.empty()
                    : Optional.of(message.reinterpret(LONGEST_MESSAGE).getString(0));
        } catch (Throwable e) { // of invokeExact, which a call of C does not throw
            throw new AssertionError("dlopen and dlerror throw nothing", e);
        }
    }
}
