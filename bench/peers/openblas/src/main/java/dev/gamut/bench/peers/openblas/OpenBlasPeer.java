package dev.gamut.bench.peers.openblas;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.gamut.bench.peer.BlasProduct;
import dev.gamut.bench.peer.Dgesv;
import dev.gamut.bench.peer.NativeLibrary;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.SystemSide;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.solve.LinearSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** OpenBLAS through the foreign function interface, on native operands aligned to 64 bytes. */
public final class OpenBlasPeer implements Peer {
    private final Arena arena = Arena.ofShared();
    private NativeLibrary library;

    @Override
    public String name() {
        return "openblas";
    }

    @Override
    public void open(int threads) throws Unavailable {
        // The choice of kernel is the library's own, unless the row says otherwise: what a user set for another program must
        // not slow the peer down.
        NativeLibrary.environment("OPENBLAS_CORETYPE", System.getProperty("gamut.peers.openblas.coretype"));
        NativeLibrary.environment("OPENBLAS_L2_SIZE", null);
        library = NativeLibrary.load(
                OpenBlasPeer.class,
                "/org/bytedeco/openblas/" + NativeLibrary.platform() + "/",
                List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0"));
        MethodHandle set = library.function("openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
        NativeLibrary.call(() -> {
            set.invokeExact(threads);
            return null;
        });
    }

    @Override
    public String describe() {
        MethodHandle config = library.function("openblas_get_config", FunctionDescriptor.of(ADDRESS));
        MethodHandle core = library.function("openblas_get_corename", FunctionDescriptor.of(ADDRESS));
        MethodHandle threads = library.function("openblas_get_num_threads", FunctionDescriptor.of(JAVA_INT));
        return NativeLibrary.call(() -> NativeLibrary.text((MemorySegment) config.invokeExact()))
                        .strip()
                + ", kernel " + NativeLibrary.call(() -> NativeLibrary.text((MemorySegment) core.invokeExact()))
                + ", threads " + NativeLibrary.call(() -> (int) threads.invokeExact());
    }

    @Override
    public Side gemm(GemmProblem problem) throws Unavailable {
        return BlasProduct.of(library, problem, arena);
    }

    @Override
    public SystemSide solve(LinearSystem system) {
        return new Dgesv(library, system, arena);
    }

    @Override
    public double warmUp() {
        return COMPILED_SECONDS;
    }

    @Override
    public void close() {
        arena.close();
    }
}
