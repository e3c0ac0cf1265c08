package dev.gamut.gemm;

/** Whether an operand enters a product transposed, as in BLAS. */
public enum Transpose {
    /** op(X) = X. */
    NO_TRANS,
    /** op(X) = X transposed. */
    TRANS
}
