package dev.gamut.vector.reduce;

import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceOp;

/**
 * What an operation does besides passes over its terms: which passes, with which parameters, and what becomes of their
 * results. Works on the columns of one unit at a time; {@link #begin} starts the next unit. One thread at a time.
 *
 * @param <A> array type
 */
abstract class Formula<A> {
    final Arithmetic<A> arithmetic;
    final DType acc;

    /** Parameters of the next pass, one for each column. */
    final A scale;

    final A shift;

    Formula(Arithmetic<A> arithmetic, int columns) {
        this.arithmetic = arithmetic;
        this.acc = arithmetic.type();
        this.scale = arithmetic.array(columns);
        this.shift = arithmetic.array(columns);
    }

    /**
     * The formula of an operation whose result is a number.
     *
     * @param op not an index operation
     * @param terms number of terms of a result
     * @param columns columns of the widest unit
     */
    static <A> Formula<A> of(ReduceOp op, Arithmetic<A> arithmetic, long terms, int columns) {
        return switch (op) {
            case SUM -> new Single<>(arithmetic, columns, Step.SUM, 1);
            case ASUM -> new Single<>(arithmetic, columns, Step.ASUM, 1);
            case DOT -> new Single<>(arithmetic, columns, Step.DOT, 1);
            case PRODUCT -> new Single<>(arithmetic, columns, Step.PRODUCT, 1);
            case MEAN ->
                new Single<>(arithmetic, columns, Step.SUM, arithmetic.type().round(terms));
            case MIN -> new Single<>(arithmetic, columns, Step.MIN, 1);
            case MAX -> new Single<>(arithmetic, columns, Step.MAX, 1);
            case ARGMIN, ARGMAX, ARGAMAX -> throw new IllegalArgumentException(op + " gives an index");
            case VARIANCE -> new Variance<>(arithmetic, columns, terms);
            case NRM2 -> new Norm<>(arithmetic, columns);
            case LOGSUMEXP -> new LogSumExp<>(arithmetic, columns);
        };
    }

    /** The first pass over a unit. */
    abstract Step begin(int columns);

    /** Takes what a pass gave and says which is next, null where {@link #value} is ready. */
    abstract Step next(A result, int columns);

    /** The result of a column, a number of the accumulator, from what the last pass gave. */
    abstract double value(A result, int column);

    /** One pass, divided by a number. */
    private static final class Single<A> extends Formula<A> {
        private final Step step;
        private final double divisor;

        Single(Arithmetic<A> arithmetic, int columns, Step step, double divisor) {
            super(arithmetic, columns);
            this.step = step;
            this.divisor = divisor;
        }

        @Override
        Step begin(int columns) {
            return step;
        }

        @Override
        Step next(A result, int columns) {
            return null;
        }

        @Override
        double value(A result, int column) {
            return acc.round(arithmetic.get(result, column) / divisor);
        }
    }

    /** Σ (x - mean)² / n, the mean from a pass of its own. */
    private static final class Variance<A> extends Formula<A> {
        private final double count;
        private boolean centred;

        Variance(Arithmetic<A> arithmetic, int columns, long terms) {
            super(arithmetic, columns);
            this.count = acc.round(terms);
        }

        @Override
        Step begin(int columns) {
            centred = false;
            return Step.SUM;
        }

        @Override
        Step next(A result, int columns) {
            if (centred) {
                return null;
            }
            for (int c = 0; c < columns; c++) {
                arithmetic.set(scale, c, 1);
                arithmetic.set(shift, c, -acc.round(arithmetic.get(result, c) / count));
            }
            centred = true;
            return Step.SQUARES;
        }

        @Override
        double value(A result, int column) {
            return acc.round(arithmetic.get(result, column) / count);
        }
    }

    /** M + log Σ exp(x - M), M the largest term; an infinite or NaN M is the result. */
    private static final class LogSumExp<A> extends Formula<A> {
        private final double[] largest;
        private boolean shifted;

        LogSumExp(Arithmetic<A> arithmetic, int columns) {
            super(arithmetic, columns);
            this.largest = new double[columns];
        }

        @Override
        Step begin(int columns) {
            shifted = false;
            return Step.MAX;
        }

        @Override
        Step next(A result, int columns) {
            if (shifted) {
                return null;
            }
            for (int c = 0; c < columns; c++) {
                largest[c] = arithmetic.get(result, c);
                arithmetic.set(shift, c, Double.isFinite(largest[c]) ? largest[c] : 0);
            }
            shifted = true;
            return Step.EXP;
        }

        @Override
        double value(A result, int column) {
            double m = largest[column];
            return Double.isFinite(m) ? acc.round(m + StrictMath.log(arithmetic.get(result, column))) : m;
        }
    }
}
