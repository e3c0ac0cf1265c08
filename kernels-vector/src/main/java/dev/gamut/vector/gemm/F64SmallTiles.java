package dev.gamut.vector.gemm;

import dev.gamut.vector.Species;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of the unpacked F64 product: rows by vectors, straight-line. Parameters are those of {@link
 * Small#multiply} for the tile's own corner, with {@code last} the index of the last row there is: rows beyond it
 * repeat it. All of the old C is read before anything is stored.
 *
 * <p>A masked tile of eight rows with an update in the same method is more than C1's register allocator takes ("out of
 * virtual registers"), and a method that C1 gives up during its first loop can stay interpreted for good.
 */
final class F64SmallTiles {
    private static final VectorSpecies<Double> S = Species.F64;

    private F64SmallTiles() {}

    /** Eight rows, two vectors of which the second starts o columns after the first. */
    static void tile8x2(
            int last,
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
            double beta,
            int o) {
        int a1 = a0 + Math.min(1, last) * rowStep;
        int a2 = a0 + Math.min(2, last) * rowStep;
        int a3 = a0 + Math.min(3, last) * rowStep;
        int a4 = a0 + Math.min(4, last) * rowStep;
        int a5 = a0 + Math.min(5, last) * rowStep;
        int a6 = a0 + Math.min(6, last) * rowStep;
        int a7 = a0 + Math.min(7, last) * rowStep;
        DoubleVector c00 = DoubleVector.zero(S);
        DoubleVector c01 = DoubleVector.zero(S);
        DoubleVector c10 = DoubleVector.zero(S);
        DoubleVector c11 = DoubleVector.zero(S);
        DoubleVector c20 = DoubleVector.zero(S);
        DoubleVector c21 = DoubleVector.zero(S);
        DoubleVector c30 = DoubleVector.zero(S);
        DoubleVector c31 = DoubleVector.zero(S);
        DoubleVector c40 = DoubleVector.zero(S);
        DoubleVector c41 = DoubleVector.zero(S);
        DoubleVector c50 = DoubleVector.zero(S);
        DoubleVector c51 = DoubleVector.zero(S);
        DoubleVector c60 = DoubleVector.zero(S);
        DoubleVector c61 = DoubleVector.zero(S);
        DoubleVector c70 = DoubleVector.zero(S);
        DoubleVector c71 = DoubleVector.zero(S);
        for (int p = 0, q = 0, y = b0; p < k; p++, q += colStep, y += ldb) {
            DoubleVector y0 = DoubleVector.fromArray(S, b, y);
            DoubleVector y1 = DoubleVector.fromArray(S, b, y + o);
            DoubleVector x = DoubleVector.broadcast(S, a[a0 + q]);
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            x = DoubleVector.broadcast(S, a[a1 + q]);
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            x = DoubleVector.broadcast(S, a[a2 + q]);
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            x = DoubleVector.broadcast(S, a[a3 + q]);
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
            x = DoubleVector.broadcast(S, a[a4 + q]);
            c40 = x.fma(y0, c40);
            c41 = x.fma(y1, c41);
            x = DoubleVector.broadcast(S, a[a5 + q]);
            c50 = x.fma(y0, c50);
            c51 = x.fma(y1, c51);
            x = DoubleVector.broadcast(S, a[a6 + q]);
            c60 = x.fma(y0, c60);
            c61 = x.fma(y1, c61);
            x = DoubleVector.broadcast(S, a[a7 + q]);
            c70 = x.fma(y0, c70);
            c71 = x.fma(y1, c71);
        }
        DoubleVector r = DoubleVector.broadcast(S, alpha);
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
            DoubleVector s = DoubleVector.broadcast(S, beta);
            c00 = s.fma(DoubleVector.fromArray(S, c, c0), c00);
            c01 = s.fma(DoubleVector.fromArray(S, c, c0 + o), c01);
            c10 = s.fma(DoubleVector.fromArray(S, c, c1), c10);
            c11 = s.fma(DoubleVector.fromArray(S, c, c1 + o), c11);
            c20 = s.fma(DoubleVector.fromArray(S, c, c2), c20);
            c21 = s.fma(DoubleVector.fromArray(S, c, c2 + o), c21);
            c30 = s.fma(DoubleVector.fromArray(S, c, c3), c30);
            c31 = s.fma(DoubleVector.fromArray(S, c, c3 + o), c31);
            c40 = s.fma(DoubleVector.fromArray(S, c, c4), c40);
            c41 = s.fma(DoubleVector.fromArray(S, c, c4 + o), c41);
            c50 = s.fma(DoubleVector.fromArray(S, c, c5), c50);
            c51 = s.fma(DoubleVector.fromArray(S, c, c5 + o), c51);
            c60 = s.fma(DoubleVector.fromArray(S, c, c6), c60);
            c61 = s.fma(DoubleVector.fromArray(S, c, c6 + o), c61);
            c70 = s.fma(DoubleVector.fromArray(S, c, c7), c70);
            c71 = s.fma(DoubleVector.fromArray(S, c, c7 + o), c71);
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

    /** Four rows, two vectors of which the second starts o columns after the first. */
    static void tile4x2(
            int last,
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
            double beta,
            int o) {
        int a1 = a0 + Math.min(1, last) * rowStep;
        int a2 = a0 + Math.min(2, last) * rowStep;
        int a3 = a0 + Math.min(3, last) * rowStep;
        DoubleVector c00 = DoubleVector.zero(S);
        DoubleVector c01 = DoubleVector.zero(S);
        DoubleVector c10 = DoubleVector.zero(S);
        DoubleVector c11 = DoubleVector.zero(S);
        DoubleVector c20 = DoubleVector.zero(S);
        DoubleVector c21 = DoubleVector.zero(S);
        DoubleVector c30 = DoubleVector.zero(S);
        DoubleVector c31 = DoubleVector.zero(S);
        for (int p = 0, q = 0, y = b0; p < k; p++, q += colStep, y += ldb) {
            DoubleVector y0 = DoubleVector.fromArray(S, b, y);
            DoubleVector y1 = DoubleVector.fromArray(S, b, y + o);
            DoubleVector x = DoubleVector.broadcast(S, a[a0 + q]);
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            x = DoubleVector.broadcast(S, a[a1 + q]);
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            x = DoubleVector.broadcast(S, a[a2 + q]);
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            x = DoubleVector.broadcast(S, a[a3 + q]);
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
        }
        DoubleVector r = DoubleVector.broadcast(S, alpha);
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
            DoubleVector s = DoubleVector.broadcast(S, beta);
            c00 = s.fma(DoubleVector.fromArray(S, c, c0), c00);
            c01 = s.fma(DoubleVector.fromArray(S, c, c0 + o), c01);
            c10 = s.fma(DoubleVector.fromArray(S, c, c1), c10);
            c11 = s.fma(DoubleVector.fromArray(S, c, c1 + o), c11);
            c20 = s.fma(DoubleVector.fromArray(S, c, c2), c20);
            c21 = s.fma(DoubleVector.fromArray(S, c, c2 + o), c21);
            c30 = s.fma(DoubleVector.fromArray(S, c, c3), c30);
            c31 = s.fma(DoubleVector.fromArray(S, c, c3 + o), c31);
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

    /** Eight rows, one vector. */
    static void tile8x1(
            int last,
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
        int a1 = a0 + Math.min(1, last) * rowStep;
        int a2 = a0 + Math.min(2, last) * rowStep;
        int a3 = a0 + Math.min(3, last) * rowStep;
        int a4 = a0 + Math.min(4, last) * rowStep;
        int a5 = a0 + Math.min(5, last) * rowStep;
        int a6 = a0 + Math.min(6, last) * rowStep;
        int a7 = a0 + Math.min(7, last) * rowStep;
        DoubleVector c00 = DoubleVector.zero(S);
        DoubleVector c10 = DoubleVector.zero(S);
        DoubleVector c20 = DoubleVector.zero(S);
        DoubleVector c30 = DoubleVector.zero(S);
        DoubleVector c40 = DoubleVector.zero(S);
        DoubleVector c50 = DoubleVector.zero(S);
        DoubleVector c60 = DoubleVector.zero(S);
        DoubleVector c70 = DoubleVector.zero(S);
        for (int p = 0, q = 0, y = b0; p < k; p++, q += colStep, y += ldb) {
            DoubleVector y0 = DoubleVector.fromArray(S, b, y);
            DoubleVector x = DoubleVector.broadcast(S, a[a0 + q]);
            c00 = x.fma(y0, c00);
            x = DoubleVector.broadcast(S, a[a1 + q]);
            c10 = x.fma(y0, c10);
            x = DoubleVector.broadcast(S, a[a2 + q]);
            c20 = x.fma(y0, c20);
            x = DoubleVector.broadcast(S, a[a3 + q]);
            c30 = x.fma(y0, c30);
            x = DoubleVector.broadcast(S, a[a4 + q]);
            c40 = x.fma(y0, c40);
            x = DoubleVector.broadcast(S, a[a5 + q]);
            c50 = x.fma(y0, c50);
            x = DoubleVector.broadcast(S, a[a6 + q]);
            c60 = x.fma(y0, c60);
            x = DoubleVector.broadcast(S, a[a7 + q]);
            c70 = x.fma(y0, c70);
        }
        DoubleVector r = DoubleVector.broadcast(S, alpha);
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
            DoubleVector s = DoubleVector.broadcast(S, beta);
            c00 = s.fma(DoubleVector.fromArray(S, c, c0), c00);
            c10 = s.fma(DoubleVector.fromArray(S, c, c1), c10);
            c20 = s.fma(DoubleVector.fromArray(S, c, c2), c20);
            c30 = s.fma(DoubleVector.fromArray(S, c, c3), c30);
            c40 = s.fma(DoubleVector.fromArray(S, c, c4), c40);
            c50 = s.fma(DoubleVector.fromArray(S, c, c5), c50);
            c60 = s.fma(DoubleVector.fromArray(S, c, c6), c60);
            c70 = s.fma(DoubleVector.fromArray(S, c, c7), c70);
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

    /** Eight rows, fewer columns than a vector has, no old C. */
    static void tile8x1Masked(
            int last,
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
            int cols) {
        VectorMask<Double> mask = S.indexInRange(0, cols);
        int a1 = a0 + Math.min(1, last) * rowStep;
        int a2 = a0 + Math.min(2, last) * rowStep;
        int a3 = a0 + Math.min(3, last) * rowStep;
        int a4 = a0 + Math.min(4, last) * rowStep;
        int a5 = a0 + Math.min(5, last) * rowStep;
        int a6 = a0 + Math.min(6, last) * rowStep;
        int a7 = a0 + Math.min(7, last) * rowStep;
        DoubleVector c00 = DoubleVector.zero(S);
        DoubleVector c10 = DoubleVector.zero(S);
        DoubleVector c20 = DoubleVector.zero(S);
        DoubleVector c30 = DoubleVector.zero(S);
        DoubleVector c40 = DoubleVector.zero(S);
        DoubleVector c50 = DoubleVector.zero(S);
        DoubleVector c60 = DoubleVector.zero(S);
        DoubleVector c70 = DoubleVector.zero(S);
        for (int p = 0, q = 0, y = b0; p < k; p++, q += colStep, y += ldb) {
            DoubleVector y0 = DoubleVector.fromArray(S, b, y, mask);
            DoubleVector x = DoubleVector.broadcast(S, a[a0 + q]);
            c00 = x.fma(y0, c00);
            x = DoubleVector.broadcast(S, a[a1 + q]);
            c10 = x.fma(y0, c10);
            x = DoubleVector.broadcast(S, a[a2 + q]);
            c20 = x.fma(y0, c20);
            x = DoubleVector.broadcast(S, a[a3 + q]);
            c30 = x.fma(y0, c30);
            x = DoubleVector.broadcast(S, a[a4 + q]);
            c40 = x.fma(y0, c40);
            x = DoubleVector.broadcast(S, a[a5 + q]);
            c50 = x.fma(y0, c50);
            x = DoubleVector.broadcast(S, a[a6 + q]);
            c60 = x.fma(y0, c60);
            x = DoubleVector.broadcast(S, a[a7 + q]);
            c70 = x.fma(y0, c70);
        }
        DoubleVector r = DoubleVector.broadcast(S, alpha);
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

    /** Four rows, fewer columns than a vector has. */
    static void tile4x1Masked(
            int last,
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
            double beta,
            int cols) {
        VectorMask<Double> mask = S.indexInRange(0, cols);
        int a1 = a0 + Math.min(1, last) * rowStep;
        int a2 = a0 + Math.min(2, last) * rowStep;
        int a3 = a0 + Math.min(3, last) * rowStep;
        DoubleVector c00 = DoubleVector.zero(S);
        DoubleVector c10 = DoubleVector.zero(S);
        DoubleVector c20 = DoubleVector.zero(S);
        DoubleVector c30 = DoubleVector.zero(S);
        for (int p = 0, q = 0, y = b0; p < k; p++, q += colStep, y += ldb) {
            DoubleVector y0 = DoubleVector.fromArray(S, b, y, mask);
            DoubleVector x = DoubleVector.broadcast(S, a[a0 + q]);
            c00 = x.fma(y0, c00);
            x = DoubleVector.broadcast(S, a[a1 + q]);
            c10 = x.fma(y0, c10);
            x = DoubleVector.broadcast(S, a[a2 + q]);
            c20 = x.fma(y0, c20);
            x = DoubleVector.broadcast(S, a[a3 + q]);
            c30 = x.fma(y0, c30);
        }
        DoubleVector r = DoubleVector.broadcast(S, alpha);
        c00 = c00.mul(r);
        c10 = c10.mul(r);
        c20 = c20.mul(r);
        c30 = c30.mul(r);
        int c1 = c0 + Math.min(1, last) * ldc;
        int c2 = c0 + Math.min(2, last) * ldc;
        int c3 = c0 + Math.min(3, last) * ldc;
        if (beta != 0) {
            DoubleVector s = DoubleVector.broadcast(S, beta);
            c00 = s.fma(DoubleVector.fromArray(S, c, c0, mask), c00);
            c10 = s.fma(DoubleVector.fromArray(S, c, c1, mask), c10);
            c20 = s.fma(DoubleVector.fromArray(S, c, c2, mask), c20);
            c30 = s.fma(DoubleVector.fromArray(S, c, c3, mask), c30);
        }
        c00.intoArray(c, c0, mask);
        c10.intoArray(c, c1, mask);
        c20.intoArray(c, c2, mask);
        c30.intoArray(c, c3, mask);
    }
}
