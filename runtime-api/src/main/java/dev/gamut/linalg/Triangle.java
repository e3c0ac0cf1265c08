package dev.gamut.linalg;

/** Which half of a square matrix is looked at, and what its diagonal is. */
public enum Triangle {
    /** The lower half with its diagonal. */
    LOWER(true, false),

    /** The lower half below a diagonal of ones that are not stored. */
    UNIT_LOWER(true, true),

    /** The upper half with its diagonal. */
    UPPER(false, false),

    /** The upper half above a diagonal of ones that are not stored. */
    UNIT_UPPER(false, true);

    private final boolean lower;
    private final boolean unit;

    Triangle(boolean lower, boolean unit) {
        this.lower = lower;
        this.unit = unit;
    }

    boolean isLower() {
        return lower;
    }

    boolean isUnit() {
        return unit;
    }
}
