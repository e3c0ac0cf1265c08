package dev.gamut.vector.matrix;

import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;
import java.lang.foreign.MemorySegment;

/**
 * An operand of one run: strides from the descriptor, memory from the run's arguments. Element (r, c) of batch entry e
 * lies at index offset + e·batchStride + r·rowStride + c·colStride of the array or, where there is none, of the
 * segment. Operands of other types than the one that is computed in are read and written through an {@link Image}.
 *
 * @param <S> array kind of the type that is computed in
 */
public final class Matrix<S> {
    /** Elements between rows; 1 where there are fewer than two. */
    public final long rowStride;
    /** Elements between columns; 1 where there are fewer than two. */
    public final long colStride;

    private final long batchStride;
    private final Elements<S> elements;
    private final Image<S> image;
    private S array;
    private MemorySegment segment;
    private long offset;

    /**
     * Strides of axes without a second element do not matter: as 1 they never stand in the way of a fast path, and
     * every index into an array fits an int.
     *
     * @param desc the matrix
     * @param transposed whether that is the transpose of what a run gives
     * @param elements of the type that is computed in
     */
    public Matrix(MatrixDesc desc, boolean transposed, Elements<S> elements) {
        this(desc, transposed, elements, false);
    }

    /**
     * The same.
     *
     * @param differences whether scale factors are left out, see {@link Elements#image}
     */
    public Matrix(MatrixDesc desc, boolean transposed, Elements<S> elements, boolean differences) {
        rowStride = desc.rows() > 1 ? desc.rowStride() : 1;
        colStride = desc.cols() > 1 ? desc.colStride() : 1;
        batchStride = desc.batchStride();
        this.elements = elements;
        image = desc.type() == elements.type() ? null : elements.image(desc, transposed, differences);
    }

    public void bind(Operand operand) {
        if (image != null) {
            image.bind(operand);
            return;
        }
        array = elements.cast(operand.array());
        segment = array == null ? operand.segment() : null;
        offset = operand.offset();
    }

    /** Forgets the caller's memory, which an idle executor must not keep alive. */
    public void release() {
        array = null;
        segment = null;
        if (image != null) {
            image.release();
        }
    }

    /** The array, or null where the operand is a segment or stored in another type. */
    public S array() {
        return array;
    }

    /** What elements are decoded by, or null where they are not. */
    public Image<S> image() {
        return image;
    }

    /** Whether elements are decoded when they are read. */
    public boolean isImage() {
        return image != null;
    }

    public long at(long batch, long row, long col) {
        return offset + batch * batchStride + row * rowStride + col * colStride;
    }

    /** Whether rows are contiguous in an array, so that vectors can be read and written in place. */
    public boolean hasArrayRows() {
        return array != null && colStride == 1;
    }

    /** Copies a block to contiguous rows; parameters are those of {@link Image#read}. */
    public void read(
            long e,
            long row,
            long col,
            boolean byColumns,
            int outer,
            int inner,
            S dst,
            int d0,
            int ld,
            Workspace workspace) {
        if (image != null) {
            image.read(e, row, col, byColumns, outer, inner, dst, d0, ld, workspace);
            return;
        }
        long outerStride = byColumns ? colStride : rowStride;
        long innerStride = byColumns ? rowStride : colStride;
        long at = at(e, row, col);
        if (array != null) {
            elements.gather(array, (int) at, (int) outerStride, (int) innerStride, outer, inner, dst, d0, ld);
        } else {
            elements.fetch(segment, at, outerStride, innerStride, outer, inner, dst, d0, ld);
        }
    }

    /** Copies contiguous rows to a block; parameters are those of {@link Image#write}. */
    public void write(
            S src,
            int s0,
            int ld,
            long e,
            long row,
            long col,
            boolean byColumns,
            int outer,
            int inner,
            Workspace workspace) {
        if (image != null) {
            image.write(src, s0, ld, e, row, col, byColumns, outer, inner, workspace);
            return;
        }
        long outerStride = byColumns ? colStride : rowStride;
        long innerStride = byColumns ? rowStride : colStride;
        long at = at(e, row, col);
        if (array != null) {
            elements.scatter(src, s0, ld, array, (int) at, (int) outerStride, (int) innerStride, outer, inner);
        } else {
            elements.flush(src, s0, ld, segment, at, outerStride, innerStride, outer, inner);
        }
    }
}
