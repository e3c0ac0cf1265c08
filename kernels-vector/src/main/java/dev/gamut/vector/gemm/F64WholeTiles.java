package dev.gamut.vector.gemm;

import dev.gamut.vector.Species;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of the unpacked F64 product where there are eight whole rows and whole vectors of columns; parameters are
 * those of {@link Small#multiply} for the tile's own corner. What {@link F64SmallTiles} does about edges costs registers:
 * eight clamped row indexes are more than x86 has, and C2 spills them (10 to 11 cycles a step instead of 8, AMD EPYC
 * 9005, 512 bits). Here rows are told apart by three running indexes and two offsets.
 */
final class F64WholeTiles {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = Species.F64_LANES;

    /** Rows of every tile. */
    static final int ROWS = 8;

    private F64WholeTiles() {}

    /** Eight rows by one vector. */
    static void tile8x1(
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
        int rowStep2 = 2 * rowStep;
        DoubleVector c00 = DoubleVector.zero(S);
        DoubleVector c10 = DoubleVector.zero(S);
        DoubleVector c20 = DoubleVector.zero(S);
        DoubleVector c30 = DoubleVector.zero(S);
        DoubleVector c40 = DoubleVector.zero(S);
        DoubleVector c50 = DoubleVector.zero(S);
        DoubleVector c60 = DoubleVector.zero(S);
        DoubleVector c70 = DoubleVector.zero(S);
        for (int p = 0, q = a0, u = a0 + 3 * rowStep, v = a0 + 6 * rowStep, y = b0; p < k; p++) {
            DoubleVector y0 = DoubleVector.fromArray(S, b, y);
            DoubleVector x = DoubleVector.broadcast(S, a[q]);
            c00 = x.fma(y0, c00);
            x = DoubleVector.broadcast(S, a[q + rowStep]);
            c10 = x.fma(y0, c10);
            x = DoubleVector.broadcast(S, a[q + rowStep2]);
            c20 = x.fma(y0, c20);
            x = DoubleVector.broadcast(S, a[u]);
            c30 = x.fma(y0, c30);
            x = DoubleVector.broadcast(S, a[u + rowStep]);
            c40 = x.fma(y0, c40);
            x = DoubleVector.broadcast(S, a[u + rowStep2]);
            c50 = x.fma(y0, c50);
            x = DoubleVector.broadcast(S, a[v]);
            c60 = x.fma(y0, c60);
            x = DoubleVector.broadcast(S, a[v + rowStep]);
            c70 = x.fma(y0, c70);
            q += colStep;
            u += colStep;
            v += colStep;
            y += ldb;
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
        if (beta != 0) {
            DoubleVector s = DoubleVector.broadcast(S, beta);
            int at = c0;
            c00 = s.fma(DoubleVector.fromArray(S, c, at), c00);
            at += ldc;
            c10 = s.fma(DoubleVector.fromArray(S, c, at), c10);
            at += ldc;
            c20 = s.fma(DoubleVector.fromArray(S, c, at), c20);
            at += ldc;
            c30 = s.fma(DoubleVector.fromArray(S, c, at), c30);
            at += ldc;
            c40 = s.fma(DoubleVector.fromArray(S, c, at), c40);
            at += ldc;
            c50 = s.fma(DoubleVector.fromArray(S, c, at), c50);
            at += ldc;
            c60 = s.fma(DoubleVector.fromArray(S, c, at), c60);
            at += ldc;
            c70 = s.fma(DoubleVector.fromArray(S, c, at), c70);
        }
        int to = c0;
        c00.intoArray(c, to);
        to += ldc;
        c10.intoArray(c, to);
        to += ldc;
        c20.intoArray(c, to);
        to += ldc;
        c30.intoArray(c, to);
        to += ldc;
        c40.intoArray(c, to);
        to += ldc;
        c50.intoArray(c, to);
        to += ldc;
        c60.intoArray(c, to);
        to += ldc;
        c70.intoArray(c, to);
    }

    /** Eight rows by two vectors. */
    static void tile8x2(
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
        int rowStep2 = 2 * rowStep;
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
        for (int p = 0, q = a0, u = a0 + 3 * rowStep, v = a0 + 6 * rowStep, y = b0; p < k; p++) {
            DoubleVector y0 = DoubleVector.fromArray(S, b, y);
            DoubleVector y1 = DoubleVector.fromArray(S, b, y + L);
            DoubleVector x = DoubleVector.broadcast(S, a[q]);
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            x = DoubleVector.broadcast(S, a[q + rowStep]);
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            x = DoubleVector.broadcast(S, a[q + rowStep2]);
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            x = DoubleVector.broadcast(S, a[u]);
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
            x = DoubleVector.broadcast(S, a[u + rowStep]);
            c40 = x.fma(y0, c40);
            c41 = x.fma(y1, c41);
            x = DoubleVector.broadcast(S, a[u + rowStep2]);
            c50 = x.fma(y0, c50);
            c51 = x.fma(y1, c51);
            x = DoubleVector.broadcast(S, a[v]);
            c60 = x.fma(y0, c60);
            c61 = x.fma(y1, c61);
            x = DoubleVector.broadcast(S, a[v + rowStep]);
            c70 = x.fma(y0, c70);
            c71 = x.fma(y1, c71);
            q += colStep;
            u += colStep;
            v += colStep;
            y += ldb;
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
        if (beta != 0) {
            DoubleVector s = DoubleVector.broadcast(S, beta);
            int at = c0;
            c00 = s.fma(DoubleVector.fromArray(S, c, at), c00);
            c01 = s.fma(DoubleVector.fromArray(S, c, at + L), c01);
            at += ldc;
            c10 = s.fma(DoubleVector.fromArray(S, c, at), c10);
            c11 = s.fma(DoubleVector.fromArray(S, c, at + L), c11);
            at += ldc;
            c20 = s.fma(DoubleVector.fromArray(S, c, at), c20);
            c21 = s.fma(DoubleVector.fromArray(S, c, at + L), c21);
            at += ldc;
            c30 = s.fma(DoubleVector.fromArray(S, c, at), c30);
            c31 = s.fma(DoubleVector.fromArray(S, c, at + L), c31);
            at += ldc;
            c40 = s.fma(DoubleVector.fromArray(S, c, at), c40);
            c41 = s.fma(DoubleVector.fromArray(S, c, at + L), c41);
            at += ldc;
            c50 = s.fma(DoubleVector.fromArray(S, c, at), c50);
            c51 = s.fma(DoubleVector.fromArray(S, c, at + L), c51);
            at += ldc;
            c60 = s.fma(DoubleVector.fromArray(S, c, at), c60);
            c61 = s.fma(DoubleVector.fromArray(S, c, at + L), c61);
            at += ldc;
            c70 = s.fma(DoubleVector.fromArray(S, c, at), c70);
            c71 = s.fma(DoubleVector.fromArray(S, c, at + L), c71);
        }
        int to = c0;
        c00.intoArray(c, to);
        c01.intoArray(c, to + L);
        to += ldc;
        c10.intoArray(c, to);
        c11.intoArray(c, to + L);
        to += ldc;
        c20.intoArray(c, to);
        c21.intoArray(c, to + L);
        to += ldc;
        c30.intoArray(c, to);
        c31.intoArray(c, to + L);
        to += ldc;
        c40.intoArray(c, to);
        c41.intoArray(c, to + L);
        to += ldc;
        c50.intoArray(c, to);
        c51.intoArray(c, to + L);
        to += ldc;
        c60.intoArray(c, to);
        c61.intoArray(c, to + L);
        to += ldc;
        c70.intoArray(c, to);
        c71.intoArray(c, to + L);
    }

    /** Eight rows by three vectors, for beta = 0: with an update in the same method C1 would run out of registers. */
    static void tile8x3(
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
            double alpha) {
        int rowStep2 = 2 * rowStep;
        DoubleVector c00 = DoubleVector.zero(S);
        DoubleVector c01 = DoubleVector.zero(S);
        DoubleVector c02 = DoubleVector.zero(S);
        DoubleVector c10 = DoubleVector.zero(S);
        DoubleVector c11 = DoubleVector.zero(S);
        DoubleVector c12 = DoubleVector.zero(S);
        DoubleVector c20 = DoubleVector.zero(S);
        DoubleVector c21 = DoubleVector.zero(S);
        DoubleVector c22 = DoubleVector.zero(S);
        DoubleVector c30 = DoubleVector.zero(S);
        DoubleVector c31 = DoubleVector.zero(S);
        DoubleVector c32 = DoubleVector.zero(S);
        DoubleVector c40 = DoubleVector.zero(S);
        DoubleVector c41 = DoubleVector.zero(S);
        DoubleVector c42 = DoubleVector.zero(S);
        DoubleVector c50 = DoubleVector.zero(S);
        DoubleVector c51 = DoubleVector.zero(S);
        DoubleVector c52 = DoubleVector.zero(S);
        DoubleVector c60 = DoubleVector.zero(S);
        DoubleVector c61 = DoubleVector.zero(S);
        DoubleVector c62 = DoubleVector.zero(S);
        DoubleVector c70 = DoubleVector.zero(S);
        DoubleVector c71 = DoubleVector.zero(S);
        DoubleVector c72 = DoubleVector.zero(S);
        for (int p = 0, q = a0, u = a0 + 3 * rowStep, v = a0 + 6 * rowStep, y = b0; p < k; p++) {
            DoubleVector y0 = DoubleVector.fromArray(S, b, y);
            DoubleVector y1 = DoubleVector.fromArray(S, b, y + L);
            DoubleVector y2 = DoubleVector.fromArray(S, b, y + 2 * L);
            DoubleVector x = DoubleVector.broadcast(S, a[q]);
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            c02 = x.fma(y2, c02);
            x = DoubleVector.broadcast(S, a[q + rowStep]);
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            c12 = x.fma(y2, c12);
            x = DoubleVector.broadcast(S, a[q + rowStep2]);
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            c22 = x.fma(y2, c22);
            x = DoubleVector.broadcast(S, a[u]);
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
            c32 = x.fma(y2, c32);
            x = DoubleVector.broadcast(S, a[u + rowStep]);
            c40 = x.fma(y0, c40);
            c41 = x.fma(y1, c41);
            c42 = x.fma(y2, c42);
            x = DoubleVector.broadcast(S, a[u + rowStep2]);
            c50 = x.fma(y0, c50);
            c51 = x.fma(y1, c51);
            c52 = x.fma(y2, c52);
            x = DoubleVector.broadcast(S, a[v]);
            c60 = x.fma(y0, c60);
            c61 = x.fma(y1, c61);
            c62 = x.fma(y2, c62);
            x = DoubleVector.broadcast(S, a[v + rowStep]);
            c70 = x.fma(y0, c70);
            c71 = x.fma(y1, c71);
            c72 = x.fma(y2, c72);
            q += colStep;
            u += colStep;
            v += colStep;
            y += ldb;
        }
        DoubleVector r = DoubleVector.broadcast(S, alpha);
        c00 = c00.mul(r);
        c01 = c01.mul(r);
        c02 = c02.mul(r);
        c10 = c10.mul(r);
        c11 = c11.mul(r);
        c12 = c12.mul(r);
        c20 = c20.mul(r);
        c21 = c21.mul(r);
        c22 = c22.mul(r);
        c30 = c30.mul(r);
        c31 = c31.mul(r);
        c32 = c32.mul(r);
        c40 = c40.mul(r);
        c41 = c41.mul(r);
        c42 = c42.mul(r);
        c50 = c50.mul(r);
        c51 = c51.mul(r);
        c52 = c52.mul(r);
        c60 = c60.mul(r);
        c61 = c61.mul(r);
        c62 = c62.mul(r);
        c70 = c70.mul(r);
        c71 = c71.mul(r);
        c72 = c72.mul(r);
        int to = c0;
        c00.intoArray(c, to);
        c01.intoArray(c, to + L);
        c02.intoArray(c, to + 2 * L);
        to += ldc;
        c10.intoArray(c, to);
        c11.intoArray(c, to + L);
        c12.intoArray(c, to + 2 * L);
        to += ldc;
        c20.intoArray(c, to);
        c21.intoArray(c, to + L);
        c22.intoArray(c, to + 2 * L);
        to += ldc;
        c30.intoArray(c, to);
        c31.intoArray(c, to + L);
        c32.intoArray(c, to + 2 * L);
        to += ldc;
        c40.intoArray(c, to);
        c41.intoArray(c, to + L);
        c42.intoArray(c, to + 2 * L);
        to += ldc;
        c50.intoArray(c, to);
        c51.intoArray(c, to + L);
        c52.intoArray(c, to + 2 * L);
        to += ldc;
        c60.intoArray(c, to);
        c61.intoArray(c, to + L);
        c62.intoArray(c, to + 2 * L);
        to += ldc;
        c70.intoArray(c, to);
        c71.intoArray(c, to + L);
        c72.intoArray(c, to + 2 * L);
    }
}
