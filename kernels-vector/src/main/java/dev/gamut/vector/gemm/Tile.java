package dev.gamut.vector.gemm;

/**
 * A micro-kernel: the innermost loop of a packed GEMM, which computes one register tile of C from one panel of A and
 * one panel of B (K. Goto and R. A. van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34,
 * 2008; F. G. Van Zee and R. A. van de Geijn, "BLIS", ACM TOMS 41, 2015).
 *
 * <p>With MR rows and NR columns (a whole number of vectors along n), A(i, p) lies at a0 + i·rs + p·cs, in a panel or
 * where the caller has it: broadcasts read one element at a time, so rows side by side serve as well as rows interleaved,
 * and need no transposition. The panel of B holds B(p, j) at b0 + p·NR + j, and C(i, j) lies at c0 + i·ldc + j. Every product passes one chain of
 * k fused multiply-adds from +0 in the type of the operands; the sum is multiplied by alpha (rounded) and stored, or
 * added to beta·C by one more fused multiply-add.
 *
 * <p>Every tile is one class with straight-line locals. Tried against that and lost: accumulators in an array of
 * vectors (60 times slower, the vectors are boxed), unrolling over k by hand (half the speed, C2 spills), one method
 * with a flag for store or update (the flag's first change deoptimises), loading C before the loop instead of after it
 * (7 % slower), operands in memory segments (range checks on long indexes are not hoisted). Indexes run along instead
 * of being computed from a counter, because C2 keeps each broadcast behind its own cheap range check and so does not
 * hoist and spill it. What Arm needs besides, and which tiles lost there, stands in {@link F64Tile4x5}.
 *
 * @param <S> array kind of panels and result
 */
abstract class Tile<S> {
    /**
     * C = alpha·A·B.
     *
     * @param k depth of the panels
     * @param a panel of A, or A itself
     * @param a0 index of its first element
     * @param rs elements between its rows
     * @param cs elements between its columns
     * @param b panel of B
     * @param b0 index of its first element
     * @param c result; written only
     * @param c0 index of the tile's first element
     * @param ldc elements between rows of C
     * @param alpha factor
     */
    abstract void store(int k, S a, int a0, int rs, int cs, S b, int b0, S c, int c0, int ldc, double alpha);

    /**
     * C = alpha·A·B + beta·C, with the parameters of {@link #store}.
     *
     * @param beta factor of the old result
     */
    abstract void update(
            int k, S a, int a0, int rs, int cs, S b, int b0, S c, int c0, int ldc, double alpha, double beta);
}
