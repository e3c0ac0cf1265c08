package dev.gamut.vector.reduce;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The same as {@link F64Streams} for F32. */
final class F32Streams {
    private static final VectorSpecies<Float> SPECIES = Shapes.F32;
    private static final VectorSpecies<Integer> BITS = VectorSpecies.of(int.class, SPECIES.vectorShape());

    private static final int L = SPECIES.length();

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
        int g1 = rows.gap;
        int g2 = 2 * g1;
        int g3 = 3 * g1;
        for (int i = rows.xAt, end = i + 4 * L * rows.count; i < end; i += 4 * L) {
            a0 = a0.add(load(x, i));
            a1 = a1.add(load(x, i + g1));
            a2 = a2.add(load(x, i + g2));
            a3 = a3.add(load(x, i + g3));
            a4 = a4.add(load(x, i + L));
            a5 = a5.add(load(x, i + g1 + L));
            a6 = a6.add(load(x, i + g2 + L));
            a7 = a7.add(load(x, i + g3 + L));
            a0 = a0.add(load(x, i + 2 * L));
            a1 = a1.add(load(x, i + g1 + 2 * L));
            a2 = a2.add(load(x, i + g2 + 2 * L));
            a3 = a3.add(load(x, i + g3 + 2 * L));
            a4 = a4.add(load(x, i + 3 * L));
            a5 = a5.add(load(x, i + g1 + 3 * L));
            a6 = a6.add(load(x, i + g2 + 3 * L));
            a7 = a7.add(load(x, i + g3 + 3 * L));
        }
        a0 = a0.add(a4);
        a1 = a1.add(a5);
        a2 = a2.add(a6);
        a3 = a3.add(a7);
        a0.add(a2).add(a1.add(a3)).intoArray(rows.lanes, rows.at);
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
        int g1 = rows.gap;
        int g2 = 2 * g1;
        int g3 = 3 * g1;
        for (int i = rows.xAt, end = i + 4 * L * rows.count; i < end; i += 4 * L) {
            a0 = a0.add(load(x, i).abs());
            a1 = a1.add(load(x, i + g1).abs());
            a2 = a2.add(load(x, i + g2).abs());
            a3 = a3.add(load(x, i + g3).abs());
            a4 = a4.add(load(x, i + L).abs());
            a5 = a5.add(load(x, i + g1 + L).abs());
            a6 = a6.add(load(x, i + g2 + L).abs());
            a7 = a7.add(load(x, i + g3 + L).abs());
            a0 = a0.add(load(x, i + 2 * L).abs());
            a1 = a1.add(load(x, i + g1 + 2 * L).abs());
            a2 = a2.add(load(x, i + g2 + 2 * L).abs());
            a3 = a3.add(load(x, i + g3 + 2 * L).abs());
            a4 = a4.add(load(x, i + 3 * L).abs());
            a5 = a5.add(load(x, i + g1 + 3 * L).abs());
            a6 = a6.add(load(x, i + g2 + 3 * L).abs());
            a7 = a7.add(load(x, i + g3 + 3 * L).abs());
        }
        a0 = a0.add(a4);
        a1 = a1.add(a5);
        a2 = a2.add(a6);
        a3 = a3.add(a7);
        a0.add(a2).add(a1.add(a3)).intoArray(rows.lanes, rows.at);
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
        int g1 = rows.gap;
        int g2 = 2 * g1;
        int g3 = 3 * g1;
        int apart = rows.yAt - rows.xAt;
        int h1 = apart + g1;
        int h2 = apart + g2;
        int h3 = apart + g3;
        for (int i = rows.xAt, end = i + 4 * L * rows.count; i < end; i += 4 * L) {
            a0 = load(x, i).fma(load(y, i + apart), a0);
            a1 = load(x, i + g1).fma(load(y, i + h1), a1);
            a2 = load(x, i + g2).fma(load(y, i + h2), a2);
            a3 = load(x, i + g3).fma(load(y, i + h3), a3);
            a4 = load(x, i + L).fma(load(y, i + apart + L), a4);
            a5 = load(x, i + g1 + L).fma(load(y, i + h1 + L), a5);
            a6 = load(x, i + g2 + L).fma(load(y, i + h2 + L), a6);
            a7 = load(x, i + g3 + L).fma(load(y, i + h3 + L), a7);
            a0 = load(x, i + 2 * L).fma(load(y, i + apart + 2 * L), a0);
            a1 = load(x, i + g1 + 2 * L).fma(load(y, i + h1 + 2 * L), a1);
            a2 = load(x, i + g2 + 2 * L).fma(load(y, i + h2 + 2 * L), a2);
            a3 = load(x, i + g3 + 2 * L).fma(load(y, i + h3 + 2 * L), a3);
            a4 = load(x, i + 3 * L).fma(load(y, i + apart + 3 * L), a4);
            a5 = load(x, i + g1 + 3 * L).fma(load(y, i + h1 + 3 * L), a5);
            a6 = load(x, i + g2 + 3 * L).fma(load(y, i + h2 + 3 * L), a6);
            a7 = load(x, i + g3 + 3 * L).fma(load(y, i + h3 + 3 * L), a7);
        }
        a0 = a0.add(a4);
        a1 = a1.add(a5);
        a2 = a2.add(a6);
        a3 = a3.add(a7);
        a0.add(a2).add(a1.add(a3)).intoArray(rows.lanes, rows.at);
    }

    /** {@link Step#MIN}, in all lanes. */
    static void min(Rows<float[]> rows) {
        extreme(rows, true);
    }

    /** {@link Step#MAX}, in all lanes. */
    static void max(Rows<float[]> rows) {
        extreme(rows, false);
    }

    private static void extreme(Rows<float[]> rows, boolean least) {
        Extremes extremes = rows.extremes;
        find(rows);
        if (!extremes.isKnown(least)) {
            extremes.ofOneSign = !extremes.ofOneSign;
            find(rows);
        }
        FloatVector.broadcast(SPECIES, (float) extremes.value(least)).intoArray(rows.lanes, rows.at);
    }

    private static void find(Rows<float[]> rows) {
        if (rows.extremes.ofOneSign) {
            signed(rows);
        } else {
            signedAndUnsigned(rows);
        }
    }

    /** The signed maximum and minimum. */
    private static void signed(Rows<float[]> rows) {
        float[] x = rows.x;
        IntVector p0 = IntVector.broadcast(BITS, Integer.MIN_VALUE);
        IntVector p1 = IntVector.broadcast(BITS, Integer.MIN_VALUE);
        IntVector p2 = IntVector.broadcast(BITS, Integer.MIN_VALUE);
        IntVector p3 = IntVector.broadcast(BITS, Integer.MIN_VALUE);
        IntVector p4 = IntVector.broadcast(BITS, Integer.MIN_VALUE);
        IntVector p5 = IntVector.broadcast(BITS, Integer.MIN_VALUE);
        IntVector p6 = IntVector.broadcast(BITS, Integer.MIN_VALUE);
        IntVector p7 = IntVector.broadcast(BITS, Integer.MIN_VALUE);
        IntVector q0 = IntVector.broadcast(BITS, Integer.MAX_VALUE);
        IntVector q1 = IntVector.broadcast(BITS, Integer.MAX_VALUE);
        IntVector q2 = IntVector.broadcast(BITS, Integer.MAX_VALUE);
        IntVector q3 = IntVector.broadcast(BITS, Integer.MAX_VALUE);
        IntVector q4 = IntVector.broadcast(BITS, Integer.MAX_VALUE);
        IntVector q5 = IntVector.broadcast(BITS, Integer.MAX_VALUE);
        IntVector q6 = IntVector.broadcast(BITS, Integer.MAX_VALUE);
        IntVector q7 = IntVector.broadcast(BITS, Integer.MAX_VALUE);
        int g1 = rows.gap;
        int g2 = 2 * g1;
        int g3 = 3 * g1;
        for (int i = rows.xAt, end = i + 4 * L * rows.count; i < end; i += 4 * L) {
            IntVector v = bits(x, i);
            p0 = p0.max(v);
            q0 = q0.min(v);
            v = bits(x, i + g1);
            p1 = p1.max(v);
            q1 = q1.min(v);
            v = bits(x, i + g2);
            p2 = p2.max(v);
            q2 = q2.min(v);
            v = bits(x, i + g3);
            p3 = p3.max(v);
            q3 = q3.min(v);
            v = bits(x, i + L);
            p4 = p4.max(v);
            q4 = q4.min(v);
            v = bits(x, i + g1 + L);
            p5 = p5.max(v);
            q5 = q5.min(v);
            v = bits(x, i + g2 + L);
            p6 = p6.max(v);
            q6 = q6.min(v);
            v = bits(x, i + g3 + L);
            p7 = p7.max(v);
            q7 = q7.min(v);
            v = bits(x, i + 2 * L);
            p0 = p0.max(v);
            q0 = q0.min(v);
            v = bits(x, i + g1 + 2 * L);
            p1 = p1.max(v);
            q1 = q1.min(v);
            v = bits(x, i + g2 + 2 * L);
            p2 = p2.max(v);
            q2 = q2.min(v);
            v = bits(x, i + g3 + 2 * L);
            p3 = p3.max(v);
            q3 = q3.min(v);
            v = bits(x, i + 3 * L);
            p4 = p4.max(v);
            q4 = q4.min(v);
            v = bits(x, i + g1 + 3 * L);
            p5 = p5.max(v);
            q5 = q5.min(v);
            v = bits(x, i + g2 + 3 * L);
            p6 = p6.max(v);
            q6 = q6.min(v);
            v = bits(x, i + g3 + 3 * L);
            p7 = p7.max(v);
            q7 = q7.min(v);
        }
        p0 = p0.max(p4);
        p1 = p1.max(p5);
        p2 = p2.max(p6);
        p3 = p3.max(p7);
        p0 = p0.max(p2);
        p1 = p1.max(p3);
        p0 = p0.max(p1);
        q0 = q0.min(q4);
        q1 = q1.min(q5);
        q2 = q2.min(q6);
        q3 = q3.min(q7);
        q0 = q0.min(q2);
        q1 = q1.min(q3);
        q0 = q0.min(q1);
        rows.extremes.signedMax = value(p0.reduceLanes(VectorOperators.MAX));
        rows.extremes.second = value(q0.reduceLanes(VectorOperators.MIN));
    }

    /** The signed and the unsigned maximum. */
    private static void signedAndUnsigned(Rows<float[]> rows) {
        float[] x = rows.x;
        IntVector p0 = IntVector.broadcast(BITS, Integer.MIN_VALUE);
        IntVector p1 = IntVector.broadcast(BITS, Integer.MIN_VALUE);
        IntVector p2 = IntVector.broadcast(BITS, Integer.MIN_VALUE);
        IntVector p3 = IntVector.broadcast(BITS, Integer.MIN_VALUE);
        IntVector p4 = IntVector.broadcast(BITS, Integer.MIN_VALUE);
        IntVector p5 = IntVector.broadcast(BITS, Integer.MIN_VALUE);
        IntVector p6 = IntVector.broadcast(BITS, Integer.MIN_VALUE);
        IntVector p7 = IntVector.broadcast(BITS, Integer.MIN_VALUE);
        IntVector u0 = IntVector.zero(BITS);
        IntVector u1 = IntVector.zero(BITS);
        IntVector u2 = IntVector.zero(BITS);
        IntVector u3 = IntVector.zero(BITS);
        IntVector u4 = IntVector.zero(BITS);
        IntVector u5 = IntVector.zero(BITS);
        IntVector u6 = IntVector.zero(BITS);
        IntVector u7 = IntVector.zero(BITS);
        int g1 = rows.gap;
        int g2 = 2 * g1;
        int g3 = 3 * g1;
        for (int i = rows.xAt, end = i + 4 * L * rows.count; i < end; i += 4 * L) {
            IntVector v = bits(x, i);
            p0 = p0.max(v);
            u0 = u0.lanewise(VectorOperators.UMAX, v);
            v = bits(x, i + g1);
            p1 = p1.max(v);
            u1 = u1.lanewise(VectorOperators.UMAX, v);
            v = bits(x, i + g2);
            p2 = p2.max(v);
            u2 = u2.lanewise(VectorOperators.UMAX, v);
            v = bits(x, i + g3);
            p3 = p3.max(v);
            u3 = u3.lanewise(VectorOperators.UMAX, v);
            v = bits(x, i + L);
            p4 = p4.max(v);
            u4 = u4.lanewise(VectorOperators.UMAX, v);
            v = bits(x, i + g1 + L);
            p5 = p5.max(v);
            u5 = u5.lanewise(VectorOperators.UMAX, v);
            v = bits(x, i + g2 + L);
            p6 = p6.max(v);
            u6 = u6.lanewise(VectorOperators.UMAX, v);
            v = bits(x, i + g3 + L);
            p7 = p7.max(v);
            u7 = u7.lanewise(VectorOperators.UMAX, v);
            v = bits(x, i + 2 * L);
            p0 = p0.max(v);
            u0 = u0.lanewise(VectorOperators.UMAX, v);
            v = bits(x, i + g1 + 2 * L);
            p1 = p1.max(v);
            u1 = u1.lanewise(VectorOperators.UMAX, v);
            v = bits(x, i + g2 + 2 * L);
            p2 = p2.max(v);
            u2 = u2.lanewise(VectorOperators.UMAX, v);
            v = bits(x, i + g3 + 2 * L);
            p3 = p3.max(v);
            u3 = u3.lanewise(VectorOperators.UMAX, v);
            v = bits(x, i + 3 * L);
            p4 = p4.max(v);
            u4 = u4.lanewise(VectorOperators.UMAX, v);
            v = bits(x, i + g1 + 3 * L);
            p5 = p5.max(v);
            u5 = u5.lanewise(VectorOperators.UMAX, v);
            v = bits(x, i + g2 + 3 * L);
            p6 = p6.max(v);
            u6 = u6.lanewise(VectorOperators.UMAX, v);
            v = bits(x, i + g3 + 3 * L);
            p7 = p7.max(v);
            u7 = u7.lanewise(VectorOperators.UMAX, v);
        }
        p0 = p0.max(p4);
        p1 = p1.max(p5);
        p2 = p2.max(p6);
        p3 = p3.max(p7);
        p0 = p0.max(p2);
        p1 = p1.max(p3);
        p0 = p0.max(p1);
        u0 = u0.lanewise(VectorOperators.UMAX, u4);
        u1 = u1.lanewise(VectorOperators.UMAX, u5);
        u2 = u2.lanewise(VectorOperators.UMAX, u6);
        u3 = u3.lanewise(VectorOperators.UMAX, u7);
        u0 = u0.lanewise(VectorOperators.UMAX, u2);
        u1 = u1.lanewise(VectorOperators.UMAX, u3);
        u0 = u0.lanewise(VectorOperators.UMAX, u1);
        rows.extremes.signedMax = value(p0.reduceLanes(VectorOperators.MAX));
        // The unsigned order is the signed one of numbers whose first bit is flipped, and C2 has a reduction for that.
        IntVector flip = IntVector.broadcast(BITS, Integer.MIN_VALUE);
        int flipped = u0.lanewise(VectorOperators.XOR, flip).reduceLanes(VectorOperators.MAX);
        rows.extremes.second = value(flipped ^ Integer.MIN_VALUE);
    }

    private static FloatVector load(float[] a, int i) {
        return FloatVector.fromArray(SPECIES, a, i);
    }

    private static IntVector bits(float[] a, int i) {
        return FloatVector.fromArray(SPECIES, a, i).reinterpretAsInts();
    }

    private static float value(int bits) {
        return Float.intBitsToFloat(bits);
    }
}
