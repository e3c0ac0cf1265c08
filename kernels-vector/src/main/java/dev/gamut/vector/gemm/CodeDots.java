package dev.gamut.vector.gemm;

import dev.gamut.dtype.DType;
import dev.gamut.vector.codec.Shapes;

/**
 * Rows of integer weights times a vector, read where they lie: the loop of a decoder, bound by reading each weight once.
 *
 * <p>Codes are exact as F32 numbers. Their products with x are summed over each {@value #SHARED} weights, which share a scale factor,
 * and that sum times the factor is added in one more rounding: fewer roundings than weights, so that the bound of products with
 * weights dequantised to F32 holds. As sums of codes neither overflow nor underflow where scaled ones do not, x must lie in the range
 * of {@link #suits}.
 *
 * <p>Four rows at a time, far apart, so that x is read from L1 once for four streams of weights, as in {@link Gemv}. Lanes are added
 * pairwise in a fixed order.
 */
abstract class CodeDots {
    /** Weights that share a factor. */
    static final int SHARED = 32;

    private static final float LEAST = 0x1p-90f;
    private static final float LARGEST = 0x1p110f;

    /** Bytes of as many lanes can be loaded from 8 lanes on. */
    private static final int LEAST_LANES = 8;

    /**
     * The loop for a type.
     *
     * @return null where there is none
     */
    static CodeDots of(DType type) {
        return switch (type) {
            case I8 -> Shapes.LANES < LEAST_LANES ? null : new I8Dots();
            case I4 -> new I4Dots();
            default -> null;
        };
    }

    /** Whether no sum of products of codes and elements of x can overflow or underflow. */
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
     * y(y0 + r·apart) += Σ s·w·x for four rows r.
     *
     * @param w codes
     * @param w0 byte that the first row begins with
     * @param w1 likewise of the second
     * @param w2 likewise of the third
     * @param w3 likewise of the fourth
     * @param steps length of rows
     * @param x arranged
     * @param s factors
     * @param s0 index of the first row's
     * @param s1 likewise of the second
     * @param s2 likewise of the third
     * @param s3 likewise of the fourth
     * @param y sums
     * @param y0 index of the first row's
     * @param apart elements to those of the next row
     */
    abstract void dots4(
            byte[] w,
            int w0,
            int w1,
            int w2,
            int w3,
            int steps,
            float[] x,
            float[] s,
            int s0,
            int s1,
            int s2,
            int s3,
            float[] y,
            int y0,
            int apart);
}
