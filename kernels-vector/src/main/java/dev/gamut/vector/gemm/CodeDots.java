package dev.gamut.vector.gemm;

import dev.gamut.dtype.DType;
import dev.gamut.vector.codec.Shapes;

/**
 * Rows of integer weights times a vector, read where they lie: the loop of a decoder, bound by reading each weight once.
 *
 * <p>Codes are exact as F32 numbers. Their products with x are summed over each {@value #SHARED} weights, which share a scale factor,
 * and that sum times the factor is added in one more rounding: fewer roundings than weights, so that the bound of products with
 * weights dequantised to F32 holds. That no product of a code underflows where a scaled one does not, x must lie in the range of
 * {@link #suits}; sums that are not finite are not used.
 *
 * <p>Eight rows at a time, far apart, so that x is read from L1 once for eight streams of weights: decoding takes so many
 * instructions a byte that a core looks no further ahead than a line or two of each stream, and what fetches the rest is the
 * prefetcher, which does more for more streams (16 MB of I8 weights from memory, GB/s: one stream 11, two 13, four 15, eight 19;
 * neighbouring rows 10 and 13; L2 30; AMD EPYC 9004). Lanes are added pairwise in a fixed order.
 */
abstract class CodeDots {
    /** Rows at a time. */
    static final int ROWS = 8;

    /** Weights that share a factor. */
    static final int SHARED = 32;

    private static final float LEAST = 0x1p-90f;
    private static final float LARGEST = 0x1p110f;

    /**
     * The loop for a type.
     *
     * @return null where there is none
     */
    static CodeDots of(DType type) {
        return switch (type) {
            case I8 ->
                switch (Shapes.LANES) {
                    case I8Words.LANES -> new I8Words();
                    case I8Dots.LANES -> new I8Dots();
                    default -> null;
                };
            case I4 -> new I4Dots();
            default -> null;
        };
    }

    /** Whether no product of a code and an element of x can overflow or underflow. */
    static boolean suits(float[] x, int n) {
        float largest = 0;
        float least = LARGEST;
        for (int i = 0; i < n; i++) {
            float magnitude = Math.abs(x[i]);
            largest = Math.max(largest, magnitude);
            least = Math.min(least, magnitude == 0 ? LARGEST : magnitude);
        }
        return largest <= LARGEST && least >= LEAST; // not for NaN
    }

    /** Weights in a step, a multiple or divisor of {@link #SHARED}. */
    abstract int step();

    /** Brings whole steps of x into the order that weights come in. */
    abstract void arrange(float[] x, int steps, float[] to);

    /** Factors that may be read beyond those of a row. */
    abstract int excess();

    /**
     * Σ s·w·x for rows r below {@link #ROWS}, each spread over the lanes of a vector.
     *
     * @param w codes
     * @param at for each row the byte that its codes begin with, then for each row the index of its first factor
     * @param steps length of rows
     * @param x arranged
     * @param s factors
     * @param lanes for {@link Folds#add}
     */
    abstract void dots(byte[] w, int[] at, int steps, float[] x, float[] s, float[] lanes);
}
