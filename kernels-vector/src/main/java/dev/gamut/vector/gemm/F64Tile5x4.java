package dev.gamut.vector.gemm;

import dev.gamut.vector.Species;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Micro-kernel of five rows by four vectors of F64, summing in F64 by fused multiply-adds in rising k.
 *
 * <p>The tile with the fewest loads: five broadcasts and four vectors of B for 20 FMAs. Best on AVX-512 cores that read
 * a vector of B from L2 every other cycle; on Arm {@link F64Tile4x5} is better.
 *
 * <p>Straight-line on purpose: see {@link Tile} for what was tried instead.
 */
final class F64Tile5x4 extends Tile<double[]> {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = Species.F64_LANES;
    private static final int NR = 4 * L;

    @Override
    void store(
            int k, double[] a, int a0, int rs, int cs, double[] b, int b0, double[] c, int c0, int ldc, double alpha) {
        DoubleVector c00 = DoubleVector.zero(S);
        DoubleVector c01 = DoubleVector.zero(S);
        DoubleVector c02 = DoubleVector.zero(S);
        DoubleVector c03 = DoubleVector.zero(S);
        DoubleVector c10 = DoubleVector.zero(S);
        DoubleVector c11 = DoubleVector.zero(S);
        DoubleVector c12 = DoubleVector.zero(S);
        DoubleVector c13 = DoubleVector.zero(S);
        DoubleVector c20 = DoubleVector.zero(S);
        DoubleVector c21 = DoubleVector.zero(S);
        DoubleVector c22 = DoubleVector.zero(S);
        DoubleVector c23 = DoubleVector.zero(S);
        DoubleVector c30 = DoubleVector.zero(S);
        DoubleVector c31 = DoubleVector.zero(S);
        DoubleVector c32 = DoubleVector.zero(S);
        DoubleVector c33 = DoubleVector.zero(S);
        DoubleVector c40 = DoubleVector.zero(S);
        DoubleVector c41 = DoubleVector.zero(S);
        DoubleVector c42 = DoubleVector.zero(S);
        DoubleVector c43 = DoubleVector.zero(S);
        int rs2 = 2 * rs;
        for (int p = b0, e = b0 + k * NR, q = a0, u = a0 + 3 * rs; p < e; p += NR, q += cs, u += cs) {
            DoubleVector y0 = DoubleVector.fromArray(S, b, p);
            DoubleVector y1 = DoubleVector.fromArray(S, b, p + L);
            DoubleVector y2 = DoubleVector.fromArray(S, b, p + 2 * L);
            DoubleVector y3 = DoubleVector.fromArray(S, b, p + 3 * L);
            DoubleVector x = DoubleVector.broadcast(S, a[q]);
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            c02 = x.fma(y2, c02);
            c03 = x.fma(y3, c03);
            x = DoubleVector.broadcast(S, a[q + rs]);
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            c12 = x.fma(y2, c12);
            c13 = x.fma(y3, c13);
            x = DoubleVector.broadcast(S, a[q + rs2]);
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            c22 = x.fma(y2, c22);
            c23 = x.fma(y3, c23);
            x = DoubleVector.broadcast(S, a[u]);
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
            c32 = x.fma(y2, c32);
            c33 = x.fma(y3, c33);
            x = DoubleVector.broadcast(S, a[u + rs]);
            c40 = x.fma(y0, c40);
            c41 = x.fma(y1, c41);
            c42 = x.fma(y2, c42);
            c43 = x.fma(y3, c43);
        }
        DoubleVector r = DoubleVector.broadcast(S, alpha);
        int i = c0;
        c00.mul(r).intoArray(c, i);
        c01.mul(r).intoArray(c, i + L);
        c02.mul(r).intoArray(c, i + 2 * L);
        c03.mul(r).intoArray(c, i + 3 * L);
        i += ldc;
        c10.mul(r).intoArray(c, i);
        c11.mul(r).intoArray(c, i + L);
        c12.mul(r).intoArray(c, i + 2 * L);
        c13.mul(r).intoArray(c, i + 3 * L);
        i += ldc;
        c20.mul(r).intoArray(c, i);
        c21.mul(r).intoArray(c, i + L);
        c22.mul(r).intoArray(c, i + 2 * L);
        c23.mul(r).intoArray(c, i + 3 * L);
        i += ldc;
        c30.mul(r).intoArray(c, i);
        c31.mul(r).intoArray(c, i + L);
        c32.mul(r).intoArray(c, i + 2 * L);
        c33.mul(r).intoArray(c, i + 3 * L);
        i += ldc;
        c40.mul(r).intoArray(c, i);
        c41.mul(r).intoArray(c, i + L);
        c42.mul(r).intoArray(c, i + 2 * L);
        c43.mul(r).intoArray(c, i + 3 * L);
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
        DoubleVector c02 = DoubleVector.zero(S);
        DoubleVector c03 = DoubleVector.zero(S);
        DoubleVector c10 = DoubleVector.zero(S);
        DoubleVector c11 = DoubleVector.zero(S);
        DoubleVector c12 = DoubleVector.zero(S);
        DoubleVector c13 = DoubleVector.zero(S);
        DoubleVector c20 = DoubleVector.zero(S);
        DoubleVector c21 = DoubleVector.zero(S);
        DoubleVector c22 = DoubleVector.zero(S);
        DoubleVector c23 = DoubleVector.zero(S);
        DoubleVector c30 = DoubleVector.zero(S);
        DoubleVector c31 = DoubleVector.zero(S);
        DoubleVector c32 = DoubleVector.zero(S);
        DoubleVector c33 = DoubleVector.zero(S);
        DoubleVector c40 = DoubleVector.zero(S);
        DoubleVector c41 = DoubleVector.zero(S);
        DoubleVector c42 = DoubleVector.zero(S);
        DoubleVector c43 = DoubleVector.zero(S);
        int rs2 = 2 * rs;
        for (int p = b0, e = b0 + k * NR, q = a0, u = a0 + 3 * rs; p < e; p += NR, q += cs, u += cs) {
            DoubleVector y0 = DoubleVector.fromArray(S, b, p);
            DoubleVector y1 = DoubleVector.fromArray(S, b, p + L);
            DoubleVector y2 = DoubleVector.fromArray(S, b, p + 2 * L);
            DoubleVector y3 = DoubleVector.fromArray(S, b, p + 3 * L);
            DoubleVector x = DoubleVector.broadcast(S, a[q]);
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            c02 = x.fma(y2, c02);
            c03 = x.fma(y3, c03);
            x = DoubleVector.broadcast(S, a[q + rs]);
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            c12 = x.fma(y2, c12);
            c13 = x.fma(y3, c13);
            x = DoubleVector.broadcast(S, a[q + rs2]);
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            c22 = x.fma(y2, c22);
            c23 = x.fma(y3, c23);
            x = DoubleVector.broadcast(S, a[u]);
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
            c32 = x.fma(y2, c32);
            c33 = x.fma(y3, c33);
            x = DoubleVector.broadcast(S, a[u + rs]);
            c40 = x.fma(y0, c40);
            c41 = x.fma(y1, c41);
            c42 = x.fma(y2, c42);
            c43 = x.fma(y3, c43);
        }
        DoubleVector r = DoubleVector.broadcast(S, alpha);
        DoubleVector s = DoubleVector.broadcast(S, beta);
        int i = c0;
        s.fma(DoubleVector.fromArray(S, c, i), c00.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c01.mul(r)).intoArray(c, i + L);
        s.fma(DoubleVector.fromArray(S, c, i + 2 * L), c02.mul(r)).intoArray(c, i + 2 * L);
        s.fma(DoubleVector.fromArray(S, c, i + 3 * L), c03.mul(r)).intoArray(c, i + 3 * L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), c10.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c11.mul(r)).intoArray(c, i + L);
        s.fma(DoubleVector.fromArray(S, c, i + 2 * L), c12.mul(r)).intoArray(c, i + 2 * L);
        s.fma(DoubleVector.fromArray(S, c, i + 3 * L), c13.mul(r)).intoArray(c, i + 3 * L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), c20.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c21.mul(r)).intoArray(c, i + L);
        s.fma(DoubleVector.fromArray(S, c, i + 2 * L), c22.mul(r)).intoArray(c, i + 2 * L);
        s.fma(DoubleVector.fromArray(S, c, i + 3 * L), c23.mul(r)).intoArray(c, i + 3 * L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), c30.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c31.mul(r)).intoArray(c, i + L);
        s.fma(DoubleVector.fromArray(S, c, i + 2 * L), c32.mul(r)).intoArray(c, i + 2 * L);
        s.fma(DoubleVector.fromArray(S, c, i + 3 * L), c33.mul(r)).intoArray(c, i + 3 * L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), c40.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c41.mul(r)).intoArray(c, i + L);
        s.fma(DoubleVector.fromArray(S, c, i + 2 * L), c42.mul(r)).intoArray(c, i + 2 * L);
        s.fma(DoubleVector.fromArray(S, c, i + 3 * L), c43.mul(r)).intoArray(c, i + 3 * L);
    }
}
