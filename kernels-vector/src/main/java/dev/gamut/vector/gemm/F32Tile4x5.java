package dev.gamut.vector.gemm;

import dev.gamut.vector.Species;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Micro-kernel of four rows by five vectors of F32, summing in F32 by fused multiply-adds in rising k. {@link F64Tile4x5}
 * says why it is made like this.
 */
final class F32Tile4x5 extends Tile<float[]> {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final VectorSpecies<Integer> BITS = Species.I32;
    private static final int L = Species.F32_LANES;
    private static final int NR = 5 * L;

    @Override
    void store(int k, float[] a, int a0, int rs, int cs, float[] b, int b0, float[] c, int c0, int ldc, double alpha) {
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = FloatVector.zero(S);
        FloatVector c02 = FloatVector.zero(S);
        FloatVector c03 = FloatVector.zero(S);
        FloatVector c04 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c11 = FloatVector.zero(S);
        FloatVector c12 = FloatVector.zero(S);
        FloatVector c13 = FloatVector.zero(S);
        FloatVector c14 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c21 = FloatVector.zero(S);
        FloatVector c22 = FloatVector.zero(S);
        FloatVector c23 = FloatVector.zero(S);
        FloatVector c24 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c31 = FloatVector.zero(S);
        FloatVector c32 = FloatVector.zero(S);
        FloatVector c33 = FloatVector.zero(S);
        FloatVector c34 = FloatVector.zero(S);
        int rs2 = 2 * rs;
        int rs3 = 3 * rs;
        for (int p = b0, e = b0 + k * NR, q = a0 - cs; p < e; p += NR) {
            q += cs;
            FloatVector y0 = FloatVector.fromArray(S, b, p);
            FloatVector y1 = FloatVector.fromArray(S, b, p + L);
            FloatVector y2 = FloatVector.fromArray(S, b, p + 2 * L);
            FloatVector y3 = FloatVector.fromArray(S, b, p + 3 * L);
            FloatVector y4 = FloatVector.fromArray(S, b, p + 4 * L);
            FloatVector x =
                    IntVector.broadcast(BITS, Float.floatToRawIntBits(a[q])).reinterpretAsFloats();
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            c02 = x.fma(y2, c02);
            c03 = x.fma(y3, c03);
            c04 = x.fma(y4, c04);
            x = IntVector.broadcast(BITS, Float.floatToRawIntBits(a[q + rs])).reinterpretAsFloats();
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            c12 = x.fma(y2, c12);
            c13 = x.fma(y3, c13);
            c14 = x.fma(y4, c14);
            x = IntVector.broadcast(BITS, Float.floatToRawIntBits(a[q + rs2])).reinterpretAsFloats();
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            c22 = x.fma(y2, c22);
            c23 = x.fma(y3, c23);
            c24 = x.fma(y4, c24);
            x = IntVector.broadcast(BITS, Float.floatToRawIntBits(a[q + rs3])).reinterpretAsFloats();
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
            c32 = x.fma(y2, c32);
            c33 = x.fma(y3, c33);
            c34 = x.fma(y4, c34);
        }
        FloatVector r = IntVector.broadcast(BITS, Float.floatToRawIntBits((float) alpha))
                .reinterpretAsFloats();
        int i = c0;
        c00.mul(r).intoArray(c, i);
        c01.mul(r).intoArray(c, i + L);
        c02.mul(r).intoArray(c, i + 2 * L);
        c03.mul(r).intoArray(c, i + 3 * L);
        c04.mul(r).intoArray(c, i + 4 * L);
        i += ldc;
        c10.mul(r).intoArray(c, i);
        c11.mul(r).intoArray(c, i + L);
        c12.mul(r).intoArray(c, i + 2 * L);
        c13.mul(r).intoArray(c, i + 3 * L);
        c14.mul(r).intoArray(c, i + 4 * L);
        i += ldc;
        c20.mul(r).intoArray(c, i);
        c21.mul(r).intoArray(c, i + L);
        c22.mul(r).intoArray(c, i + 2 * L);
        c23.mul(r).intoArray(c, i + 3 * L);
        c24.mul(r).intoArray(c, i + 4 * L);
        i += ldc;
        c30.mul(r).intoArray(c, i);
        c31.mul(r).intoArray(c, i + L);
        c32.mul(r).intoArray(c, i + 2 * L);
        c33.mul(r).intoArray(c, i + 3 * L);
        c34.mul(r).intoArray(c, i + 4 * L);
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
        FloatVector c04 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c11 = FloatVector.zero(S);
        FloatVector c12 = FloatVector.zero(S);
        FloatVector c13 = FloatVector.zero(S);
        FloatVector c14 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c21 = FloatVector.zero(S);
        FloatVector c22 = FloatVector.zero(S);
        FloatVector c23 = FloatVector.zero(S);
        FloatVector c24 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c31 = FloatVector.zero(S);
        FloatVector c32 = FloatVector.zero(S);
        FloatVector c33 = FloatVector.zero(S);
        FloatVector c34 = FloatVector.zero(S);
        int rs2 = 2 * rs;
        int rs3 = 3 * rs;
        for (int p = b0, e = b0 + k * NR, q = a0 - cs; p < e; p += NR) {
            q += cs;
            FloatVector y0 = FloatVector.fromArray(S, b, p);
            FloatVector y1 = FloatVector.fromArray(S, b, p + L);
            FloatVector y2 = FloatVector.fromArray(S, b, p + 2 * L);
            FloatVector y3 = FloatVector.fromArray(S, b, p + 3 * L);
            FloatVector y4 = FloatVector.fromArray(S, b, p + 4 * L);
            FloatVector x =
                    IntVector.broadcast(BITS, Float.floatToRawIntBits(a[q])).reinterpretAsFloats();
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            c02 = x.fma(y2, c02);
            c03 = x.fma(y3, c03);
            c04 = x.fma(y4, c04);
            x = IntVector.broadcast(BITS, Float.floatToRawIntBits(a[q + rs])).reinterpretAsFloats();
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            c12 = x.fma(y2, c12);
            c13 = x.fma(y3, c13);
            c14 = x.fma(y4, c14);
            x = IntVector.broadcast(BITS, Float.floatToRawIntBits(a[q + rs2])).reinterpretAsFloats();
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            c22 = x.fma(y2, c22);
            c23 = x.fma(y3, c23);
            c24 = x.fma(y4, c24);
            x = IntVector.broadcast(BITS, Float.floatToRawIntBits(a[q + rs3])).reinterpretAsFloats();
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
            c32 = x.fma(y2, c32);
            c33 = x.fma(y3, c33);
            c34 = x.fma(y4, c34);
        }
        FloatVector r = IntVector.broadcast(BITS, Float.floatToRawIntBits((float) alpha))
                .reinterpretAsFloats();
        FloatVector s =
                IntVector.broadcast(BITS, Float.floatToRawIntBits((float) beta)).reinterpretAsFloats();
        int i = c0;
        s.fma(FloatVector.fromArray(S, c, i), c00.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c01.mul(r)).intoArray(c, i + L);
        s.fma(FloatVector.fromArray(S, c, i + 2 * L), c02.mul(r)).intoArray(c, i + 2 * L);
        s.fma(FloatVector.fromArray(S, c, i + 3 * L), c03.mul(r)).intoArray(c, i + 3 * L);
        s.fma(FloatVector.fromArray(S, c, i + 4 * L), c04.mul(r)).intoArray(c, i + 4 * L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), c10.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c11.mul(r)).intoArray(c, i + L);
        s.fma(FloatVector.fromArray(S, c, i + 2 * L), c12.mul(r)).intoArray(c, i + 2 * L);
        s.fma(FloatVector.fromArray(S, c, i + 3 * L), c13.mul(r)).intoArray(c, i + 3 * L);
        s.fma(FloatVector.fromArray(S, c, i + 4 * L), c14.mul(r)).intoArray(c, i + 4 * L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), c20.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c21.mul(r)).intoArray(c, i + L);
        s.fma(FloatVector.fromArray(S, c, i + 2 * L), c22.mul(r)).intoArray(c, i + 2 * L);
        s.fma(FloatVector.fromArray(S, c, i + 3 * L), c23.mul(r)).intoArray(c, i + 3 * L);
        s.fma(FloatVector.fromArray(S, c, i + 4 * L), c24.mul(r)).intoArray(c, i + 4 * L);
        i += ldc;
        s.fma(FloatVector.fromArray(S, c, i), c30.mul(r)).intoArray(c, i);
        s.fma(FloatVector.fromArray(S, c, i + L), c31.mul(r)).intoArray(c, i + L);
        s.fma(FloatVector.fromArray(S, c, i + 2 * L), c32.mul(r)).intoArray(c, i + 2 * L);
        s.fma(FloatVector.fromArray(S, c, i + 3 * L), c33.mul(r)).intoArray(c, i + 3 * L);
        s.fma(FloatVector.fromArray(S, c, i + 4 * L), c34.mul(r)).intoArray(c, i + 4 * L);
    }
}
