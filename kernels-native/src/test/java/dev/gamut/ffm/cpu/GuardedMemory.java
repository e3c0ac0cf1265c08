package dev.gamut.ffm.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Memory between two pages that must not be touched: a kernel that reads or writes beside an operand ends the process. By turns
 * it ends where the second of them begins and begins where the first one ends; then it has no alignment but that of a page.
 */
public final class GuardedMemory implements SegmentAllocator {
    private static final long PAGE = 1 << 16; // a multiple of the page size of every Linux
    private static final int PROT_NONE = 0;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int TRIES = 50;

    private static final MethodHandle MMAP = handle(
            "mmap",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle MPROTECT = handle(
            "mprotect",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final MethodHandle MUNMAP =
            handle("munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

    private boolean atEnd;

    /** Of the first piece, which begins where a guard ends. */
    public GuardedMemory() {}

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }

    @Override
    public MemorySegment allocate(long bytes, long alignment) {
        long room = (bytes + PAGE - 1) / PAGE * PAGE;
        // The system counts mappings, and the collector gives them back when it gets to it.
        for (int tries = 0; tries < TRIES; tries++) {
            long base = map(room + 2 * PAGE);
            if (base > 0) {
                atEnd = !atEnd;
                long first = base + PAGE + (atEnd ? room - bytes : 0);
                long all = room + 2 * PAGE;
                return MemorySegment.ofAddress(first)
                        .reinterpret(bytes, Arena.ofAuto(), segment -> unmap(base, all))
                        .fill((byte) 0);
            }
            System.gc();
            pause();
        }
        throw new OutOfMemoryError("no guarded memory of " + bytes + " bytes");
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The address of a mapping between guards; not positive where the system has none left. */
    private static long map(long all) {
        try {
            long base = (long) MMAP.invokeExact(0L, all, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
            if (base > 0
                    && (int) MPROTECT.invokeExact(base, PAGE, PROT_NONE) == 0
                    && (int) MPROTECT.invokeExact(base + all - PAGE, PAGE, PROT_NONE) == 0) {
                return base;
            }
            if (base > 0) {
                unmap(base, all);
            }
            return -1;
        } catch (Throwable e) {
            throw new AssertionError("C throws nothing", e);
        }
    }

    private static void unmap(long base, long all) {
        try {
            int ignored = (int) MUNMAP.invokeExact(base, all);
        } catch (Throwable e) {
            throw new AssertionError("C throws nothing", e);
        }
    }
}
