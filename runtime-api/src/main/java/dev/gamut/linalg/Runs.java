package dev.gamut.linalg;

import dev.gamut.dtype.DType;

/**
 * What factorisations do to runs of neighbouring elements between products: plain loops, of which C2 makes vectors.
 *
 * @param <A> arrays of one type
 */
sealed interface Runs<A> permits F64Runs, F32Runs {
    /** The loops of a type. */
    static Runs<?> of(DType type) {
        return type == DType.F64 ? F64Runs.INSTANCE : F32Runs.INSTANCE;
    }

    DType type();

    A array(int n);

    double get(A x, int at);

    void set(A x, int at, double value);

    /** Where among x[at], ..., x[at + n - 1] the first of largest magnitude is; a NaN is larger than all numbers. At least one element. */
    int largest(A x, int at, int n);

    /** x[at + i] = x[at + i] / by. */
    void divide(A x, int at, int n, double by);

    /** y[to + i] = y[to + i] - by·x[from + i], the product and the difference rounded; the runs do not overlap. */
    void subtract(A x, int from, A y, int to, int n, double by);

    /** Exchanges two runs that do not overlap. */
    void swap(A x, int from, int to, int n);

    /** Copies a matrix between layouts. */
    void copy(A from, int at, int down, int across, A to, int first, int toDown, int toAcross, int rows, int cols);
}
