package dev.gamut.vector.gemm;

import dev.gamut.vector.Species;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Micro-kernel of twelve rows by two vectors of F32, summing in F32 by fused multiply-adds in rising k.
 *
 * <p>The tile for 32 registers: 24 accumulators, two vectors of B and one or two broadcasts of A. Best on AVX-512 cores
 * whose L2 feeds wider tiles too slowly.
 *
 * <p>Straight-line on purpose: see {@link Tile} for what was tried instead.
 */
final class F32Tile12x2 extends Tile<float[]> {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = Species.F32_LANES;
    private static final int NR = 2 * L;

    @Override
    void store(int k, float[] a, int a0, int rs, int cs, float[] b, int b0, float[] c, int c0, int ldc, double alpha) {
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
        FloatVector c80 = FloatVector.zero(S);
        FloatVector c81 = FloatVector.zero(S);
        FloatVector c90 = FloatVector.zero(S);
        FloatVector c91 = FloatVector.zero(S);
        FloatVector ca0 = FloatVector.zero(S);
        FloatVector ca1 = FloatVector.zero(S);
        FloatVector cb0 = FloatVector.zero(S);
        FloatVector cb1 = FloatVector.zero(S);
        int rs2 = 2 * rs;
        for (int p = b0, e = b0 + k * NR, q = a0, u = a0 + 3 * rs, v = a0 + 6 * rs, w = a0 + 9 * rs;
                p < e;
                p += NR, q += cs, u += cs, v += cs, w += cs) {
            FloatVector y0 = FloatVector.fromArray(S, b, p);
            FloatVector y1 = FloatVector.fromArray(S, b, p + L);
            FloatVector x = FloatVector.broadcast(S, a[q]);
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            x = FloatVector.broadcast(S, a[q + rs]);
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            x = FloatVector.broadcast(S, a[q + rs2]);
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            x = FloatVector.broadcast(S, a[u]);
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
            x = FloatVector.broadcast(S, a[u + rs]);
            c40 = x.fma(y0, c40);
            c41 = x.fma(y1, c41);
            x = FloatVector.broadcast(S, a[u + rs2]);
            c50 = x.fma(y0, c50);
            c51 = x.fma(y1, c51);
            x = FloatVector.broadcast(S, a[v]);
            c60 = x.fma(y0, c60);
            c61 = x.fma(y1, c61);
            x = FloatVector.broadcast(S, a[v + rs]);
            c70 = x.fma(y0, c70);
            c71 = x.fma(y1, c71);
            x = FloatVector.broadcast(S, a[v + rs2]);
            c80 = x.fma(y0, c80);
            c81 = x.fma(y1, c81);
            x = FloatVector.broadcast(S, a[w]);
            c90 = x.fma(y0, c90);
            c91 = x.fma(y1, c91);
            x = FloatVector.broadcast(S, a[w + rs]);
            ca0 = x.fma(y0, ca0);
            ca1 = x.fma(y1, ca1);
            x = FloatVector.broadcast(S, a[w + rs2]);
            cb0 = x.fma(y0, cb0);
            cb1 = x.fma(y1, cb1);
        }
        FloatVector r = FloatVector.broadcast(S, (float) alpha);
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
        FloatVector c80 = FloatVector.zero(S);
        FloatVector c81 = FloatVector.zero(S);
        FloatVector c90 = FloatVector.zero(S);
        FloatVector c91 = FloatVector.zero(S);
        FloatVector ca0 = FloatVector.zero(S);
        FloatVector ca1 = FloatVector.zero(S);
        FloatVector cb0 = FloatVector.zero(S);
        FloatVector cb1 = FloatVector.zero(S);
        int rs2 = 2 * rs;
        for (int p = b0, e = b0 + k * NR, q = a0, u = a0 + 3 * rs, v = a0 + 6 * rs, w = a0 + 9 * rs;
                p < e;
                p += NR, q += cs, u += cs, v += cs, w += cs) {
            FloatVector y0 = FloatVector.fromArray(S, b, p);
            FloatVector y1 = FloatVector.fromArray(S, b, p + L);
            FloatVector x = FloatVector.broadcast(S, a[q]);
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            x = FloatVector.broadcast(S, a[q + rs]);
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            x = FloatVector.broadcast(S, a[q + rs2]);
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            x = FloatVector.broadcast(S, a[u]);
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
            x = FloatVector.broadcast(S, a[u + rs]);
            c40 = x.fma(y0, c40);
            c41 = x.fma(y1, c41);
            x = FloatVector.broadcast(S, a[u + rs2]);
            c50 = x.fma(y0, c50);
            c51 = x.fma(y1, c51);
            x = FloatVector.broadcast(S, a[v]);
            c60 = x.fma(y0, c60);
            c61 = x.fma(y1, c61);
            x = FloatVector.broadcast(S, a[v + rs]);
            c70 = x.fma(y0, c70);
            c71 = x.fma(y1, c71);
            x = FloatVector.broadcast(S, a[v + rs2]);
            c80 = x.fma(y0, c80);
            c81 = x.fma(y1, c81);
            x = FloatVector.broadcast(S, a[w]);
            c90 = x.fma(y0, c90);
            c91 = x.fma(y1, c91);
            x = FloatVector.broadcast(S, a[w + rs]);
            ca0 = x.fma(y0, ca0);
            ca1 = x.fma(y1, ca1);
            x = FloatVector.broadcast(S, a[w + rs2]);
            cb0 = x.fma(y0, cb0);
            cb1 = x.fma(y1, cb1);
        }
        FloatVector r = FloatVector.broadcast(S, (float) alpha);
        FloatVector s = FloatVector.broadcast(S, (float) beta);
        int i = c0;
        s.fma(FloatVector.fromArray(S, c, i), c00.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c01.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), c10.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c11.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), c20.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c21.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), c30.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c31.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), c40.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c41.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), c50.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c51.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), c60.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c61.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), c70.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c71.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), c80.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c81.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), c90.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c91.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), ca0.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), ca1.mul(r)).intoArray(c, i + L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), cb0.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), cb1.mul(r)).intoArray(c, i + L);
    }
}
