package dev.gamut.vector.emulated;

import dev.gamut.vector.codec.Shapes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums from what they leave modulo each p(i), by the weights of {@link Moduli}: x = P·(Σ c(i)·w(i) mod 1).
 *
 * <p>Residues c(i) are made symmetrical and multiplied by the three parts of w(i), each sum exact. Carries, rounded down, leave integers h of 39
 * bits and a sign and l1 and l2 of 40 bits: x/P = h·2^-40 + l1·2^-80 + l2·2^-120 with the error of the weights alone. Two numbers g and r of F64 hold
 * them, g = h + l1·2^-40 rounded, and x = P·g + P·r by two multiply-adds, P itself in two numbers: the result is x rounded once, off by a further
 * 2^-105·P at most beside the error of the weights.
 *
 * <p>That further error does not count, for |A|·|B| is not small beside P: in units of x and in the notation of {@link Precision} it is S' ≥
 * ½·2^t·(ρ + γ)·2^53 ≥ 2^(t+52), and P ≤ 2^(2t+4)·k, whence P ≤ 2^(t-48)·k·S' ≤ 2^42·S' with t + log2 k ≤ 90 (F32: 2^29 larger, beside a unit
 * roundoff that is as much); where not the moduli but that limit ended t, P < 2^155.4 says as much, with t ≥ 62 or ρ + γ ≥ k·2^-13 ≥ 2^14. With weights of 120 bits 2^-109.6·P and 2^-105·P are less than 2^-62·S' together. Weights of 80 bits are taken where
 * P ≤ 2^(t+62)·(ρ + γ) for the smallest ρ and γ (of lines that are not 0, which are exact): then 2^-69.6·P ≤ 2^-7.6·2^t·(ρ + γ) ≤ 2^-6.6·ε·S',
 * ε the unit roundoff of the type. Whole sums are rounded to integers, which removes the error.
 *
 * <p>Sums over parts are integers that any arithmetic may find, and what follows are operations of IEEE 754 of a fixed place: equal residues give
 * equal bits everywhere.
 */
final class Reconstruction {
    /** Of at most 512 bits: of a longer vector the Vector API need not have half. */
    private static final VectorSpecies<Double> S = Shapes.DOUBLES;

    private static final int L = S.length();
    private static final VectorSpecies<Integer> INTS =
            VectorSpecies.of(int.class, VectorShape.forBitSize(L * Integer.SIZE));

    private static final Class<? extends DoubleVector> CLASS =
            DoubleVector.zero(S).getClass();

    private static final double UNIT = 0x1p40;
    private static final double INVERSE = 0x1p-40;
    /** What is taken from an integer so that its quotient by 2^40, rounded to the nearest, is that rounded down, never in the middle of two. */
    private static final double TO_FLOOR = 0x1p39 - 0.5;

    /** Sums are computed in multiples of so many. */
    static final int PITCH = 16;

    private Reconstruction() {}

    /**
     * Puts a row together.
     *
     * @param c what is left by modulus i, up to multiples of it: {@code n} numbers at {@code at + i·plane}
     * @param n a multiple of {@link #PITCH}
     * @param isFine whether weights of 120 bits are needed, else of 80
     * @param whole whether sums are less than 2^48 and are rounded to integers
     * @param x the sums
     */
    static void sums(int[] c, int at, int plane, int n, Moduli moduli, boolean isFine, boolean whole, double[] x) {
        double one = Pieces.ONE_APART;
        double integers = whole ? one : 0;
        double[] weights = moduli.weights(isFine);
        DoubleVector unit = DoubleVector.broadcast(S, -UNIT);
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
                s0 = r.fma(DoubleVector.broadcast(S, weights[3 * i]), CLASS.cast(s0));
                s1 = r.fma(DoubleVector.broadcast(S, weights[3 * i + 1]), CLASS.cast(s1));
                s2 = r.fma(DoubleVector.broadcast(S, weights[3 * i + 2]), CLASS.cast(s2));
            }
            DoubleVector carry2 =
                    CLASS.cast(s2).sub(TO_FLOOR).mul(INVERSE).add(one).sub(one);
            DoubleVector l2 = carry2.fma(unit, CLASS.cast(s2));
            DoubleVector d1 = carry2.add(CLASS.cast(s1));
            DoubleVector carry1 = d1.sub(TO_FLOOR).mul(INVERSE).add(one).sub(one);
            DoubleVector l1 = carry1.fma(unit, d1).mul(INVERSE);
            DoubleVector d0 = carry1.add(CLASS.cast(s0));
            DoubleVector turns = d0.mul(INVERSE).add(one).sub(one);
            DoubleVector h = turns.fma(unit, d0);
            // h = 0 or |h| ≥ 1 > l1: what the sum is rounded by is exact.
            DoubleVector g = h.add(l1);
            DoubleVector r = l1.sub(g.sub(h)).add(l2.mul(INVERSE * INVERSE));
            DoubleVector high = DoubleVector.broadcast(S, moduli.high * INVERSE);
            DoubleVector rest = r.fma(high, g.mul(moduli.low * INVERSE));
            g.fma(high, rest).add(integers).sub(integers).intoArray(x, j);
        }
    }
}
