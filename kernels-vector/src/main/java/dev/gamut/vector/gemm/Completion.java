package dev.gamut.vector.gemm;

import dev.gamut.spi.Workspace;

/**
 * What becomes of sums of products that are kept apart from C, for one rectangle of C at a time. Belongs to one task.
 *
 * @param <S> array kind of the sums
 */
abstract class Completion<S> {
    final Product<S> x;
    /** Matrix of the batch, first row and first column of the rectangle. */
    long e;

    long row;
    long col;
    /** Elements between rows of sums. */
    int ld;

    Workspace workspace;

    Completion(Product<S> x) {
        this.x = x;
    }

    /** Whether sums must be kept apart from C in this run. */
    abstract boolean isApart();

    /** Where the run of steps that {@code p} belongs to ends: sums start again from zero there. */
    long runEnd(long p) {
        return Long.MAX_VALUE;
    }

    /** Turns to a rectangle. */
    void begin(long batch, long firstRow, int rows, long firstCol, int between, Workspace lent) {
        e = batch;
        row = firstRow;
        col = firstCol;
        ld = between;
        workspace = lent;
    }

    /**
     * Takes the sums of a run that ends.
     *
     * @param start first step of the run
     * @param rows of the rectangle
     * @param from first column, counted from the rectangle's
     * @param cols how many
     * @param sums row i is at i·ld
     */
    void close(long start, int rows, int from, int cols, S sums) {}

    /**
     * Stores a row of C.
     *
     * @param i counted from the rectangle's first
     * @param width columns
     * @param sums as in {@link #close}
     */
    abstract void finish(int i, int width, S sums);

    /** C = epilogue(beta·C) for rows [first, last) and columns [left, right) of a matrix of the batch. */
    abstract void scale(long batch, long first, long last, long left, long right, Workspace lent);

    /** Forgets the run's memory. */
    void end() {
        workspace = null;
    }
}
