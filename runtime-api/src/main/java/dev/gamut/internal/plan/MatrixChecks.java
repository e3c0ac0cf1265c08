package dev.gamut.internal.plan;

import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;

/** What is checked about an operand that is a matrix or a batch of them. */
final class MatrixChecks {
    private MatrixChecks() {}

    /** Its memory, its scale factors, and, where a tensor was given, that it is what the descriptor says. */
    static void operand(
            String name, Operand operand, MatrixDesc matrix, long batch, long extent, boolean written, Engine engine) {
        OperandChecks.memory(name, operand, matrix.type(), extent, written, engine);
        tensor(name, operand.tensor(), matrix, batch, engine);
        if (operand.tensor() == null && matrix.scaling().hasScales()) {
            throw new IllegalArgumentException(
                    name + " has no scale factors; the plan takes a tensor with " + matrix.scaling());
        }
    }

    /** Bare arrays and segments are read as the descriptor says. */
    private static void tensor(String name, Tensor tensor, MatrixDesc matrix, long batch, Engine engine) {
        if (tensor == null) {
            return;
        }
        Scaling scaling = MatrixDesc.scaling(name, tensor);
        if (scaling != matrix.scaling() && !scaling.equals(matrix.scaling())) {
            throw new IllegalArgumentException(
                    name + " has scaling " + scaling + "; the plan takes " + matrix.scaling());
        }
        int rank = tensor.rank();
        boolean fits = (rank == 2 || rank == 3)
                && follows(tensor, rank - 2, matrix.rows(), matrix.rowStride())
                && follows(tensor, rank - 1, matrix.cols(), matrix.colStride())
                && (rank == 2 ? isOne(matrix, batch) : follows(tensor, 0, batch, matrix.batchStride()));
        if (!fits) {
            throw new IllegalArgumentException(
                    name + " is " + tensor + "; the plan takes " + (batch == 1 ? "" : batch + " times ") + matrix.rows()
                            + "×" + matrix.cols() + " with strides " + matrix.rowStride() + ", " + matrix.colStride());
        }
        OperandChecks.factors("the scale factors of ", name, tensor.scales(), engine);
        OperandChecks.factors("the zero points of ", name, tensor.zeroPoints(), engine);
    }

    /** Whether a tensor without a batch is all that is read or written. */
    private static boolean isOne(MatrixDesc matrix, long batch) {
        return batch <= 1 || matrix.batchStride() == 0;
    }

    /** The stride of an axis of one element is never taken. */
    private static boolean follows(Tensor tensor, int axis, long size, long stride) {
        return tensor.size(axis) == size && (size <= 1 || tensor.layout().stride(axis) == stride);
    }
}
