package dev.gamut.vector.gemm;

/**
 * Matrix times vector on arrays, in the two forms that read the matrix along its unit stride.
 *
 * @param <S> array kind of the element type
 */
abstract class Gemv<S> {
    /**
     * y(y0 + r) += Σp a(a0 + r·ld + p)·x(x0 + p): rows are contiguous. Four rows at a time, so that x is read from L1
     * once for four streams of A; they lie a quarter of the rows apart, so that each stream goes on with the next row (neighbouring
     * rows read 0.70 of the bandwidth yardstick in F32, these 0.78, and 0.80 with four vectors of each row at a time instead of
     * two; AMD EPYC 9005). A sum is 2L interleaved chains of fused multiply-adds, added pairwise in a fixed order.
     */
    abstract void dots(S a, int a0, int ld, int rows, int k, S x, int x0, S y, int y0, S lanes);

    /**
     * y(y0 + r) += Σp a(a0 + r + p·ld)·x(x0 + p): columns are contiguous. Four columns at a time, so that y is read and
     * written once for four streams of A; each sum is one chain in rising p.
     */
    abstract void sums(S a, int a0, int ld, int rows, int k, S x, int x0, S y, int y0);
}
