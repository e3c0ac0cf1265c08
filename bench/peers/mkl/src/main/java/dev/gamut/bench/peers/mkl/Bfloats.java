package dev.gamut.bench.peers.mkl;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.gamut.bench.problem.GemmProblem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Products of BF16 with sums in F32. */
final class Bfloats extends MklProduct {
    private static final MethodHandle GEMM = MklPeer.library.function("cblas_gemm_bf16bf16f32", product(JAVA_FLOAT));
    private static final MethodHandle COMPUTE =
            MklPeer.library.function("cblas_gemm_bf16bf16f32_compute", product(JAVA_FLOAT));

    Bfloats(GemmProblem problem, Arena arena) {
        super("cblas_gemm_bf16bf16f32", problem, arena, false);
    }

    @Override
    void multiply(MemorySegment a, MemorySegment b, MemorySegment c) {
        try {
            if (packed) {
                COMPUTE.invokeExact(ROW_MAJOR, transA, transB, m, n, k, 1f, a, lda, b, ldb, 0f, c, n);
            } else {
                GEMM.invokeExact(ROW_MAJOR, transA, transB, m, n, k, 1f, a, lda, b, ldb, 0f, c, n);
            }
        } catch (Throwable e) { // a downcall declares Throwable and throws nothing
            throw new AssertionError(e);
        }
    }
}
