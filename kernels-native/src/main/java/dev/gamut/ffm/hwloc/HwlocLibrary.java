package dev.gamut.ffm.hwloc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.error.NativeCallException;
import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.NativeFunction;
import dev.gamut.ffm.library.SharedLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** The few functions of hwloc 2 that give its description as text, so that none of its structures is touched. Thread-safe. */
final class HwlocLibrary {
    private static final int OLDEST = 0x20000;
    private static final int TOO_NEW = 0x30000;

    private final String origin;
    private final int version;
    private final NativeFunction init;
    private final NativeFunction load;
    private final NativeFunction export;
    private final NativeFunction free;
    private final NativeFunction destroy;

    HwlocLibrary(SharedLibrary library) throws LoadFailure {
        origin = library.origin();
        version = (int)
                NativeFunction.of(library, "hwloc_get_api_version", JAVA_INT).call();
        if (version < OLDEST || version >= TOO_NEW) {
            throw new LoadFailure(
                    origin + " has the interface of hwloc " + describe(version) + "; that of hwloc 2 is needed");
        }
        init = NativeFunction.of(library, "hwloc_topology_init", JAVA_INT, ADDRESS);
        load = NativeFunction.of(library, "hwloc_topology_load", JAVA_INT, ADDRESS);
        export = NativeFunction.of(
                library, "hwloc_topology_export_xmlbuffer", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
        free = NativeFunction.ofVoid(library, "hwloc_free_xmlbuffer", ADDRESS, ADDRESS);
        destroy = NativeFunction.ofVoid(library, "hwloc_topology_destroy", ADDRESS);
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
            check("hwloc_topology_init", init.call(out));
            MemorySegment topology = out.get(ADDRESS, 0);
            try {
                check("hwloc_topology_load", load.call(topology));
                return exported(arena, topology);
            } finally {
                destroy.call(topology);
            }
        }
    }

    private String exported(Arena arena, MemorySegment topology) {
        MemorySegment buffer = arena.allocate(ADDRESS);
        MemorySegment length = arena.allocate(JAVA_INT);
        check("hwloc_topology_export_xmlbuffer", export.call(topology, buffer, length, 0L));
        MemorySegment text = buffer.get(ADDRESS, 0);
        try {
            // The length counts the 0 at the end.
            int bytes = length.get(JAVA_INT, 0) - 1;
            return new String(
                    text.reinterpret(bytes).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        } finally {
            free.call(topology, text);
        }
    }

    private static void check(String function, Object status) {
        if ((int) status != 0) {
            throw new NativeCallException(function, (int) status, "a failure that it does not name");
        }
    }
}
