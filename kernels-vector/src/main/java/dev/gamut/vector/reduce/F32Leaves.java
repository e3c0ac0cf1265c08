package dev.gamut.vector.reduce;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops in F32: four vectors of lanes at a time.
 *
 * <p>Each half of a row has a running index of its own: C2 sorts loads from one index as it likes, and where they do
 * not rise the hardware prefetcher is of little use: 113 instead of 178 GB/s from L2, 28 instead of 33 GB/s from
 * memory (sums of F64, AMD EPYC 9005, 512-bit vectors, one thread).
 *
 * <p>Two rows at a time, so that these methods have more bytecodes than C2 inlines (325): inlined into the loop over lanes they were
 * at times compiled to make objects of their vectors at each call, for good.
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
        FloatVector a0 = load(lanes, at);
        FloatVector a1 = load(lanes, at + L);
        FloatVector a2 = load(lanes, at + 2 * L);
        FloatVector a3 = load(lanes, at + 3 * L);
        int i = rows.xAt + g;
        int iHigh = i + 2 * L;
        int xStep = rows.xStep;
        int n = rows.count;
        if (n % 2 == 1) {
            a0 = a0.add(load(x, i));
            a1 = a1.add(load(x, i + L));
            a2 = a2.add(load(x, iHigh));
            a3 = a3.add(load(x, iHigh + L));
            i += xStep;
            iHigh += xStep;
        }
        for (; n > 1; n -= 2) {
            a0 = a0.add(load(x, i));
            a1 = a1.add(load(x, i + L));
            a2 = a2.add(load(x, iHigh));
            a3 = a3.add(load(x, iHigh + L));
            i += xStep;
            iHigh += xStep;
            a0 = a0.add(load(x, i));
            a1 = a1.add(load(x, i + L));
            a2 = a2.add(load(x, iHigh));
            a3 = a3.add(load(x, iHigh + L));
            i += xStep;
            iHigh += xStep;
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#ASUM}. */
    static void asum(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        FloatVector a0 = load(lanes, at);
        FloatVector a1 = load(lanes, at + L);
        FloatVector a2 = load(lanes, at + 2 * L);
        FloatVector a3 = load(lanes, at + 3 * L);
        int i = rows.xAt + g;
        int iHigh = i + 2 * L;
        int xStep = rows.xStep;
        int n = rows.count;
        if (n % 2 == 1) {
            a0 = a0.add(load(x, i).abs());
            a1 = a1.add(load(x, i + L).abs());
            a2 = a2.add(load(x, iHigh).abs());
            a3 = a3.add(load(x, iHigh + L).abs());
            i += xStep;
            iHigh += xStep;
        }
        for (; n > 1; n -= 2) {
            a0 = a0.add(load(x, i).abs());
            a1 = a1.add(load(x, i + L).abs());
            a2 = a2.add(load(x, iHigh).abs());
            a3 = a3.add(load(x, iHigh + L).abs());
            i += xStep;
            iHigh += xStep;
            a0 = a0.add(load(x, i).abs());
            a1 = a1.add(load(x, i + L).abs());
            a2 = a2.add(load(x, iHigh).abs());
            a3 = a3.add(load(x, iHigh + L).abs());
            i += xStep;
            iHigh += xStep;
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#PRODUCT}. */
    static void product(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        FloatVector a0 = load(lanes, at);
        FloatVector a1 = load(lanes, at + L);
        FloatVector a2 = load(lanes, at + 2 * L);
        FloatVector a3 = load(lanes, at + 3 * L);
        int i = rows.xAt + g;
        int iHigh = i + 2 * L;
        int xStep = rows.xStep;
        int n = rows.count;
        if (n % 2 == 1) {
            a0 = a0.mul(load(x, i));
            a1 = a1.mul(load(x, i + L));
            a2 = a2.mul(load(x, iHigh));
            a3 = a3.mul(load(x, iHigh + L));
            i += xStep;
            iHigh += xStep;
        }
        for (; n > 1; n -= 2) {
            a0 = a0.mul(load(x, i));
            a1 = a1.mul(load(x, i + L));
            a2 = a2.mul(load(x, iHigh));
            a3 = a3.mul(load(x, iHigh + L));
            i += xStep;
            iHigh += xStep;
            a0 = a0.mul(load(x, i));
            a1 = a1.mul(load(x, i + L));
            a2 = a2.mul(load(x, iHigh));
            a3 = a3.mul(load(x, iHigh + L));
            i += xStep;
            iHigh += xStep;
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#DOT}. */
    static void dot(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] y = rows.y;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        FloatVector a0 = load(lanes, at);
        FloatVector a1 = load(lanes, at + L);
        FloatVector a2 = load(lanes, at + 2 * L);
        FloatVector a3 = load(lanes, at + 3 * L);
        int i = rows.xAt + g;
        int iHigh = i + 2 * L;
        int j = rows.yAt + g;
        int jHigh = j + 2 * L;
        int xStep = rows.xStep;
        int yStep = rows.yStep;
        int n = rows.count;
        if (n % 2 == 1) {
            a0 = load(x, i).fma(load(y, j), a0);
            a1 = load(x, i + L).fma(load(y, j + L), a1);
            a2 = load(x, iHigh).fma(load(y, jHigh), a2);
            a3 = load(x, iHigh + L).fma(load(y, jHigh + L), a3);
            i += xStep;
            iHigh += xStep;
            j += yStep;
            jHigh += yStep;
        }
        for (; n > 1; n -= 2) {
            a0 = load(x, i).fma(load(y, j), a0);
            a1 = load(x, i + L).fma(load(y, j + L), a1);
            a2 = load(x, iHigh).fma(load(y, jHigh), a2);
            a3 = load(x, iHigh + L).fma(load(y, jHigh + L), a3);
            i += xStep;
            iHigh += xStep;
            j += yStep;
            jHigh += yStep;
            a0 = load(x, i).fma(load(y, j), a0);
            a1 = load(x, i + L).fma(load(y, j + L), a1);
            a2 = load(x, iHigh).fma(load(y, jHigh), a2);
            a3 = load(x, iHigh + L).fma(load(y, jHigh + L), a3);
            i += xStep;
            iHigh += xStep;
            j += yStep;
            jHigh += yStep;
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#SQUARES}. */
    static void squares(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] scale = rows.scale;
        float[] shift = rows.shift;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        int p = rows.param + g;
        FloatVector a0 = load(lanes, at);
        FloatVector a1 = load(lanes, at + L);
        FloatVector a2 = load(lanes, at + 2 * L);
        FloatVector a3 = load(lanes, at + 3 * L);
        int i = rows.xAt + g;
        int iHigh = i + 2 * L;
        int xStep = rows.xStep;
        for (int n = rows.count; n > 0; n--, i += xStep, iHigh += xStep) {
            a0 = square(load(x, i), load(scale, p), load(shift, p), a0);
            a1 = square(load(x, i + L), load(scale, p + L), load(shift, p + L), a1);
            a2 = square(load(x, iHigh), load(scale, p + 2 * L), load(shift, p + 2 * L), a2);
            a3 = square(load(x, iHigh + L), load(scale, p + 3 * L), load(shift, p + 3 * L), a3);
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#MIN}. */
    static void min(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        FloatVector a0 = load(lanes, at);
        FloatVector a1 = load(lanes, at + L);
        FloatVector a2 = load(lanes, at + 2 * L);
        FloatVector a3 = load(lanes, at + 3 * L);
        int i = rows.xAt + g;
        int iHigh = i + 2 * L;
        int xStep = rows.xStep;
        int n = rows.count;
        if (n % 2 == 1) {
            a0 = a0.min(load(x, i));
            a1 = a1.min(load(x, i + L));
            a2 = a2.min(load(x, iHigh));
            a3 = a3.min(load(x, iHigh + L));
            i += xStep;
            iHigh += xStep;
        }
        for (; n > 1; n -= 2) {
            a0 = a0.min(load(x, i));
            a1 = a1.min(load(x, i + L));
            a2 = a2.min(load(x, iHigh));
            a3 = a3.min(load(x, iHigh + L));
            i += xStep;
            iHigh += xStep;
            a0 = a0.min(load(x, i));
            a1 = a1.min(load(x, i + L));
            a2 = a2.min(load(x, iHigh));
            a3 = a3.min(load(x, iHigh + L));
            i += xStep;
            iHigh += xStep;
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#MAX}. */
    static void max(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        FloatVector a0 = load(lanes, at);
        FloatVector a1 = load(lanes, at + L);
        FloatVector a2 = load(lanes, at + 2 * L);
        FloatVector a3 = load(lanes, at + 3 * L);
        int i = rows.xAt + g;
        int iHigh = i + 2 * L;
        int xStep = rows.xStep;
        int n = rows.count;
        if (n % 2 == 1) {
            a0 = a0.max(load(x, i));
            a1 = a1.max(load(x, i + L));
            a2 = a2.max(load(x, iHigh));
            a3 = a3.max(load(x, iHigh + L));
            i += xStep;
            iHigh += xStep;
        }
        for (; n > 1; n -= 2) {
            a0 = a0.max(load(x, i));
            a1 = a1.max(load(x, i + L));
            a2 = a2.max(load(x, iHigh));
            a3 = a3.max(load(x, iHigh + L));
            i += xStep;
            iHigh += xStep;
            a0 = a0.max(load(x, i));
            a1 = a1.max(load(x, i + L));
            a2 = a2.max(load(x, iHigh));
            a3 = a3.max(load(x, iHigh + L));
            i += xStep;
            iHigh += xStep;
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
    }

    /** {@link Step#AMAX}. */
    static void amax(Rows<float[]> rows, int g) {
        float[] x = rows.x;
        float[] lanes = rows.lanes;
        int at = rows.at + g;
        FloatVector a0 = load(lanes, at);
        FloatVector a1 = load(lanes, at + L);
        FloatVector a2 = load(lanes, at + 2 * L);
        FloatVector a3 = load(lanes, at + 3 * L);
        int i = rows.xAt + g;
        int iHigh = i + 2 * L;
        int xStep = rows.xStep;
        int n = rows.count;
        if (n % 2 == 1) {
            a0 = a0.max(load(x, i).abs());
            a1 = a1.max(load(x, i + L).abs());
            a2 = a2.max(load(x, iHigh).abs());
            a3 = a3.max(load(x, iHigh + L).abs());
            i += xStep;
            iHigh += xStep;
        }
        for (; n > 1; n -= 2) {
            a0 = a0.max(load(x, i).abs());
            a1 = a1.max(load(x, i + L).abs());
            a2 = a2.max(load(x, iHigh).abs());
            a3 = a3.max(load(x, iHigh + L).abs());
            i += xStep;
            iHigh += xStep;
            a0 = a0.max(load(x, i).abs());
            a1 = a1.max(load(x, i + L).abs());
            a2 = a2.max(load(x, iHigh).abs());
            a3 = a3.max(load(x, iHigh + L).abs());
            i += xStep;
            iHigh += xStep;
        }
        a0.intoArray(lanes, at);
        a1.intoArray(lanes, at + L);
        a2.intoArray(lanes, at + 2 * L);
        a3.intoArray(lanes, at + 3 * L);
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
                FloatVector term = F32Exp.exp(load(x, i + l).sub(load(shift, p + l)));
                load(lanes, at + l).add(term).intoArray(lanes, at + l);
            }
        }
    }

    private static FloatVector load(float[] a, int i) {
        return FloatVector.fromArray(SPECIES, a, i);
    }

    private static FloatVector square(FloatVector x, FloatVector scale, FloatVector shift, FloatVector a) {
        FloatVector d = x.fma(scale, shift);
        return d.fma(d, a);
    }
}
