package dev.gamut.vector.gemm;

import dev.gamut.vector.Species;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Micro-kernel of twelve rows by two vectors of F64, summing in F64 by fused multiply-adds in rising k.
 *
 * <p>The tile for 32 registers: 24 accumulators, two vectors of B and one or two broadcasts of A. Best on AVX-512 cores
 * whose L2 feeds wider tiles too slowly.
 *
 * <p>Straight-line on purpose: see {@link Tile} for what was tried instead.
 */
final class F64Tile12x2 extends Tile<double[]> {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = Species.F64_LANES;
    private static final int NR = 2 * L;

    @Override
    void store(
            int k, double[] a, int a0, int rs, int cs, double[] b, int b0, double[] c, int c0, int ldc, double alpha) {
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
        DoubleVector c80 = DoubleVector.zero(S);
        DoubleVector c81 = DoubleVector.zero(S);
        DoubleVector c90 = DoubleVector.zero(S);
        DoubleVector c91 = DoubleVector.zero(S);
        DoubleVector ca0 = DoubleVector.zero(S);
        DoubleVector ca1 = DoubleVector.zero(S);
        DoubleVector cb0 = DoubleVector.zero(S);
        DoubleVector cb1 = DoubleVector.zero(S);
        int rs2 = 2 * rs;
        for (int p = b0, e = b0 + k * NR, q = a0, u = a0 + 3 * rs, v = a0 + 6 * rs, w = a0 + 9 * rs;
                p < e;
                p += NR, q += cs, u += cs, v += cs, w += cs) {
            DoubleVector y0 = DoubleVector.fromArray(S, b, p);
            DoubleVector y1 = DoubleVector.fromArray(S, b, p + L);
            DoubleVector x = DoubleVector.broadcast(S, a[q]);
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            x = DoubleVector.broadcast(S, a[q + rs]);
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            x = DoubleVector.broadcast(S, a[q + rs2]);
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            x = DoubleVector.broadcast(S, a[u]);
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
            x = DoubleVector.broadcast(S, a[u + rs]);
            c40 = x.fma(y0, c40);
            c41 = x.fma(y1, c41);
            x = DoubleVector.broadcast(S, a[u + rs2]);
            c50 = x.fma(y0, c50);
            c51 = x.fma(y1, c51);
            x = DoubleVector.broadcast(S, a[v]);
            c60 = x.fma(y0, c60);
            c61 = x.fma(y1, c61);
            x = DoubleVector.broadcast(S, a[v + rs]);
            c70 = x.fma(y0, c70);
            c71 = x.fma(y1, c71);
            x = DoubleVector.broadcast(S, a[v + rs2]);
            c80 = x.fma(y0, c80);
            c81 = x.fma(y1, c81);
            x = DoubleVector.broadcast(S, a[w]);
            c90 = x.fma(y0, c90);
            c91 = x.fma(y1, c91);
            x = DoubleVector.broadcast(S, a[w + rs]);
            ca0 = x.fma(y0, ca0);
            ca1 = x.fma(y1, ca1);
            x = DoubleVector.broadcast(S, a[w + rs2]);
            cb0 = x.fma(y0, cb0);
            cb1 = x.fma(y1, cb1);
        }
        DoubleVector r = DoubleVector.broadcast(S, alpha);
        int i = c0;
        c00.mul(r).intoArray(c, i);
        c01.mul(r).intoArray(c, i + L);
        i += ldc;
        c10.mul(r).intoArray(c, i);
        c11.mul(r).intoArray(c, i + L);
        i += ldc;
        c20.mul(r).intoArray(c, i);
        c21.mul(r).intoArray(c, i + L);
        i += ldc;
        c30.mul(r).intoArray(c, i);
        c31.mul(r).intoArray(c, i + L);
        i += ldc;
        c40.mul(r).intoArray(c, i);
        c41.mul(r).intoArray(c, i + L);
        i += ldc;
        c50.mul(r).intoArray(c, i);
        c51.mul(r).intoArray(c, i + L);
        i += ldc;
        c60.mul(r).intoArray(c, i);
        c61.mul(r).intoArray(c, i + L);
        i += ldc;
        c70.mul(r).intoArray(c, i);
        c71.mul(r).intoArray(c, i + L);
        i += ldc;
        c80.mul(r).intoArray(c, i);
        c81.mul(r).intoArray(c, i + L);
        i += ldc;
        c90.mul(r).intoArray(c, i);
        c91.mul(r).intoArray(c, i + L);
        i += ldc;
        ca0.mul(r).intoArray(c, i);
        ca1.mul(r).intoArray(c, i + L);
        i += ldc;
        cb0.mul(r).intoArray(c, i);
        cb1.mul(r).intoArray(c, i + L);
    }

    @Override
    void update(
            int k,
            double[] a,
            int a0,
            int rs,
            int cs,
            double[] b,
            int b0,
            double[] c,
            int c0,
            int ldc,
            double alpha,
            double beta) {
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
        DoubleVector c80 = DoubleVector.zero(S);
        DoubleVector c81 = DoubleVector.zero(S);
        DoubleVector c90 = DoubleVector.zero(S);
        DoubleVector c91 = DoubleVector.zero(S);
        DoubleVector ca0 = DoubleVector.zero(S);
        DoubleVector ca1 = DoubleVector.zero(S);
        DoubleVector cb0 = DoubleVector.zero(S);
        DoubleVector cb1 = DoubleVector.zero(S);
        int rs2 = 2 * rs;
        for (int p = b0, e = b0 + k * NR, q = a0, u = a0 + 3 * rs, v = a0 + 6 * rs, w = a0 + 9 * rs;
                p < e;
                p += NR, q += cs, u += cs, v += cs, w += cs) {
            DoubleVector y0 = DoubleVector.fromArray(S, b, p);
            DoubleVector y1 = DoubleVector.fromArray(S, b, p + L);
            DoubleVector x = DoubleVector.broadcast(S, a[q]);
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            x = DoubleVector.broadcast(S, a[q + rs]);
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            x = DoubleVector.broadcast(S, a[q + rs2]);
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            x = DoubleVector.broadcast(S, a[u]);
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
            x = DoubleVector.broadcast(S, a[u + rs]);
            c40 = x.fma(y0, c40);
            c41 = x.fma(y1, c41);
            x = DoubleVector.broadcast(S, a[u + rs2]);
            c50 = x.fma(y0, c50);
            c51 = x.fma(y1, c51);
            x = DoubleVector.broadcast(S, a[v]);
            c60 = x.fma(y0, c60);
            c61 = x.fma(y1, c61);
            x = DoubleVector.broadcast(S, a[v + rs]);
            c70 = x.fma(y0, c70);
            c71 = x.fma(y1, c71);
            x = DoubleVector.broadcast(S, a[v + rs2]);
            c80 = x.fma(y0, c80);
            c81 = x.fma(y1, c81);
            x = DoubleVector.broadcast(S, a[w]);
            c90 = x.fma(y0, c90);
            c91 = x.fma(y1, c91);
            x = DoubleVector.broadcast(S, a[w + rs]);
            ca0 = x.fma(y0, ca0);
            ca1 = x.fma(y1, ca1);
            x = DoubleVector.broadcast(S, a[w + rs2]);
            cb0 = x.fma(y0, cb0);
            cb1 = x.fma(y1, cb1);
        }
        DoubleVector r = DoubleVector.broadcast(S, alpha);
        DoubleVector s = DoubleVector.broadcast(S, beta);
        int i = c0;
        s.fma(DoubleVector.fromArray(S, c, i), c00.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c01.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), c10.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c11.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), c20.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c21.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), c30.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c31.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), c40.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c41.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), c50.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c51.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), c60.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c61.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), c70.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c71.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), c80.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c81.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), c90.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c91.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), ca0.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), ca1.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), cb0.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), cb1.mul(r)).intoArray(c, i + L);
    }
}
