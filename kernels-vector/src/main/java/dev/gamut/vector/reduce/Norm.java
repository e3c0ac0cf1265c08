package dev.gamut.vector.reduce;

/**
 * The 2-norm: 2^e · √Σ (x · 2^-e)², e the exponent of the largest magnitude, or of the smallest normal number where
 * that is larger. An infinite, NaN or zero largest magnitude is the result.
 *
 * <p>That takes two passes. Where bits need not be those of tree64, Σ x² is tried first and serves (e = 0) if it lies
 * in the safe range: it has not overflowed, and what n terms lost by underflow, n smallest subnormals, is below a
 * rounding of the sum for any n that fits into memory.
 *
 * @param <A> array type
 */
final class Norm<A> extends Formula<A> {
    private enum Stage {
        UNSCALED,
        LARGEST,
        SCALED
    }

    private final boolean unscaledFirst;
    private final double least;
    private final double[] largest;
    private Stage stage;

    Norm(Arithmetic<A> arithmetic, int columns, boolean unscaledFirst) {
        super(arithmetic, columns);
        this.unscaledFirst = unscaledFirst;
        this.least = acc.minSubnormal() / acc.unitRoundoff() * 0x1p50;
        this.largest = new double[columns];
    }

    @Override
    Step begin(int columns) {
        stage = unscaledFirst ? Stage.UNSCALED : Stage.LARGEST;
        parameters(columns, 1, 0);
        return unscaledFirst ? Step.SQUARES : Step.AMAX;
    }

    @Override
    Step next(A result, int columns) {
        switch (stage) {
            case UNSCALED -> {
                stage = isSafe(result, columns) ? Stage.UNSCALED : Stage.LARGEST;
                return stage == Stage.UNSCALED ? null : Step.AMAX;
            }
            case LARGEST -> {
                for (int c = 0; c < columns; c++) {
                    largest[c] = Math.max(0, arithmetic.get(result, c));
                    arithmetic.set(scale, c, Math.scalb(1.0, -exponent(largest[c])));
                }
                stage = Stage.SCALED;
                return Step.SQUARES;
            }
            default -> {
                return null;
            }
        }
    }

    private boolean isSafe(A result, int columns) {
        for (int c = 0; c < columns; c++) {
            double sum = arithmetic.get(result, c);
            if (!(sum >= least && sum < Double.POSITIVE_INFINITY)) {
                return false;
            }
        }
        return true;
    }

    /** 0 where there is nothing to scale. */
    private int exponent(double magnitude) {
        return magnitude > 0 && magnitude < Double.POSITIVE_INFINITY
                ? Math.getExponent(Math.max(magnitude, acc.minNormal()))
                : 0;
    }

    @Override
    double value(A result, int column) {
        double root = acc.round(Math.sqrt(arithmetic.get(result, column)));
        if (stage == Stage.UNSCALED) {
            return root;
        }
        double m = largest[column];
        return m == 0 || !Double.isFinite(m) ? m : acc.round(Math.scalb(root, exponent(m)));
    }
}
