package dev.gamut.vector.gemm;

/**
 * A small product on arrays, without packing: rows of B and C are contiguous, A has any strides.
 *
 * @param <S> array kind of the element type
 */
abstract class Small<S> {
    /**
     * C = alpha·A·B + beta·C. Every element is one chain of k fused multiply-adds from +0, then alpha and beta as in
     * {@link Tile}.
     *
     * @param m rows, at least 1
     * @param n columns, at least 1
     * @param k depth, at least 1
     * @param a left operand
     * @param a0 index of its first element
     * @param rowStep elements between its rows
     * @param colStep elements between its columns
     * @param b right operand
     * @param b0 index of its first element
     * @param ldb elements between its rows
     * @param c result
     * @param c0 index of its first element
     * @param ldc elements between its rows
     * @param alpha factor of the product
     * @param beta factor of the old result, which is not read where it is 0
     */
    abstract void multiply(
            int m,
            int n,
            int k,
            S a,
            int a0,
            int rowStep,
            int colStep,
            S b,
            int b0,
            int ldb,
            S c,
            int c0,
            int ldc,
            double alpha,
            double beta);
}
