package dev.gamut.conformance;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * The operations of an epilogue on enclosures: f(x) with the incoming radius times f's largest slope, and f's own roundings in
 * the arithmetic of the accumulator (F32 for integers).
 *
 * <p>Sums, and each of the two steps of a requantisation, round once. GELU and SiLU may be off by {@value #FUNCTION} units of
 * u·|x|: with Φ or the logistic function evaluated in the arithmetic itself, the scaled argument's two roundings cost at most
 * 0.97, an error of two units in erf or exp 2, the sum in parentheses 1, two products 2. Vectors and matrices are rounded to
 * the arithmetic before use.
 */
final class EpilogueOracle {
    /** Roundings of a GELU or SiLU, see the class comment. */
    static final double FUNCTION = 8;

    private final List<Epilogue.Op> ops;
    private final Epilogue data;
    private final DType arithmetic;

    EpilogueOracle(List<Epilogue.Op> ops, Epilogue data, DType arithmetic) {
        this.ops = ops;
        this.data = data;
        this.arithmetic = arithmetic;
    }

    /** The whole chain on one element. */
    Enclosure apply(Enclosure x, long batch, long row, long col) {
        Enclosure value = x;
        for (int i = 0; i < ops.size(); i++) {
            value = apply(ops.get(i), data.data(i), value, batch, row, col);
        }
        return value;
    }

    private Enclosure apply(Epilogue.Op op, Tensor t, Enclosure x, long batch, long row, long col) {
        return switch (op) {
            case Epilogue.Bias bias -> sum(x, vector(t, bias.perColumn() ? col : row));
            case Epilogue.Residual residual -> sum(x, matrix(t, residual.matrix(), batch, row, col));
            case Epilogue.Relu _ -> relu(x);
            case Epilogue.Gelu gelu ->
                function(x, gelu.tanh() ? ExactFunctions::geluTanh : ExactFunctions::gelu, ExactFunctions.GELU_SLOPE);
            case Epilogue.Silu _ -> function(x, ExactFunctions::silu, ExactFunctions.SILU_SLOPE);
            case Epilogue.Requantise r -> requantise(x, vector(t, r.perColumn() ? col : 0), r.zeroPoint());
        };
    }

    private Enclosure sum(Enclosure x, double summand) {
        return x.plus(Enclosure.exact(arithmetic.round(summand))).rounded(arithmetic);
    }

    /** What may have overflowed to −∞ may have become 0: then nothing is certain. */
    private static Enclosure relu(Enclosure x) {
        if (x.wild()) {
            return Enclosure.unknown();
        }
        return x.high() <= 0 ? new Enclosure(0, 0, x.radius(), x.wild()) : x;
    }

    private Enclosure function(Enclosure x, DoubleUnaryOperator f, double slope) {
        double value = f.applyAsDouble(x.high());
        if (!Double.isFinite(value)) {
            return new Enclosure(value, 0, 0, x.wild());
        }
        double own = FUNCTION * arithmetic.unitRoundoff() * x.magnitude() + arithmetic.minSubnormal();
        double oracle = (ExactFunctions.ERROR + 1) * 0x1p-53 * Math.abs(x.high());
        return new Enclosure(value, 0, x.radius() * slope + own + oracle, x.wild());
    }

    private Enclosure requantise(Enclosure x, double factor, int zeroPoint) {
        return x.times(arithmetic.round(factor))
                .rounded(arithmetic)
                .plus(Enclosure.exact(zeroPoint))
                .rounded(arithmetic);
    }

    private static double vector(Tensor t, long index) {
        return t.dtype().load(t.segment(), t.offset() + index * t.layout().stride(0));
    }

    private static double matrix(Tensor t, MatrixDesc m, long batch, long row, long col) {
        long index = batch * m.batchStride() + row * m.rowStride() + col * m.colStride();
        return t.dtype().load(t.segment(), t.offset() + index);
    }
}
