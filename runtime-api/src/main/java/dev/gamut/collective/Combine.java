package dev.gamut.collective;

import java.util.Locale;

/**
 * How elements of several ranks become one. F64 is combined in F64, other floats in F32 with one rounding at the end, integers in
 * 64 bits and saturated to the result's type at the end. A sum or product of p contributions, in F64 or F32 with unit roundoff u,
 * differs from the exact one by at most (p - 1)·u·S and the last rounding, S being the sum (for a product: the product) of the
 * magnitudes; an average has one rounding more.
 */
public enum Combine {
    /** Σ x. */
    SUM,
    /** Π x. */
    PRODUCT,
    /** The smallest; NaN where there is one. */
    MIN,
    /** The largest; NaN where there is one. */
    MAX,
    /** Σ x / number of contributions; integers are rounded to nearest even. */
    AVERAGE,
    /** The smallest, and the index that came with it: of equals the lowest, of NaNs the first. */
    ARGMIN,
    /** The largest, and the index that came with it: of equals the lowest, of NaNs the first. */
    ARGMAX;

    /** Whether values come with indices. */
    public boolean isIndexed() {
        return this == ARGMIN || this == ARGMAX;
    }

    /** Whether the result is one of the elements: no rounding, in any order. */
    public boolean isSelection() {
        return this == MIN || this == MAX || isIndexed();
    }

    /** The name in reports and command lines. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
