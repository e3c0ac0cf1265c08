package dev.gamut.vector.gemm;

import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Operand;
import java.lang.foreign.MemorySegment;

/**
 * An operand of one run: strides from the descriptor, memory from the run's arguments. Element (r, c) of batch entry e
 * lies at index offset + e·batchStride + r·rowStride + c·colStride of the array or, where there is none, of the
 * segment.
 *
 * @param <S> array kind of the element type
 */
final class Matrix<S> {
    /** Elements between rows; 1 where there are fewer than two. */
    final long rowStride;
    /** Elements between columns; 1 where there are fewer than two. */
    final long colStride;

    private final long batchStride;
    private S array;
    private MemorySegment segment;
    private long offset;

    /**
     * Strides of axes without a second element do not matter: as 1 they never stand in the way of a fast path, and
     * every index into an array fits an int.
     */
    Matrix(MatrixDesc desc) {
        rowStride = desc.rows() > 1 ? desc.rowStride() : 1;
        colStride = desc.cols() > 1 ? desc.colStride() : 1;
        batchStride = desc.batchStride();
    }

    void bind(Operand operand, Elements<S> elements) {
        array = elements.cast(operand.array());
        segment = array == null ? operand.segment() : null;
        offset = operand.offset();
    }

    /** Forgets the caller's memory, which an idle executor must not keep alive. */
    void release() {
        array = null;
        segment = null;
    }

    /** The array, or null where the operand is a segment. */
    S array() {
        return array;
    }

    MemorySegment segment() {
        return segment;
    }

    long at(long batch, long row, long col) {
        return offset + batch * batchStride + row * rowStride + col * colStride;
    }

    /** Whether rows are contiguous in an array, so that vectors can be read and written in place. */
    boolean hasArrayRows() {
        return array != null && colStride == 1;
    }
}
