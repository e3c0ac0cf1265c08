package dev.gamut.vector.gemm;

import dev.gamut.vector.Species;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Micro-kernel of four rows by five vectors of F64, summing in F64 by fused multiply-adds in rising k.
 *
 * <p>Made for Arm, where C2 broadcasts an element by a load and a copy, and where a copy from a floating-point register takes
 * one of the pipes that multiply-adds need: with SVE it also waits for what its target held, because it merges. So elements
 * are loaded and broadcast as integers of the same bits; alpha and beta too, which C2 otherwise broadcasts again and again
 * in favour of keeping accumulators in registers. The index of A steps on where an iteration begins: where it ended, its
 * stride was the one value that C2 kept on the stack.
 *
 * <p>Predicted by {@code ./gamut sve-model} (llvm-mca 19.1.7, nothing is measured), as shares of peak: 1.00 on Neoverse V1
 * and V2, 0.83 on N2, 0.71 on A64FX, without stack traffic. Predicted in the same way and lost, all with the index and the
 * factors as here: floating-point broadcasts (0.83 on V1, V2 and N2); five rows by four (V1 1.00, V2 0.91, N2 0.67, A64FX
 * 0.67); four by six (N2 0.96, but up to three accumulators of update on the stack, A64FX 0.63) and three by seven (N2 1.00,
 * one accumulator on the stack with SVE, A64FX 0.71), which also reads B a third more often. Each broadcast costs six
 * instructions, of which two are the range check: hence few rows.
 *
 * <p>Straight-line on purpose: see {@link Tile} for what was tried instead.
 */
final class F64Tile4x5 extends Tile<double[]> {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final VectorSpecies<Long> BITS = Species.I64;
    private static final int L = Species.F64_LANES;
    private static final int NR = 5 * L;

    @Override
    void store(
            int k, double[] a, int a0, int rs, int cs, double[] b, int b0, double[] c, int c0, int ldc, double alpha) {
        DoubleVector c00 = DoubleVector.zero(S);
        DoubleVector c01 = DoubleVector.zero(S);
        DoubleVector c02 = DoubleVector.zero(S);
        DoubleVector c03 = DoubleVector.zero(S);
        DoubleVector c04 = DoubleVector.zero(S);
        DoubleVector c10 = DoubleVector.zero(S);
        DoubleVector c11 = DoubleVector.zero(S);
        DoubleVector c12 = DoubleVector.zero(S);
        DoubleVector c13 = DoubleVector.zero(S);
        DoubleVector c14 = DoubleVector.zero(S);
        DoubleVector c20 = DoubleVector.zero(S);
        DoubleVector c21 = DoubleVector.zero(S);
        DoubleVector c22 = DoubleVector.zero(S);
        DoubleVector c23 = DoubleVector.zero(S);
        DoubleVector c24 = DoubleVector.zero(S);
        DoubleVector c30 = DoubleVector.zero(S);
        DoubleVector c31 = DoubleVector.zero(S);
        DoubleVector c32 = DoubleVector.zero(S);
        DoubleVector c33 = DoubleVector.zero(S);
        DoubleVector c34 = DoubleVector.zero(S);
        int rs2 = 2 * rs;
        int rs3 = 3 * rs;
        for (int p = b0, e = b0 + k * NR, q = a0 - cs; p < e; p += NR) {
            q += cs;
            DoubleVector y0 = DoubleVector.fromArray(S, b, p);
            DoubleVector y1 = DoubleVector.fromArray(S, b, p + L);
            DoubleVector y2 = DoubleVector.fromArray(S, b, p + 2 * L);
            DoubleVector y3 = DoubleVector.fromArray(S, b, p + 3 * L);
            DoubleVector y4 = DoubleVector.fromArray(S, b, p + 4 * L);
            DoubleVector x =
                    LongVector.broadcast(BITS, Double.doubleToRawLongBits(a[q])).reinterpretAsDoubles();
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            c02 = x.fma(y2, c02);
            c03 = x.fma(y3, c03);
            c04 = x.fma(y4, c04);
            x = LongVector.broadcast(BITS, Double.doubleToRawLongBits(a[q + rs]))
                    .reinterpretAsDoubles();
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            c12 = x.fma(y2, c12);
            c13 = x.fma(y3, c13);
            c14 = x.fma(y4, c14);
            x = LongVector.broadcast(BITS, Double.doubleToRawLongBits(a[q + rs2]))
                    .reinterpretAsDoubles();
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            c22 = x.fma(y2, c22);
            c23 = x.fma(y3, c23);
            c24 = x.fma(y4, c24);
            x = LongVector.broadcast(BITS, Double.doubleToRawLongBits(a[q + rs3]))
                    .reinterpretAsDoubles();
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
            c32 = x.fma(y2, c32);
            c33 = x.fma(y3, c33);
            c34 = x.fma(y4, c34);
        }
        DoubleVector r =
                LongVector.broadcast(BITS, Double.doubleToRawLongBits(alpha)).reinterpretAsDoubles();
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
        DoubleVector c04 = DoubleVector.zero(S);
        DoubleVector c10 = DoubleVector.zero(S);
        DoubleVector c11 = DoubleVector.zero(S);
        DoubleVector c12 = DoubleVector.zero(S);
        DoubleVector c13 = DoubleVector.zero(S);
        DoubleVector c14 = DoubleVector.zero(S);
        DoubleVector c20 = DoubleVector.zero(S);
        DoubleVector c21 = DoubleVector.zero(S);
        DoubleVector c22 = DoubleVector.zero(S);
        DoubleVector c23 = DoubleVector.zero(S);
        DoubleVector c24 = DoubleVector.zero(S);
        DoubleVector c30 = DoubleVector.zero(S);
        DoubleVector c31 = DoubleVector.zero(S);
        DoubleVector c32 = DoubleVector.zero(S);
        DoubleVector c33 = DoubleVector.zero(S);
        DoubleVector c34 = DoubleVector.zero(S);
        int rs2 = 2 * rs;
        int rs3 = 3 * rs;
        for (int p = b0, e = b0 + k * NR, q = a0 - cs; p < e; p += NR) {
            q += cs;
            DoubleVector y0 = DoubleVector.fromArray(S, b, p);
            DoubleVector y1 = DoubleVector.fromArray(S, b, p + L);
            DoubleVector y2 = DoubleVector.fromArray(S, b, p + 2 * L);
            DoubleVector y3 = DoubleVector.fromArray(S, b, p + 3 * L);
            DoubleVector y4 = DoubleVector.fromArray(S, b, p + 4 * L);
            DoubleVector x =
                    LongVector.broadcast(BITS, Double.doubleToRawLongBits(a[q])).reinterpretAsDoubles();
            c00 = x.fma(y0, c00);
            c01 = x.fma(y1, c01);
            c02 = x.fma(y2, c02);
            c03 = x.fma(y3, c03);
            c04 = x.fma(y4, c04);
            x = LongVector.broadcast(BITS, Double.doubleToRawLongBits(a[q + rs]))
                    .reinterpretAsDoubles();
            c10 = x.fma(y0, c10);
            c11 = x.fma(y1, c11);
            c12 = x.fma(y2, c12);
            c13 = x.fma(y3, c13);
            c14 = x.fma(y4, c14);
            x = LongVector.broadcast(BITS, Double.doubleToRawLongBits(a[q + rs2]))
                    .reinterpretAsDoubles();
            c20 = x.fma(y0, c20);
            c21 = x.fma(y1, c21);
            c22 = x.fma(y2, c22);
            c23 = x.fma(y3, c23);
            c24 = x.fma(y4, c24);
            x = LongVector.broadcast(BITS, Double.doubleToRawLongBits(a[q + rs3]))
                    .reinterpretAsDoubles();
            c30 = x.fma(y0, c30);
            c31 = x.fma(y1, c31);
            c32 = x.fma(y2, c32);
            c33 = x.fma(y3, c33);
            c34 = x.fma(y4, c34);
        }
        DoubleVector r =
                LongVector.broadcast(BITS, Double.doubleToRawLongBits(alpha)).reinterpretAsDoubles();
        DoubleVector s =
                LongVector.broadcast(BITS, Double.doubleToRawLongBits(beta)).reinterpretAsDoubles();
        int i = c0;
        s.fma(DoubleVector.fromArray(S, c, i), c00.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c01.mul(r)).intoArray(c, i + L);
        s.fma(DoubleVector.fromArray(S, c, i + 2 * L), c02.mul(r)).intoArray(c, i + 2 * L);
        s.fma(DoubleVector.fromArray(S, c, i + 3 * L), c03.mul(r)).intoArray(c, i + 3 * L);
        s.fma(DoubleVector.fromArray(S, c, i + 4 * L), c04.mul(r)).intoArray(c, i + 4 * L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), c10.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c11.mul(r)).intoArray(c, i + L);
        s.fma(DoubleVector.fromArray(S, c, i + 2 * L), c12.mul(r)).intoArray(c, i + 2 * L);
        s.fma(DoubleVector.fromArray(S, c, i + 3 * L), c13.mul(r)).intoArray(c, i + 3 * L);
        s.fma(DoubleVector.fromArray(S, c, i + 4 * L), c14.mul(r)).intoArray(c, i + 4 * L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), c20.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c21.mul(r)).intoArray(c, i + L);
        s.fma(DoubleVector.fromArray(S, c, i + 2 * L), c22.mul(r)).intoArray(c, i + 2 * L);
        s.fma(DoubleVector.fromArray(S, c, i + 3 * L), c23.mul(r)).intoArray(c, i + 3 * L);
        s.fma(DoubleVector.fromArray(S, c, i + 4 * L), c24.mul(r)).intoArray(c, i + 4 * L);
        i += ldc;
        s.fma(DoubleVector.fromArray(S, c, i), c30.mul(r)).intoArray(c, i);
        s.fma(DoubleVector.fromArray(S, c, i + L), c31.mul(r)).intoArray(c, i + L);
        s.fma(DoubleVector.fromArray(S, c, i + 2 * L), c32.mul(r)).intoArray(c, i + 2 * L);
        s.fma(DoubleVector.fromArray(S, c, i + 3 * L), c33.mul(r)).intoArray(c, i + 3 * L);
        s.fma(DoubleVector.fromArray(S, c, i + 4 * L), c34.mul(r)).intoArray(c, i + 4 * L);
    }
}
