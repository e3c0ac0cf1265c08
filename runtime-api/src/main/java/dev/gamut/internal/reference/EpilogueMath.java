package dev.gamut.internal.reference;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.Activations;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Tensor;
import java.util.List;

/**
 * The canonical values of the epilogue operations: what the reference and the shared second pass compute.
 *
 * <p>Every operation takes and gives a number of the arithmetic, which is F64 for an F64 accumulator and F32 otherwise.
 * Data of a bias or residual are rounded to it first; sums round once; requantisation is one fused multiply-add. GELU and
 * SiLU are those of {@link Activations}, in F32 arithmetic rounded once, so that bits are the same on every machine. NaN stays NaN; GELU and SiLU of −∞ are NaN, as their formulas (0 · ∞) say.
 *
 * <p>Error of one operation f for an input x with error e, u the unit roundoff of the arithmetic:
 *
 * <pre>  |computed − f(exact x)| ≤ lipschitz(f)·e + roundings(f)·u·max(|x|, |f(x)|)</pre>
 *
 * plus the smallest subnormal where f(x) underflows. Stateless and thread-safe.
 */
public final class EpilogueMath {
    /** Roundings of a GELU or SiLU evaluated in F64, see {@link Activations}. */
    private static final double F64_FUNCTION = 8;

    /** The same, rounded to F32 at the end: 1 + 8·2^-29 stays below this. */
    private static final double F32_FUNCTION = 1 + 0x1p-25;

    private EpilogueMath() {}

    /**
     * The arithmetic of an epilogue.
     *
     * @param accumulator type of the sums
     * @return F32 for integers, otherwise the accumulator itself
     */
    public static DType arithmetic(DType accumulator) {
        return accumulator.isInteger() ? DType.F32 : accumulator;
    }

    /**
     * A whole chain applied to one element.
     *
     * @param ops the operations of the descriptor
     * @param data the chain that holds their tensors; only read where an operation has data
     * @param arithmetic F32 or F64
     * @param x the element, a number of the arithmetic
     * @param batch which matrix of the batch
     * @param row row of C
     * @param col column of C
     * @return the element to be rounded to the type of C
     */
    public static double apply(
            List<Epilogue.Op> ops, Epilogue data, DType arithmetic, double x, long batch, long row, long col) {
        double value = x;
        for (int i = 0; i < ops.size(); i++) {
            Epilogue.Op op = ops.get(i);
            value = apply(op, op.hasData() ? data.data(i) : null, arithmetic, value, batch, row, col);
        }
        return value;
    }

    /**
     * One operation applied to one element.
     *
     * @param op the operation
     * @param data its tensor, or null where it has none
     * @param arithmetic F32 or F64
     * @param x the element, a number of the arithmetic
     * @param batch which matrix of the batch
     * @param row row of C
     * @param col column of C
     * @return the result, a number of the arithmetic
     */
    public static double apply(
            Epilogue.Op op, Tensor data, DType arithmetic, double x, long batch, long row, long col) {
        return switch (op) {
            case Epilogue.Bias bias -> arithmetic.round(x + arithmetic.round(at(data, bias.perColumn() ? col : row)));
            case Epilogue.Relu _ -> x > 0 || Double.isNaN(x) ? x : 0;
            case Epilogue.Gelu gelu -> arithmetic.round(gelu.tanh() ? Activations.geluTanh(x) : Activations.gelu(x));
            case Epilogue.Silu _ -> arithmetic.round(Activations.silu(x));
            case Epilogue.Residual residual ->
                arithmetic.round(x + arithmetic.round(at(data, residual.matrix(), batch, row, col)));
            case Epilogue.Requantise requantise ->
                fma(arithmetic, x, at(data, requantise.perColumn() ? col : 0), requantise.zeroPoint());
        };
    }

    /**
     * How much an operation can magnify an error of its input.
     *
     * @param op the operation
     * @param data its tensor, or null where it has none
     * @return a bound of its derivative's magnitude
     */
    public static double lipschitz(Epilogue.Op op, Tensor data) {
        return switch (op) {
            case Epilogue.Bias _, Epilogue.Relu _, Epilogue.Residual _ -> 1;
            case Epilogue.Gelu _ -> 1.13; // within [-0.13, 1.13], both forms
            case Epilogue.Silu _ -> 1.1; // within [-0.1, 1.1]
            case Epilogue.Requantise _ -> largestMagnitude(data);
        };
    }

    /**
     * Roundings of an operation itself, see the class comment. Rounding to the type of C is not among them.
     *
     * @param op the operation
     * @param arithmetic F32 or F64
     * @return the factor of u·max(|x|, |f(x)|)
     */
    public static double roundings(Epilogue.Op op, DType arithmetic) {
        return switch (op) {
            case Epilogue.Relu _ -> 0;
            case Epilogue.Bias _, Epilogue.Residual _, Epilogue.Requantise _ -> 1;
            case Epilogue.Gelu _, Epilogue.Silu _ -> isSingle(arithmetic) ? F32_FUNCTION : F64_FUNCTION;
        };
    }

    private static boolean isSingle(DType arithmetic) {
        return arithmetic.precision() <= Float.PRECISION;
    }

    private static double fma(DType arithmetic, double x, double factor, double summand) {
        return isSingle(arithmetic)
                ? Math.fma((float) x, (float) factor, (float) summand)
                : Math.fma(x, factor, summand);
    }

    private static double at(Tensor vector, long index) {
        return vector.dtype()
                .load(
                        vector.segment(),
                        vector.offset() + index * vector.layout().stride(0));
    }

    private static double at(Tensor data, MatrixDesc matrix, long batch, long row, long col) {
        long index = batch * matrix.batchStride() + row * matrix.rowStride() + col * matrix.colStride();
        return data.dtype().load(data.segment(), data.offset() + index);
    }

    private static double largestMagnitude(Tensor vector) {
        double largest = 0;
        for (long i = 0; i < vector.size(0); i++) {
            largest = Math.max(largest, Math.abs(at(vector, i)));
        }
        return largest;
    }
}
