package dev.gamut.vector.reduce;

/**
 * The 2-norm: √Σ x² of the columns whose sum lies in the safe range: it has not overflowed, and what n terms lost by underflow, n
 * smallest subnormals, is below a rounding of the sum for any n that fits into memory. Of the others 2^e · √Σ (x · 2^-e)², e the
 * exponent of the largest magnitude, or of the smallest normal number where that is larger, which takes two passes more; an
 * infinite, NaN or zero largest magnitude is the result there. All of that is part of the order tree64.
 *
 * @param <A> array type of the accumulator
 */
final class Norm<A> extends Formula<A> {
    private enum Stage {
        UNSCALED,
        LARGEST,
        SCALED
    }

    private final double least;
    /** Σ x² of each column. */
    private final double[] squares;

    private final double[] largest;
    private Stage stage;

    Norm(Arithmetic<A> arithmetic, int columns) {
        super(arithmetic, columns);
        this.least = acc.minSubnormal() / acc.unitRoundoff() * 0x1p50;
        this.squares = new double[columns];
        this.largest = new double[columns];
    }

    @Override
    Step begin(int columns) {
        stage = Stage.UNSCALED;
        return Step.DOT; // with itself
    }

    @Override
    Step next(A result, int columns) {
        switch (stage) {
            case UNSCALED -> {
                boolean safe = true;
                for (int c = 0; c < columns; c++) {
                    squares[c] = arithmetic.get(result, c);
                    safe &= isSafe(squares[c]);
                }
                stage = safe ? Stage.UNSCALED : Stage.LARGEST;
                return safe ? null : Step.AMAX;
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

    private boolean isSafe(double sum) {
        return sum >= least && sum < Double.POSITIVE_INFINITY;
    }

    /** 0 where there is nothing to scale. */
    private int exponent(double magnitude) {
        return magnitude > 0 && magnitude < Double.POSITIVE_INFINITY
                ? Math.getExponent(Math.max(magnitude, acc.minNormal()))
                : 0;
    }

    @Override
    double value(A result, int column) {
        if (isSafe(squares[column])) {
            return acc.round(Math.sqrt(squares[column]));
        }
        double m = largest[column];
        double root = acc.round(Math.sqrt(arithmetic.get(result, column)));
        return m == 0 || !Double.isFinite(m) ? m : acc.round(Math.scalb(root, exponent(m)));
    }
}
