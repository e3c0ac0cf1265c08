package dev.gamut.linalg;

import dev.gamut.dtype.DType;

/**
 * What factorisations do to runs of neighbouring elements between products: plain loops, of which C2 makes vectors where several arrays are
 * read at one index.
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

    /** New arrays of zeros. */
    A[] arrays(int count, int n);

    double get(A x, int at);

    void set(A x, int at, double value);

    /** Where among x[from], ..., x[to - 1] the first of largest magnitude is; a NaN is larger than all numbers. At least one element. */
    int largest(A x, int from, int to);

    /** x[i] = x[i] / by for from ≤ i < to. */
    void divide(A x, int from, int to, double by);

    /**
     * y[i] = y[i] - by[0]·x[0][i] - ... - by[count - 1]·x[count - 1][i] for from ≤ i < to, every product and difference rounded, in that
     * order; y is none of x.
     */
    void subtract(A y, int from, int to, A[] x, double[] by, int count);

    /** The sum of x[at + i]·y[from + i] for i < n in F64, in an order that depends on n alone. */
    double dot(A x, int at, double[] y, int from, int n);

    /**
     * Four of those at a time, which read y once and memory in four places: sums[r] of x[at + r·step + i]·y[from + i] for i < n. Their order is
     * another one.
     */
    void dots(A x, int at, int step, double[] y, int from, int n, double[] sums);

    /** Exchanges two runs that do not overlap. */
    void swap(A x, int from, int to, int n);

    /** to[i] = from[at + i·step] for i < n. */
    void gather(A from, int at, int step, A to, int n);

    /** to[at + i·step] = from[i] for i < n. */
    void scatter(A from, A to, int at, int step, int n);

    /** to[first + i] = from[at + i·step]·by for i < n, rounded to this type. */
    void scaled(double[] from, int at, int step, double by, A to, int first, int n);

    /** Copies a matrix between layouts. */
    void copy(A from, int at, int down, int across, A to, int first, int toDown, int toAcross, int rows, int cols);
}
