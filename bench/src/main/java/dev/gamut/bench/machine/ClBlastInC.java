package dev.gamut.bench.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * A product of F32 that C calls CLBlast for, its operands in memory of the device: what Gamut's on devices of OpenCL are held against. One
 * thread at a time.
 */
public final class ClBlastInC implements AutoCloseable {
    /** Compiled and opened when first asked for, which takes a second. */
    private static final class Library {
        static final CLibrary COMPILED = CLibrary.compiled("clblast.c");
        static final MethodHandle OPEN = COMPILED.function("gamut_clblast_open", FunctionDescriptor.of(ADDRESS));
        static final MethodHandle NEW = COMPILED.function(
                "gamut_clblast_new",
                FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS));
        static final MethodHandle RUN =
                COMPILED.function("gamut_clblast_run", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        static final MethodHandle RESULT =
                COMPILED.function("gamut_clblast_result", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        static final MethodHandle FREE = COMPILED.function("gamut_clblast_free", FunctionDescriptor.ofVoid(ADDRESS));
        static final Optional<String> MISSING = COMPILED.missing().or(Library::notOpened);

        private static Optional<String> notOpened() {
            try {
                MemorySegment reason = (MemorySegment) OPEN.invokeExact();
                return reason.address() == 0 ? Optional.empty() : Optional.of("unavailable: " + CLibrary.text(reason));
            } catch (Throwable e) {
                throw CLibrary.rethrown(e);
            }
        }
    }

    private final MemorySegment product;

    /**
     * Puts operands on a device.
     *
     * @param device its name as OpenCL has it
     * @param m rows of A
     * @param n columns of B
     * @param k columns of A
     * @param a m by k, row after row, in native memory
     * @param b k by n, row after row, in native memory
     * @throws IllegalStateException where it cannot be had: see {@link #missing}
     */
    public ClBlastInC(String device, long m, long n, long k, MemorySegment a, MemorySegment b) {
        Library.MISSING.ifPresent(reason -> {
            throw new IllegalStateException(reason);
        });
        try (Arena arena = Arena.ofConfined()) {
            product = (MemorySegment) Library.NEW.invokeExact(arena.allocateFrom(device), m, n, k, a, b);
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
        if (product.address() == 0) {
            throw new IllegalStateException("C finds no device " + device + ", or no memory on it");
        }
    }

    /** Why there is no CLBlast, or nothing to call it with; empty where there is. */
    public static Optional<String> missing() {
        return Library.MISSING;
    }

    /** Multiplies once and waits for it. */
    public void run() {
        try {
            requireSuccess((int) Library.RUN.invokeExact(product));
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }

    /**
     * Copies the result.
     *
     * @param c m by n, row after row, in native memory
     */
    public void result(MemorySegment c) {
        try {
            requireSuccess((int) Library.RESULT.invokeExact(product, c));
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }

    private static void requireSuccess(int status) {
        if (status != 0) {
            throw new IllegalStateException("CLBlast called from C returned " + status);
        }
    }

    @Override
    public void close() {
        try {
            Library.FREE.invokeExact(product);
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }
}
