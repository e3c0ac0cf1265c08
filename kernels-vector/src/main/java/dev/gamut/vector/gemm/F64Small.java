package dev.gamut.vector.gemm;

import dev.gamut.vector.Species;

/**
 * Unpacked F64 product of matrices that fit L1 or L2: whole tiles of eight rows by up to three vectors, and for what they
 * leave tiles of eight or four rows by two vectors or one that need not be whole.
 *
 * <p>These have no loops for what is left over. Rows beyond the last have their indexes clamped to the last row, which
 * is then computed and stored several times with the same result; columns are covered by vectors that overlap, or by a
 * masked vector where there is nothing to overlap with. That is why a tile reads all of the old C before it stores
 * anything.
 */
final class F64Small extends Small<double[]> {
    private static final int L = Species.F64_LANES;
    /** Eight rows by two vectors and their operands are 19 registers. */
    private static final int ROWS = Species.REGISTERS < 32 ? 4 : 8;
    /** Whole tiles are made for 32 registers. */
    private static final boolean WHOLE = Species.REGISTERS >= 32;

    @Override
    void multiply(
            int m,
            int n,
            int k,
            double[] a,
            int a0,
            int rowStep,
            int colStep,
            double[] b,
            int b0,
            int ldb,
            double[] c,
            int c0,
            int ldc,
            double alpha,
            double beta) {
        int rows = WHOLE ? m - m % F64WholeTiles.ROWS : 0;
        int cols = n - n % L;
        for (int i = 0; i < rows; i += F64WholeTiles.ROWS) {
            wholeRows(cols, k, a, a0 + i * rowStep, rowStep, colStep, b, b0, ldb, c, c0 + i * ldc, ldc, alpha, beta);
        }
        if (rows > 0 && cols < n) {
            edges(rows, n - cols, cols, k, a, a0, rowStep, colStep, b, b0 + cols, ldb, c, c0 + cols, ldc, alpha, beta);
        }
        if (rows < m) {
            int more = rows * rowStep;
            edges(m - rows, n, 0, k, a, a0 + more, rowStep, colStep, b, b0, ldb, c, c0 + rows * ldc, ldc, alpha, beta);
        }
    }

    /** Eight rows of whole vectors: by threes where their number is odd, else by twos. */
    private static void wholeRows(
            int cols,
            int k,
            double[] a,
            int a0,
            int rowStep,
            int colStep,
            double[] b,
            int b0,
            int ldb,
            double[] c,
            int c0,
            int ldc,
            double alpha,
            double beta) {
        int j = 0;
        if (beta == 0 && cols % (2 * L) != 0 && cols >= 3 * L) {
            F64WholeTiles.tile8x3(k, a, a0, rowStep, colStep, b, b0, ldb, c, c0, ldc, alpha);
            j = 3 * L;
        }
        for (; j + 2 * L <= cols; j += 2 * L) {
            F64WholeTiles.tile8x2(k, a, a0, rowStep, colStep, b, b0 + j, ldb, c, c0 + j, ldc, alpha, beta);
        }
        if (j < cols) {
            F64WholeTiles.tile8x1(k, a, a0, rowStep, colStep, b, b0 + j, ldb, c, c0 + j, ldc, alpha, beta);
        }
    }

    /**
     * What whole tiles leave, in tiles that clamp rows and overlap vectors.
     *
     * @param before columns of the same rows to the left, which an overlapping vector may compute again
     */
    private static void edges(
            int m,
            int n,
            int before,
            int k,
            double[] a,
            int a0,
            int rowStep,
            int colStep,
            double[] b,
            int b0,
            int ldb,
            double[] c,
            int c0,
            int ldc,
            double alpha,
            double beta) {
        int j = 0;
        for (; n - j > L; j += 2 * L) {
            int o = Math.min(L, n - j - L);
            for (int i = 0; i < m; i += ROWS) {
                if (ROWS > 4 && m - i > 4) {
                    F64SmallTiles.tile8x2(
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
                    F64SmallTiles.tile4x2(
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
        if (j < n && beta == 0 && n + before >= L) {
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
            double[] a,
            int a0,
            int rowStep,
            int colStep,
            double[] b,
            int b0,
            int ldb,
            double[] c,
            int c0,
            int ldc,
            double alpha,
            double beta) {
        for (int i = 0; i < m; i += 8) {
            F64SmallTiles.tile8x1(
                    m - 1 - i, k, a, a0 + i * rowStep, rowStep, colStep, b, b0, ldb, c, c0 + i * ldc, ldc, alpha, beta);
        }
    }

    /** Less than a vector of columns. */
    private static void narrowColumn(
            int m,
            int cols,
            int k,
            double[] a,
            int a0,
            int rowStep,
            int colStep,
            double[] b,
            int b0,
            int ldb,
            double[] c,
            int c0,
            int ldc,
            double alpha,
            double beta) {
        for (int i = 0; i < m; ) {
            if (beta == 0 && m - i > 4) {
                F64SmallTiles.tile8x1Masked(
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
                F64SmallTiles.tile4x1Masked(
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
            double[] a,
            int a0,
            int rowStep,
            int colStep,
            double[] b,
            int b0,
            int ldb,
            double[] c,
            int c0,
            int ldc,
            double alpha,
            double beta) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < cols; j++) {
                double sum = 0;
                for (int p = 0, q = a0 + i * rowStep, y = b0 + j; p < k; p++, q += colStep, y += ldb) {
                    sum = Math.fma(a[q], b[y], sum);
                }
                int at = c0 + i * ldc + j;
                double scaled = alpha * sum;
                c[at] = beta == 0 ? scaled : Math.fma(beta, c[at], scaled);
            }
        }
    }
}
