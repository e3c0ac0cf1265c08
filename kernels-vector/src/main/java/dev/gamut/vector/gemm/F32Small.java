package dev.gamut.vector.gemm;

import dev.gamut.vector.Species;

/**
 * Unpacked F32 product of matrices that fit L1, in tiles of eight or four rows by two vectors or one.
 *
 * <p>There are no loops for what is left over. Rows beyond the last have their indexes clamped to the last row, which
 * is then computed and stored several times with the same result; columns are covered by vectors that overlap, or by a
 * masked vector where there is nothing to overlap with. That is why a tile reads all of the old C before it stores
 * anything.
 */
final class F32Small extends Small<float[]> {
    private static final int L = Species.F32_LANES;
    /** Eight rows by two vectors and their operands are 19 registers. */
    private static final int ROWS = Species.REGISTERS < 32 ? 4 : 8;

    @Override
    void multiply(
            int m,
            int n,
            int k,
            float[] a,
            int a0,
            int rowStep,
            int colStep,
            float[] b,
            int b0,
            int ldb,
            float[] c,
            int c0,
            int ldc,
            double alpha,
            double beta) {
        int j = 0;
        for (; n - j > L; j += 2 * L) {
            int o = Math.min(L, n - j - L);
            for (int i = 0; i < m; i += ROWS) {
                if (ROWS > 4 && m - i > 4) {
                    F32SmallTiles.tile8x2(
                            m - 1 - i,
                            k,
                            a,
                            a0 + i * rowStep,
                            rowStep,
                            colStep,
                            b,
                            b0 + j,
                            ldb,
                            c,
                            c0 + i * ldc + j,
                            ldc,
                            alpha,
                            beta,
                            o);
                } else {
                    F32SmallTiles.tile4x2(
                            m - 1 - i,
                            k,
                            a,
                            a0 + i * rowStep,
                            rowStep,
                            colStep,
                            b,
                            b0 + j,
                            ldb,
                            c,
                            c0 + i * ldc + j,
                            ldc,
                            alpha,
                            beta,
                            o);
                }
            }
        }
        if (j < n && beta == 0 && n >= L) {
            column(m, k, a, a0, rowStep, colStep, b, b0 + n - L, ldb, c, c0 + n - L, ldc, alpha, beta);
        } else if (n - j == L) {
            column(m, k, a, a0, rowStep, colStep, b, b0 + j, ldb, c, c0 + j, ldc, alpha, beta);
        } else if (j < n && Species.MASKS) {
            narrowColumn(m, n - j, k, a, a0, rowStep, colStep, b, b0 + j, ldb, c, c0 + j, ldc, alpha, beta);
        } else if (j < n) {
            scalarColumns(m, n - j, k, a, a0, rowStep, colStep, b, b0 + j, ldb, c, c0 + j, ldc, alpha, beta);
        }
    }

    /** One whole vector of columns. */
    private static void column(
            int m,
            int k,
            float[] a,
            int a0,
            int rowStep,
            int colStep,
            float[] b,
            int b0,
            int ldb,
            float[] c,
            int c0,
            int ldc,
            double alpha,
            double beta) {
        for (int i = 0; i < m; i += 8) {
            F32SmallTiles.tile8x1(
                    m - 1 - i, k, a, a0 + i * rowStep, rowStep, colStep, b, b0, ldb, c, c0 + i * ldc, ldc, alpha, beta);
        }
    }

    /** Less than a vector of columns. */
    private static void narrowColumn(
            int m,
            int cols,
            int k,
            float[] a,
            int a0,
            int rowStep,
            int colStep,
            float[] b,
            int b0,
            int ldb,
            float[] c,
            int c0,
            int ldc,
            double alpha,
            double beta) {
        for (int i = 0; i < m; ) {
            if (beta == 0 && m - i > 4) {
                F32SmallTiles.tile8x1Masked(
                        m - 1 - i,
                        k,
                        a,
                        a0 + i * rowStep,
                        rowStep,
                        colStep,
                        b,
                        b0,
                        ldb,
                        c,
                        c0 + i * ldc,
                        ldc,
                        alpha,
                        cols);
                i += 8;
            } else {
                F32SmallTiles.tile4x1Masked(
                        m - 1 - i,
                        k,
                        a,
                        a0 + i * rowStep,
                        rowStep,
                        colStep,
                        b,
                        b0,
                        ldb,
                        c,
                        c0 + i * ldc,
                        ldc,
                        alpha,
                        beta,
                        cols);
                i += 4;
            }
        }
    }

    /** Fewer columns than a vector of 128 bits has, with the same roundings as the tiles. */
    private static void scalarColumns(
            int m,
            int cols,
            int k,
            float[] a,
            int a0,
            int rowStep,
            int colStep,
            float[] b,
            int b0,
            int ldb,
            float[] c,
            int c0,
            int ldc,
            double alpha,
            double beta) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < cols; j++) {
                float sum = 0;
                for (int p = 0, q = a0 + i * rowStep, y = b0 + j; p < k; p++, q += colStep, y += ldb) {
                    sum = Math.fma(a[q], b[y], sum);
                }
                int at = c0 + i * ldc + j;
                float scaled = (float) alpha * sum;
                c[at] = beta == 0 ? scaled : Math.fma((float) beta, c[at], scaled);
            }
        }
    }
}
