package dev.gamut.vector.emulated;

import dev.gamut.vector.codec.Shapes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Integers of up to 77 bits as sums of small pieces, x' = Σ x(d)·2^(13·d), and what they leave modulo p.
 *
 * <p>Pieces are at most 2^12 in magnitude and 2^(13·d) mod p at most 127 for the odd moduli, so that six products add up to less than
 * 2^21.6 and are exact in F32; so is what is left of them, r - p·rint(r/p): r times a rounded 1/p is off by less than r/p·2^-23, and
 * below 2^22 that is less than the distance of r/p from the middle between two integers, 1/(2p). For 256 all pieces but the last
 * vanish. Residues are symmetrical, at most 127 in magnitude, or 128 for 256, where -128 is the same.
 */
final class Pieces {
    static final int BITS = 13;

    /** As many as are exact in F32. */
    static final int MOST = 6;

    private static final double UNIT = 1 << BITS;

    /** From here on F64 numbers of either sign are one apart: adding and subtracting it rounds to integers. */
    static final double ONE_APART = 0x1.8p52;

    private static final float FLOATS_ONE_APART = 0x1.8p23f;
    private static final int ONE_APART_BITS = Float.floatToRawIntBits(FLOATS_ONE_APART);

    private static final VectorSpecies<Float> S = Shapes.FLOATS;
    private static final VectorSpecies<Byte> BYTES = Shapes.BYTES;
    private static final int L = Shapes.LANES;
    private static final int STORED = BYTES.length();
    private static final Class<? extends FloatVector> CLASS =
            FloatVector.zero(S).getClass();

    /** Lines are laid out in multiples of this many bytes. */
    static final int PITCH = 64;

    private Pieces() {}

    /** Pieces of integers of so many bits and a sign: the last takes 12 bits, each further one 13. */
    static int needed(int bits) {
        return 1 + Math.max(0, (bits - (BITS - 1) + BITS - 1) / BITS);
    }

    /**
     * Rounds x·f·g to integers and splits them; x is used up.
     *
     * @param x n numbers at {@code at}
     * @param f a power of two
     * @param g another one
     * @param to piece d of number i at d·ld + i
     */
    static void split(double[] x, int at, int n, double f, double g, int pieces, float[] to, int ld) {
        for (int i = at; i < at + n; i++) {
            x[i] = x[i] * f * g;
        }
        double unit = Math.pow(UNIT, pieces - 1); // exact
        for (int d = pieces - 1; d >= 0; d--) {
            split(x, at, n, unit, 1 / unit, to, d * ld);
            unit /= UNIT;
        }
    }

    private static void split(double[] x, int at, int n, double unit, double inverse, float[] to, int t) {
        for (int i = 0; i < n; i++) {
            double piece = (x[at + i] * inverse + ONE_APART) - ONE_APART;
            to[t + i] = (float) piece;
            x[at + i] -= piece * unit; // exact: the higher bits are gone
        }
    }

    /**
     * Residues of one line.
     *
     * @param x its pieces, {@code ld} numbers apart
     * @param powers of {@link Moduli#powers}
     * @param ld a multiple of {@link #PITCH}: as many bytes are stored
     */
    static void residues(float[] x, int ld, int pieces, int p, float[] powers, byte[] to, int at) {
        float inverse = 1f / p;
        for (int i = 0; i < ld; i += STORED) {
            ByteVector codes = codes(x, i, ld, pieces, p, powers, inverse, 0);
            if (STORED > L) {
                codes = codes.or(codes(x, i + L, ld, pieces, p, powers, inverse, 1));
            }
            codes.intoArray(to, at + i);
        }
    }

    private static ByteVector codes(
            float[] x, int i, int ld, int pieces, int p, float[] powers, float inverse, int part) {
        FloatVector r = FloatVector.zero(S);
        for (int d = 0; d < pieces; d++) {
            r = FloatVector.fromArray(S, x, d * ld + i).fma(FloatVector.broadcast(S, powers[d]), CLASS.cast(r));
        }
        FloatVector whole = CLASS.cast(r).mul(inverse).add(FLOATS_ONE_APART).sub(FLOATS_ONE_APART);
        FloatVector rest = whole.fma(FloatVector.broadcast(S, -p), CLASS.cast(r));
        IntVector code = rest.add(FLOATS_ONE_APART).reinterpretAsInts().sub(ONE_APART_BITS);
        return (ByteVector) code.convertShape(VectorOperators.I2B, BYTES, -part);
    }
}
