package dev.gamut.bench.peers.mkl;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import dev.gamut.bench.problem.GemmProblem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Products of F64. */
final class Doubles extends MklProduct {
    private static final MethodHandle GEMM = MklPeer.library.function("cblas_dgemm", product(JAVA_DOUBLE));
    private static final MethodHandle BATCH =
            MklPeer.library.function("cblas_dgemm_batch_strided", batched(JAVA_DOUBLE));
    private static final MethodHandle COMPUTE =
            MklPeer.library.function("cblas_dgemm_compute", productWithoutAlpha(JAVA_DOUBLE));

    Doubles(GemmProblem problem, Arena arena) {
        super("cblas_dgemm", problem, arena, true);
    }

    @Override
    MethodHandle packing(String name) {
        return packing(name, JAVA_DOUBLE, 1d);
    }

    @Override
    void multiply(MemorySegment a, MemorySegment b, MemorySegment c) {
        try {
            if (packed) {
                COMPUTE.invokeExact(ROW_MAJOR, transA, transB, m, n, k, a, lda, b, ldb, 0d, c, n);
            } else if (batch == 1) {
                GEMM.invokeExact(ROW_MAJOR, transA, transB, m, n, k, 1d, a, lda, b, ldb, 0d, c, n);
            } else {
                BATCH.invokeExact(
                        ROW_MAJOR, transA, transB, m, n, k, 1d, a, lda, m * k, b, ldb, k * n, 0d, c, n, m * n, batch);
            }
        } catch (Throwable e) { // a downcall declares Throwable and throws nothing
            throw new AssertionError(e);
        }
    }
}
