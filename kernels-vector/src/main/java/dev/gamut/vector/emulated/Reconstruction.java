package dev.gamut.vector.emulated;

import dev.gamut.vector.Species;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums from what they leave modulo each p(i), by the weights of {@link Moduli}: x = P·(Σ c(i)·w(i) mod 1).
 *
 * <p>Residues c(i) are made symmetrical and multiplied by the three parts of w(i), each sum exact. Carries leave parts of at most 39 bits and a
 * sign, h + l1 + l2 = x/P with an error below 2^-109 from the weights. P·h and P·l1 are taken with their rounding errors, and two numbers
 * of the larger ones' size are added exactly, so that the result is x rounded once, off by a further 2^-104·P at most where h is not 0, that is
 * |x| ≥ 2^-41·P, and by 2^-108·P where it is.
 *
 * <p>That further error does not count, for |A|·|B| is not small beside P: in units of x it is S' ≥ ½·2^t·(ρ + γ)·2^53 ≥ 2^(t+52), and P ≤
 * 2^(2t+4)·k, whence P ≤ 2^(t-48)·k·S' ≤ 2^42·S' with t + log2 k ≤ 90 (F32: 2^29 larger, beside a unit roundoff that is as much). A few 2^-104·P
 * are less than 2^-60·S'. Whole sums are rounded to integers, which removes the error.
 *
 * <p>Every operation is one of IEEE 754 and of a fixed place: equal residues give equal bits everywhere.
 */
final class Reconstruction {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = Species.F64_LANES;
    private static final VectorSpecies<Integer> INTS =
            VectorSpecies.of(int.class, VectorShape.forBitSize(L * Integer.SIZE));

    private static final Class<? extends DoubleVector> CLASS = Species.F64_CLASS;

    private static final double UNIT = 0x1p40;
    private static final double INVERSE = 0x1p-40;

    /** Sums are computed in multiples of so many. */
    static final int PITCH = Math.max(16, L);

    private Reconstruction() {}

    /**
     * Puts a row together.
     *
     * @param c what is left by modulus i, up to multiples of it: {@code n} numbers at {@code at + i·plane}
     * @param n a multiple of {@link #PITCH}
     * @param whole whether sums are less than 2^48 and are rounded to integers
     * @param x the sums
     */
    static void sums(int[] c, int at, int plane, int n, Moduli moduli, boolean whole, double[] x) {
        double one = Pieces.ONE_APART;
        double integers = whole ? one : 0;
        for (int j = 0; j < n; j += L) {
            DoubleVector s0 = DoubleVector.zero(S);
            DoubleVector s1 = DoubleVector.zero(S);
            DoubleVector s2 = DoubleVector.zero(S);
            for (int i = 0; i < moduli.count; i++) {
                double p = moduli.moduli[i];
                DoubleVector left = (DoubleVector)
                        IntVector.fromArray(INTS, c, at + i * plane + j).convertShape(VectorOperators.I2D, S, 0);
                DoubleVector times = left.mul(1 / p).add(one).sub(one);
                DoubleVector r = times.fma(DoubleVector.broadcast(S, -p), left);
                s0 = r.fma(DoubleVector.broadcast(S, moduli.weights[3 * i]), CLASS.cast(s0));
                s1 = r.fma(DoubleVector.broadcast(S, moduli.weights[3 * i + 1]), CLASS.cast(s1));
                s2 = r.fma(DoubleVector.broadcast(S, moduli.weights[3 * i + 2]), CLASS.cast(s2));
            }
            DoubleVector unit = DoubleVector.broadcast(S, -UNIT);
            DoubleVector carry2 = CLASS.cast(s2).mul(INVERSE).add(one).sub(one);
            DoubleVector l2 = carry2.fma(unit, CLASS.cast(s2));
            DoubleVector d1 = carry2.add(CLASS.cast(s1));
            DoubleVector carry1 = d1.mul(INVERSE).add(one).sub(one);
            DoubleVector l1 = carry1.fma(unit, d1);
            DoubleVector d0 = carry1.add(CLASS.cast(s0));
            DoubleVector turns = d0.mul(INVERSE).add(one).sub(one);
            DoubleVector h = turns.fma(unit, d0).mul(INVERSE);
            DoubleVector m1 = l1.mul(INVERSE * INVERSE);
            DoubleVector m2 = l2.mul(INVERSE * INVERSE * INVERSE);
            DoubleVector high = DoubleVector.broadcast(S, moduli.high);
            DoubleVector a = h.mul(high);
            DoubleVector aRest = h.fma(high, a.neg());
            DoubleVector b = m1.mul(high);
            DoubleVector bRest = m1.fma(high, b.neg());
            // |a| ≥ |b| or a = 0: h is a multiple of 2^-40, m1 at most half of that.
            DoubleVector sum = a.add(b);
            DoubleVector sumRest = b.sub(sum.sub(a));
            DoubleVector rest = h.add(m1).fma(DoubleVector.broadcast(S, moduli.low), m2.mul(high));
            DoubleVector result = sum.add(sumRest.add(aRest.add(bRest).add(rest)));
            result.add(integers).sub(integers).intoArray(x, j);
        }
    }
}
