package dev.gamut.vector.reduce;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The same as {@link F64Streams} for F32. */
final class F32Streams {
    private static final VectorSpecies<Float> SPECIES = Shapes.F32;
    private static final VectorSpecies<Integer> BITS = VectorSpecies.of(int.class, SPECIES.vectorShape());
    private static final Class<? extends IntVector> BITS_CLASS =
            IntVector.zero(BITS).getClass();

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
            a0 = FloatVector.fromArray(SPECIES, x, i).add(a0);
            a1 = FloatVector.fromArray(SPECIES, x, i + g1).add(a1);
            a2 = FloatVector.fromArray(SPECIES, x, i + g2).add(a2);
            a3 = FloatVector.fromArray(SPECIES, x, i + g3).add(a3);
            a4 = FloatVector.fromArray(SPECIES, x, i + L).add(a4);
            a5 = FloatVector.fromArray(SPECIES, x, i + g1 + L).add(a5);
            a6 = FloatVector.fromArray(SPECIES, x, i + g2 + L).add(a6);
            a7 = FloatVector.fromArray(SPECIES, x, i + g3 + L).add(a7);
            a0 = FloatVector.fromArray(SPECIES, x, i + 2 * L).add(a0);
            a1 = FloatVector.fromArray(SPECIES, x, i + g1 + 2 * L).add(a1);
            a2 = FloatVector.fromArray(SPECIES, x, i + g2 + 2 * L).add(a2);
            a3 = FloatVector.fromArray(SPECIES, x, i + g3 + 2 * L).add(a3);
            a4 = FloatVector.fromArray(SPECIES, x, i + 3 * L).add(a4);
            a5 = FloatVector.fromArray(SPECIES, x, i + g1 + 3 * L).add(a5);
            a6 = FloatVector.fromArray(SPECIES, x, i + g2 + 3 * L).add(a6);
            a7 = FloatVector.fromArray(SPECIES, x, i + g3 + 3 * L).add(a7);
        }
        a0 = Shapes.F32_CLASS.cast(a0).add(a4);
        a1 = Shapes.F32_CLASS.cast(a1).add(a5);
        a2 = Shapes.F32_CLASS.cast(a2).add(a6);
        a3 = Shapes.F32_CLASS.cast(a3).add(a7);
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
            a0 = FloatVector.fromArray(SPECIES, x, i).abs().add(a0);
            a1 = FloatVector.fromArray(SPECIES, x, i + g1).abs().add(a1);
            a2 = FloatVector.fromArray(SPECIES, x, i + g2).abs().add(a2);
            a3 = FloatVector.fromArray(SPECIES, x, i + g3).abs().add(a3);
            a4 = FloatVector.fromArray(SPECIES, x, i + L).abs().add(a4);
            a5 = FloatVector.fromArray(SPECIES, x, i + g1 + L).abs().add(a5);
            a6 = FloatVector.fromArray(SPECIES, x, i + g2 + L).abs().add(a6);
            a7 = FloatVector.fromArray(SPECIES, x, i + g3 + L).abs().add(a7);
            a0 = FloatVector.fromArray(SPECIES, x, i + 2 * L).abs().add(a0);
            a1 = FloatVector.fromArray(SPECIES, x, i + g1 + 2 * L).abs().add(a1);
            a2 = FloatVector.fromArray(SPECIES, x, i + g2 + 2 * L).abs().add(a2);
            a3 = FloatVector.fromArray(SPECIES, x, i + g3 + 2 * L).abs().add(a3);
            a4 = FloatVector.fromArray(SPECIES, x, i + 3 * L).abs().add(a4);
            a5 = FloatVector.fromArray(SPECIES, x, i + g1 + 3 * L).abs().add(a5);
            a6 = FloatVector.fromArray(SPECIES, x, i + g2 + 3 * L).abs().add(a6);
            a7 = FloatVector.fromArray(SPECIES, x, i + g3 + 3 * L).abs().add(a7);
        }
        a0 = Shapes.F32_CLASS.cast(a0).add(a4);
        a1 = Shapes.F32_CLASS.cast(a1).add(a5);
        a2 = Shapes.F32_CLASS.cast(a2).add(a6);
        a3 = Shapes.F32_CLASS.cast(a3).add(a7);
        a0.add(a2).add(a1.add(a3)).intoArray(rows.lanes, rows.at);
    }

    /** {@link Step#DOT}, two vectors at each place at a time. */
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
        for (int i = rows.xAt, end = i + 4 * L * rows.count; i < end; i += 2 * L) {
            a0 = FloatVector.fromArray(SPECIES, x, i).fma(FloatVector.fromArray(SPECIES, y, i + apart), a0);
            a1 = FloatVector.fromArray(SPECIES, x, i + g1).fma(FloatVector.fromArray(SPECIES, y, i + h1), a1);
            a2 = FloatVector.fromArray(SPECIES, x, i + g2).fma(FloatVector.fromArray(SPECIES, y, i + h2), a2);
            a3 = FloatVector.fromArray(SPECIES, x, i + g3).fma(FloatVector.fromArray(SPECIES, y, i + h3), a3);
            a4 = FloatVector.fromArray(SPECIES, x, i + L).fma(FloatVector.fromArray(SPECIES, y, i + apart + L), a4);
            a5 = FloatVector.fromArray(SPECIES, x, i + g1 + L).fma(FloatVector.fromArray(SPECIES, y, i + h1 + L), a5);
            a6 = FloatVector.fromArray(SPECIES, x, i + g2 + L).fma(FloatVector.fromArray(SPECIES, y, i + h2 + L), a6);
            a7 = FloatVector.fromArray(SPECIES, x, i + g3 + L).fma(FloatVector.fromArray(SPECIES, y, i + h3 + L), a7);
        }
        a0 = Shapes.F32_CLASS.cast(a0).add(a4);
        a1 = Shapes.F32_CLASS.cast(a1).add(a5);
        a2 = Shapes.F32_CLASS.cast(a2).add(a6);
        a3 = Shapes.F32_CLASS.cast(a3).add(a7);
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
        boolean ofOneSign = rows.extremes.ofOneSign;
        if (ofOneSign) {
            signed(rows);
        } else {
            signedAndUnsigned(rows);
        }
        float[] lanes = rows.lanes;
        int max = Integer.MIN_VALUE;
        int second = Integer.MAX_VALUE;
        for (int i = rows.at; i < rows.at + L; i++) {
            max = Math.max(max, Float.floatToRawIntBits(lanes[i]));
            second = Math.min(second, order(Float.floatToRawIntBits(lanes[i + L]), ofOneSign));
        }
        rows.extremes.signedMax = Float.intBitsToFloat(max);
        rows.extremes.second = Float.intBitsToFloat(order(second, ofOneSign));
    }

    /** Falling where unsigned bits rise, or the bits themselves; undoes itself. */
    private static int order(int bits, boolean signed) {
        return signed ? bits : bits ^ Integer.MAX_VALUE;
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
            IntVector v = FloatVector.fromArray(SPECIES, x, i).reinterpretAsInts();
            p0 = v.max(p0);
            q0 = v.min(q0);
            v = FloatVector.fromArray(SPECIES, x, i + g1).reinterpretAsInts();
            p1 = v.max(p1);
            q1 = v.min(q1);
            v = FloatVector.fromArray(SPECIES, x, i + g2).reinterpretAsInts();
            p2 = v.max(p2);
            q2 = v.min(q2);
            v = FloatVector.fromArray(SPECIES, x, i + g3).reinterpretAsInts();
            p3 = v.max(p3);
            q3 = v.min(q3);
            v = FloatVector.fromArray(SPECIES, x, i + L).reinterpretAsInts();
            p4 = v.max(p4);
            q4 = v.min(q4);
            v = FloatVector.fromArray(SPECIES, x, i + g1 + L).reinterpretAsInts();
            p5 = v.max(p5);
            q5 = v.min(q5);
            v = FloatVector.fromArray(SPECIES, x, i + g2 + L).reinterpretAsInts();
            p6 = v.max(p6);
            q6 = v.min(q6);
            v = FloatVector.fromArray(SPECIES, x, i + g3 + L).reinterpretAsInts();
            p7 = v.max(p7);
            q7 = v.min(q7);
            v = FloatVector.fromArray(SPECIES, x, i + 2 * L).reinterpretAsInts();
            p0 = v.max(p0);
            q0 = v.min(q0);
            v = FloatVector.fromArray(SPECIES, x, i + g1 + 2 * L).reinterpretAsInts();
            p1 = v.max(p1);
            q1 = v.min(q1);
            v = FloatVector.fromArray(SPECIES, x, i + g2 + 2 * L).reinterpretAsInts();
            p2 = v.max(p2);
            q2 = v.min(q2);
            v = FloatVector.fromArray(SPECIES, x, i + g3 + 2 * L).reinterpretAsInts();
            p3 = v.max(p3);
            q3 = v.min(q3);
            v = FloatVector.fromArray(SPECIES, x, i + 3 * L).reinterpretAsInts();
            p4 = v.max(p4);
            q4 = v.min(q4);
            v = FloatVector.fromArray(SPECIES, x, i + g1 + 3 * L).reinterpretAsInts();
            p5 = v.max(p5);
            q5 = v.min(q5);
            v = FloatVector.fromArray(SPECIES, x, i + g2 + 3 * L).reinterpretAsInts();
            p6 = v.max(p6);
            q6 = v.min(q6);
            v = FloatVector.fromArray(SPECIES, x, i + g3 + 3 * L).reinterpretAsInts();
            p7 = v.max(p7);
            q7 = v.min(q7);
        }
        p0 = BITS_CLASS.cast(p0).max(p4);
        p1 = BITS_CLASS.cast(p1).max(p5);
        p2 = BITS_CLASS.cast(p2).max(p6);
        p3 = BITS_CLASS.cast(p3).max(p7);
        p0 = p0.max(p2);
        p1 = p1.max(p3);
        p0 = p0.max(p1);
        q0 = BITS_CLASS.cast(q0).min(q4);
        q1 = BITS_CLASS.cast(q1).min(q5);
        q2 = BITS_CLASS.cast(q2).min(q6);
        q3 = BITS_CLASS.cast(q3).min(q7);
        q0 = q0.min(q2);
        q1 = q1.min(q3);
        q0 = q0.min(q1);
        store(p0, q0, rows);
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
            IntVector v = FloatVector.fromArray(SPECIES, x, i).reinterpretAsInts();
            p0 = v.max(p0);
            u0 = v.lanewise(VectorOperators.UMAX, u0);
            v = FloatVector.fromArray(SPECIES, x, i + g1).reinterpretAsInts();
            p1 = v.max(p1);
            u1 = v.lanewise(VectorOperators.UMAX, u1);
            v = FloatVector.fromArray(SPECIES, x, i + g2).reinterpretAsInts();
            p2 = v.max(p2);
            u2 = v.lanewise(VectorOperators.UMAX, u2);
            v = FloatVector.fromArray(SPECIES, x, i + g3).reinterpretAsInts();
            p3 = v.max(p3);
            u3 = v.lanewise(VectorOperators.UMAX, u3);
            v = FloatVector.fromArray(SPECIES, x, i + L).reinterpretAsInts();
            p4 = v.max(p4);
            u4 = v.lanewise(VectorOperators.UMAX, u4);
            v = FloatVector.fromArray(SPECIES, x, i + g1 + L).reinterpretAsInts();
            p5 = v.max(p5);
            u5 = v.lanewise(VectorOperators.UMAX, u5);
            v = FloatVector.fromArray(SPECIES, x, i + g2 + L).reinterpretAsInts();
            p6 = v.max(p6);
            u6 = v.lanewise(VectorOperators.UMAX, u6);
            v = FloatVector.fromArray(SPECIES, x, i + g3 + L).reinterpretAsInts();
            p7 = v.max(p7);
            u7 = v.lanewise(VectorOperators.UMAX, u7);
            v = FloatVector.fromArray(SPECIES, x, i + 2 * L).reinterpretAsInts();
            p0 = v.max(p0);
            u0 = v.lanewise(VectorOperators.UMAX, u0);
            v = FloatVector.fromArray(SPECIES, x, i + g1 + 2 * L).reinterpretAsInts();
            p1 = v.max(p1);
            u1 = v.lanewise(VectorOperators.UMAX, u1);
            v = FloatVector.fromArray(SPECIES, x, i + g2 + 2 * L).reinterpretAsInts();
            p2 = v.max(p2);
            u2 = v.lanewise(VectorOperators.UMAX, u2);
            v = FloatVector.fromArray(SPECIES, x, i + g3 + 2 * L).reinterpretAsInts();
            p3 = v.max(p3);
            u3 = v.lanewise(VectorOperators.UMAX, u3);
            v = FloatVector.fromArray(SPECIES, x, i + 3 * L).reinterpretAsInts();
            p4 = v.max(p4);
            u4 = v.lanewise(VectorOperators.UMAX, u4);
            v = FloatVector.fromArray(SPECIES, x, i + g1 + 3 * L).reinterpretAsInts();
            p5 = v.max(p5);
            u5 = v.lanewise(VectorOperators.UMAX, u5);
            v = FloatVector.fromArray(SPECIES, x, i + g2 + 3 * L).reinterpretAsInts();
            p6 = v.max(p6);
            u6 = v.lanewise(VectorOperators.UMAX, u6);
            v = FloatVector.fromArray(SPECIES, x, i + g3 + 3 * L).reinterpretAsInts();
            p7 = v.max(p7);
            u7 = v.lanewise(VectorOperators.UMAX, u7);
        }
        p0 = BITS_CLASS.cast(p0).max(p4);
        p1 = BITS_CLASS.cast(p1).max(p5);
        p2 = BITS_CLASS.cast(p2).max(p6);
        p3 = BITS_CLASS.cast(p3).max(p7);
        p0 = p0.max(p2);
        p1 = p1.max(p3);
        p0 = p0.max(p1);
        u0 = BITS_CLASS.cast(u0).lanewise(VectorOperators.UMAX, u4);
        u1 = BITS_CLASS.cast(u1).lanewise(VectorOperators.UMAX, u5);
        u2 = BITS_CLASS.cast(u2).lanewise(VectorOperators.UMAX, u6);
        u3 = BITS_CLASS.cast(u3).lanewise(VectorOperators.UMAX, u7);
        u0 = u0.lanewise(VectorOperators.UMAX, u2);
        u1 = u1.lanewise(VectorOperators.UMAX, u3);
        u0 = u0.lanewise(VectorOperators.UMAX, u1);
        store(p0, u0, rows);
    }

    private static void store(IntVector first, IntVector second, Rows<float[]> rows) {
        first.reinterpretAsFloats().intoArray(rows.lanes, rows.at);
        second.reinterpretAsFloats().intoArray(rows.lanes, rows.at + L);
    }
}
