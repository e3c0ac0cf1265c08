package dev.gamut.vector.gemm;

import dev.gamut.vector.Species;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Unpacked F32 product of matrices that fit L1, in tiles of eight or four rows by two vectors or one.
 *
 * <p>There are no loops for what is left over. Rows beyond the last have their indexes clamped to the last row, which is
 * then computed and stored several times with the same result; columns are covered by vectors that overlap, or by a masked
 * vector where there is nothing to overlap with. That is why a tile reads all of the old C before it stores anything.
 *
 * <p>A masked tile of eight rows with an update in the same method is more than C1's register allocator takes ("out of
 * virtual registers"), and a method that C1 gives up during its first loop can stay interpreted for good.
 */
final class F32Small extends Small<float[]> {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = Species.F32_LANES;

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
            for (int i = 0; i < m; i += 8) {
                if (m - i > 4) {
                    tile8x2(m - 1 - i, k, a, a0 + i * rowStep, rowStep, colStep, b, b0 + j, ldb, c, c0 + i * ldc + j, ldc, alpha, beta, o);
                } else {
                    tile4x2(m - 1 - i, k, a, a0 + i * rowStep, rowStep, colStep, b, b0 + j, ldb, c, c0 + i * ldc + j, ldc, alpha, beta, o);
                }
            }
        }
        if (j < n && beta == 0 && n >= L) {
            column(m, k, a, a0, rowStep, colStep, b, b0 + n - L, ldb, c, c0 + n - L, ldc, alpha, beta);
        } else if (n - j == L) {
            column(m, k, a, a0, rowStep, colStep, b, b0 + j, ldb, c, c0 + j, ldc, alpha, beta);
        } else if (j < n) {
            narrowColumn(m, n - j, k, a, a0, rowStep, colStep, b, b0 + j, ldb, c, c0 + j, ldc, alpha, beta);
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
            tile8x1(m - 1 - i, k, a, a0 + i * rowStep, rowStep, colStep, b, b0, ldb, c, c0 + i * ldc, ldc, alpha, beta);
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
        int step = beta == 0 && m > 4 ? 8 : 4;
        for (int i = 0; i < m; i += step) {
            if (step == 8) {
                tile8x1Masked(m - 1 - i, k, a, a0 + i * rowStep, rowStep, colStep, b, b0, ldb, c, c0 + i * ldc, ldc, alpha, cols);
            } else {
                tile4x1Masked(m - 1 - i, k, a, a0 + i * rowStep, rowStep, colStep, b, b0, ldb, c, c0 + i * ldc, ldc, alpha, beta, cols);
            }
        }
    }

    /** Eight rows, two vectors of which the second starts o columns after the first. */
    private static void tile8x2(
            int last,
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
            double beta,
            int o) {
        int a1 = a0 + Math.min(1, last) * rowStep;
        int a2 = a0 + Math.min(2, last) * rowStep;
        int a3 = a0 + Math.min(3, last) * rowStep;
        int a4 = a0 + Math.min(4, last) * rowStep;
        int a5 = a0 + Math.min(5, last) * rowStep;
        int a6 = a0 + Math.min(6, last) * rowStep;
        int a7 = a0 + Math.min(7, last) * rowStep;
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c11 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c21 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c31 = FloatVector.zero(S);
        FloatVector c40 = FloatVector.zero(S);
        FloatVector c41 = FloatVector.zero(S);
        FloatVector c50 = FloatVector.zero(S);
        FloatVector c51 = FloatVector.zero(S);
        FloatVector c60 = FloatVector.zero(S);
        FloatVector c61 = FloatVector.zero(S);
        FloatVector c70 = FloatVector.zero(S);
        FloatVector c71 = FloatVector.zero(S);
        for (int p = 0, q = 0, y = b0; p < k; p++, q += colStep, y += ldb) {
            FloatVector y0 = FloatVector.fromArray(S, b, y);
            FloatVector y1 = FloatVector.fromArray(S, b, y + o);
            FloatVector x = FloatVector.broadcast(S, a[a0 + q]);
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            x = FloatVector.broadcast(S, a[a1 + q]);
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            x = FloatVector.broadcast(S, a[a2 + q]);
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            x = FloatVector.broadcast(S, a[a3 + q]);
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
            x = FloatVector.broadcast(S, a[a4 + q]);
            c40 = x.fma(y0, c40);
            c41 = x.fma(y1, c41);
            x = FloatVector.broadcast(S, a[a5 + q]);
            c50 = x.fma(y0, c50);
            c51 = x.fma(y1, c51);
            x = FloatVector.broadcast(S, a[a6 + q]);
            c60 = x.fma(y0, c60);
            c61 = x.fma(y1, c61);
            x = FloatVector.broadcast(S, a[a7 + q]);
            c70 = x.fma(y0, c70);
            c71 = x.fma(y1, c71);
        }
        FloatVector r = FloatVector.broadcast(S, (float) alpha);
        c00 = c00.mul(r);
        c01 = c01.mul(r);
        c10 = c10.mul(r);
        c11 = c11.mul(r);
        c20 = c20.mul(r);
        c21 = c21.mul(r);
        c30 = c30.mul(r);
        c31 = c31.mul(r);
        c40 = c40.mul(r);
        c41 = c41.mul(r);
        c50 = c50.mul(r);
        c51 = c51.mul(r);
        c60 = c60.mul(r);
        c61 = c61.mul(r);
        c70 = c70.mul(r);
        c71 = c71.mul(r);
        int c1 = c0 + Math.min(1, last) * ldc;
        int c2 = c0 + Math.min(2, last) * ldc;
        int c3 = c0 + Math.min(3, last) * ldc;
        int c4 = c0 + Math.min(4, last) * ldc;
        int c5 = c0 + Math.min(5, last) * ldc;
        int c6 = c0 + Math.min(6, last) * ldc;
        int c7 = c0 + Math.min(7, last) * ldc;
        if (beta != 0) {
            FloatVector s = FloatVector.broadcast(S, (float) beta);
            c00 = s.fma(FloatVector.fromArray(S, c, c0), c00);
            c01 = s.fma(FloatVector.fromArray(S, c, c0 + o), c01);
            c10 = s.fma(FloatVector.fromArray(S, c, c1), c10);
            c11 = s.fma(FloatVector.fromArray(S, c, c1 + o), c11);
            c20 = s.fma(FloatVector.fromArray(S, c, c2), c20);
            c21 = s.fma(FloatVector.fromArray(S, c, c2 + o), c21);
            c30 = s.fma(FloatVector.fromArray(S, c, c3), c30);
            c31 = s.fma(FloatVector.fromArray(S, c, c3 + o), c31);
            c40 = s.fma(FloatVector.fromArray(S, c, c4), c40);
            c41 = s.fma(FloatVector.fromArray(S, c, c4 + o), c41);
            c50 = s.fma(FloatVector.fromArray(S, c, c5), c50);
            c51 = s.fma(FloatVector.fromArray(S, c, c5 + o), c51);
            c60 = s.fma(FloatVector.fromArray(S, c, c6), c60);
            c61 = s.fma(FloatVector.fromArray(S, c, c6 + o), c61);
            c70 = s.fma(FloatVector.fromArray(S, c, c7), c70);
            c71 = s.fma(FloatVector.fromArray(S, c, c7 + o), c71);
        }
        c00.intoArray(c, c0);
        c01.intoArray(c, c0 + o);
        c10.intoArray(c, c1);
        c11.intoArray(c, c1 + o);
        c20.intoArray(c, c2);
        c21.intoArray(c, c2 + o);
        c30.intoArray(c, c3);
        c31.intoArray(c, c3 + o);
        c40.intoArray(c, c4);
        c41.intoArray(c, c4 + o);
        c50.intoArray(c, c5);
        c51.intoArray(c, c5 + o);
        c60.intoArray(c, c6);
        c61.intoArray(c, c6 + o);
        c70.intoArray(c, c7);
        c71.intoArray(c, c7 + o);
    }

    private static void tile4x2(
            int last,
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
            double beta,
            int o) {
        int a1 = a0 + Math.min(1, last) * rowStep;
        int a2 = a0 + Math.min(2, last) * rowStep;
        int a3 = a0 + Math.min(3, last) * rowStep;
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c11 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c21 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c31 = FloatVector.zero(S);
        for (int p = 0, q = 0, y = b0; p < k; p++, q += colStep, y += ldb) {
            FloatVector y0 = FloatVector.fromArray(S, b, y);
            FloatVector y1 = FloatVector.fromArray(S, b, y + o);
            FloatVector x = FloatVector.broadcast(S, a[a0 + q]);
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            x = FloatVector.broadcast(S, a[a1 + q]);
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            x = FloatVector.broadcast(S, a[a2 + q]);
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            x = FloatVector.broadcast(S, a[a3 + q]);
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
        }
        FloatVector r = FloatVector.broadcast(S, (float) alpha);
        c00 = c00.mul(r);
        c01 = c01.mul(r);
        c10 = c10.mul(r);
        c11 = c11.mul(r);
        c20 = c20.mul(r);
        c21 = c21.mul(r);
        c30 = c30.mul(r);
        c31 = c31.mul(r);
        int c1 = c0 + Math.min(1, last) * ldc;
        int c2 = c0 + Math.min(2, last) * ldc;
        int c3 = c0 + Math.min(3, last) * ldc;
        if (beta != 0) {
            FloatVector s = FloatVector.broadcast(S, (float) beta);
            c00 = s.fma(FloatVector.fromArray(S, c, c0), c00);
            c01 = s.fma(FloatVector.fromArray(S, c, c0 + o), c01);
            c10 = s.fma(FloatVector.fromArray(S, c, c1), c10);
            c11 = s.fma(FloatVector.fromArray(S, c, c1 + o), c11);
            c20 = s.fma(FloatVector.fromArray(S, c, c2), c20);
            c21 = s.fma(FloatVector.fromArray(S, c, c2 + o), c21);
            c30 = s.fma(FloatVector.fromArray(S, c, c3), c30);
            c31 = s.fma(FloatVector.fromArray(S, c, c3 + o), c31);
        }
        c00.intoArray(c, c0);
        c01.intoArray(c, c0 + o);
        c10.intoArray(c, c1);
        c11.intoArray(c, c1 + o);
        c20.intoArray(c, c2);
        c21.intoArray(c, c2 + o);
        c30.intoArray(c, c3);
        c31.intoArray(c, c3 + o);
    }

    private static void tile8x1(
            int last,
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
        int a1 = a0 + Math.min(1, last) * rowStep;
        int a2 = a0 + Math.min(2, last) * rowStep;
        int a3 = a0 + Math.min(3, last) * rowStep;
        int a4 = a0 + Math.min(4, last) * rowStep;
        int a5 = a0 + Math.min(5, last) * rowStep;
        int a6 = a0 + Math.min(6, last) * rowStep;
        int a7 = a0 + Math.min(7, last) * rowStep;
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c40 = FloatVector.zero(S);
        FloatVector c50 = FloatVector.zero(S);
        FloatVector c60 = FloatVector.zero(S);
        FloatVector c70 = FloatVector.zero(S);
        for (int p = 0, q = 0, y = b0; p < k; p++, q += colStep, y += ldb) {
            FloatVector y0 = FloatVector.fromArray(S, b, y);
            FloatVector x = FloatVector.broadcast(S, a[a0 + q]);
            c00 = x.fma(y0, c00);
            x = FloatVector.broadcast(S, a[a1 + q]);
            c10 = x.fma(y0, c10);
            x = FloatVector.broadcast(S, a[a2 + q]);
            c20 = x.fma(y0, c20);
            x = FloatVector.broadcast(S, a[a3 + q]);
            c30 = x.fma(y0, c30);
            x = FloatVector.broadcast(S, a[a4 + q]);
            c40 = x.fma(y0, c40);
            x = FloatVector.broadcast(S, a[a5 + q]);
            c50 = x.fma(y0, c50);
            x = FloatVector.broadcast(S, a[a6 + q]);
            c60 = x.fma(y0, c60);
            x = FloatVector.broadcast(S, a[a7 + q]);
            c70 = x.fma(y0, c70);
        }
        FloatVector r = FloatVector.broadcast(S, (float) alpha);
        c00 = c00.mul(r);
        c10 = c10.mul(r);
        c20 = c20.mul(r);
        c30 = c30.mul(r);
        c40 = c40.mul(r);
        c50 = c50.mul(r);
        c60 = c60.mul(r);
        c70 = c70.mul(r);
        int c1 = c0 + Math.min(1, last) * ldc;
        int c2 = c0 + Math.min(2, last) * ldc;
        int c3 = c0 + Math.min(3, last) * ldc;
        int c4 = c0 + Math.min(4, last) * ldc;
        int c5 = c0 + Math.min(5, last) * ldc;
        int c6 = c0 + Math.min(6, last) * ldc;
        int c7 = c0 + Math.min(7, last) * ldc;
        if (beta != 0) {
            FloatVector s = FloatVector.broadcast(S, (float) beta);
            c00 = s.fma(FloatVector.fromArray(S, c, c0), c00);
            c10 = s.fma(FloatVector.fromArray(S, c, c1), c10);
            c20 = s.fma(FloatVector.fromArray(S, c, c2), c20);
            c30 = s.fma(FloatVector.fromArray(S, c, c3), c30);
            c40 = s.fma(FloatVector.fromArray(S, c, c4), c40);
            c50 = s.fma(FloatVector.fromArray(S, c, c5), c50);
            c60 = s.fma(FloatVector.fromArray(S, c, c6), c60);
            c70 = s.fma(FloatVector.fromArray(S, c, c7), c70);
        }
        c00.intoArray(c, c0);
        c10.intoArray(c, c1);
        c20.intoArray(c, c2);
        c30.intoArray(c, c3);
        c40.intoArray(c, c4);
        c50.intoArray(c, c5);
        c60.intoArray(c, c6);
        c70.intoArray(c, c7);
    }

    /** Eight rows, some columns, no old C. */
    private static void tile8x1Masked(
            int last,
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
            int cols) {
        VectorMask<Float> mask = S.indexInRange(0, cols);
        int a1 = a0 + Math.min(1, last) * rowStep;
        int a2 = a0 + Math.min(2, last) * rowStep;
        int a3 = a0 + Math.min(3, last) * rowStep;
        int a4 = a0 + Math.min(4, last) * rowStep;
        int a5 = a0 + Math.min(5, last) * rowStep;
        int a6 = a0 + Math.min(6, last) * rowStep;
        int a7 = a0 + Math.min(7, last) * rowStep;
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c40 = FloatVector.zero(S);
        FloatVector c50 = FloatVector.zero(S);
        FloatVector c60 = FloatVector.zero(S);
        FloatVector c70 = FloatVector.zero(S);
        for (int p = 0, q = 0, y = b0; p < k; p++, q += colStep, y += ldb) {
            FloatVector y0 = FloatVector.fromArray(S, b, y, mask);
            FloatVector x = FloatVector.broadcast(S, a[a0 + q]);
            c00 = x.fma(y0, c00);
            x = FloatVector.broadcast(S, a[a1 + q]);
            c10 = x.fma(y0, c10);
            x = FloatVector.broadcast(S, a[a2 + q]);
            c20 = x.fma(y0, c20);
            x = FloatVector.broadcast(S, a[a3 + q]);
            c30 = x.fma(y0, c30);
            x = FloatVector.broadcast(S, a[a4 + q]);
            c40 = x.fma(y0, c40);
            x = FloatVector.broadcast(S, a[a5 + q]);
            c50 = x.fma(y0, c50);
            x = FloatVector.broadcast(S, a[a6 + q]);
            c60 = x.fma(y0, c60);
            x = FloatVector.broadcast(S, a[a7 + q]);
            c70 = x.fma(y0, c70);
        }
        FloatVector r = FloatVector.broadcast(S, (float) alpha);
        c00 = c00.mul(r);
        c10 = c10.mul(r);
        c20 = c20.mul(r);
        c30 = c30.mul(r);
        c40 = c40.mul(r);
        c50 = c50.mul(r);
        c60 = c60.mul(r);
        c70 = c70.mul(r);
        int c1 = c0 + Math.min(1, last) * ldc;
        int c2 = c0 + Math.min(2, last) * ldc;
        int c3 = c0 + Math.min(3, last) * ldc;
        int c4 = c0 + Math.min(4, last) * ldc;
        int c5 = c0 + Math.min(5, last) * ldc;
        int c6 = c0 + Math.min(6, last) * ldc;
        int c7 = c0 + Math.min(7, last) * ldc;
        c00.intoArray(c, c0, mask);
        c10.intoArray(c, c1, mask);
        c20.intoArray(c, c2, mask);
        c30.intoArray(c, c3, mask);
        c40.intoArray(c, c4, mask);
        c50.intoArray(c, c5, mask);
        c60.intoArray(c, c6, mask);
        c70.intoArray(c, c7, mask);
    }

    private static void tile4x1Masked(
            int last,
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
            double beta,
            int cols) {
        VectorMask<Float> mask = S.indexInRange(0, cols);
        int a1 = a0 + Math.min(1, last) * rowStep;
        int a2 = a0 + Math.min(2, last) * rowStep;
        int a3 = a0 + Math.min(3, last) * rowStep;
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        for (int p = 0, q = 0, y = b0; p < k; p++, q += colStep, y += ldb) {
            FloatVector y0 = FloatVector.fromArray(S, b, y, mask);
            FloatVector x = FloatVector.broadcast(S, a[a0 + q]);
            c00 = x.fma(y0, c00);
            x = FloatVector.broadcast(S, a[a1 + q]);
            c10 = x.fma(y0, c10);
            x = FloatVector.broadcast(S, a[a2 + q]);
            c20 = x.fma(y0, c20);
            x = FloatVector.broadcast(S, a[a3 + q]);
            c30 = x.fma(y0, c30);
        }
        FloatVector r = FloatVector.broadcast(S, (float) alpha);
        c00 = c00.mul(r);
        c10 = c10.mul(r);
        c20 = c20.mul(r);
        c30 = c30.mul(r);
        int c1 = c0 + Math.min(1, last) * ldc;
        int c2 = c0 + Math.min(2, last) * ldc;
        int c3 = c0 + Math.min(3, last) * ldc;
        if (beta != 0) {
            FloatVector s = FloatVector.broadcast(S, (float) beta);
            c00 = s.fma(FloatVector.fromArray(S, c, c0, mask), c00);
            c10 = s.fma(FloatVector.fromArray(S, c, c1, mask), c10);
            c20 = s.fma(FloatVector.fromArray(S, c, c2, mask), c20);
            c30 = s.fma(FloatVector.fromArray(S, c, c3, mask), c30);
        }
        c00.intoArray(c, c0, mask);
        c10.intoArray(c, c1, mask);
        c20.intoArray(c, c2, mask);
        c30.intoArray(c, c3, mask);
    }
}
