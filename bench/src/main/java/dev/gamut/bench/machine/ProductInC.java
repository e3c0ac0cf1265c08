package dev.gamut.bench.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Workload;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A product that C calls a vendor's library for, its operands in memory of a device: what Gamut's on devices are held against. One thread at
 * a time.
 */
public final class ProductInC implements AutoCloseable {
    /** Whose. */
    public enum Library {
        /** Of F32, whatever Gamut multiplies. */
        CLBLAST("CLBlast", "opencl", Optional.of("f32")),
        /** Of the types that Gamut multiplies. */
        CUBLASLT("cuBLASLt", "cuda", Optional.empty());

        private final String title;
        private final String area;
        private final Optional<String> types;

        Library(String title, String area, Optional<String> types) {
            this.title = title;
            this.area = area;
            this.types = types;
        }

        /** Its name in the gate's table. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** For people. */
        public String title() {
            return title + " called from C";
        }

        /** The provider on whose devices it computes. */
        public String area() {
            return area;
        }

        /** What it multiplies; empty for what Gamut does. */
        public Optional<String> types() {
            return types;
        }

        /** Why it is not there, or nothing to call it with; empty where it is. */
        public Optional<String> missing() {
            return Program.of(this).missing;
        }

        /** The one of that name. */
        public static Optional<Library> of(String id) {
            return Arrays.stream(values()).filter(l -> l.id().equals(id)).findFirst();
        }
    }

    /** A source with the same functions for each library, compiled and opened when first asked for, which takes a second. */
    private static final class Program {
        private static final Map<Library, Program> ALL = new EnumMap<>(Library.class);

        private final MethodHandle create;
        private final MethodHandle run;
        private final MethodHandle result;
        private final MethodHandle free;
        private final Optional<String> missing;

        private Program(CLibrary compiled) {
            MethodHandle open = compiled.function("gamut_product_open", FunctionDescriptor.of(ADDRESS));
            create = compiled.function(
                    "gamut_product_new",
                    FunctionDescriptor.of(
                            ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS));
            run = compiled.function("gamut_product_run", FunctionDescriptor.of(JAVA_INT, ADDRESS));
            result = compiled.function("gamut_product_result", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
            free = compiled.function("gamut_product_free", FunctionDescriptor.ofVoid(ADDRESS));
            missing = compiled.missing().or(() -> notOpened(open));
        }

        static synchronized Program of(Library library) {
            return ALL.computeIfAbsent(library, l -> new Program(CLibrary.compiled(l.id() + ".c")));
        }

        private static Optional<String> notOpened(MethodHandle open) {
            try {
                MemorySegment reason = (MemorySegment) open.invokeExact();
                return reason.address() == 0 ? Optional.empty() : Optional.of("unavailable: " + CLibrary.text(reason));
            } catch (Throwable e) {
                throw CLibrary.rethrown(e);
            }
        }
    }

    private final Library library;
    private final Program program;
    private final MemorySegment product;

    /**
     * Puts operands on a device.
     *
     * @param library to multiply
     * @param device its name as the vendor has it; the first one of several that share it
     * @param problem one product, its operands as they are stored: rows of A, rows of B or of its transpose
     * @param a in native memory
     * @param b in native memory
     * @throws IllegalStateException where it cannot be had: see {@link Library#missing}
     */
    public ProductInC(Library library, String device, GemmProblem problem, MemorySegment a, MemorySegment b) {
        this.library = library;
        this.program = Program.of(library);
        program.missing.ifPresent(reason -> {
            throw new IllegalStateException(reason);
        });
        Workload shape = problem.workload();
        try (Arena arena = Arena.ofConfined()) {
            product = (MemorySegment) program.create.invokeExact(
                    arena.allocateFrom(device),
                    arena.allocateFrom(problem.a(0).dtype().id()),
                    shape.transposeB() ? 1 : 0,
                    shape.m(),
                    shape.n(),
                    shape.k(),
                    a,
                    b);
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
        if (product.address() == 0) {
            throw new IllegalStateException(
                    library.title() + " has no device " + device + ", no such product, or no memory for it");
        }
    }

    /** Multiplies once and waits for it. */
    public void run() {
        try {
            requireSuccess((int) program.run.invokeExact(product));
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
            requireSuccess((int) program.result.invokeExact(product, c));
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }

    private void requireSuccess(int status) {
        if (status != 0) {
            throw new IllegalStateException(library.title() + " returned " + status);
        }
    }

    @Override
    public void close() {
        try {
            program.free.invokeExact(product);
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }
}
