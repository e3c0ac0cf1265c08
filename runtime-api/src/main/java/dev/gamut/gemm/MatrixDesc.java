package dev.gamut.gemm;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.kernel.KernelId;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.util.Objects;
import java.util.Optional;

/**
 * One operand of a GEMM without its data: element (r, c) lies at offset + r·rowStride + c·colStride. Immutable.
 *
 * <p>Transposition and row- or column-major order are nothing but strides here, so no kernel has a case for them.
 *
 * @param type element type
 * @param rows rows of op(X), at least 0
 * @param cols columns of op(X), at least 0
 * @param rowStride elements between rows, at least 0
 * @param colStride elements between columns, at least 0
 * @param batchStride elements between the matrices of a batch, at least 0; 0 uses one matrix for all
 * @param scaling how scale factors are assigned; {@link Scaling#NONE} for plain numbers
 * @param packed the kernel whose private panel format the operand is in; empty for plain storage
 */
public record MatrixDesc(
        DType type,
        long rows,
        long cols,
        long rowStride,
        long colStride,
        long batchStride,
        Scaling scaling,
        Optional<KernelId> packed) {
    /** Checks sizes and strides. */
    public MatrixDesc {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(scaling, "scaling");
        atLeast0("rows", rows);
        atLeast0("cols", cols);
        atLeast0("rowStride", rowStride);
        atLeast0("colStride", colStride);
        atLeast0("batchStride", batchStride);
        Layout.of(new long[] {rows, cols}, new long[] {rowStride, colStride}); // refuses what overflows
    }

    private static void atLeast0(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be at least 0");
        }
    }

    private static MatrixDesc plain(DType type, long rows, long cols, long rowStride, long colStride) {
        return new MatrixDesc(type, rows, cols, rowStride, colStride, 0, Scaling.NONE, Optional.empty());
    }

    /**
     * A contiguous row-major matrix; rows of 4-bit types are padded to whole bytes.
     *
     * @param type element type
     * @param rows at least 0
     * @param cols at least 0
     * @return the descriptor
     */
    public static MatrixDesc rowMajor(DType type, long rows, long cols) {
        atLeast0("rows", rows);
        atLeast0("cols", cols);
        long perByte = type.isSubByte() ? 8 / type.bits() : 1;
        return plain(type, rows, cols, (cols + perByte - 1) / perByte * perByte, 1);
    }

    /**
     * An operand as BLAS describes it.
     *
     * @param name its name in messages: {@code a}, {@code b} or {@code c}
     * @param order how it is stored
     * @param trans whether op(X) is the transpose of what is stored
     * @param type element type
     * @param rows rows of op(X)
     * @param cols columns of op(X)
     * @param ld leading dimension: at least the stored contiguous length and at least 1
     * @return the descriptor
     */
    public static MatrixDesc blas(
            String name, Order order, Transpose trans, DType type, long rows, long cols, long ld) {
        boolean contiguousRows = (order == Order.ROW_MAJOR) == (trans == Transpose.NO_TRANS);
        long contiguous = contiguousRows ? cols : rows;
        if (ld < Math.max(1, contiguous)) {
            throw new IllegalArgumentException(
                    "ld" + name + " is " + ld + "; it must be at least " + Math.max(1, contiguous));
        }
        return contiguousRows ? plain(type, rows, cols, ld, 1) : plain(type, rows, cols, 1, ld);
    }

    /**
     * A tensor of rank 2, or of rank 3 whose first axis is the batch.
     *
     * @param name its name in messages
     * @param tensor the operand
     * @return the descriptor
     */
    public static MatrixDesc of(String name, Tensor tensor) {
        int rank = tensor.rank();
        if (rank != 2 && rank != 3) {
            throw new IllegalArgumentException(
                    name + " has rank " + rank + "; a matrix has rank 2, a batch of matrices rank 3");
        }
        Layout l = tensor.layout();
        return new MatrixDesc(
                tensor.dtype(),
                l.size(rank - 2),
                l.size(rank - 1),
                l.stride(rank - 2),
                l.stride(rank - 1),
                rank == 3 ? l.stride(0) : 0,
                scaling(name, tensor),
                Optional.empty());
    }

    /**
     * A tensor's scaling as its matrices see it: in a batch, axis 1 of the tensor is axis 0 of a matrix.
     *
     * @param name its name in messages
     * @param tensor of rank 2 or 3
     * @return the scaling of each matrix
     */
    public static Scaling scaling(String name, Tensor tensor) {
        Scaling s = tensor.scaling();
        boolean alongAxis =
                s.granularity() == Scaling.Granularity.PER_AXIS || s.granularity() == Scaling.Granularity.PER_BLOCK;
        if (tensor.rank() != 3 || !alongAxis) {
            return s;
        }
        if (s.axis() == 0) {
            throw new IllegalArgumentException(
                    name + " has scaling " + s + "; a batch is scaled along axis 1 or 2, the axes of its matrices");
        }
        return new Scaling(s.granularity(), s.axis() - 1, s.block(), s.scaleType(), s.zeroPointType());
    }

    /** The transposed operand. */
    public MatrixDesc transpose() {
        return new MatrixDesc(type, cols, rows, colStride, rowStride, batchStride, scaling.transpose(), packed);
    }

    /**
     * The operand with another distance between the matrices of a batch.
     *
     * @param stride in elements, at least 0
     * @return a copy
     */
    public MatrixDesc batchStride(long stride) {
        return new MatrixDesc(type, rows, cols, rowStride, colStride, stride, scaling, packed);
    }

    /**
     * The operand with another element type.
     *
     * @param other element type
     * @return a copy
     */
    public MatrixDesc type(DType other) {
        return new MatrixDesc(other, rows, cols, rowStride, colStride, batchStride, scaling, packed);
    }

    /**
     * The operand with scale factors.
     *
     * @param by how they are assigned
     * @return a copy
     */
    public MatrixDesc scaling(Scaling by) {
        return new MatrixDesc(type, rows, cols, rowStride, colStride, batchStride, by, packed);
    }

    /**
     * The operand in a kernel's panel format.
     *
     * @param kernel the kernel that packed it
     * @return a copy
     */
    public MatrixDesc packed(KernelId kernel) {
        return new MatrixDesc(type, rows, cols, rowStride, colStride, batchStride, scaling, Optional.of(kernel));
    }

    /**
     * Elements reached from the offset on by {@code batch} matrices.
     *
     * @param batch number of matrices
     * @return one more than the largest element index, 0 where there are no elements
     */
    public long extent(long batch) {
        try {
            if (batch > 0 && rows > 0 && cols > 0) { // without an object, as each run asks
                Math.multiplyExact(Math.multiplyExact(batch, rows), cols);
                long lastMatrix = Math.multiplyExact(batch - 1, batchStride);
                long lastRow = Math.multiplyExact(rows - 1, rowStride);
                long lastCol = Math.multiplyExact(cols - 1, colStride);
                return Math.addExact(Math.addExact(lastMatrix, lastRow), Math.addExact(lastCol, 1));
            }
        } catch (ArithmeticException e) { // a layout says what is too large
        }
        return Layout.of(new long[] {batch, rows, cols}, new long[] {batchStride, rowStride, colStride})
                .extent();
    }
}
