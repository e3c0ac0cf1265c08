package dev.gamut.vector.emulated;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The first s moduli of a table, and what an integer x of magnitude below P/2, P their product, is put together by.
 *
 * <p>From x = c(i) mod p(i) follows x/P = Σ c(i)·q(i)/p(i) mod 1, q(i) the inverse of P/p(i) mod p(i). A weight q(i)/p(i) is rounded to 80
 * bits or to 120, and kept as integers of 40 bits each, part by part times 2^(-40·(part + 1)). With residues of at most 2^7 the sum over one part
 * stays below 20·2^47 = 2^51.4, so that sums in F64 are exact, and all parts together are off by no more than 20·2^7·2^-81 < 2^-69.6, or by
 * 2^-109.6.
 */
final class Moduli {
    /** Pairwise coprime, from the largest that symmetrical residues of 8 bits allow. */
    private static final int[] TABLE = {
        256, 255, 253, 251, 247, 241, 239, 233, 229, 227, 223, 217, 211, 199, 197, 193, 191, 181, 179, 173
    };

    /** How many there are. */
    static final int MOST = TABLE.length;

    /** Bits of a part of a weight. */
    static final int PART = 40;

    /** Parts that each weight has room for. */
    static final int PARTS = 3;

    private static final Moduli[] ALL = all();

    final int count;
    /** p(i). */
    final int[] moduli;
    /** 2^(13·d) mod p(i), symmetrical, for each piece d of an integer. */
    final float[][] powers;
    /** Of 80 bits and of 120: three parts for each modulus, the last of 80 bits 0. */
    private final double[] coarse;

    private final double[] fine;
    /** P = high + low, to 106 bits. */
    final double high;

    final double low;

    private Moduli(int count) {
        this.count = count;
        this.moduli = new int[count];
        this.powers = new float[count][];
        BigInteger product = BigInteger.ONE;
        for (int i = 0; i < count; i++) {
            moduli[i] = TABLE[i];
            powers[i] = powers(TABLE[i]);
            product = product.multiply(BigInteger.valueOf(TABLE[i]));
        }
        coarse = weights(count, product, PARTS - 1);
        fine = weights(count, product, PARTS);
        high = product.doubleValue();
        low = product.subtract(new BigDecimal(high).toBigIntegerExact()).doubleValue();
    }

    private static double[] weights(int count, BigInteger product, int parts) {
        double[] weights = new double[PARTS * count];
        BigInteger unit = BigInteger.ONE.shiftLeft(PART);
        for (int i = 0; i < count; i++) {
            BigInteger p = BigInteger.valueOf(TABLE[i]);
            BigInteger inverse = product.divide(p).modInverse(p);
            // Rounded to the nearest: (2·q·2^bits + p) / 2p.
            BigInteger weight = inverse.shiftLeft(parts * PART + 1).add(p).divide(p.shiftLeft(1));
            for (int part = parts - 1; part >= 0; part--) {
                weights[PARTS * i + part] = weight.mod(unit).doubleValue();
                weight = weight.shiftRight(PART);
            }
        }
        return weights;
    }

    private static float[] powers(int p) {
        float[] powers = new float[Pieces.MOST];
        for (int d = 0, power = 1; d < Pieces.MOST; d++, power = (power << Pieces.BITS) % p) {
            powers[d] = power > p / 2 ? power - p : power;
        }
        return powers;
    }

    private static Moduli[] all() {
        Moduli[] all = new Moduli[MOST];
        for (int s = 1; s <= MOST; s++) {
            all[s - 1] = new Moduli(s);
        }
        return all;
    }

    /** The first {@code s} of the table. */
    static Moduli of(int s) {
        return ALL[s - 1];
    }

    /**
     * The fewest that hold sums of a magnitude with a spare bit: 2·magnitude, a little more for rounding, at most P.
     *
     * @param magnitude not beyond what F64 holds
     * @return null where there are too few
     */
    static Moduli holding(double magnitude) {
        for (Moduli m : ALL) {
            if (m.holds(magnitude)) {
                return m;
            }
        }
        return null;
    }

    /**
     * Weights, {@value #PARTS} parts for each modulus.
     *
     * @param isFine whether they have 120 bits
     */
    double[] weights(boolean isFine) {
        return isFine ? fine : coarse;
    }

    /** Whether sums of such a magnitude stay below P/2 by one part in a thousand. */
    boolean holds(double magnitude) {
        return magnitude * (2 + 0x1p-9) <= high;
    }
}
