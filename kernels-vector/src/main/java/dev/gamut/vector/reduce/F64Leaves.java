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
        DoubleVector a0 = DoubleVector.fromArray(SPECIES, lanes, at);
        DoubleVector a1 = DoubleVector.fromArray(SPECIES, lanes, at + L);
        DoubleVector a2 = DoubleVector.fromArray(SPECIES, lanes, at + 2 * L);
        DoubleVector a3 = DoubleVector.fromArray(SPECIES, lanes, at + 3 * L);
        DoubleVector a4 = DoubleVector.fromArray(SPECIES, lanes, at + 4 * L);
        DoubleVector a5 = DoubleVector.fromArray(SPECIES, lanes, at + 5 * L);
        DoubleVector a6 = DoubleVector.fromArray(SPECIES, lanes, at + 6 * L);
        DoubleVector a7 = DoubleVector.fromArray(SPECIES, lanes, at + 7 * L);
        int i = rows.xAt + g;
        int iHigh = i + 4 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = DoubleVector.fromArray(SPECIES, x, i).add(a0);
            a1 = DoubleVector.fromArray(SPECIES, x, i + L).add(a1);
            a2 = DoubleVector.fromArray(SPECIES, x, i + 2 * L).add(a2);
            a3 = DoubleVector.fromArray(SPECIES, x, i + 3 * L).add(a3);
            a4 = DoubleVector.fromArray(SPECIES, x, iHigh).add(a4);
            a5 = DoubleVector.fromArray(SPECIES, x, iHigh + L).add(a5);
            a6 = DoubleVector.fromArray(SPECIES, x, iHigh + 2 * L).add(a6);
            a7 = DoubleVector.fromArray(SPECIES, x, iHigh + 3 * L).add(a7);
        }
        Shapes.F64_CLASS.cast(a0).intoArray(lanes, at);
        Shapes.F64_CLASS.cast(a1).intoArray(lanes, at + L);
        Shapes.F64_CLASS.cast(a2).intoArray(lanes, at + 2 * L);
        Shapes.F64_CLASS.cast(a3).intoArray(lanes, at + 3 * L);
        Shapes.F64_CLASS.cast(a4).intoArray(lanes, at + 4 * L);
        Shapes.F64_CLASS.cast(a5).intoArray(lanes, at + 5 * L);
        Shapes.F64_CLASS.cast(a6).intoArray(lanes, at + 6 * L);
        Shapes.F64_CLASS.cast(a7).intoArray(lanes, at + 7 * L);
    }

    /** {@link Step#ASUM}. */
    static void asum(Rows<double[]> rows, int g) {
        double[] x = rows.x;
        double[] lanes = rows.lanes;
        int at = rows.at + g;
        DoubleVector a0 = DoubleVector.fromArray(SPECIES, lanes, at);
        DoubleVector a1 = DoubleVector.fromArray(SPECIES, lanes, at + L);
        DoubleVector a2 = DoubleVector.fromArray(SPECIES, lanes, at + 2 * L);
        DoubleVector a3 = DoubleVector.fromArray(SPECIES, lanes, at + 3 * L);
        DoubleVector a4 = DoubleVector.fromArray(SPECIES, lanes, at + 4 * L);
        DoubleVector a5 = DoubleVector.fromArray(SPECIES, lanes, at + 5 * L);
        DoubleVector a6 = DoubleVector.fromArray(SPECIES, lanes, at + 6 * L);
        DoubleVector a7 = DoubleVector.fromArray(SPECIES, lanes, at + 7 * L);
        int i = rows.xAt + g;
        int iHigh = i + 4 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = DoubleVector.fromArray(SPECIES, x, i).abs().add(a0);
            a1 = DoubleVector.fromArray(SPECIES, x, i + L).abs().add(a1);
            a2 = DoubleVector.fromArray(SPECIES, x, i + 2 * L).abs().add(a2);
            a3 = DoubleVector.fromArray(SPECIES, x, i + 3 * L).abs().add(a3);
            a4 = DoubleVector.fromArray(SPECIES, x, iHigh).abs().add(a4);
            a5 = DoubleVector.fromArray(SPECIES, x, iHigh + L).abs().add(a5);
            a6 = DoubleVector.fromArray(SPECIES, x, iHigh + 2 * L).abs().add(a6);
            a7 = DoubleVector.fromArray(SPECIES, x, iHigh + 3 * L).abs().add(a7);
        }
        Shapes.F64_CLASS.cast(a0).intoArray(lanes, at);
        Shapes.F64_CLASS.cast(a1).intoArray(lanes, at + L);
        Shapes.F64_CLASS.cast(a2).intoArray(lanes, at + 2 * L);
        Shapes.F64_CLASS.cast(a3).intoArray(lanes, at + 3 * L);
        Shapes.F64_CLASS.cast(a4).intoArray(lanes, at + 4 * L);
        Shapes.F64_CLASS.cast(a5).intoArray(lanes, at + 5 * L);
        Shapes.F64_CLASS.cast(a6).intoArray(lanes, at + 6 * L);
        Shapes.F64_CLASS.cast(a7).intoArray(lanes, at + 7 * L);
    }

    /** {@link Step#PRODUCT}. */
    static void product(Rows<double[]> rows, int g) {
        double[] x = rows.x;
        double[] lanes = rows.lanes;
        int at = rows.at + g;
        DoubleVector a0 = DoubleVector.fromArray(SPECIES, lanes, at);
        DoubleVector a1 = DoubleVector.fromArray(SPECIES, lanes, at + L);
        DoubleVector a2 = DoubleVector.fromArray(SPECIES, lanes, at + 2 * L);
        DoubleVector a3 = DoubleVector.fromArray(SPECIES, lanes, at + 3 * L);
        DoubleVector a4 = DoubleVector.fromArray(SPECIES, lanes, at + 4 * L);
        DoubleVector a5 = DoubleVector.fromArray(SPECIES, lanes, at + 5 * L);
        DoubleVector a6 = DoubleVector.fromArray(SPECIES, lanes, at + 6 * L);
        DoubleVector a7 = DoubleVector.fromArray(SPECIES, lanes, at + 7 * L);
        int i = rows.xAt + g;
        int iHigh = i + 4 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = DoubleVector.fromArray(SPECIES, x, i).mul(a0);
            a1 = DoubleVector.fromArray(SPECIES, x, i + L).mul(a1);
            a2 = DoubleVector.fromArray(SPECIES, x, i + 2 * L).mul(a2);
            a3 = DoubleVector.fromArray(SPECIES, x, i + 3 * L).mul(a3);
            a4 = DoubleVector.fromArray(SPECIES, x, iHigh).mul(a4);
            a5 = DoubleVector.fromArray(SPECIES, x, iHigh + L).mul(a5);
            a6 = DoubleVector.fromArray(SPECIES, x, iHigh + 2 * L).mul(a6);
            a7 = DoubleVector.fromArray(SPECIES, x, iHigh + 3 * L).mul(a7);
        }
        Shapes.F64_CLASS.cast(a0).intoArray(lanes, at);
        Shapes.F64_CLASS.cast(a1).intoArray(lanes, at + L);
        Shapes.F64_CLASS.cast(a2).intoArray(lanes, at + 2 * L);
        Shapes.F64_CLASS.cast(a3).intoArray(lanes, at + 3 * L);
        Shapes.F64_CLASS.cast(a4).intoArray(lanes, at + 4 * L);
        Shapes.F64_CLASS.cast(a5).intoArray(lanes, at + 5 * L);
        Shapes.F64_CLASS.cast(a6).intoArray(lanes, at + 6 * L);
        Shapes.F64_CLASS.cast(a7).intoArray(lanes, at + 7 * L);
    }

    /** {@link Step#DOT}. */
    static void dot(Rows<double[]> rows, int g) {
        double[] x = rows.x;
        double[] y = rows.y;
        double[] lanes = rows.lanes;
        int at = rows.at + g;
        DoubleVector a0 = DoubleVector.fromArray(SPECIES, lanes, at);
        DoubleVector a1 = DoubleVector.fromArray(SPECIES, lanes, at + L);
        DoubleVector a2 = DoubleVector.fromArray(SPECIES, lanes, at + 2 * L);
        DoubleVector a3 = DoubleVector.fromArray(SPECIES, lanes, at + 3 * L);
        DoubleVector a4 = DoubleVector.fromArray(SPECIES, lanes, at + 4 * L);
        DoubleVector a5 = DoubleVector.fromArray(SPECIES, lanes, at + 5 * L);
        DoubleVector a6 = DoubleVector.fromArray(SPECIES, lanes, at + 6 * L);
        DoubleVector a7 = DoubleVector.fromArray(SPECIES, lanes, at + 7 * L);
        int i = rows.xAt + g;
        int iHigh = i + 4 * L;
        int j = rows.yAt + g;
        int jHigh = j + 4 * L;
        int xStep = rows.xStep;
        int yStep = rows.yStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep, j += yStep, jHigh += yStep) {
            a0 = DoubleVector.fromArray(SPECIES, x, i).fma(DoubleVector.fromArray(SPECIES, y, j), a0);
            a1 = DoubleVector.fromArray(SPECIES, x, i + L).fma(DoubleVector.fromArray(SPECIES, y, j + L), a1);
            a2 = DoubleVector.fromArray(SPECIES, x, i + 2 * L).fma(DoubleVector.fromArray(SPECIES, y, j + 2 * L), a2);
            a3 = DoubleVector.fromArray(SPECIES, x, i + 3 * L).fma(DoubleVector.fromArray(SPECIES, y, j + 3 * L), a3);
            a4 = DoubleVector.fromArray(SPECIES, x, iHigh).fma(DoubleVector.fromArray(SPECIES, y, jHigh), a4);
            a5 = DoubleVector.fromArray(SPECIES, x, iHigh + L).fma(DoubleVector.fromArray(SPECIES, y, jHigh + L), a5);
            a6 = DoubleVector.fromArray(SPECIES, x, iHigh + 2 * L)
                    .fma(DoubleVector.fromArray(SPECIES, y, jHigh + 2 * L), a6);
            a7 = DoubleVector.fromArray(SPECIES, x, iHigh + 3 * L)
                    .fma(DoubleVector.fromArray(SPECIES, y, jHigh + 3 * L), a7);
        }
        Shapes.F64_CLASS.cast(a0).intoArray(lanes, at);
        Shapes.F64_CLASS.cast(a1).intoArray(lanes, at + L);
        Shapes.F64_CLASS.cast(a2).intoArray(lanes, at + 2 * L);
        Shapes.F64_CLASS.cast(a3).intoArray(lanes, at + 3 * L);
        Shapes.F64_CLASS.cast(a4).intoArray(lanes, at + 4 * L);
        Shapes.F64_CLASS.cast(a5).intoArray(lanes, at + 5 * L);
        Shapes.F64_CLASS.cast(a6).intoArray(lanes, at + 6 * L);
        Shapes.F64_CLASS.cast(a7).intoArray(lanes, at + 7 * L);
    }

    /** {@link Step#SQUARES}. */
    static void squares(Rows<double[]> rows, int g) {
        double[] x = rows.x;
        double[] scale = rows.scale;
        double[] shift = rows.shift;
        double[] lanes = rows.lanes;
        int at = rows.at + g;
        int p = rows.param + g;
        DoubleVector a0 = DoubleVector.fromArray(SPECIES, lanes, at);
        DoubleVector a1 = DoubleVector.fromArray(SPECIES, lanes, at + L);
        DoubleVector a2 = DoubleVector.fromArray(SPECIES, lanes, at + 2 * L);
        DoubleVector a3 = DoubleVector.fromArray(SPECIES, lanes, at + 3 * L);
        DoubleVector a4 = DoubleVector.fromArray(SPECIES, lanes, at + 4 * L);
        DoubleVector a5 = DoubleVector.fromArray(SPECIES, lanes, at + 5 * L);
        DoubleVector a6 = DoubleVector.fromArray(SPECIES, lanes, at + 6 * L);
        DoubleVector a7 = DoubleVector.fromArray(SPECIES, lanes, at + 7 * L);
        int i = rows.xAt + g;
        int iHigh = i + 4 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            DoubleVector d = DoubleVector.fromArray(SPECIES, x, i)
                    .fma(DoubleVector.fromArray(SPECIES, scale, p), DoubleVector.fromArray(SPECIES, shift, p));
            a0 = d.fma(d, a0);
            d = DoubleVector.fromArray(SPECIES, x, i + L)
                    .fma(DoubleVector.fromArray(SPECIES, scale, p + L), DoubleVector.fromArray(SPECIES, shift, p + L));
            a1 = d.fma(d, a1);
            d = DoubleVector.fromArray(SPECIES, x, i + 2 * L)
                    .fma(
                            DoubleVector.fromArray(SPECIES, scale, p + 2 * L),
                            DoubleVector.fromArray(SPECIES, shift, p + 2 * L));
            a2 = d.fma(d, a2);
            d = DoubleVector.fromArray(SPECIES, x, i + 3 * L)
                    .fma(
                            DoubleVector.fromArray(SPECIES, scale, p + 3 * L),
                            DoubleVector.fromArray(SPECIES, shift, p + 3 * L));
            a3 = d.fma(d, a3);
            d = DoubleVector.fromArray(SPECIES, x, iHigh)
                    .fma(
                            DoubleVector.fromArray(SPECIES, scale, p + 4 * L),
                            DoubleVector.fromArray(SPECIES, shift, p + 4 * L));
            a4 = d.fma(d, a4);
            d = DoubleVector.fromArray(SPECIES, x, iHigh + L)
                    .fma(
                            DoubleVector.fromArray(SPECIES, scale, p + 5 * L),
                            DoubleVector.fromArray(SPECIES, shift, p + 5 * L));
            a5 = d.fma(d, a5);
            d = DoubleVector.fromArray(SPECIES, x, iHigh + 2 * L)
                    .fma(
                            DoubleVector.fromArray(SPECIES, scale, p + 6 * L),
                            DoubleVector.fromArray(SPECIES, shift, p + 6 * L));
            a6 = d.fma(d, a6);
            d = DoubleVector.fromArray(SPECIES, x, iHigh + 3 * L)
                    .fma(
                            DoubleVector.fromArray(SPECIES, scale, p + 7 * L),
                            DoubleVector.fromArray(SPECIES, shift, p + 7 * L));
            a7 = d.fma(d, a7);
        }
        Shapes.F64_CLASS.cast(a0).intoArray(lanes, at);
        Shapes.F64_CLASS.cast(a1).intoArray(lanes, at + L);
        Shapes.F64_CLASS.cast(a2).intoArray(lanes, at + 2 * L);
        Shapes.F64_CLASS.cast(a3).intoArray(lanes, at + 3 * L);
        Shapes.F64_CLASS.cast(a4).intoArray(lanes, at + 4 * L);
        Shapes.F64_CLASS.cast(a5).intoArray(lanes, at + 5 * L);
        Shapes.F64_CLASS.cast(a6).intoArray(lanes, at + 6 * L);
        Shapes.F64_CLASS.cast(a7).intoArray(lanes, at + 7 * L);
    }

    /** {@link Step#MIN}. */
    static void min(Rows<double[]> rows, int g) {
        double[] x = rows.x;
        double[] lanes = rows.lanes;
        int at = rows.at + g;
        DoubleVector a0 = DoubleVector.fromArray(SPECIES, lanes, at);
        DoubleVector a1 = DoubleVector.fromArray(SPECIES, lanes, at + L);
        DoubleVector a2 = DoubleVector.fromArray(SPECIES, lanes, at + 2 * L);
        DoubleVector a3 = DoubleVector.fromArray(SPECIES, lanes, at + 3 * L);
        DoubleVector a4 = DoubleVector.fromArray(SPECIES, lanes, at + 4 * L);
        DoubleVector a5 = DoubleVector.fromArray(SPECIES, lanes, at + 5 * L);
        DoubleVector a6 = DoubleVector.fromArray(SPECIES, lanes, at + 6 * L);
        DoubleVector a7 = DoubleVector.fromArray(SPECIES, lanes, at + 7 * L);
        int i = rows.xAt + g;
        int iHigh = i + 4 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = DoubleVector.fromArray(SPECIES, x, i).min(a0);
            a1 = DoubleVector.fromArray(SPECIES, x, i + L).min(a1);
            a2 = DoubleVector.fromArray(SPECIES, x, i + 2 * L).min(a2);
            a3 = DoubleVector.fromArray(SPECIES, x, i + 3 * L).min(a3);
            a4 = DoubleVector.fromArray(SPECIES, x, iHigh).min(a4);
            a5 = DoubleVector.fromArray(SPECIES, x, iHigh + L).min(a5);
            a6 = DoubleVector.fromArray(SPECIES, x, iHigh + 2 * L).min(a6);
            a7 = DoubleVector.fromArray(SPECIES, x, iHigh + 3 * L).min(a7);
        }
        Shapes.F64_CLASS.cast(a0).intoArray(lanes, at);
        Shapes.F64_CLASS.cast(a1).intoArray(lanes, at + L);
        Shapes.F64_CLASS.cast(a2).intoArray(lanes, at + 2 * L);
        Shapes.F64_CLASS.cast(a3).intoArray(lanes, at + 3 * L);
        Shapes.F64_CLASS.cast(a4).intoArray(lanes, at + 4 * L);
        Shapes.F64_CLASS.cast(a5).intoArray(lanes, at + 5 * L);
        Shapes.F64_CLASS.cast(a6).intoArray(lanes, at + 6 * L);
        Shapes.F64_CLASS.cast(a7).intoArray(lanes, at + 7 * L);
    }

    /** {@link Step#MAX}. */
    static void max(Rows<double[]> rows, int g) {
        double[] x = rows.x;
        double[] lanes = rows.lanes;
        int at = rows.at + g;
        DoubleVector a0 = DoubleVector.fromArray(SPECIES, lanes, at);
        DoubleVector a1 = DoubleVector.fromArray(SPECIES, lanes, at + L);
        DoubleVector a2 = DoubleVector.fromArray(SPECIES, lanes, at + 2 * L);
        DoubleVector a3 = DoubleVector.fromArray(SPECIES, lanes, at + 3 * L);
        DoubleVector a4 = DoubleVector.fromArray(SPECIES, lanes, at + 4 * L);
        DoubleVector a5 = DoubleVector.fromArray(SPECIES, lanes, at + 5 * L);
        DoubleVector a6 = DoubleVector.fromArray(SPECIES, lanes, at + 6 * L);
        DoubleVector a7 = DoubleVector.fromArray(SPECIES, lanes, at + 7 * L);
        int i = rows.xAt + g;
        int iHigh = i + 4 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = DoubleVector.fromArray(SPECIES, x, i).max(a0);
            a1 = DoubleVector.fromArray(SPECIES, x, i + L).max(a1);
            a2 = DoubleVector.fromArray(SPECIES, x, i + 2 * L).max(a2);
            a3 = DoubleVector.fromArray(SPECIES, x, i + 3 * L).max(a3);
            a4 = DoubleVector.fromArray(SPECIES, x, iHigh).max(a4);
            a5 = DoubleVector.fromArray(SPECIES, x, iHigh + L).max(a5);
            a6 = DoubleVector.fromArray(SPECIES, x, iHigh + 2 * L).max(a6);
            a7 = DoubleVector.fromArray(SPECIES, x, iHigh + 3 * L).max(a7);
        }
        Shapes.F64_CLASS.cast(a0).intoArray(lanes, at);
        Shapes.F64_CLASS.cast(a1).intoArray(lanes, at + L);
        Shapes.F64_CLASS.cast(a2).intoArray(lanes, at + 2 * L);
        Shapes.F64_CLASS.cast(a3).intoArray(lanes, at + 3 * L);
        Shapes.F64_CLASS.cast(a4).intoArray(lanes, at + 4 * L);
        Shapes.F64_CLASS.cast(a5).intoArray(lanes, at + 5 * L);
        Shapes.F64_CLASS.cast(a6).intoArray(lanes, at + 6 * L);
        Shapes.F64_CLASS.cast(a7).intoArray(lanes, at + 7 * L);
    }

    /** {@link Step#AMAX}. */
    static void amax(Rows<double[]> rows, int g) {
        double[] x = rows.x;
        double[] lanes = rows.lanes;
        int at = rows.at + g;
        DoubleVector a0 = DoubleVector.fromArray(SPECIES, lanes, at);
        DoubleVector a1 = DoubleVector.fromArray(SPECIES, lanes, at + L);
        DoubleVector a2 = DoubleVector.fromArray(SPECIES, lanes, at + 2 * L);
        DoubleVector a3 = DoubleVector.fromArray(SPECIES, lanes, at + 3 * L);
        DoubleVector a4 = DoubleVector.fromArray(SPECIES, lanes, at + 4 * L);
        DoubleVector a5 = DoubleVector.fromArray(SPECIES, lanes, at + 5 * L);
        DoubleVector a6 = DoubleVector.fromArray(SPECIES, lanes, at + 6 * L);
        DoubleVector a7 = DoubleVector.fromArray(SPECIES, lanes, at + 7 * L);
        int i = rows.xAt + g;
        int iHigh = i + 4 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = DoubleVector.fromArray(SPECIES, x, i).abs().max(a0);
            a1 = DoubleVector.fromArray(SPECIES, x, i + L).abs().max(a1);
            a2 = DoubleVector.fromArray(SPECIES, x, i + 2 * L).abs().max(a2);
            a3 = DoubleVector.fromArray(SPECIES, x, i + 3 * L).abs().max(a3);
            a4 = DoubleVector.fromArray(SPECIES, x, iHigh).abs().max(a4);
            a5 = DoubleVector.fromArray(SPECIES, x, iHigh + L).abs().max(a5);
            a6 = DoubleVector.fromArray(SPECIES, x, iHigh + 2 * L).abs().max(a6);
            a7 = DoubleVector.fromArray(SPECIES, x, iHigh + 3 * L).abs().max(a7);
        }
        Shapes.F64_CLASS.cast(a0).intoArray(lanes, at);
        Shapes.F64_CLASS.cast(a1).intoArray(lanes, at + L);
        Shapes.F64_CLASS.cast(a2).intoArray(lanes, at + 2 * L);
        Shapes.F64_CLASS.cast(a3).intoArray(lanes, at + 3 * L);
        Shapes.F64_CLASS.cast(a4).intoArray(lanes, at + 4 * L);
        Shapes.F64_CLASS.cast(a5).intoArray(lanes, at + 5 * L);
        Shapes.F64_CLASS.cast(a6).intoArray(lanes, at + 6 * L);
        Shapes.F64_CLASS.cast(a7).intoArray(lanes, at + 7 * L);
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
                DoubleVector term = F64Exp.exp(
                        DoubleVector.fromArray(SPECIES, x, i + l).sub(DoubleVector.fromArray(SPECIES, shift, p + l)));
                DoubleVector.fromArray(SPECIES, lanes, at + l).add(term).intoArray(lanes, at + l);
            }
        }
    }
}
