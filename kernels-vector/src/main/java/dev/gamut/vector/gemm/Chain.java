package dev.gamut.vector.gemm;

import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;
import dev.gamut.vector.matrix.Elements;
import dev.gamut.vector.matrix.FloatRows;
import dev.gamut.vector.matrix.Matrix;
import java.util.List;

/** The operations of an epilogue on pieces of rows of C, in F32 as the reference defines them. Threads share it. */
final class Chain {
    private final List<Epilogue.Op> ops;
    private final boolean transposed;
    private final List<Data> data;

    /** A bias, residual or factors as a matrix that is read like an operand. */
    private record Data(Matrix<float[]> matrix, Operand operand) {}

    /**
     * The chain of a descriptor.
     *
     * @param desc the operation
     * @param transposed whether rows are columns of its C
     * @param elements of F32
     */
    Chain(GemmDesc desc, boolean transposed, Elements<float[]> elements) {
        this.ops = desc.epilogue();
        this.transposed = transposed;
        this.data = ops.stream()
                .map(op -> new Data(matrix(op, desc, elements), new Operand()))
                .toList();
    }

    private Matrix<float[]> matrix(Epilogue.Op op, GemmDesc desc, Elements<float[]> elements) {
        return switch (op) {
            case Epilogue.Bias bias -> {
                long n = bias.perColumn() ? desc.n() : desc.m();
                yield new Matrix<>(MatrixDesc.rowMajor(bias.type(), 1, n), false, elements);
            }
            case Epilogue.Residual residual ->
                new Matrix<>(transposed ? residual.matrix().transpose() : residual.matrix(), transposed, elements);
            case Epilogue.Requantise requantise -> {
                long n = requantise.perColumn() ? desc.n() : 1;
                yield new Matrix<>(MatrixDesc.rowMajor(elements.type(), 1, n), false, elements);
            }
            default -> null;
        };
    }

    void bind(Epilogue epilogue) {
        for (int i = 0; i < ops.size(); i++) {
            if (ops.get(i).hasData()) {
                Data d = data.get(i);
                d.operand.set(epilogue.data(i));
                d.matrix.bind(d.operand);
            }
        }
    }

    void release() {
        for (int i = 0; i < ops.size(); i++) {
            if (ops.get(i).hasData()) {
                data.get(i).operand.clear();
                data.get(i).matrix.release();
            }
        }
    }

    /**
     * Applies all operations.
     *
     * @param e matrix of the batch
     * @param row of C as the driver sees it
     * @param col first column
     * @param n elements
     * @param t the elements, from index 0 on
     * @param scratch room for {@code n} elements
     * @param workspace for decoding data
     */
    void apply(long e, long row, long col, int n, float[] t, float[] scratch, Workspace workspace) {
        for (int i = 0; i < ops.size(); i++) {
            Matrix<float[]> matrix = data.get(i).matrix;
            switch (ops.get(i)) {
                case Epilogue.Relu _ -> relu(n, t);
                case Epilogue.Bias bias -> {
                    boolean along = bias.perColumn() != transposed;
                    matrix.read(0, 0, along ? col : row, false, 1, along ? n : 1, scratch, 0, n, workspace);
                    add(n, scratch, along ? 1 : 0, t);
                }
                case Epilogue.Residual _ -> {
                    matrix.read(e, row, col, false, 1, n, scratch, 0, n, workspace);
                    add(n, scratch, 1, t);
                }
                case Epilogue.Requantise requantise -> {
                    boolean along = requantise.perColumn() && !transposed;
                    long first = !requantise.perColumn() ? 0 : transposed ? row : col;
                    matrix.read(0, 0, first, false, 1, along ? n : 1, scratch, 0, n, workspace);
                    requantise(n, scratch, along ? 1 : 0, requantise.zeroPoint(), t);
                }
                case Epilogue.Gelu gelu -> {
                    if (gelu.tanh()) {
                        ActivationRows.geluTanh(n, t);
                    } else {
                        ActivationRows.gelu(n, t);
                    }
                }
                case Epilogue.Silu _ -> ActivationRows.silu(n, t);
            }
        }
    }

    private static void relu(int n, float[] t) {
        for (int j = 0; j < n; j++) {
            t[j] = Math.max(t[j], 0f);
        }
    }

    private static void add(int n, float[] by, int step, float[] t) {
        if (step == 0) {
            float same = by[0];
            for (int j = 0; j < n; j++) {
                t[j] += same;
            }
        } else {
            FloatRows.add(n, by, 0, t, 0);
        }
    }

    private static void requantise(int n, float[] by, int step, float zeroPoint, float[] t) {
        if (step == 0) {
            float same = by[0];
            for (int j = 0; j < n; j++) {
                t[j] = Math.fma(t[j], same, zeroPoint);
            }
        } else {
            FloatRows.multiplyAdd(n, by, 0, zeroPoint, t, 0);
        }
    }
}
