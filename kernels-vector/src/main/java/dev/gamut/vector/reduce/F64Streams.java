package dev.gamut.vector.reduce;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums and extremes of one long run of F64, in vectors that stay in registers from end to end. See {@link Stream} for where
 * they read.
 *
 * <p>Each loop has one index and a constant step, from which C2 proves once that all loads are in bounds. With
 * an index for each vector it compares and adds eight times more, and at times it read at half the speed.
 *
 * <p>Extremes are found among the numbers' bits, see {@link Extremes}: what C2 makes of {@code min} is six instructions, for
 * NaN and for the sign of zero, and a comparison and a blend, which neglect both, are bound by the number of mask registers
 * (from memory 31 GB/s where this reads 41 and adding 47, AMD EPYC 9005). A run is read again where the two extremes that were
 * taken do not answer; the next one then begins with the other two.
 */
final class F64Streams {
    private static final VectorSpecies<Double> SPECIES = Shapes.F64;
    private static final VectorSpecies<Long> BITS = VectorSpecies.of(long.class, SPECIES.vectorShape());
    private static final Class<? extends LongVector> BITS_CLASS =
            LongVector.zero(BITS).getClass();

    private static final int L = SPECIES.length();

    private F64Streams() {}

    /** {@link Step#SUM}. */
    static void sum(Rows<double[]> rows) {
        double[] x = rows.x;
        DoubleVector a0 = DoubleVector.zero(SPECIES);
        DoubleVector a1 = DoubleVector.zero(SPECIES);
        DoubleVector a2 = DoubleVector.zero(SPECIES);
        DoubleVector a3 = DoubleVector.zero(SPECIES);
        DoubleVector a4 = DoubleVector.zero(SPECIES);
        DoubleVector a5 = DoubleVector.zero(SPECIES);
        DoubleVector a6 = DoubleVector.zero(SPECIES);
        DoubleVector a7 = DoubleVector.zero(SPECIES);
        int g1 = rows.gap;
        int g2 = 2 * g1;
        int g3 = 3 * g1;
        for (int i = rows.xAt, end = i + 4 * L * rows.count; i < end; i += 4 * L) {
            a0 = DoubleVector.fromArray(SPECIES, x, i).add(a0);
            a1 = DoubleVector.fromArray(SPECIES, x, i + g1).add(a1);
            a2 = DoubleVector.fromArray(SPECIES, x, i + g2).add(a2);
            a3 = DoubleVector.fromArray(SPECIES, x, i + g3).add(a3);
            a4 = DoubleVector.fromArray(SPECIES, x, i + L).add(a4);
            a5 = DoubleVector.fromArray(SPECIES, x, i + g1 + L).add(a5);
            a6 = DoubleVector.fromArray(SPECIES, x, i + g2 + L).add(a6);
            a7 = DoubleVector.fromArray(SPECIES, x, i + g3 + L).add(a7);
            a0 = DoubleVector.fromArray(SPECIES, x, i + 2 * L).add(a0);
            a1 = DoubleVector.fromArray(SPECIES, x, i + g1 + 2 * L).add(a1);
            a2 = DoubleVector.fromArray(SPECIES, x, i + g2 + 2 * L).add(a2);
            a3 = DoubleVector.fromArray(SPECIES, x, i + g3 + 2 * L).add(a3);
            a4 = DoubleVector.fromArray(SPECIES, x, i + 3 * L).add(a4);
            a5 = DoubleVector.fromArray(SPECIES, x, i + g1 + 3 * L).add(a5);
            a6 = DoubleVector.fromArray(SPECIES, x, i + g2 + 3 * L).add(a6);
            a7 = DoubleVector.fromArray(SPECIES, x, i + g3 + 3 * L).add(a7);
        }
        a0 = Shapes.F64_CLASS.cast(a0).add(a4);
        a1 = Shapes.F64_CLASS.cast(a1).add(a5);
        a2 = Shapes.F64_CLASS.cast(a2).add(a6);
        a3 = Shapes.F64_CLASS.cast(a3).add(a7);
        a0.add(a2).add(a1.add(a3)).intoArray(rows.lanes, rows.at);
    }

    /** {@link Step#ASUM}. */
    static void asum(Rows<double[]> rows) {
        double[] x = rows.x;
        DoubleVector a0 = DoubleVector.zero(SPECIES);
        DoubleVector a1 = DoubleVector.zero(SPECIES);
        DoubleVector a2 = DoubleVector.zero(SPECIES);
        DoubleVector a3 = DoubleVector.zero(SPECIES);
        DoubleVector a4 = DoubleVector.zero(SPECIES);
        DoubleVector a5 = DoubleVector.zero(SPECIES);
        DoubleVector a6 = DoubleVector.zero(SPECIES);
        DoubleVector a7 = DoubleVector.zero(SPECIES);
        int g1 = rows.gap;
        int g2 = 2 * g1;
        int g3 = 3 * g1;
        for (int i = rows.xAt, end = i + 4 * L * rows.count; i < end; i += 4 * L) {
            a0 = DoubleVector.fromArray(SPECIES, x, i).abs().add(a0);
            a1 = DoubleVector.fromArray(SPECIES, x, i + g1).abs().add(a1);
            a2 = DoubleVector.fromArray(SPECIES, x, i + g2).abs().add(a2);
            a3 = DoubleVector.fromArray(SPECIES, x, i + g3).abs().add(a3);
            a4 = DoubleVector.fromArray(SPECIES, x, i + L).abs().add(a4);
            a5 = DoubleVector.fromArray(SPECIES, x, i + g1 + L).abs().add(a5);
            a6 = DoubleVector.fromArray(SPECIES, x, i + g2 + L).abs().add(a6);
            a7 = DoubleVector.fromArray(SPECIES, x, i + g3 + L).abs().add(a7);
            a0 = DoubleVector.fromArray(SPECIES, x, i + 2 * L).abs().add(a0);
            a1 = DoubleVector.fromArray(SPECIES, x, i + g1 + 2 * L).abs().add(a1);
            a2 = DoubleVector.fromArray(SPECIES, x, i + g2 + 2 * L).abs().add(a2);
            a3 = DoubleVector.fromArray(SPECIES, x, i + g3 + 2 * L).abs().add(a3);
            a4 = DoubleVector.fromArray(SPECIES, x, i + 3 * L).abs().add(a4);
            a5 = DoubleVector.fromArray(SPECIES, x, i + g1 + 3 * L).abs().add(a5);
            a6 = DoubleVector.fromArray(SPECIES, x, i + g2 + 3 * L).abs().add(a6);
            a7 = DoubleVector.fromArray(SPECIES, x, i + g3 + 3 * L).abs().add(a7);
        }
        a0 = Shapes.F64_CLASS.cast(a0).add(a4);
        a1 = Shapes.F64_CLASS.cast(a1).add(a5);
        a2 = Shapes.F64_CLASS.cast(a2).add(a6);
        a3 = Shapes.F64_CLASS.cast(a3).add(a7);
        a0.add(a2).add(a1.add(a3)).intoArray(rows.lanes, rows.at);
    }

    /** {@link Step#DOT}, two vectors at each place at a time. */
    static void dot(Rows<double[]> rows) {
        double[] x = rows.x;
        double[] y = rows.y;
        DoubleVector a0 = DoubleVector.zero(SPECIES);
        DoubleVector a1 = DoubleVector.zero(SPECIES);
        DoubleVector a2 = DoubleVector.zero(SPECIES);
        DoubleVector a3 = DoubleVector.zero(SPECIES);
        DoubleVector a4 = DoubleVector.zero(SPECIES);
        DoubleVector a5 = DoubleVector.zero(SPECIES);
        DoubleVector a6 = DoubleVector.zero(SPECIES);
        DoubleVector a7 = DoubleVector.zero(SPECIES);
        int g1 = rows.gap;
        int g2 = 2 * g1;
        int g3 = 3 * g1;
        int apart = rows.yAt - rows.xAt;
        int h1 = apart + g1;
        int h2 = apart + g2;
        int h3 = apart + g3;
        for (int i = rows.xAt, end = i + 4 * L * rows.count; i < end; i += 2 * L) {
            a0 = DoubleVector.fromArray(SPECIES, x, i).fma(DoubleVector.fromArray(SPECIES, y, i + apart), a0);
            a1 = DoubleVector.fromArray(SPECIES, x, i + g1).fma(DoubleVector.fromArray(SPECIES, y, i + h1), a1);
            a2 = DoubleVector.fromArray(SPECIES, x, i + g2).fma(DoubleVector.fromArray(SPECIES, y, i + h2), a2);
            a3 = DoubleVector.fromArray(SPECIES, x, i + g3).fma(DoubleVector.fromArray(SPECIES, y, i + h3), a3);
            a4 = DoubleVector.fromArray(SPECIES, x, i + L).fma(DoubleVector.fromArray(SPECIES, y, i + apart + L), a4);
            a5 = DoubleVector.fromArray(SPECIES, x, i + g1 + L).fma(DoubleVector.fromArray(SPECIES, y, i + h1 + L), a5);
            a6 = DoubleVector.fromArray(SPECIES, x, i + g2 + L).fma(DoubleVector.fromArray(SPECIES, y, i + h2 + L), a6);
            a7 = DoubleVector.fromArray(SPECIES, x, i + g3 + L).fma(DoubleVector.fromArray(SPECIES, y, i + h3 + L), a7);
        }
        a0 = Shapes.F64_CLASS.cast(a0).add(a4);
        a1 = Shapes.F64_CLASS.cast(a1).add(a5);
        a2 = Shapes.F64_CLASS.cast(a2).add(a6);
        a3 = Shapes.F64_CLASS.cast(a3).add(a7);
        a0.add(a2).add(a1.add(a3)).intoArray(rows.lanes, rows.at);
    }

    /** {@link Step#MIN}, in all lanes. */
    static void min(Rows<double[]> rows) {
        extreme(rows, true);
    }

    /** {@link Step#MAX}, in all lanes. */
    static void max(Rows<double[]> rows) {
        extreme(rows, false);
    }

    private static void extreme(Rows<double[]> rows, boolean least) {
        Extremes extremes = rows.extremes;
        find(rows);
        if (!extremes.isKnown(least)) {
            extremes.ofOneSign = !extremes.ofOneSign;
            find(rows);
        }
        DoubleVector.broadcast(SPECIES, extremes.value(least)).intoArray(rows.lanes, rows.at);
    }

    private static void find(Rows<double[]> rows) {
        boolean ofOneSign = rows.extremes.ofOneSign;
        if (ofOneSign) {
            signed(rows);
        } else {
            signedAndUnsigned(rows);
        }
        double[] lanes = rows.lanes;
        long max = Long.MIN_VALUE;
        long second = Long.MAX_VALUE;
        for (int i = rows.at; i < rows.at + L; i++) {
            max = Math.max(max, Double.doubleToRawLongBits(lanes[i]));
            second = Math.min(second, order(Double.doubleToRawLongBits(lanes[i + L]), ofOneSign));
        }
        rows.extremes.signedMax = Double.longBitsToDouble(max);
        rows.extremes.second = Double.longBitsToDouble(order(second, ofOneSign));
    }

    /** Falling where unsigned bits rise, or the bits themselves; undoes itself. */
    private static long order(long bits, boolean signed) {
        return signed ? bits : bits ^ Long.MAX_VALUE;
    }

    /** The signed maximum and minimum. */
    private static void signed(Rows<double[]> rows) {
        double[] x = rows.x;
        LongVector p0 = LongVector.broadcast(BITS, Long.MIN_VALUE);
        LongVector p1 = LongVector.broadcast(BITS, Long.MIN_VALUE);
        LongVector p2 = LongVector.broadcast(BITS, Long.MIN_VALUE);
        LongVector p3 = LongVector.broadcast(BITS, Long.MIN_VALUE);
        LongVector p4 = LongVector.broadcast(BITS, Long.MIN_VALUE);
        LongVector p5 = LongVector.broadcast(BITS, Long.MIN_VALUE);
        LongVector p6 = LongVector.broadcast(BITS, Long.MIN_VALUE);
        LongVector p7 = LongVector.broadcast(BITS, Long.MIN_VALUE);
        LongVector q0 = LongVector.broadcast(BITS, Long.MAX_VALUE);
        LongVector q1 = LongVector.broadcast(BITS, Long.MAX_VALUE);
        LongVector q2 = LongVector.broadcast(BITS, Long.MAX_VALUE);
        LongVector q3 = LongVector.broadcast(BITS, Long.MAX_VALUE);
        LongVector q4 = LongVector.broadcast(BITS, Long.MAX_VALUE);
        LongVector q5 = LongVector.broadcast(BITS, Long.MAX_VALUE);
        LongVector q6 = LongVector.broadcast(BITS, Long.MAX_VALUE);
        LongVector q7 = LongVector.broadcast(BITS, Long.MAX_VALUE);
        int g1 = rows.gap;
        int g2 = 2 * g1;
        int g3 = 3 * g1;
        for (int i = rows.xAt, end = i + 4 * L * rows.count; i < end; i += 4 * L) {
            LongVector v = DoubleVector.fromArray(SPECIES, x, i).reinterpretAsLongs();
            p0 = v.max(p0);
            q0 = v.min(q0);
            v = DoubleVector.fromArray(SPECIES, x, i + g1).reinterpretAsLongs();
            p1 = v.max(p1);
            q1 = v.min(q1);
            v = DoubleVector.fromArray(SPECIES, x, i + g2).reinterpretAsLongs();
            p2 = v.max(p2);
            q2 = v.min(q2);
            v = DoubleVector.fromArray(SPECIES, x, i + g3).reinterpretAsLongs();
            p3 = v.max(p3);
            q3 = v.min(q3);
            v = DoubleVector.fromArray(SPECIES, x, i + L).reinterpretAsLongs();
            p4 = v.max(p4);
            q4 = v.min(q4);
            v = DoubleVector.fromArray(SPECIES, x, i + g1 + L).reinterpretAsLongs();
            p5 = v.max(p5);
            q5 = v.min(q5);
            v = DoubleVector.fromArray(SPECIES, x, i + g2 + L).reinterpretAsLongs();
            p6 = v.max(p6);
            q6 = v.min(q6);
            v = DoubleVector.fromArray(SPECIES, x, i + g3 + L).reinterpretAsLongs();
            p7 = v.max(p7);
            q7 = v.min(q7);
            v = DoubleVector.fromArray(SPECIES, x, i + 2 * L).reinterpretAsLongs();
            p0 = v.max(p0);
            q0 = v.min(q0);
            v = DoubleVector.fromArray(SPECIES, x, i + g1 + 2 * L).reinterpretAsLongs();
            p1 = v.max(p1);
            q1 = v.min(q1);
            v = DoubleVector.fromArray(SPECIES, x, i + g2 + 2 * L).reinterpretAsLongs();
            p2 = v.max(p2);
            q2 = v.min(q2);
            v = DoubleVector.fromArray(SPECIES, x, i + g3 + 2 * L).reinterpretAsLongs();
            p3 = v.max(p3);
            q3 = v.min(q3);
            v = DoubleVector.fromArray(SPECIES, x, i + 3 * L).reinterpretAsLongs();
            p4 = v.max(p4);
            q4 = v.min(q4);
            v = DoubleVector.fromArray(SPECIES, x, i + g1 + 3 * L).reinterpretAsLongs();
            p5 = v.max(p5);
            q5 = v.min(q5);
            v = DoubleVector.fromArray(SPECIES, x, i + g2 + 3 * L).reinterpretAsLongs();
            p6 = v.max(p6);
            q6 = v.min(q6);
            v = DoubleVector.fromArray(SPECIES, x, i + g3 + 3 * L).reinterpretAsLongs();
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
    private static void signedAndUnsigned(Rows<double[]> rows) {
        double[] x = rows.x;
        LongVector p0 = LongVector.broadcast(BITS, Long.MIN_VALUE);
        LongVector p1 = LongVector.broadcast(BITS, Long.MIN_VALUE);
        LongVector p2 = LongVector.broadcast(BITS, Long.MIN_VALUE);
        LongVector p3 = LongVector.broadcast(BITS, Long.MIN_VALUE);
        LongVector p4 = LongVector.broadcast(BITS, Long.MIN_VALUE);
        LongVector p5 = LongVector.broadcast(BITS, Long.MIN_VALUE);
        LongVector p6 = LongVector.broadcast(BITS, Long.MIN_VALUE);
        LongVector p7 = LongVector.broadcast(BITS, Long.MIN_VALUE);
        LongVector u0 = LongVector.zero(BITS);
        LongVector u1 = LongVector.zero(BITS);
        LongVector u2 = LongVector.zero(BITS);
        LongVector u3 = LongVector.zero(BITS);
        LongVector u4 = LongVector.zero(BITS);
        LongVector u5 = LongVector.zero(BITS);
        LongVector u6 = LongVector.zero(BITS);
        LongVector u7 = LongVector.zero(BITS);
        int g1 = rows.gap;
        int g2 = 2 * g1;
        int g3 = 3 * g1;
        for (int i = rows.xAt, end = i + 4 * L * rows.count; i < end; i += 4 * L) {
            LongVector v = DoubleVector.fromArray(SPECIES, x, i).reinterpretAsLongs();
            p0 = v.max(p0);
            u0 = v.lanewise(VectorOperators.UMAX, u0);
            v = DoubleVector.fromArray(SPECIES, x, i + g1).reinterpretAsLongs();
            p1 = v.max(p1);
            u1 = v.lanewise(VectorOperators.UMAX, u1);
            v = DoubleVector.fromArray(SPECIES, x, i + g2).reinterpretAsLongs();
            p2 = v.max(p2);
            u2 = v.lanewise(VectorOperators.UMAX, u2);
            v = DoubleVector.fromArray(SPECIES, x, i + g3).reinterpretAsLongs();
            p3 = v.max(p3);
            u3 = v.lanewise(VectorOperators.UMAX, u3);
            v = DoubleVector.fromArray(SPECIES, x, i + L).reinterpretAsLongs();
            p4 = v.max(p4);
            u4 = v.lanewise(VectorOperators.UMAX, u4);
            v = DoubleVector.fromArray(SPECIES, x, i + g1 + L).reinterpretAsLongs();
            p5 = v.max(p5);
            u5 = v.lanewise(VectorOperators.UMAX, u5);
            v = DoubleVector.fromArray(SPECIES, x, i + g2 + L).reinterpretAsLongs();
            p6 = v.max(p6);
            u6 = v.lanewise(VectorOperators.UMAX, u6);
            v = DoubleVector.fromArray(SPECIES, x, i + g3 + L).reinterpretAsLongs();
            p7 = v.max(p7);
            u7 = v.lanewise(VectorOperators.UMAX, u7);
            v = DoubleVector.fromArray(SPECIES, x, i + 2 * L).reinterpretAsLongs();
            p0 = v.max(p0);
            u0 = v.lanewise(VectorOperators.UMAX, u0);
            v = DoubleVector.fromArray(SPECIES, x, i + g1 + 2 * L).reinterpretAsLongs();
            p1 = v.max(p1);
            u1 = v.lanewise(VectorOperators.UMAX, u1);
            v = DoubleVector.fromArray(SPECIES, x, i + g2 + 2 * L).reinterpretAsLongs();
            p2 = v.max(p2);
            u2 = v.lanewise(VectorOperators.UMAX, u2);
            v = DoubleVector.fromArray(SPECIES, x, i + g3 + 2 * L).reinterpretAsLongs();
            p3 = v.max(p3);
            u3 = v.lanewise(VectorOperators.UMAX, u3);
            v = DoubleVector.fromArray(SPECIES, x, i + 3 * L).reinterpretAsLongs();
            p4 = v.max(p4);
            u4 = v.lanewise(VectorOperators.UMAX, u4);
            v = DoubleVector.fromArray(SPECIES, x, i + g1 + 3 * L).reinterpretAsLongs();
            p5 = v.max(p5);
            u5 = v.lanewise(VectorOperators.UMAX, u5);
            v = DoubleVector.fromArray(SPECIES, x, i + g2 + 3 * L).reinterpretAsLongs();
            p6 = v.max(p6);
            u6 = v.lanewise(VectorOperators.UMAX, u6);
            v = DoubleVector.fromArray(SPECIES, x, i + g3 + 3 * L).reinterpretAsLongs();
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

    private static void store(LongVector first, LongVector second, Rows<double[]> rows) {
        first.reinterpretAsDoubles().intoArray(rows.lanes, rows.at);
        second.reinterpretAsDoubles().intoArray(rows.lanes, rows.at + L);
    }
}
