package dev.gamut.vector.reduce;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums and extremes of one long run of F32, in eight vectors that stay in registers from end to end. See {@link Stream} for
 * where the vectors read.
 *
 * <p>What C2 makes of {@code min} and {@code max} is six instructions, for NaN and for the sign of zero. Here they are a
 * comparison and a blend, which lose both, and a multiplication by zero that shows whether the run has a NaN (or an
 * infinity): {@link Worker} then takes the exact leaf for that run, as it does where the result is a zero.
 */
final class F32Streams {
    private static final VectorSpecies<Float> SPECIES = Shapes.F32;

    private F32Streams() {}

    /** {@link Step#SUM}. */
    static void sum(Rows<float[]> rows) {
        float[] x = rows.x;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector a4 = FloatVector.zero(SPECIES);
        FloatVector a5 = FloatVector.zero(SPECIES);
        FloatVector a6 = FloatVector.zero(SPECIES);
        FloatVector a7 = FloatVector.zero(SPECIES);
        int near = rows.near;
        int gap = rows.gap;
        int step = rows.xStep;
        int i0 = rows.xAt;
        int i1 = i0 + near;
        int i2 = i0 + gap;
        int i3 = i2 + near;
        int i4 = i2 + gap;
        int i5 = i4 + near;
        int i6 = i4 + gap;
        int i7 = i6 + near;
        for (int n = rows.count; n > 0; n--) {
            a0 = a0.add(load(x, i0));
            a1 = a1.add(load(x, i1));
            a2 = a2.add(load(x, i2));
            a3 = a3.add(load(x, i3));
            a4 = a4.add(load(x, i4));
            a5 = a5.add(load(x, i5));
            a6 = a6.add(load(x, i6));
            a7 = a7.add(load(x, i7));
            i0 += step;
            i1 += step;
            i2 += step;
            i3 += step;
            i4 += step;
            i5 += step;
            i6 += step;
            i7 += step;
        }
        a0 = a0.add(a1);
        a2 = a2.add(a3);
        a4 = a4.add(a5);
        a6 = a6.add(a7);
        a0.add(a2).add(a4.add(a6)).intoArray(rows.lanes, rows.at);
    }

    /** {@link Step#ASUM}. */
    static void asum(Rows<float[]> rows) {
        float[] x = rows.x;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector a4 = FloatVector.zero(SPECIES);
        FloatVector a5 = FloatVector.zero(SPECIES);
        FloatVector a6 = FloatVector.zero(SPECIES);
        FloatVector a7 = FloatVector.zero(SPECIES);
        int near = rows.near;
        int gap = rows.gap;
        int step = rows.xStep;
        int i0 = rows.xAt;
        int i1 = i0 + near;
        int i2 = i0 + gap;
        int i3 = i2 + near;
        int i4 = i2 + gap;
        int i5 = i4 + near;
        int i6 = i4 + gap;
        int i7 = i6 + near;
        for (int n = rows.count; n > 0; n--) {
            a0 = a0.add(load(x, i0).abs());
            a1 = a1.add(load(x, i1).abs());
            a2 = a2.add(load(x, i2).abs());
            a3 = a3.add(load(x, i3).abs());
            a4 = a4.add(load(x, i4).abs());
            a5 = a5.add(load(x, i5).abs());
            a6 = a6.add(load(x, i6).abs());
            a7 = a7.add(load(x, i7).abs());
            i0 += step;
            i1 += step;
            i2 += step;
            i3 += step;
            i4 += step;
            i5 += step;
            i6 += step;
            i7 += step;
        }
        a0 = a0.add(a1);
        a2 = a2.add(a3);
        a4 = a4.add(a5);
        a6 = a6.add(a7);
        a0.add(a2).add(a4.add(a6)).intoArray(rows.lanes, rows.at);
    }

    /** {@link Step#DOT}. */
    static void dot(Rows<float[]> rows) {
        float[] x = rows.x;
        float[] y = rows.y;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector a4 = FloatVector.zero(SPECIES);
        FloatVector a5 = FloatVector.zero(SPECIES);
        FloatVector a6 = FloatVector.zero(SPECIES);
        FloatVector a7 = FloatVector.zero(SPECIES);
        int near = rows.near;
        int gap = rows.gap;
        int step = rows.xStep;
        int i0 = rows.xAt;
        int i1 = i0 + near;
        int i2 = i0 + gap;
        int i3 = i2 + near;
        int i4 = i2 + gap;
        int i5 = i4 + near;
        int i6 = i4 + gap;
        int i7 = i6 + near;
        int apart = rows.yAt - rows.xAt;
        for (int n = rows.count; n > 0; n--) {
            a0 = load(x, i0).fma(load(y, i0 + apart), a0);
            a1 = load(x, i1).fma(load(y, i1 + apart), a1);
            a2 = load(x, i2).fma(load(y, i2 + apart), a2);
            a3 = load(x, i3).fma(load(y, i3 + apart), a3);
            a4 = load(x, i4).fma(load(y, i4 + apart), a4);
            a5 = load(x, i5).fma(load(y, i5 + apart), a5);
            a6 = load(x, i6).fma(load(y, i6 + apart), a6);
            a7 = load(x, i7).fma(load(y, i7 + apart), a7);
            i0 += step;
            i1 += step;
            i2 += step;
            i3 += step;
            i4 += step;
            i5 += step;
            i6 += step;
            i7 += step;
        }
        a0 = a0.add(a1);
        a2 = a2.add(a3);
        a4 = a4.add(a5);
        a6 = a6.add(a7);
        a0.add(a2).add(a4.add(a6)).intoArray(rows.lanes, rows.at);
    }

    /** {@link Step#MIN} of a run without NaN, a zero of any sign; behind it in {@code lanes} a vector of zeros, or NaN where the run is not finite. */
    static void min(Rows<float[]> rows) {
        float[] x = rows.x;
        FloatVector infinity = FloatVector.broadcast(SPECIES, Float.POSITIVE_INFINITY);
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector t0 = zero;
        FloatVector t1 = zero;
        FloatVector t2 = zero;
        FloatVector t3 = zero;
        FloatVector a0 = infinity;
        FloatVector a1 = infinity;
        FloatVector a2 = infinity;
        FloatVector a3 = infinity;
        FloatVector a4 = infinity;
        FloatVector a5 = infinity;
        FloatVector a6 = infinity;
        FloatVector a7 = infinity;
        int near = rows.near;
        int gap = rows.gap;
        int step = rows.xStep;
        int i0 = rows.xAt;
        int i1 = i0 + near;
        int i2 = i0 + gap;
        int i3 = i2 + near;
        int i4 = i2 + gap;
        int i5 = i4 + near;
        int i6 = i4 + gap;
        int i7 = i6 + near;
        for (int n = rows.count; n > 0; n--) {
            FloatVector x0 = load(x, i0);
            a0 = a0.blend(x0, x0.compare(VectorOperators.LT, a0));
            t0 = x0.fma(zero, t0);
            FloatVector x1 = load(x, i1);
            a1 = a1.blend(x1, x1.compare(VectorOperators.LT, a1));
            t1 = x1.fma(zero, t1);
            FloatVector x2 = load(x, i2);
            a2 = a2.blend(x2, x2.compare(VectorOperators.LT, a2));
            t2 = x2.fma(zero, t2);
            FloatVector x3 = load(x, i3);
            a3 = a3.blend(x3, x3.compare(VectorOperators.LT, a3));
            t3 = x3.fma(zero, t3);
            FloatVector x4 = load(x, i4);
            a4 = a4.blend(x4, x4.compare(VectorOperators.LT, a4));
            t0 = x4.fma(zero, t0);
            FloatVector x5 = load(x, i5);
            a5 = a5.blend(x5, x5.compare(VectorOperators.LT, a5));
            t1 = x5.fma(zero, t1);
            FloatVector x6 = load(x, i6);
            a6 = a6.blend(x6, x6.compare(VectorOperators.LT, a6));
            t2 = x6.fma(zero, t2);
            FloatVector x7 = load(x, i7);
            a7 = a7.blend(x7, x7.compare(VectorOperators.LT, a7));
            t3 = x7.fma(zero, t3);
            i0 += step;
            i1 += step;
            i2 += step;
            i3 += step;
            i4 += step;
            i5 += step;
            i6 += step;
            i7 += step;
        }
        a0 = a0.blend(a1, a1.compare(VectorOperators.LT, a0));
        a2 = a2.blend(a3, a3.compare(VectorOperators.LT, a2));
        a4 = a4.blend(a5, a5.compare(VectorOperators.LT, a4));
        a6 = a6.blend(a7, a7.compare(VectorOperators.LT, a6));
        a0 = a0.blend(a2, a2.compare(VectorOperators.LT, a0));
        a4 = a4.blend(a6, a6.compare(VectorOperators.LT, a4));
        a0 = a0.blend(a4, a4.compare(VectorOperators.LT, a0));
        a0.intoArray(rows.lanes, rows.at);
        t0.add(t1).add(t2.add(t3)).intoArray(rows.lanes, rows.at + SPECIES.length());
    }

    /** {@link Step#MAX} of a run without NaN, a zero of any sign; behind it in {@code lanes} a vector of zeros, or NaN where the run is not finite. */
    static void max(Rows<float[]> rows) {
        float[] x = rows.x;
        FloatVector infinity = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector t0 = zero;
        FloatVector t1 = zero;
        FloatVector t2 = zero;
        FloatVector t3 = zero;
        FloatVector a0 = infinity;
        FloatVector a1 = infinity;
        FloatVector a2 = infinity;
        FloatVector a3 = infinity;
        FloatVector a4 = infinity;
        FloatVector a5 = infinity;
        FloatVector a6 = infinity;
        FloatVector a7 = infinity;
        int near = rows.near;
        int gap = rows.gap;
        int step = rows.xStep;
        int i0 = rows.xAt;
        int i1 = i0 + near;
        int i2 = i0 + gap;
        int i3 = i2 + near;
        int i4 = i2 + gap;
        int i5 = i4 + near;
        int i6 = i4 + gap;
        int i7 = i6 + near;
        for (int n = rows.count; n > 0; n--) {
            FloatVector x0 = load(x, i0);
            a0 = a0.blend(x0, x0.compare(VectorOperators.GT, a0));
            t0 = x0.fma(zero, t0);
            FloatVector x1 = load(x, i1);
            a1 = a1.blend(x1, x1.compare(VectorOperators.GT, a1));
            t1 = x1.fma(zero, t1);
            FloatVector x2 = load(x, i2);
            a2 = a2.blend(x2, x2.compare(VectorOperators.GT, a2));
            t2 = x2.fma(zero, t2);
            FloatVector x3 = load(x, i3);
            a3 = a3.blend(x3, x3.compare(VectorOperators.GT, a3));
            t3 = x3.fma(zero, t3);
            FloatVector x4 = load(x, i4);
            a4 = a4.blend(x4, x4.compare(VectorOperators.GT, a4));
            t0 = x4.fma(zero, t0);
            FloatVector x5 = load(x, i5);
            a5 = a5.blend(x5, x5.compare(VectorOperators.GT, a5));
            t1 = x5.fma(zero, t1);
            FloatVector x6 = load(x, i6);
            a6 = a6.blend(x6, x6.compare(VectorOperators.GT, a6));
            t2 = x6.fma(zero, t2);
            FloatVector x7 = load(x, i7);
            a7 = a7.blend(x7, x7.compare(VectorOperators.GT, a7));
            t3 = x7.fma(zero, t3);
            i0 += step;
            i1 += step;
            i2 += step;
            i3 += step;
            i4 += step;
            i5 += step;
            i6 += step;
            i7 += step;
        }
        a0 = a0.blend(a1, a1.compare(VectorOperators.GT, a0));
        a2 = a2.blend(a3, a3.compare(VectorOperators.GT, a2));
        a4 = a4.blend(a5, a5.compare(VectorOperators.GT, a4));
        a6 = a6.blend(a7, a7.compare(VectorOperators.GT, a6));
        a0 = a0.blend(a2, a2.compare(VectorOperators.GT, a0));
        a4 = a4.blend(a6, a6.compare(VectorOperators.GT, a4));
        a0 = a0.blend(a4, a4.compare(VectorOperators.GT, a0));
        a0.intoArray(rows.lanes, rows.at);
        t0.add(t1).add(t2.add(t3)).intoArray(rows.lanes, rows.at + SPECIES.length());
    }

    private static FloatVector load(float[] a, int i) {
        return FloatVector.fromArray(SPECIES, a, i);
    }
}
