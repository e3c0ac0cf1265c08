package dev.gamut.bench.peers;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** OpenBLAS through the foreign function interface, on off-heap operands aligned to 64 bytes. */
final class OpenBlasPeer implements Peer {
    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANS = 111;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = load();
    private static final MethodHandle DGEMM = gemm("cblas_dgemm", JAVA_DOUBLE);
    private static final MethodHandle SGEMM = gemm("cblas_sgemm", JAVA_FLOAT);

    private final int threads;

    OpenBlasPeer(int threads) {
        this.threads = threads;
        MethodHandle set = handle("openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
        call(() -> {
            set.invokeExact(threads);
            return null;
        });
    }

    private static SymbolLookup load() {
        // The choice of kernel is the library's own: what a user set for another program must not slow the peer down.
        MethodHandle unset = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("unsetenv"), FunctionDescriptor.of(JAVA_INT, ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            for (String name : List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")) {
                MemorySegment text = arena.allocateFrom(name);
                call(() -> (int) unset.invokeExact(text));
            }
        }
        try {
            Path folder = Files.createTempDirectory("gamut-openblas");
            folder.toFile().deleteOnExit();
            SymbolLookup library = null;
            for (String file : List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0")) {
                library = SymbolLookup.libraryLookup(extract(folder, file), Arena.global());
            }
            return library;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack OpenBLAS", e);
        }
    }

    private static Path extract(Path folder, String file) throws IOException {
        Path target = folder.resolve(file);
        target.toFile().deleteOnExit();
        try (InputStream in =
                OpenBlasPeer.class.getResourceAsStream("/org/bytedeco/openblas/linux-x86_64/" + file)) {
            if (in == null) {
                throw new IOException("no " + file + " for this platform on the class path");
            }
            Files.copy(in, target);
        }
        return target;
    }

    private static MethodHandle handle(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LIBRARY.findOrThrow(name), type);
    }

    private static MethodHandle gemm(String name, MemoryLayout scalar) {
        return handle(
                name,
                FunctionDescriptor.ofVoid(
                        JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, scalar, ADDRESS, JAVA_INT, ADDRESS,
                        JAVA_INT, scalar, ADDRESS, JAVA_INT));
    }

    private interface Call<T> {
        T run() throws Throwable;
    }

    private static <T> T call(Call<T> call) {
        try {
            return call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) { // a downcall declares Throwable and throws nothing else
            throw new AssertionError(e);
        }
    }

    @Override
    public Product product(boolean single, int n, double[] a, double[] b) {
        Arena arena = Arena.ofAuto();
        long bytes = (single ? 4L : 8L) * n * n;
        MemorySegment x = arena.allocate(bytes, 64);
        MemorySegment y = arena.allocate(bytes, 64);
        MemorySegment z = arena.allocate(bytes, 64);
        x.copyFrom(single ? MemorySegment.ofArray(Peer.floats(a)) : MemorySegment.ofArray(a));
        y.copyFrom(single ? MemorySegment.ofArray(Peer.floats(b)) : MemorySegment.ofArray(b));
        return new Product() {
            @Override
            public void run() {
                try {
                    if (single) {
                        SGEMM.invokeExact(
                                ROW_MAJOR, NO_TRANS, NO_TRANS, n, n, n, 1f, x, n, y, n, 0f, z, n);
                    } else {
                        DGEMM.invokeExact(
                                ROW_MAJOR, NO_TRANS, NO_TRANS, n, n, n, 1d, x, n, y, n, 0d, z, n);
                    }
                } catch (Throwable e) { // a downcall declares Throwable and throws nothing
                    throw new AssertionError(e);
                }
            }

            @Override
            public double[] result() {
                return single ? Peer.doubles(z.toArray(JAVA_FLOAT)) : z.toArray(JAVA_DOUBLE);
            }
        };
    }

    @Override
    public String describe() {
        MethodHandle core = handle("openblas_get_corename", FunctionDescriptor.of(ADDRESS));
        MethodHandle config = handle("openblas_get_config", FunctionDescriptor.of(ADDRESS));
        return call(() -> text((MemorySegment) config.invokeExact())) + ", kernel "
                + call(() -> text((MemorySegment) core.invokeExact())) + ", threads " + threads;
    }

    private static String text(MemorySegment cString) {
        return cString.reinterpret(4_096).getString(0);
    }
}
