package dev.gamut.bench.tune;

import java.util.function.DoubleUnaryOperator;

/** Finds the constant with which the cost model says what was measured, by asking the model. */
final class Fit {
    /** Halvings of a range on a logarithmic scale: a range of a million ends within a thousandth. */
    private static final int STEPS = 16;

    private Fit() {}

    /**
     * Inverts a monotone function.
     *
     * @param predicted seconds by the model for a value of the constant
     * @param measured seconds
     * @param low smallest value, above 0
     * @param high largest value
     * @return the value whose prediction is nearest, {@code low} or {@code high} where it would lie beyond
     */
    static double constant(DoubleUnaryOperator predicted, double measured, double low, double high) {
        boolean rising = predicted.applyAsDouble(high) > predicted.applyAsDouble(low);
        double below = low;
        double above = high;
        for (int i = 0; i < STEPS; i++) {
            double middle = Math.sqrt(below * above);
            if (predicted.applyAsDouble(middle) < measured == rising) {
                below = middle;
            } else {
                above = middle;
            }
        }
        double found = Math.sqrt(below * above);
        double slack = Math.pow(high / low, 1.0 / (1 << STEPS));
        return found <= low * slack ? low : found * slack >= high ? high : found;
    }
}
