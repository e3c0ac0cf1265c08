package dev.gamut.vector.gemm;

import dev.gamut.vector.Species;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Micro-kernel of five rows by four vectors of F32, summing in F32 by fused multiply-adds in rising k.
 *
 * <p>The tile with the fewest loads: five broadcasts and four vectors of B for 20 FMAs. Best on AVX-512 cores that read
 * a vector of B from L2 every other cycle; on Arm {@link F32Tile4x5} is better.
 *
 * <p>Straight-line on purpose: see {@link Tile} for what was tried instead.
 */
final class F32Tile5x4 extends Tile<float[]> {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = Species.F32_LANES;
    private static final int NR = 4 * L;

    @Override
    void store(int k, float[] a, int a0, int rs, int cs, float[] b, int b0, float[] c, int c0, int ldc, double alpha) {
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = FloatVector.zero(S);
        FloatVector c02 = FloatVector.zero(S);
        FloatVector c03 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c11 = FloatVector.zero(S);
        FloatVector c12 = FloatVector.zero(S);
        FloatVector c13 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c21 = FloatVector.zero(S);
        FloatVector c22 = FloatVector.zero(S);
        FloatVector c23 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c31 = FloatVector.zero(S);
        FloatVector c32 = FloatVector.zero(S);
        FloatVector c33 = FloatVector.zero(S);
        FloatVector c40 = FloatVector.zero(S);
        FloatVector c41 = FloatVector.zero(S);
        FloatVector c42 = FloatVector.zero(S);
        FloatVector c43 = FloatVector.zero(S);
        int rs2 = 2 * rs;
        for (int p = b0, e = b0 + k * NR, q = a0, u = a0 + 3 * rs; p < e; p += NR, q += cs, u += cs) {
            FloatVector y0 = FloatVector.fromArray(S, b, p);
            FloatVector y1 = FloatVector.fromArray(S, b, p + L);
            FloatVector y2 = FloatVector.fromArray(S, b, p + 2 * L);
            FloatVector y3 = FloatVector.fromArray(S, b, p + 3 * L);
            FloatVector x = FloatVector.broadcast(S, a[q]);
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            c02 = x.fma(y2, c02);
            c03 = x.fma(y3, c03);
            x = FloatVector.broadcast(S, a[q + rs]);
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            c12 = x.fma(y2, c12);
            c13 = x.fma(y3, c13);
            x = FloatVector.broadcast(S, a[q + rs2]);
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            c22 = x.fma(y2, c22);
            c23 = x.fma(y3, c23);
            x = FloatVector.broadcast(S, a[u]);
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
            c32 = x.fma(y2, c32);
            c33 = x.fma(y3, c33);
            x = FloatVector.broadcast(S, a[u + rs]);
            c40 = x.fma(y0, c40);
            c41 = x.fma(y1, c41);
            c42 = x.fma(y2, c42);
            c43 = x.fma(y3, c43);
        }
        FloatVector r = FloatVector.broadcast(S, (float) alpha);
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
            float[] a,
            int a0,
            int rs,
            int cs,
            float[] b,
            int b0,
            float[] c,
            int c0,
            int ldc,
            double alpha,
            double beta) {
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = FloatVector.zero(S);
        FloatVector c02 = FloatVector.zero(S);
        FloatVector c03 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c11 = FloatVector.zero(S);
        FloatVector c12 = FloatVector.zero(S);
        FloatVector c13 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c21 = FloatVector.zero(S);
        FloatVector c22 = FloatVector.zero(S);
        FloatVector c23 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c31 = FloatVector.zero(S);
        FloatVector c32 = FloatVector.zero(S);
        FloatVector c33 = FloatVector.zero(S);
        FloatVector c40 = FloatVector.zero(S);
        FloatVector c41 = FloatVector.zero(S);
        FloatVector c42 = FloatVector.zero(S);
        FloatVector c43 = FloatVector.zero(S);
        int rs2 = 2 * rs;
        for (int p = b0, e = b0 + k * NR, q = a0, u = a0 + 3 * rs; p < e; p += NR, q += cs, u += cs) {
            FloatVector y0 = FloatVector.fromArray(S, b, p);
            FloatVector y1 = FloatVector.fromArray(S, b, p + L);
            FloatVector y2 = FloatVector.fromArray(S, b, p + 2 * L);
            FloatVector y3 = FloatVector.fromArray(S, b, p + 3 * L);
            FloatVector x = FloatVector.broadcast(S, a[q]);
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            c02 = x.fma(y2, c02);
            c03 = x.fma(y3, c03);
            x = FloatVector.broadcast(S, a[q + rs]);
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            c12 = x.fma(y2, c12);
            c13 = x.fma(y3, c13);
            x = FloatVector.broadcast(S, a[q + rs2]);
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            c22 = x.fma(y2, c22);
            c23 = x.fma(y3, c23);
            x = FloatVector.broadcast(S, a[u]);
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
            c32 = x.fma(y2, c32);
            c33 = x.fma(y3, c33);
            x = FloatVector.broadcast(S, a[u + rs]);
            c40 = x.fma(y0, c40);
            c41 = x.fma(y1, c41);
            c42 = x.fma(y2, c42);
            c43 = x.fma(y3, c43);
        }
        FloatVector r = FloatVector.broadcast(S, (float) alpha);
        FloatVector s = FloatVector.broadcast(S, (float) beta);
        int i = c0;
        s.fma(FloatVector.fromArray(S, c, i), c00.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c01.mul(r)).intoArray(c, i + L);
        s.fma(FloatVector.fromArray(S, c, i + 2 * L), c02.mul(r)).intoArray(c, i + 2 * L);
        s.fma(FloatVector.fromArray(S, c, i + 3 * L), c03.mul(r)).intoArray(c, i + 3 * L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), c10.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c11.mul(r)).intoArray(c, i + L);
        s.fma(FloatVector.fromArray(S, c, i + 2 * L), c12.mul(r)).intoArray(c, i + 2 * L);
        s.fma(FloatVector.fromArray(S, c, i + 3 * L), c13.mul(r)).intoArray(c, i + 3 * L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), c20.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c21.mul(r)).intoArray(c, i + L);
        s.fma(FloatVector.fromArray(S, c, i + 2 * L), c22.mul(r)).intoArray(c, i + 2 * L);
        s.fma(FloatVector.fromArray(S, c, i + 3 * L), c23.mul(r)).intoArray(c, i + 3 * L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), c30.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c31.mul(r)).intoArray(c, i + L);
        s.fma(FloatVector.fromArray(S, c, i + 2 * L), c32.mul(r)).intoArray(c, i + 2 * L);
        s.fma(FloatVector.fromArray(S, c, i + 3 * L), c33.mul(r)).intoArray(c, i + 3 * L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), c40.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c41.mul(r)).intoArray(c, i + L);
        s.fma(FloatVector.fromArray(S, c, i + 2 * L), c42.mul(r)).intoArray(c, i + 2 * L);
        s.fma(FloatVector.fromArray(S, c, i + 3 * L), c43.mul(r)).intoArray(c, i + 3 * L);
    }
}
