package dev.gamut.ffm.gpu;

import dev.gamut.gemm.MatrixDesc;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a matrix lies in memory for a library that thinks in columns.
 *
 * @param transposed whether it is the transpose of what is stored
 * @param rows contiguous elements of a stored column
 * @param cols stored columns
 * @param ld elements from one stored column to the next
 */
record Stored(boolean transposed, long rows, long cols, long ld) {
    /**
     * The way to describe a matrix.
     *
     * @param x the matrix
     * @param transposed which way is better where there are two
     * @return empty where neither of its strides is 1 or its lines overlap
     */
    static Optional<Stored> of(MatrixDesc x, boolean transposed) {
        return Stream.of(transposed, !transposed)
                .flatMap(way -> one(x, way).stream())
                .findFirst();
    }

    private static Optional<Stored> one(MatrixDesc x, boolean transposed) {
        MatrixDesc kept = transposed ? x.transpose() : x;
        long rows = Math.max(1, kept.rows());
        boolean contiguous = kept.rowStride() == 1 || kept.rows() <= 1;
        if (!contiguous || kept.cols() > 1 && kept.colStride() < rows) {
            return Optional.empty();
        }
        return Optional.of(new Stored(transposed, kept.rows(), kept.cols(), kept.cols() > 1 ? kept.colStride() : rows));
    }
}
