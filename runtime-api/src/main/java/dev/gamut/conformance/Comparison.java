package dev.gamut.conformance;

import dev.gamut.dtype.DType;

/**
 * One computed element against its enclosure. Rounding is monotone, so that a result type narrower than the arithmetic admits
 * exactly the numbers between the rounded ends of the enclosure; no further tolerance is needed.
 *
 * @param ok whether the element is right
 * @param computed its value
 * @param exact the exact value
 * @param error distance between them
 * @param allowed largest distance that would have been right
 */
record Comparison(boolean ok, double computed, double exact, double error, double allowed) {
    /**
     * Compares.
     *
     * @param computed the element
     * @param rest what {@code computed} leaves over, not 0 only for integers beyond 2^53
     * @param truth what is right, before rounding to the type of the result
     * @param arithmetic type that the last operation was carried out in
     * @param result type of the element
     */
    static Comparison of(double computed, double rest, Enclosure truth, DType arithmetic, DType result) {
        if (!truth.isFinite()) {
            boolean ok = truth.wild() || same(computed, result.round(truth.high()));
            return new Comparison(ok, computed, truth.high(), ok ? 0 : Double.POSITIVE_INFINITY, 0);
        }
        if (!Double.isFinite(computed)) {
            return nonFinite(computed, truth, result);
        }
        double error = Math.abs((computed - truth.high()) + (rest - truth.low()));
        if (keeps(result, arithmetic) || isWhole(truth, result)) {
            double allowed = truth.radius() * Enclosure.SLACK;
            return new Comparison(error <= allowed || saturated(truth, result), computed, truth.high(), error, allowed);
        }
        double least = result.round(truth.lower());
        double most = result.round(truth.upper());
        boolean ok = least <= computed && computed <= most || saturated(truth, result);
        double allowed = Math.max(Math.abs(least - truth.high()), Math.abs(most - truth.high()));
        return new Comparison(ok, computed, truth.high(), error, allowed);
    }

    private static Comparison nonFinite(double computed, Enclosure truth, DType result) {
        boolean overflows = same(computed, result.round(truth.lower())) || same(computed, result.round(truth.upper()));
        boolean ok = truth.wild() || overflows;
        return new Comparison(ok, computed, truth.high(), ok ? 0 : Double.POSITIVE_INFINITY, truth.radius());
    }

    /** An infinity that a result type without infinities turned into its limit. */
    private static boolean saturated(Enclosure truth, DType result) {
        return truth.wild() && !result.hasInfinity();
    }

    private static boolean keeps(DType result, DType arithmetic) {
        return result.isFloat()
                && result.precision() >= arithmetic.precision()
                && result.maxFinite() >= arithmetic.maxFinite();
    }

    private static boolean isWhole(Enclosure truth, DType result) {
        return result.isInteger()
                && truth.radius() == 0
                && Math.rint(truth.high()) == truth.high()
                && truth.high() >= result.lowest()
                && truth.high() <= result.maxFinite();
    }

    /** Equal numbers, zeros of either sign, or both NaN. */
    static boolean same(double x, double y) {
        return x == y || Double.isNaN(x) && Double.isNaN(y);
    }

    /** Error over what was allowed: 0 where there is none. */
    double ratio() {
        double ratio = error == 0 ? 0 : error / allowed;
        return ok ? Math.min(ratio, 1) : ratio;
    }
}
