package dev.gamut.ffm.blas;

import dev.gamut.gemm.MatrixDesc;
import java.util.Optional;

/**
 * A matrix as the BLAS describes it: lines of neighbouring elements, a leading dimension apart. Immutable.
 *
 * @param byRows whether the lines are rows; otherwise columns
 * @param count how many lines
 * @param length elements of a line
 * @param ld elements between the beginnings of lines, at least the length and at least 1
 */
record Lines(boolean byRows, long count, long length, long ld) {
    /** Rows where it is made of both, as a vector is; empty where it is made of neither. */
    static Optional<Lines> of(MatrixDesc x) {
        return lines(true, x.rows(), x.rowStride(), x.cols(), x.colStride())
                .or(() -> lines(false, x.cols(), x.colStride(), x.rows(), x.rowStride()));
    }

    /** A stride that no element is reached by does not matter. */
    private static Optional<Lines> lines(boolean byRows, long count, long apart, long length, long within) {
        boolean neighbours = length <= 1 || within == 1;
        boolean disjoint = count <= 1 || apart >= length;
        long ld = Math.max(Math.max(1, length), count <= 1 ? 0 : apart);
        return neighbours && disjoint ? Optional.of(new Lines(byRows, count, length, ld)) : Optional.empty();
    }

    /** The same lines without gaps. */
    Lines dense() {
        return new Lines(byRows, count, length, Math.max(1, length));
    }

    long elements() {
        return count * length;
    }
}
