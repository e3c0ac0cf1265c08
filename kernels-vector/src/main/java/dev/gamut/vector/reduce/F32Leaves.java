package dev.gamut.vector.reduce;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops in F32: four vectors of lanes at a time.
 *
 * <p>Each half of a row has a running index of its own: C2 sorts loads from one index as it likes, and where they do
 * not rise the hardware prefetcher is of little use: 113 instead of 178 GB/s from L2, 28 instead of 33 GB/s from
 * memory (sums of F64, AMD EPYC 9005, 512-bit vectors, one thread).
 */
final class F32Leaves {
    /** Vectors of at most 512 bits: 4 of them are at most 64 lanes. */
    static final VectorSpecies<Float> SPECIES = Shapes.F32;

    private static final int L = SPECIES.length();

    /** Lanes that a leaf takes. */
    static final int SPAN = 4 * L;

    private F32Leaves() {}

    /** {@link Step#SUM}. */
    static void sum(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        FloatVector a0 = FloatVector.fromArray(SPECIES, lanes, at);
        FloatVector a1 = FloatVector.fromArray(SPECIES, lanes, at + L);
        FloatVector a2 = FloatVector.fromArray(SPECIES, lanes, at + 2 * L);
        FloatVector a3 = FloatVector.fromArray(SPECIES, lanes, at + 3 * L);
        int i = rows.xAt + g;
        int iHigh = i + 2 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = FloatVector.fromArray(SPECIES, x, i).add(a0);
            a1 = FloatVector.fromArray(SPECIES, x, i + L).add(a1);
            a2 = FloatVector.fromArray(SPECIES, x, iHigh).add(a2);
            a3 = FloatVector.fromArray(SPECIES, x, iHigh + L).add(a3);
        }
        Shapes.F32_CLASS.cast(a0).intoArray(lanes, at);
        Shapes.F32_CLASS.cast(a1).intoArray(lanes, at + L);
        Shapes.F32_CLASS.cast(a2).intoArray(lanes, at + 2 * L);
        Shapes.F32_CLASS.cast(a3).intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#ASUM}. */
    static void asum(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        FloatVector a0 = FloatVector.fromArray(SPECIES, lanes, at);
        FloatVector a1 = FloatVector.fromArray(SPECIES, lanes, at + L);
        FloatVector a2 = FloatVector.fromArray(SPECIES, lanes, at + 2 * L);
        FloatVector a3 = FloatVector.fromArray(SPECIES, lanes, at + 3 * L);
        int i = rows.xAt + g;
        int iHigh = i + 2 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = FloatVector.fromArray(SPECIES, x, i).abs().add(a0);
            a1 = FloatVector.fromArray(SPECIES, x, i + L).abs().add(a1);
            a2 = FloatVector.fromArray(SPECIES, x, iHigh).abs().add(a2);
            a3 = FloatVector.fromArray(SPECIES, x, iHigh + L).abs().add(a3);
        }
        Shapes.F32_CLASS.cast(a0).intoArray(lanes, at);
        Shapes.F32_CLASS.cast(a1).intoArray(lanes, at + L);
        Shapes.F32_CLASS.cast(a2).intoArray(lanes, at + 2 * L);
        Shapes.F32_CLASS.cast(a3).intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#PRODUCT}. */
    static void product(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        FloatVector a0 = FloatVector.fromArray(SPECIES, lanes, at);
        FloatVector a1 = FloatVector.fromArray(SPECIES, lanes, at + L);
        FloatVector a2 = FloatVector.fromArray(SPECIES, lanes, at + 2 * L);
        FloatVector a3 = FloatVector.fromArray(SPECIES, lanes, at + 3 * L);
        int i = rows.xAt + g;
        int iHigh = i + 2 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = FloatVector.fromArray(SPECIES, x, i).mul(a0);
            a1 = FloatVector.fromArray(SPECIES, x, i + L).mul(a1);
            a2 = FloatVector.fromArray(SPECIES, x, iHigh).mul(a2);
            a3 = FloatVector.fromArray(SPECIES, x, iHigh + L).mul(a3);
        }
        Shapes.F32_CLASS.cast(a0).intoArray(lanes, at);
        Shapes.F32_CLASS.cast(a1).intoArray(lanes, at + L);
        Shapes.F32_CLASS.cast(a2).intoArray(lanes, at + 2 * L);
        Shapes.F32_CLASS.cast(a3).intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#DOT}. */
    static void dot(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] y = rows.y;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        FloatVector a0 = FloatVector.fromArray(SPECIES, lanes, at);
        FloatVector a1 = FloatVector.fromArray(SPECIES, lanes, at + L);
        FloatVector a2 = FloatVector.fromArray(SPECIES, lanes, at + 2 * L);
        FloatVector a3 = FloatVector.fromArray(SPECIES, lanes, at + 3 * L);
        int i = rows.xAt + g;
        int iHigh = i + 2 * L;
        int j = rows.yAt + g;
        int jHigh = j + 2 * L;
        int xStep = rows.xStep;
        int yStep = rows.yStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep, j += yStep, jHigh += yStep) {
            a0 = FloatVector.fromArray(SPECIES, x, i).fma(FloatVector.fromArray(SPECIES, y, j), a0);
            a1 = FloatVector.fromArray(SPECIES, x, i + L).fma(FloatVector.fromArray(SPECIES, y, j + L), a1);
            a2 = FloatVector.fromArray(SPECIES, x, iHigh).fma(FloatVector.fromArray(SPECIES, y, jHigh), a2);
            a3 = FloatVector.fromArray(SPECIES, x, iHigh + L).fma(FloatVector.fromArray(SPECIES, y, jHigh + L), a3);
        }
        Shapes.F32_CLASS.cast(a0).intoArray(lanes, at);
        Shapes.F32_CLASS.cast(a1).intoArray(lanes, at + L);
        Shapes.F32_CLASS.cast(a2).intoArray(lanes, at + 2 * L);
        Shapes.F32_CLASS.cast(a3).intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#SQUARES}. */
    static void squares(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] scale = rows.scale;
        float[] shift = rows.shift;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        int p = rows.param + g;
        FloatVector a0 = FloatVector.fromArray(SPECIES, lanes, at);
        FloatVector a1 = FloatVector.fromArray(SPECIES, lanes, at + L);
        FloatVector a2 = FloatVector.fromArray(SPECIES, lanes, at + 2 * L);
        FloatVector a3 = FloatVector.fromArray(SPECIES, lanes, at + 3 * L);
        int i = rows.xAt + g;
        int iHigh = i + 2 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            FloatVector d = FloatVector.fromArray(SPECIES, x, i)
                    .fma(FloatVector.fromArray(SPECIES, scale, p), FloatVector.fromArray(SPECIES, shift, p));
            a0 = d.fma(d, a0);
            d = FloatVector.fromArray(SPECIES, x, i + L)
                    .fma(FloatVector.fromArray(SPECIES, scale, p + L), FloatVector.fromArray(SPECIES, shift, p + L));
            a1 = d.fma(d, a1);
            d = FloatVector.fromArray(SPECIES, x, iHigh)
                    .fma(
                            FloatVector.fromArray(SPECIES, scale, p + 2 * L),
                            FloatVector.fromArray(SPECIES, shift, p + 2 * L));
            a2 = d.fma(d, a2);
            d = FloatVector.fromArray(SPECIES, x, iHigh + L)
                    .fma(
                            FloatVector.fromArray(SPECIES, scale, p + 3 * L),
                            FloatVector.fromArray(SPECIES, shift, p + 3 * L));
            a3 = d.fma(d, a3);
        }
        Shapes.F32_CLASS.cast(a0).intoArray(lanes, at);
        Shapes.F32_CLASS.cast(a1).intoArray(lanes, at + L);
        Shapes.F32_CLASS.cast(a2).intoArray(lanes, at + 2 * L);
        Shapes.F32_CLASS.cast(a3).intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#MIN}. */
    static void min(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        FloatVector a0 = FloatVector.fromArray(SPECIES, lanes, at);
        FloatVector a1 = FloatVector.fromArray(SPECIES, lanes, at + L);
        FloatVector a2 = FloatVector.fromArray(SPECIES, lanes, at + 2 * L);
        FloatVector a3 = FloatVector.fromArray(SPECIES, lanes, at + 3 * L);
        int i = rows.xAt + g;
        int iHigh = i + 2 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = FloatVector.fromArray(SPECIES, x, i).min(a0);
            a1 = FloatVector.fromArray(SPECIES, x, i + L).min(a1);
            a2 = FloatVector.fromArray(SPECIES, x, iHigh).min(a2);
            a3 = FloatVector.fromArray(SPECIES, x, iHigh + L).min(a3);
        }
        Shapes.F32_CLASS.cast(a0).intoArray(lanes, at);
        Shapes.F32_CLASS.cast(a1).intoArray(lanes, at + L);
        Shapes.F32_CLASS.cast(a2).intoArray(lanes, at + 2 * L);
        Shapes.F32_CLASS.cast(a3).intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#MAX}. */
    static void max(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        FloatVector a0 = FloatVector.fromArray(SPECIES, lanes, at);
        FloatVector a1 = FloatVector.fromArray(SPECIES, lanes, at + L);
        FloatVector a2 = FloatVector.fromArray(SPECIES, lanes, at + 2 * L);
        FloatVector a3 = FloatVector.fromArray(SPECIES, lanes, at + 3 * L);
        int i = rows.xAt + g;
        int iHigh = i + 2 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = FloatVector.fromArray(SPECIES, x, i).max(a0);
            a1 = FloatVector.fromArray(SPECIES, x, i + L).max(a1);
            a2 = FloatVector.fromArray(SPECIES, x, iHigh).max(a2);
            a3 = FloatVector.fromArray(SPECIES, x, iHigh + L).max(a3);
        }
        Shapes.F32_CLASS.cast(a0).intoArray(lanes, at);
        Shapes.F32_CLASS.cast(a1).intoArray(lanes, at + L);
        Shapes.F32_CLASS.cast(a2).intoArray(lanes, at + 2 * L);
        Shapes.F32_CLASS.cast(a3).intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#AMAX}. */
    static void amax(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        FloatVector a0 = FloatVector.fromArray(SPECIES, lanes, at);
        FloatVector a1 = FloatVector.fromArray(SPECIES, lanes, at + L);
        FloatVector a2 = FloatVector.fromArray(SPECIES, lanes, at + 2 * L);
        FloatVector a3 = FloatVector.fromArray(SPECIES, lanes, at + 3 * L);
        int i = rows.xAt + g;
        int iHigh = i + 2 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = FloatVector.fromArray(SPECIES, x, i).abs().max(a0);
            a1 = FloatVector.fromArray(SPECIES, x, i + L).abs().max(a1);
            a2 = FloatVector.fromArray(SPECIES, x, iHigh).abs().max(a2);
            a3 = FloatVector.fromArray(SPECIES, x, iHigh + L).abs().max(a3);
        }
        Shapes.F32_CLASS.cast(a0).intoArray(lanes, at);
        Shapes.F32_CLASS.cast(a1).intoArray(lanes, at + L);
        Shapes.F32_CLASS.cast(a2).intoArray(lanes, at + 2 * L);
        Shapes.F32_CLASS.cast(a3).intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#EXP}, its lanes in memory: next to exp that costs nothing, and rows are read from end to end. */
    static void exp(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] shift = rows.shift;
        float[] lanes = rows.lanes;
        int i = rows.xAt + g;
        int p = rows.param + g;
        int at = rows.at + g;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep) {
            for (int l = 0; l < SPAN; l += L) {
                FloatVector term = F32Exp.exp(
                        FloatVector.fromArray(SPECIES, x, i + l).sub(FloatVector.fromArray(SPECIES, shift, p + l)));
                FloatVector.fromArray(SPECIES, lanes, at + l).add(term).intoArray(lanes, at + l);
            }
        }
    }
}
