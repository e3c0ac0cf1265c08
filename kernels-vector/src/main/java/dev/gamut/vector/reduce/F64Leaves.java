package dev.gamut.vector.reduce;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops in F64: eight vectors of lanes at a time.
 *
 * <p>Each half of a row has a running index of its own: C2 sorts loads from one index as it likes, and where they do
 * not rise the hardware prefetcher is of little use: 113 instead of 178 GB/s from L2, 28 instead of 33 GB/s from
 * memory (sums of F64, AMD EPYC 9005, 512-bit vectors, one thread).
 */
final class F64Leaves {
    /** Vectors of at most 512 bits: 8 of them are at most 64 lanes. */
    static final VectorSpecies<Double> SPECIES = Shapes.F64;

    private static final int L = SPECIES.length();

    /** Lanes that a leaf takes. */
    static final int SPAN = 8 * L;

    private F64Leaves() {}

    /** {@link Step#SUM}. */
    static void sum(Rows<double[]> rows, int g) {
        double[] x = rows.x;
        double[] lanes = rows.lanes;
        int at = rows.at + g;
        DoubleVector a0 = load(lanes, at);
        DoubleVector a1 = load(lanes, at + L);
        DoubleVector a2 = load(lanes, at + 2 * L);
        DoubleVector a3 = load(lanes, at + 3 * L);
        DoubleVector a4 = load(lanes, at + 4 * L);
        DoubleVector a5 = load(lanes, at + 5 * L);
        DoubleVector a6 = load(lanes, at + 6 * L);
        DoubleVector a7 = load(lanes, at + 7 * L);
        int i = rows.xAt + g;
        int iHigh = i + 4 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = a0.add(load(x, i));
            a1 = a1.add(load(x, i + L));
            a2 = a2.add(load(x, i + 2 * L));
            a3 = a3.add(load(x, i + 3 * L));
            a4 = a4.add(load(x, iHigh));
            a5 = a5.add(load(x, iHigh + L));
            a6 = a6.add(load(x, iHigh + 2 * L));
            a7 = a7.add(load(x, iHigh + 3 * L));
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
        a4.intoArray(lanes, at + 4 * L);
        a5.intoArray(lanes, at + 5 * L);
        a6.intoArray(lanes, at + 6 * L);
        a7.intoArray(lanes, at + 7 * L);
    }

    /** {@link Step#ASUM}. */
    static void asum(Rows<double[]> rows, int g) {
        double[] x = rows.x;
        double[] lanes = rows.lanes;
        int at = rows.at + g;
        DoubleVector a0 = load(lanes, at);
        DoubleVector a1 = load(lanes, at + L);
        DoubleVector a2 = load(lanes, at + 2 * L);
        DoubleVector a3 = load(lanes, at + 3 * L);
        DoubleVector a4 = load(lanes, at + 4 * L);
        DoubleVector a5 = load(lanes, at + 5 * L);
        DoubleVector a6 = load(lanes, at + 6 * L);
        DoubleVector a7 = load(lanes, at + 7 * L);
        int i = rows.xAt + g;
        int iHigh = i + 4 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = a0.add(load(x, i).abs());
            a1 = a1.add(load(x, i + L).abs());
            a2 = a2.add(load(x, i + 2 * L).abs());
            a3 = a3.add(load(x, i + 3 * L).abs());
            a4 = a4.add(load(x, iHigh).abs());
            a5 = a5.add(load(x, iHigh + L).abs());
            a6 = a6.add(load(x, iHigh + 2 * L).abs());
            a7 = a7.add(load(x, iHigh + 3 * L).abs());
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
        a4.intoArray(lanes, at + 4 * L);
        a5.intoArray(lanes, at + 5 * L);
        a6.intoArray(lanes, at + 6 * L);
        a7.intoArray(lanes, at + 7 * L);
    }

    /** {@link Step#PRODUCT}. */
    static void product(Rows<double[]> rows, int g) {
        double[] x = rows.x;
        double[] lanes = rows.lanes;
        int at = rows.at + g;
        DoubleVector a0 = load(lanes, at);
        DoubleVector a1 = load(lanes, at + L);
        DoubleVector a2 = load(lanes, at + 2 * L);
        DoubleVector a3 = load(lanes, at + 3 * L);
        DoubleVector a4 = load(lanes, at + 4 * L);
        DoubleVector a5 = load(lanes, at + 5 * L);
        DoubleVector a6 = load(lanes, at + 6 * L);
        DoubleVector a7 = load(lanes, at + 7 * L);
        int i = rows.xAt + g;
        int iHigh = i + 4 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = a0.mul(load(x, i));
            a1 = a1.mul(load(x, i + L));
            a2 = a2.mul(load(x, i + 2 * L));
            a3 = a3.mul(load(x, i + 3 * L));
            a4 = a4.mul(load(x, iHigh));
            a5 = a5.mul(load(x, iHigh + L));
            a6 = a6.mul(load(x, iHigh + 2 * L));
            a7 = a7.mul(load(x, iHigh + 3 * L));
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
        a4.intoArray(lanes, at + 4 * L);
        a5.intoArray(lanes, at + 5 * L);
        a6.intoArray(lanes, at + 6 * L);
        a7.intoArray(lanes, at + 7 * L);
    }

    /** {@link Step#DOT}. */
    static void dot(Rows<double[]> rows, int g) {
        double[] x = rows.x;
        double[] y = rows.y;
        double[] lanes = rows.lanes;
        int at = rows.at + g;
        DoubleVector a0 = load(lanes, at);
        DoubleVector a1 = load(lanes, at + L);
        DoubleVector a2 = load(lanes, at + 2 * L);
        DoubleVector a3 = load(lanes, at + 3 * L);
        DoubleVector a4 = load(lanes, at + 4 * L);
        DoubleVector a5 = load(lanes, at + 5 * L);
        DoubleVector a6 = load(lanes, at + 6 * L);
        DoubleVector a7 = load(lanes, at + 7 * L);
        int i = rows.xAt + g;
        int iHigh = i + 4 * L;
        int j = rows.yAt + g;
        int jHigh = j + 4 * L;
        int xStep = rows.xStep;
        int yStep = rows.yStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep, j += yStep, jHigh += yStep) {
            a0 = load(x, i).fma(load(y, j), a0);
            a1 = load(x, i + L).fma(load(y, j + L), a1);
            a2 = load(x, i + 2 * L).fma(load(y, j + 2 * L), a2);
            a3 = load(x, i + 3 * L).fma(load(y, j + 3 * L), a3);
            a4 = load(x, iHigh).fma(load(y, jHigh), a4);
            a5 = load(x, iHigh + L).fma(load(y, jHigh + L), a5);
            a6 = load(x, iHigh + 2 * L).fma(load(y, jHigh + 2 * L), a6);
            a7 = load(x, iHigh + 3 * L).fma(load(y, jHigh + 3 * L), a7);
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
        a4.intoArray(lanes, at + 4 * L);
        a5.intoArray(lanes, at + 5 * L);
        a6.intoArray(lanes, at + 6 * L);
        a7.intoArray(lanes, at + 7 * L);
    }

    /** {@link Step#SQUARES}. */
    static void squares(Rows<double[]> rows, int g) {
        double[] x = rows.x;
        double[] scale = rows.scale;
        double[] shift = rows.shift;
        double[] lanes = rows.lanes;
        int at = rows.at + g;
        int p = rows.param + g;
        DoubleVector a0 = load(lanes, at);
        DoubleVector a1 = load(lanes, at + L);
        DoubleVector a2 = load(lanes, at + 2 * L);
        DoubleVector a3 = load(lanes, at + 3 * L);
        DoubleVector a4 = load(lanes, at + 4 * L);
        DoubleVector a5 = load(lanes, at + 5 * L);
        DoubleVector a6 = load(lanes, at + 6 * L);
        DoubleVector a7 = load(lanes, at + 7 * L);
        int i = rows.xAt + g;
        int iHigh = i + 4 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = square(load(x, i), load(scale, p), load(shift, p), a0);
            a1 = square(load(x, i + L), load(scale, p + L), load(shift, p + L), a1);
            a2 = square(load(x, i + 2 * L), load(scale, p + 2 * L), load(shift, p + 2 * L), a2);
            a3 = square(load(x, i + 3 * L), load(scale, p + 3 * L), load(shift, p + 3 * L), a3);
            a4 = square(load(x, iHigh), load(scale, p + 4 * L), load(shift, p + 4 * L), a4);
            a5 = square(load(x, iHigh + L), load(scale, p + 5 * L), load(shift, p + 5 * L), a5);
            a6 = square(load(x, iHigh + 2 * L), load(scale, p + 6 * L), load(shift, p + 6 * L), a6);
            a7 = square(load(x, iHigh + 3 * L), load(scale, p + 7 * L), load(shift, p + 7 * L), a7);
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
        a4.intoArray(lanes, at + 4 * L);
        a5.intoArray(lanes, at + 5 * L);
        a6.intoArray(lanes, at + 6 * L);
        a7.intoArray(lanes, at + 7 * L);
    }

    /** {@link Step#MIN}. */
    static void min(Rows<double[]> rows, int g) {
        double[] x = rows.x;
        double[] lanes = rows.lanes;
        int at = rows.at + g;
        DoubleVector a0 = load(lanes, at);
        DoubleVector a1 = load(lanes, at + L);
        DoubleVector a2 = load(lanes, at + 2 * L);
        DoubleVector a3 = load(lanes, at + 3 * L);
        DoubleVector a4 = load(lanes, at + 4 * L);
        DoubleVector a5 = load(lanes, at + 5 * L);
        DoubleVector a6 = load(lanes, at + 6 * L);
        DoubleVector a7 = load(lanes, at + 7 * L);
        int i = rows.xAt + g;
        int iHigh = i + 4 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = a0.min(load(x, i));
            a1 = a1.min(load(x, i + L));
            a2 = a2.min(load(x, i + 2 * L));
            a3 = a3.min(load(x, i + 3 * L));
            a4 = a4.min(load(x, iHigh));
            a5 = a5.min(load(x, iHigh + L));
            a6 = a6.min(load(x, iHigh + 2 * L));
            a7 = a7.min(load(x, iHigh + 3 * L));
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
        a4.intoArray(lanes, at + 4 * L);
        a5.intoArray(lanes, at + 5 * L);
        a6.intoArray(lanes, at + 6 * L);
        a7.intoArray(lanes, at + 7 * L);
    }

    /** {@link Step#MAX}. */
    static void max(Rows<double[]> rows, int g) {
        double[] x = rows.x;
        double[] lanes = rows.lanes;
        int at = rows.at + g;
        DoubleVector a0 = load(lanes, at);
        DoubleVector a1 = load(lanes, at + L);
        DoubleVector a2 = load(lanes, at + 2 * L);
        DoubleVector a3 = load(lanes, at + 3 * L);
        DoubleVector a4 = load(lanes, at + 4 * L);
        DoubleVector a5 = load(lanes, at + 5 * L);
        DoubleVector a6 = load(lanes, at + 6 * L);
        DoubleVector a7 = load(lanes, at + 7 * L);
        int i = rows.xAt + g;
        int iHigh = i + 4 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = a0.max(load(x, i));
            a1 = a1.max(load(x, i + L));
            a2 = a2.max(load(x, i + 2 * L));
            a3 = a3.max(load(x, i + 3 * L));
            a4 = a4.max(load(x, iHigh));
            a5 = a5.max(load(x, iHigh + L));
            a6 = a6.max(load(x, iHigh + 2 * L));
            a7 = a7.max(load(x, iHigh + 3 * L));
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
        a4.intoArray(lanes, at + 4 * L);
        a5.intoArray(lanes, at + 5 * L);
        a6.intoArray(lanes, at + 6 * L);
        a7.intoArray(lanes, at + 7 * L);
    }

    /** {@link Step#AMAX}. */
    static void amax(Rows<double[]> rows, int g) {
        double[] x = rows.x;
        double[] lanes = rows.lanes;
        int at = rows.at + g;
        DoubleVector a0 = load(lanes, at);
        DoubleVector a1 = load(lanes, at + L);
        DoubleVector a2 = load(lanes, at + 2 * L);
        DoubleVector a3 = load(lanes, at + 3 * L);
        DoubleVector a4 = load(lanes, at + 4 * L);
        DoubleVector a5 = load(lanes, at + 5 * L);
        DoubleVector a6 = load(lanes, at + 6 * L);
        DoubleVector a7 = load(lanes, at + 7 * L);
        int i = rows.xAt + g;
        int iHigh = i + 4 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = a0.max(load(x, i).abs());
            a1 = a1.max(load(x, i + L).abs());
            a2 = a2.max(load(x, i + 2 * L).abs());
            a3 = a3.max(load(x, i + 3 * L).abs());
            a4 = a4.max(load(x, iHigh).abs());
            a5 = a5.max(load(x, iHigh + L).abs());
            a6 = a6.max(load(x, iHigh + 2 * L).abs());
            a7 = a7.max(load(x, iHigh + 3 * L).abs());
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
        a4.intoArray(lanes, at + 4 * L);
        a5.intoArray(lanes, at + 5 * L);
        a6.intoArray(lanes, at + 6 * L);
        a7.intoArray(lanes, at + 7 * L);
    }

    /** {@link Step#EXP}, its lanes in memory: next to exp that costs nothing, and rows are read from end to end. */
    static void exp(Rows<double[]> rows, int g) {
        double[] x = rows.x;
        double[] shift = rows.shift;
        double[] lanes = rows.lanes;
        int i = rows.xAt + g;
        int p = rows.param + g;
        int at = rows.at + g;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep) {
            for (int l = 0; l < SPAN; l += L) {
                DoubleVector term = F64Exp.exp(load(x, i + l).sub(load(shift, p + l)));
                load(lanes, at + l).add(term).intoArray(lanes, at + l);
            }
        }
    }

    private static DoubleVector load(double[] a, int i) {
        return DoubleVector.fromArray(SPECIES, a, i);
    }

    private static DoubleVector square(DoubleVector x, DoubleVector scale, DoubleVector shift, DoubleVector a) {
        DoubleVector d = x.fma(scale, shift);
        return d.fma(d, a);
    }
}
