package dev.gamut.gemm;

/** How a matrix with a leading dimension lies in memory, as in CBLAS. */
public enum Order {
    /** Rows are contiguous; the leading dimension is the distance between rows. */
    ROW_MAJOR,
    /** Columns are contiguous; the leading dimension is the distance between columns. */
    COL_MAJOR
}
