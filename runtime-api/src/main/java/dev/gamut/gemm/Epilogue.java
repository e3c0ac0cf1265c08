package dev.gamut.gemm;

import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What happens to each element of alpha·A·B + beta·C before it is stored: a chain of operations in order, with their
 * data. Immutable; as thread-safe as the tensors in it.
 *
 * <p>Operations work in the accumulator's type (I32 accumulators are widened to F32 first unless the chain is empty).
 * The descriptor of a GEMM holds only the {@link Op}s; the tensors are given with each run.
 */
public final class Epilogue {
    /** No operation. */
    public static final Epilogue NONE = new Epilogue(List.of(), List.of());

    /** One operation without its data: part of a {@link GemmDesc} and so of the plan cache's key. */
    public sealed interface Op {
        /** Whether the operation reads a tensor at run time. */
        default boolean hasData() {
            return false;
        }
    }

    /**
     * Adds a vector.
     *
     * @param perColumn true: element j of a vector of n is added to column j; false: element i of m to row i
     * @param type element type of the vector, which is contiguous
     */
    public record Bias(boolean perColumn, DType type) implements Op {
        @Override
        public boolean hasData() {
            return true;
        }
    }

    /** max(x, 0); NaN stays NaN. */
    public record Relu() implements Op {}

    /**
     * x·Φ(x), Φ the normal distribution function (Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016).
     *
     * @param tanh true: 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))); false: 0.5·x·(1 + erf(x/√2))
     */
    public record Gelu(boolean tanh) implements Op {}

    /** x / (1 + exp(-x)). */
    public record Silu() implements Op {}

    /**
     * Adds a matrix of the shape of C.
     *
     * @param matrix its type and strides
     */
    public record Residual(MatrixDesc matrix) implements Op {
        @Override
        public boolean hasData() {
            return true;
        }
    }

    /**
     * Multiplies by a factor per column or by one for all, adds a zero point, and leaves rounding to the type of C: the
     * way from an I32 accumulator back to I8.
     *
     * @param perColumn true: n factors; false: one
     * @param zeroPoint the code that stands for 0
     */
    public record Requantise(boolean perColumn, int zeroPoint) implements Op {
        @Override
        public boolean hasData() {
            return true;
        }
    }

    private final List<Op> ops;
    private final List<Tensor> data;

    private Epilogue(List<Op> ops, List<Tensor> data) {
        this.ops = ops;
        this.data = data;
    }

    private Epilogue then(Op op, Tensor tensor) {
        List<Op> nextOps = new ArrayList<>(ops);
        List<Tensor> nextData = new ArrayList<>(data);
        nextOps.add(op);
        nextData.add(tensor);
        return new Epilogue(List.copyOf(nextOps), nextData);
    }

    private static Tensor plain(String name, Tensor t) {
        if (t.scaling().hasScales()) {
            throw new IllegalArgumentException(name + " is " + t + "; plain numbers without scale factors are needed");
        }
        return t;
    }

    private static Tensor vector(String name, Tensor t) {
        if (t.rank() != 1 || !t.layout().isRowMajor()) {
            throw new IllegalArgumentException(name + " is " + t + "; a contiguous vector is needed");
        }
        return plain(name, t);
    }

    /**
     * Adds v(j) to every element of column j.
     *
     * @param v a contiguous vector of n elements
     * @return the longer chain
     */
    public Epilogue bias(Tensor v) {
        return then(new Bias(true, vector("bias", v).dtype()), v);
    }

    /**
     * Adds v(i) to every element of row i.
     *
     * @param v a contiguous vector of m elements
     * @return the longer chain
     */
    public Epilogue rowBias(Tensor v) {
        return then(new Bias(false, vector("rowBias", v).dtype()), v);
    }

    /** See {@link Relu}. */
    public Epilogue relu() {
        return then(new Relu(), null);
    }

    /** See {@link Gelu}, the exact form. */
    public Epilogue gelu() {
        return then(new Gelu(false), null);
    }

    /** See {@link Gelu}, the tanh form. */
    public Epilogue geluTanh() {
        return then(new Gelu(true), null);
    }

    /** See {@link Silu}. */
    public Epilogue silu() {
        return then(new Silu(), null);
    }

    /**
     * Adds a matrix.
     *
     * @param matrix of the shape of C
     * @return the longer chain
     */
    public Epilogue residual(Tensor matrix) {
        return then(new Residual(MatrixDesc.of("residual", plain("residual", matrix))), matrix);
    }

    /**
     * See {@link Requantise}.
     *
     * @param factors F32: one element, or one for each column
     * @param zeroPoint the code that stands for 0
     * @return the longer chain
     */
    public Epilogue requantise(Tensor factors, int zeroPoint) {
        if (vector("factors", factors).dtype() != DType.F32) {
            throw new IllegalArgumentException("factors is " + factors + "; requantisation factors are F32");
        }
        return then(new Requantise(factors.size(0) != 1, zeroPoint), factors);
    }

    /**
     * The same operations with other tensors.
     *
     * @param other gives for each tensor another one of the same type and layout
     * @return a chain equal to this one in its operations
     */
    public Epilogue with(UnaryOperator<Tensor> other) {
        return isEmpty()
                ? this
                : new Epilogue(
                        ops,
                        data.stream()
                                .map(t -> t == null ? null : other.apply(t))
                                .toList());
    }

    /** The operations in order. */
    public List<Op> ops() {
        return ops;
    }

    /**
     * The tensor of an operation.
     *
     * @param index position in the chain
     * @return its data, or null where the operation has none
     */
    public Tensor data(int index) {
        return data.get(index);
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return ops.isEmpty();
    }

    @Override
    public String toString() {
        return ops.toString();
    }
}
