package dev.gamut.vector.gemm;

import dev.gamut.gemm.Activations;
import dev.gamut.gemm.Activations.Polynomial;
import dev.gamut.vector.Species;
import dev.gamut.vector.codec.Shapes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions of {@link Activations} on rows of F32 numbers, in F64 lanes and rounded once: the same operations, and so the
 * same bits. Choices are made with signs spread over all bits, because vectors of 128 bits make objects of masks.
 * exp stands here three times, as these loops are too long to call methods ({@link Species}).
 */
final class ActivationRows {
    /** Of at most 512 bits: of a longer vector the Vector API need not have half. */
    private static final VectorSpecies<Double> S = Shapes.DOUBLES;

    private static final VectorSpecies<Long> LONGS = S.withLanes(long.class);
    private static final int L = S.length();
    /** As many floats as there are doubles in a vector. */
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(S.vectorBitSize() / 2));

    private static final long ONE = Double.doubleToRawLongBits(1.0);
    private static final long SMALL = Double.doubleToRawLongBits(Activations.SMALL_ERF);
    private static final long MAGNITUDE = Long.MAX_VALUE;

    private static final double E0 = Polynomial.EXP_TAIL.coefficient(0);
    private static final double E1 = Polynomial.EXP_TAIL.coefficient(1);
    private static final double E2 = Polynomial.EXP_TAIL.coefficient(2);
    private static final double E3 = Polynomial.EXP_TAIL.coefficient(3);
    private static final double E4 = Polynomial.EXP_TAIL.coefficient(4);
    private static final double E5 = Polynomial.EXP_TAIL.coefficient(5);
    private static final double E6 = Polynomial.EXP_TAIL.coefficient(6);
    private static final double E7 = Polynomial.EXP_TAIL.coefficient(7);
    private static final double E8 = Polynomial.EXP_TAIL.coefficient(8);
    private static final double E9 = Polynomial.EXP_TAIL.coefficient(9);
    private static final double E10 = Polynomial.EXP_TAIL.coefficient(10);
    private static final double E11 = Polynomial.EXP_TAIL.coefficient(11);

    private ActivationRows() {}

    /** t = SiLU(t) for elements [0, n). */
    static void silu(int n, float[] t) {
        int i = 0;
        for (; i <= n - L; i += L) {
            DoubleVector x = (DoubleVector) FloatVector.fromArray(HALF, t, i).convertShape(VectorOperators.F2D, S, 0);
            DoubleVector minus =
                    x.max(-Activations.LARGEST).min(Activations.LARGEST).neg();
            DoubleVector shifted = minus.fma(
                    DoubleVector.broadcast(S, Activations.LOG2_E), DoubleVector.broadcast(S, Activations.ROUNDER));
            DoubleVector k = shifted.sub(Activations.ROUNDER);
            DoubleVector high = k.fma(DoubleVector.broadcast(S, -Activations.LN2_HIGH), minus);
            DoubleVector r = k.fma(DoubleVector.broadcast(S, -Activations.LN2_LOW), high);
            DoubleVector q = r.fma(DoubleVector.broadcast(S, E0), DoubleVector.broadcast(S, E1));
            q = q.fma(r, DoubleVector.broadcast(S, E2));
            q = q.fma(r, DoubleVector.broadcast(S, E3));
            q = q.fma(r, DoubleVector.broadcast(S, E4));
            q = q.fma(r, DoubleVector.broadcast(S, E5));
            q = q.fma(r, DoubleVector.broadcast(S, E6));
            q = q.fma(r, DoubleVector.broadcast(S, E7));
            q = q.fma(r, DoubleVector.broadcast(S, E8));
            q = q.fma(r, DoubleVector.broadcast(S, E9));
            q = q.fma(r, DoubleVector.broadcast(S, E10));
            q = q.fma(r, DoubleVector.broadcast(S, E11));
            LongVector power = shifted.reinterpretAsLongs()
                    .lanewise(VectorOperators.LSHL, 52)
                    .add(ONE);
            DoubleVector exp = q.mul(r).fma(r, r).add(1.0).mul(power.reinterpretAsDoubles());
            DoubleVector negative = x.min(0.0);
            DoubleVector y = x.div(exp.add(1.0)).add(negative.sub(negative));
            ((FloatVector) y.convertShape(VectorOperators.D2F, HALF, 0)).intoArray(t, i);
        }
        for (; i < n; i++) {
            t[i] = (float) Activations.silu(t[i]);
        }
    }

    /** t = GELU(t) through tanh. */
    static void geluTanh(int n, float[] t) {
        int i = 0;
        for (; i <= n - L; i += L) {
            DoubleVector x = (DoubleVector) FloatVector.fromArray(HALF, t, i).convertShape(VectorOperators.F2D, S, 0);
            DoubleVector argument = x.mul(Activations.CUBE).mul(x).fma(x, x).mul(Activations.TWICE_SQRT_2_OVER_PI);
            DoubleVector minus =
                    argument.max(-Activations.LARGEST).min(Activations.LARGEST).neg();
            DoubleVector shifted = minus.fma(
                    DoubleVector.broadcast(S, Activations.LOG2_E), DoubleVector.broadcast(S, Activations.ROUNDER));
            DoubleVector k = shifted.sub(Activations.ROUNDER);
            DoubleVector high = k.fma(DoubleVector.broadcast(S, -Activations.LN2_HIGH), minus);
            DoubleVector r = k.fma(DoubleVector.broadcast(S, -Activations.LN2_LOW), high);
            DoubleVector q = r.fma(DoubleVector.broadcast(S, E0), DoubleVector.broadcast(S, E1));
            q = q.fma(r, DoubleVector.broadcast(S, E2));
            q = q.fma(r, DoubleVector.broadcast(S, E3));
            q = q.fma(r, DoubleVector.broadcast(S, E4));
            q = q.fma(r, DoubleVector.broadcast(S, E5));
            q = q.fma(r, DoubleVector.broadcast(S, E6));
            q = q.fma(r, DoubleVector.broadcast(S, E7));
            q = q.fma(r, DoubleVector.broadcast(S, E8));
            q = q.fma(r, DoubleVector.broadcast(S, E9));
            q = q.fma(r, DoubleVector.broadcast(S, E10));
            q = q.fma(r, DoubleVector.broadcast(S, E11));
            LongVector power = shifted.reinterpretAsLongs()
                    .lanewise(VectorOperators.LSHL, 52)
                    .add(ONE);
            DoubleVector exp = q.mul(r).fma(r, r).add(1.0).mul(power.reinterpretAsDoubles());
            DoubleVector negative = x.min(0.0);
            DoubleVector y = x.div(exp.add(1.0)).add(negative.sub(negative));
            ((FloatVector) y.convertShape(VectorOperators.D2F, HALF, 0)).intoArray(t, i);
        }
        for (; i < n; i++) {
            t[i] = (float) Activations.geluTanh(t[i]);
        }
    }

    /** t = GELU(t) through erf. */
    static void gelu(int n, float[] t) {
        int i = 0;
        for (; i <= n - L; i += L) {
            DoubleVector x = (DoubleVector) FloatVector.fromArray(HALF, t, i).convertShape(VectorOperators.F2D, S, 0);
            LongVector bits = x.reinterpretAsLongs();
            DoubleVector y = bits.and(MAGNITUDE)
                    .reinterpretAsDoubles()
                    .mul(Activations.SQRT_HALF)
                    .min(Activations.LARGEST_ERF);
            DoubleVector square = y.mul(y);
            DoubleVector pSmall = square.fma(DoubleVector.broadcast(S, C.PS0), DoubleVector.broadcast(S, C.PS1));
            pSmall = pSmall.fma(square, DoubleVector.broadcast(S, C.PS2));
            pSmall = pSmall.fma(square, DoubleVector.broadcast(S, C.PS3));
            pSmall = pSmall.fma(square, DoubleVector.broadcast(S, C.PS4));
            DoubleVector qSmall = square.fma(DoubleVector.broadcast(S, C.QS0), DoubleVector.broadcast(S, C.QS1));
            qSmall = qSmall.fma(square, DoubleVector.broadcast(S, C.QS2));
            qSmall = qSmall.fma(square, DoubleVector.broadcast(S, C.QS3));
            qSmall = qSmall.fma(square, DoubleVector.broadcast(S, C.QS4));
            DoubleVector pLarge = y.fma(DoubleVector.broadcast(S, C.PL0), DoubleVector.broadcast(S, C.PL1));
            pLarge = pLarge.fma(y, DoubleVector.broadcast(S, C.PL2));
            pLarge = pLarge.fma(y, DoubleVector.broadcast(S, C.PL3));
            pLarge = pLarge.fma(y, DoubleVector.broadcast(S, C.PL4));
            pLarge = pLarge.fma(y, DoubleVector.broadcast(S, C.PL5));
            pLarge = pLarge.fma(y, DoubleVector.broadcast(S, C.PL6));
            pLarge = pLarge.fma(y, DoubleVector.broadcast(S, C.PL7));
            pLarge = pLarge.fma(y, DoubleVector.broadcast(S, C.PL8));
            DoubleVector qLarge = y.fma(DoubleVector.broadcast(S, C.QL0), DoubleVector.broadcast(S, C.QL1));
            qLarge = qLarge.fma(y, DoubleVector.broadcast(S, C.QL2));
            qLarge = qLarge.fma(y, DoubleVector.broadcast(S, C.QL3));
            qLarge = qLarge.fma(y, DoubleVector.broadcast(S, C.QL4));
            qLarge = qLarge.fma(y, DoubleVector.broadcast(S, C.QL5));
            qLarge = qLarge.fma(y, DoubleVector.broadcast(S, C.QL6));
            qLarge = qLarge.fma(y, DoubleVector.broadcast(S, C.QL7));
            qLarge = qLarge.fma(y, DoubleVector.broadcast(S, C.QL8));
            DoubleVector minus = square.neg();
            DoubleVector shifted = minus.fma(
                    DoubleVector.broadcast(S, Activations.LOG2_E), DoubleVector.broadcast(S, Activations.ROUNDER));
            DoubleVector k = shifted.sub(Activations.ROUNDER);
            DoubleVector high = k.fma(DoubleVector.broadcast(S, -Activations.LN2_HIGH), minus);
            DoubleVector r = k.fma(DoubleVector.broadcast(S, -Activations.LN2_LOW), high);
            DoubleVector q = r.fma(DoubleVector.broadcast(S, E0), DoubleVector.broadcast(S, E1));
            q = q.fma(r, DoubleVector.broadcast(S, E2));
            q = q.fma(r, DoubleVector.broadcast(S, E3));
            q = q.fma(r, DoubleVector.broadcast(S, E4));
            q = q.fma(r, DoubleVector.broadcast(S, E5));
            q = q.fma(r, DoubleVector.broadcast(S, E6));
            q = q.fma(r, DoubleVector.broadcast(S, E7));
            q = q.fma(r, DoubleVector.broadcast(S, E8));
            q = q.fma(r, DoubleVector.broadcast(S, E9));
            q = q.fma(r, DoubleVector.broadcast(S, E10));
            q = q.fma(r, DoubleVector.broadcast(S, E11));
            LongVector power = shifted.reinterpretAsLongs()
                    .lanewise(VectorOperators.LSHL, 52)
                    .add(ONE);
            DoubleVector exp = q.mul(r).fma(r, r).add(1.0).mul(power.reinterpretAsDoubles());
            LongVector small = y.reinterpretAsLongs().sub(SMALL).lanewise(VectorOperators.ASHR, 63);
            LongVector large = small.not();
            LongVector below = bits.lanewise(VectorOperators.ASHR, 63);
            LongVector numerator = y.mul(pSmall)
                    .reinterpretAsLongs()
                    .and(small)
                    .or(exp.mul(pLarge).reinterpretAsLongs().and(large));
            LongVector denominator = qSmall.reinterpretAsLongs()
                    .and(small)
                    .or(qLarge.reinterpretAsLongs().and(large));
            DoubleVector half = numerator
                    .reinterpretAsDoubles()
                    .div(denominator.reinterpretAsDoubles())
                    .mul(0.5);
            // Half is subtracted where the argument is small and negative, or neither.
            LongVector sign = small.lanewise(VectorOperators.XOR, below).not().and(Long.MIN_VALUE);
            DoubleVector signed = half.reinterpretAsLongs()
                    .lanewise(VectorOperators.XOR, sign)
                    .reinterpretAsDoubles();
            LongVector base = small.and(Double.doubleToRawLongBits(0.5))
                    .or(large.and(below.not()).and(ONE));
            DoubleVector negative = x.min(0.0);
            DoubleVector gelu = x.mul(base.reinterpretAsDoubles().add(signed)).add(negative.sub(negative));
            ((FloatVector) gelu.convertShape(VectorOperators.D2F, HALF, 0)).intoArray(t, i);
        }
        for (; i < n; i++) {
            t[i] = (float) Activations.gelu(t[i]);
        }
    }

    /** Coefficients of the error function. */
    private static final class C {
        static final double PS0 = Polynomial.P_SMALL.coefficient(0);
        static final double PS1 = Polynomial.P_SMALL.coefficient(1);
        static final double PS2 = Polynomial.P_SMALL.coefficient(2);
        static final double PS3 = Polynomial.P_SMALL.coefficient(3);
        static final double PS4 = Polynomial.P_SMALL.coefficient(4);
        static final double QS0 = Polynomial.Q_SMALL.coefficient(0);
        static final double QS1 = Polynomial.Q_SMALL.coefficient(1);
        static final double QS2 = Polynomial.Q_SMALL.coefficient(2);
        static final double QS3 = Polynomial.Q_SMALL.coefficient(3);
        static final double QS4 = Polynomial.Q_SMALL.coefficient(4);
        static final double PL0 = Polynomial.P_LARGE.coefficient(0);
        static final double PL1 = Polynomial.P_LARGE.coefficient(1);
        static final double PL2 = Polynomial.P_LARGE.coefficient(2);
        static final double PL3 = Polynomial.P_LARGE.coefficient(3);
        static final double PL4 = Polynomial.P_LARGE.coefficient(4);
        static final double PL5 = Polynomial.P_LARGE.coefficient(5);
        static final double PL6 = Polynomial.P_LARGE.coefficient(6);
        static final double PL7 = Polynomial.P_LARGE.coefficient(7);
        static final double PL8 = Polynomial.P_LARGE.coefficient(8);
        static final double QL0 = Polynomial.Q_LARGE.coefficient(0);
        static final double QL1 = Polynomial.Q_LARGE.coefficient(1);
        static final double QL2 = Polynomial.Q_LARGE.coefficient(2);
        static final double QL3 = Polynomial.Q_LARGE.coefficient(3);
        static final double QL4 = Polynomial.Q_LARGE.coefficient(4);
        static final double QL5 = Polynomial.Q_LARGE.coefficient(5);
        static final double QL6 = Polynomial.Q_LARGE.coefficient(6);
        static final double QL7 = Polynomial.Q_LARGE.coefficient(7);
        static final double QL8 = Polynomial.Q_LARGE.coefficient(8);
    }
}
