package dev.gamut.bench.peer;

/** A system of linear equations laid out as a peer likes it, solved again and again by one caller at a time. */
public interface SystemSide {
    /**
     * Factors and solves. Laying the matrix out, which the factors overwrite, is not counted.
     *
     * @return nanoseconds
     */
    long solve();

    /** The solution of the last run. */
    double[] x();
}
