package dev.gamut.gemm;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.kernel.KernelId;
import dev.gamut.tensor.Tensor;

/**
 * A GEMM bound to the kernel that was chosen for it. Running it does not allocate and is safe from several threads at
 * once; each run leases its own workspace.
 *
 * <p>Before anything is computed a run checks that every operand is long enough, of the right kind, alive, reachable
 * from the worker threads, and that C shares no element with A or B; it throws {@link IllegalArgumentException} naming
 * the operand, or {@link IllegalStateException} after the owning Gamut was closed, and C is untouched then.
 */
public interface GemmPlan {
    /** What it computes. */
    GemmDesc desc();

    /** The kernel chosen. */
    KernelId kernel();

    /** The declared bound of the accumulation; see {@link ErrorBound} for what comes on top. */
    ErrorBound bound();

    /**
     * Computes C = epilogue(alpha·A·B + beta·C).
     *
     * @param args operands and factors
     */
    void run(GemmArgs args);

    /**
     * Computes C = A·B on arrays, each from its first element; the descriptor must have no epilogue data.
     *
     * @param a array of the kind that stores the type of A
     * @param b array of the kind that stores the type of B
     * @param c array of the kind that stores the type of C
     */
    void run(Object a, Object b, Object c);

    /**
     * Computes C = A·B on tensors, whose layouts must be those of the descriptor.
     *
     * @param a left operand
     * @param b right operand
     * @param c result
     */
    void run(Tensor a, Tensor b, Tensor c);

    /** A record to hand to {@link GemmArgs#record}. */
    default RunRecord newRecord() {
        return new RunRecord();
    }
}
