package dev.gamut.bench.peers.gamutblas;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.gamut.bench.peer.BlasProduct;
import dev.gamut.bench.peer.NativeLibrary;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Precision;
import dev.gamut.dtype.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** Gamut's BLAS library through the foreign function interface, on native operands aligned to 64 bytes, as other BLAS libraries are called. */
public final class GamutBlasPeer implements Peer {
    private static NativeLibrary library;

    private final Arena arena = Arena.ofShared();
    private int threads;

    @Override
    public String name() {
        return "gamutblas";
    }

    @Override
    public void open(int count) throws Unavailable {
        threads = count;
        NativeLibrary.environment("GAMUT_NUM_THREADS", Integer.toString(count));
        library = NativeLibrary.load(
                GamutBlasPeer.class, "/dev/gamut/bench/peers/gamutblas/", List.of("libgamut_blas.so"));
    }

    @Override
    public String describe() {
        return "libgamut_blas, threads " + threads;
    }

    @Override
    public Side gemm(GemmProblem problem) throws Unavailable {
        Precision p = problem.precision();
        if (p.a() == DType.F64 && p.b() == DType.F64) {
            return new Doubles(problem, arena);
        }
        if (p.a() == DType.F32 && p.b() == DType.F32) {
            return new Singles(problem, arena);
        }
        throw new Unavailable("multiplies F64 and F32 only");
    }

    @Override
    public double warmUp() {
        return COMPILED_SECONDS;
    }

    @Override
    public void close() {
        arena.close();
    }

    private static final class Doubles extends BlasProduct {
        private static final MethodHandle DGEMM = library.function("cblas_dgemm", signature(JAVA_DOUBLE));

        Doubles(GemmProblem problem, Arena arena) {
            super(problem, arena);
        }

        @Override
        protected void multiply(MemorySegment a, MemorySegment b, MemorySegment c) {
            try {
                DGEMM.invokeExact(ROW_MAJOR, transA, transB, m, n, k, 1d, a, lda, b, ldb, 0d, c, n);
            } catch (Throwable e) { // a downcall declares Throwable and throws nothing
                throw new AssertionError(e);
            }
        }
    }

    private static final class Singles extends BlasProduct {
        private static final MethodHandle SGEMM = library.function("cblas_sgemm", signature(JAVA_FLOAT));

        Singles(GemmProblem problem, Arena arena) {
            super(problem, arena);
        }

        @Override
        protected void multiply(MemorySegment a, MemorySegment b, MemorySegment c) {
            try {
                SGEMM.invokeExact(ROW_MAJOR, transA, transB, m, n, k, 1f, a, lda, b, ldb, 0f, c, n);
            } catch (Throwable e) { // a downcall declares Throwable and throws nothing
                throw new AssertionError(e);
            }
        }
    }
}
