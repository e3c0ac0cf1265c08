package dev.gamut.conformance;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/**
 * Scale factors and zero points of an operand under test. They lie as the operand does: along columns where its columns are contiguous, one
 * matrix of them for each matrix of a batch, or one for all.
 */
final class Factors {
    private Factors() {}

    /**
     * A tensor over an operand's memory.
     *
     * @param memory with the codes
     * @param matrix sizes, strides and scaling, which is not none
     * @param batch matrices that have factors of their own; 1 where one serves all
     * @param scales scale factors in row-major order
     * @param zeros zero points of a type in row-major order
     */
    static Tensor scaled(
            Memory memory, MatrixDesc matrix, long batch, DoubleSupplier scales, ToDoubleFunction<DType> zeros) {
        boolean each = batch > 1;
        long[] shape =
                each ? new long[] {batch, matrix.rows(), matrix.cols()} : new long[] {matrix.rows(), matrix.cols()};
        long[] strides = each
                ? new long[] {matrix.batchStride(), matrix.rowStride(), matrix.colStride()}
                : new long[] {matrix.rowStride(), matrix.colStride()};
        Scaling by = each ? inBatch(matrix.scaling()) : matrix.scaling();
        boolean byColumns = matrix.rowStride() < matrix.colStride();
        long[] boxes = by.scaleShape(shape);
        return memory.tensor(Layout.of(shape, strides))
                .scaled(
                        by,
                        filled(by.scaleType(), boxes, byColumns, scales),
                        by.zeroPointType()
                                .map(type -> filled(type, boxes, byColumns, () -> zeros.applyAsDouble(type)))
                                .orElse(null));
    }

    /** Axis 0 of a matrix is axis 1 of a batch of them. */
    private static Scaling inBatch(Scaling by) {
        return by.axis() < 0
                ? by
                : new Scaling(by.granularity(), by.axis() + 1, by.block(), by.scaleType(), by.zeroPointType());
    }

    private static Tensor filled(DType type, long[] shape, boolean byColumns, DoubleSupplier numbers) {
        int rank = shape.length;
        long[] stored = shape.clone();
        if (byColumns) {
            stored[rank - 2] = shape[rank - 1];
            stored[rank - 1] = shape[rank - 2];
        }
        Tensor t = byColumns ? Tensor.zeros(type, stored).transpose() : Tensor.zeros(type, stored);
        long[] index = new long[rank];
        long count = t.layout().size();
        for (long n = 0; n < count; n++) {
            long rest = n;
            for (int d = rank - 1; d >= 0; d--) {
                index[d] = rest % shape[d];
                rest /= shape[d];
            }
            t.set(numbers.getAsDouble(), index);
        }
        return t;
    }

    /**
     * The number of an element's box.
     *
     * @param t scale factors or zero points, of all matrices together or of each
     * @param matrix whose elements they are
     */
    static double at(Tensor t, MatrixDesc matrix, long batch, long row, long col) {
        Scaling by = matrix.scaling();
        long r = by.scaleRow(row);
        long c = by.scaleCol(col);
        return t.rank() == 2 ? t.get(r, c) : t.get(t.size(0) > 1 ? batch : 0, r, c);
    }
}
