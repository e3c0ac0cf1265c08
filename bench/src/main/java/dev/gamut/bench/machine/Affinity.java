package dev.gamut.bench.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** On which processors threads of this process may run: Linux's sched_setaffinity(2). Elsewhere nothing is known, and nothing changes. */
final class Affinity {
    /** The calling thread, whatever its number. */
    static final int THIS_THREAD = 0;

    /** Bytes of a set: 8,192 processors, as many as Linux can be built for. */
    private static final int BYTES = 1024;

    private static final Optional<MethodHandle> GET = call("sched_getaffinity");
    private static final Optional<MethodHandle> SET = call("sched_setaffinity");

    private Affinity() {}

    private static Optional<MethodHandle> call(String name) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.empty();
        }
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
        return linker.defaultLookup().find(name).map(function -> linker.downcallHandle(function, type));
    }

    /**
     * Where a thread may run.
     *
     * @param thread its number in the system
     * @return numbers of processors; empty where the system does not tell
     */
    static Optional<BitSet> of(int thread) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(BYTES, Long.BYTES);
            return call(GET, thread, set) == 0
                    ? Optional.of(BitSet.valueOf(set.toArray(ValueLayout.JAVA_LONG)))
                    : Optional.empty();
        }
    }

    /**
     * Says where a thread may run from now on.
     *
     * @param thread its number in the system
     * @param processors their numbers
     * @return whether it is so
     */
    static boolean set(int thread, BitSet processors) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(BYTES, Long.BYTES);
            long[] words = processors.toLongArray();
            MemorySegment.copy(words, 0, set, ValueLayout.JAVA_LONG, 0, words.length);
            return call(SET, thread, set) == 0;
        }
    }

    private static int call(Optional<MethodHandle> function, int thread, MemorySegment set) {
        if (function.isEmpty()) {
            return -1;
        }
        try {
            return (int) function.get().invokeExact(thread, (long) BYTES, set);
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }

    /**
     * What processors of one core have in common and others have not.
     *
     * @param processor its number
     * @return a text, of no other meaning
     */
    static String core(int processor) {
        try {
            return Files.readString(
                    Path.of("/sys/devices/system/cpu/cpu" + processor + "/topology/thread_siblings_list"));
        } catch (IOException e) {
            return Integer.toString(processor);
        }
    }

    /** Numbers of all threads of this process that there are just now; none where the system does not tell. */
    static List<Integer> threads() {
        List<Integer> threads = new ArrayList<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            tasks.forEach(
                    task -> threads.add(Integer.parseInt(task.getFileName().toString())));
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        return threads;
    }
}
