package dev.gamut.ffm.hwloc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.error.NativeCallException;
import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SharedLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/** The few functions of hwloc 2 that give its description as text, so that none of its structures is touched. Thread-safe. */
final class HwlocLibrary {
    private static final int OLDEST = 0x20000;
    private static final int TOO_NEW = 0x30000;

    private final String origin;
    private final int version;
    private final MethodHandle init;
    private final MethodHandle load;
    private final MethodHandle export;
    private final MethodHandle free;
    private final MethodHandle destroy;

    HwlocLibrary(SharedLibrary library) throws LoadFailure {
        origin = library.origin();
        version = (int) called(bound(library, "hwloc_get_api_version", JAVA_INT));
        if (version < OLDEST || version >= TOO_NEW) {
            throw new LoadFailure(
                    origin + " has the interface of hwloc " + describe(version) + "; that of hwloc 2 is needed");
        }
        init = bound(library, "hwloc_topology_init", JAVA_INT, ADDRESS);
        load = bound(library, "hwloc_topology_load", JAVA_INT, ADDRESS);
        export = bound(library, "hwloc_topology_export_xmlbuffer", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
        free = bound(library, "hwloc_free_xmlbuffer", null, ADDRESS, ADDRESS);
        destroy = bound(library, "hwloc_topology_destroy", null, ADDRESS);
    }

    private static MethodHandle bound(
            SharedLibrary library, String name, MemoryLayout result, MemoryLayout... parameters) throws LoadFailure {
        FunctionDescriptor type =
                result == null ? FunctionDescriptor.ofVoid(parameters) : FunctionDescriptor.of(result, parameters);
        return Linker.nativeLinker()
                .downcallHandle(library.find(name), type)
                .asSpreader(Object[].class, parameters.length);
    }

    private static Object called(MethodHandle function, Object... arguments) {
        try {
            return function.invoke(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e); // a downcall throws nothing else
        }
    }

    private static String describe(int version) {
        return (version >> 16) + "." + (version >> 8 & 0xFF);
    }

    /** The version of the interface, which may be older than the library, and the file. */
    String describe() {
        return "hwloc " + describe(version) + ", from " + origin;
    }

    /** This machine in XML. */
    String xml() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            check("hwloc_topology_init", called(init, out));
            MemorySegment topology = out.get(ADDRESS, 0);
            try {
                check("hwloc_topology_load", called(load, topology));
                return exported(arena, topology);
            } finally {
                called(destroy, topology);
            }
        }
    }

    private String exported(Arena arena, MemorySegment topology) {
        MemorySegment buffer = arena.allocate(ADDRESS);
        MemorySegment length = arena.allocate(JAVA_INT);
        check("hwloc_topology_export_xmlbuffer", called(export, topology, buffer, length, 0L));
        MemorySegment text = buffer.get(ADDRESS, 0);
        try {
            // The length counts the 0 at the end.
            int bytes = length.get(JAVA_INT, 0) - 1;
            return new String(
                    text.reinterpret(bytes).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        } finally {
            called(free, topology, text);
        }
    }

    private static void check(String function, Object status) {
        if ((int) status != 0) {
            throw new NativeCallException(function, (int) status, "a failure that it does not name");
        }
    }
}
