package dev.gamut.bench.peers.mkl;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.gamut.bench.problem.GemmProblem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Products of F32. */
final class Singles extends MklProduct {
    private static final MethodHandle GEMM = MklPeer.library.function("cblas_sgemm", product(JAVA_FLOAT));
    private static final MethodHandle BATCH =
            MklPeer.library.function("cblas_sgemm_batch_strided", batched(JAVA_FLOAT));
    private static final MethodHandle COMPUTE =
            MklPeer.library.function("cblas_sgemm_compute", productWithoutAlpha(JAVA_FLOAT));

    Singles(GemmProblem problem, Arena arena) {
        super("cblas_sgemm", problem, arena, true);
    }

    @Override
    MethodHandle packing(String name) {
        return packing(name, JAVA_FLOAT, 1f);
    }

    @Override
    void multiply(MemorySegment a, MemorySegment b, MemorySegment c) {
        try {
            if (packed) {
                COMPUTE.invokeExact(ROW_MAJOR, transA, transB, m, n, k, a, lda, b, ldb, 0f, c, n);
            } else if (batch == 1) {
                GEMM.invokeExact(ROW_MAJOR, transA, transB, m, n, k, 1f, a, lda, b, ldb, 0f, c, n);
            } else {
                BATCH.invokeExact(
                        ROW_MAJOR, transA, transB, m, n, k, 1f, a, lda, m * k, b, ldb, k * n, 0f, c, n, m * n, batch);
            }
        } catch (Throwable e) { // a downcall declares Throwable and throws nothing
            throw new AssertionError(e);
        }
    }
}
