package dev.gamut.conformance;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;

/** The epilogues that kernels are tested with. A result of 8 bits or less gets a requantisation at the end. */
enum EpilogueChain {
    /** Nothing. */
    NONE,
    /** A number per column. */
    BIAS,
    /** A number per row. */
    ROW_BIAS,
    /** max(x, 0). */
    RELU,
    /** Another matrix. */
    RESIDUAL,
    /** Three operations. */
    BIAS_RELU_RESIDUAL,
    /** Factor per column and zero point. */
    REQUANTISE,
    /** x·Φ(x). */
    GELU,
    /** Its tanh form. */
    GELU_TANH,
    /** x·logistic(x). */
    SILU,
    /** What a transformer's layer needs. */
    BIAS_GELU_RESIDUAL;

    /** Those whose results are exact for exact operands. */
    static final List<EpilogueChain> EXACT =
            List.of(NONE, BIAS, ROW_BIAS, RELU, RESIDUAL, BIAS_RELU_RESIDUAL, REQUANTISE);

    /** All of them. */
    static final List<EpilogueChain> ALL = List.of(values());

    private static final int ZERO_POINT = 3;

    List<Epilogue.Op> ops(DType acc, DType result, MatrixDesc c, long batch) {
        return build(acc, result, c, batch, Data.EXACT, new SplittableRandom(0)).ops();
    }

    /** The chain with numbers. */
    Epilogue build(DType acc, DType result, MatrixDesc c, long batch, Data data, SplittableRandom r) {
        DType wide = acc.isInteger() ? DType.F32 : acc;
        Epilogue e = Epilogue.NONE;
        e = name().startsWith("BIAS") ? e.bias(vector(c.cols(), wide, data, r)) : e;
        e = this == ROW_BIAS ? e.rowBias(vector(c.rows(), DType.BF16, data, r)) : e;
        e = name().contains("RELU") ? e.relu() : e;
        e = name().contains("GELU") ? this == GELU_TANH ? e.geluTanh() : e.gelu() : e;
        e = this == SILU ? e.silu() : e;
        e = name().contains("RESIDUAL") ? e.residual(matrix(c, batch, wide, data, r)) : e;
        boolean narrow = result.isInteger() && result.bits() <= 8;
        return this == REQUANTISE || narrow
                ? e.requantise(factors(this == REQUANTISE ? c.cols() : 1, r), ZERO_POINT)
                : e;
    }

    private static Tensor vector(long size, DType type, Data data, SplittableRandom r) {
        Tensor t = Tensor.zeros(type, size);
        for (long i = 0; i < size; i++) {
            t.set(data.next(type, r), i);
        }
        return t;
    }

    /** Powers of two, so that exact sums stay exact. */
    private static Tensor factors(long size, SplittableRandom r) {
        Tensor t = Tensor.zeros(DType.F32, size);
        for (long i = 0; i < size; i++) {
            t.set(Math.scalb(1.0, -r.nextInt(2, 6)), i);
        }
        return t;
    }

    /** A column-major matrix with a gap between columns, or one for each of the batch. */
    private static Tensor matrix(MatrixDesc c, long batch, DType type, Data data, SplittableRandom r) {
        long ld = c.rows() + 2;
        long size = ld * Math.max(c.cols(), 1);
        long[] shape = batch == 1 ? new long[] {c.rows(), c.cols()} : new long[] {batch, c.rows(), c.cols()};
        long[] strides = batch == 1 ? new long[] {1, ld} : new long[] {size, 1, ld};
        Tensor flat = vector(size * Math.max(batch, 1), type, data, r);
        return Tensor.of(flat.segment(), type, Layout.of(shape, strides));
    }
}
