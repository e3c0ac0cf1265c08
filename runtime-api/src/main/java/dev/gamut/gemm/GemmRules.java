package dev.gamut.gemm;

import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import java.util.List;

/** The rules of the numerics contract that a GEMM's descriptor must keep. */
final class GemmRules {
    private GemmRules() {}

    /**
     * The accumulator of two operand types: the wider one where both are plain floats or both integers; F32 where
     * integers are weights or carry scale factors.
     */
    static DType accumulator(MatrixDesc a, MatrixDesc b) {
        boolean weights = a.type().isFloat() != b.type().isFloat();
        boolean integers = !a.type().isFloat() && !b.type().isFloat();
        boolean scaled = a.scaling().hasScales() || b.scaling().hasScales();
        if (weights) {
            return a.type().isFloat() ? a.type().gemmAccumulator() : b.type().gemmAccumulator();
        }
        if (integers) {
            return scaled ? DType.F32 : DType.I32;
        }
        DType x = a.type().gemmAccumulator();
        DType y = b.type().gemmAccumulator();
        return x.bits() >= y.bits() ? x : y;
    }

    static void check(MatrixDesc a, MatrixDesc b, MatrixDesc c, DType acc, long batch, List<Epilogue.Op> epilogue) {
        require(
                a.cols() == b.rows(),
                "a is %d×%d and b is %d×%d; the columns of a must equal the rows of b",
                a.rows(),
                a.cols(),
                b.rows(),
                b.cols());
        require(
                c.rows() == a.rows() && c.cols() == b.cols(),
                "c is %d×%d; it must be %d×%d",
                c.rows(),
                c.cols(),
                a.rows(),
                b.cols());
        require(batch >= 0, "batch is %d; it must be at least 0", batch);
        a.extent(batch);
        b.extent(batch);
        require(
                Layout.of(
                                new long[] {batch, c.rows(), c.cols()},
                                new long[] {c.batchStride(), c.rowStride(), c.colStride()})
                        .isInjective(),
                "c has strides %d, %d and batch stride %d; two of its elements would share memory",
                c.rowStride(),
                c.colStride(),
                c.batchStride());
        require(
                !c.scaling().hasScales(),
                "c has scaling %s; a result is plain, requantise it in the epilogue",
                c.scaling());
        for (MatrixDesc operand : List.of(a, b, c)) {
            requireByteRows(operand);
        }
        requireRange(a, b, c, acc, epilogue);
        for (Epilogue.Op op : epilogue) {
            if (op instanceof Epilogue.Residual r) {
                require(
                        r.matrix().rows() == c.rows() && r.matrix().cols() == c.cols(),
                        "residual is %d×%d; it must be %d×%d",
                        r.matrix().rows(),
                        r.matrix().cols(),
                        c.rows(),
                        c.cols());
            }
        }
    }

    private static void requireByteRows(MatrixDesc x) {
        if (x.type().isSubByte()) {
            int perByte = 8 / x.type().bits();
            boolean rows = x.colStride() == 1 && (x.rows() <= 1 || x.rowStride() % perByte == 0);
            boolean cols = x.rowStride() == 1 && (x.cols() <= 1 || x.colStride() % perByte == 0);
            require(
                    (rows || cols) && x.batchStride() % perByte == 0,
                    "%s has strides %d, %d and batch stride %d; its contiguous rows must start at whole bytes",
                    x.type(),
                    x.rowStride(),
                    x.colStride(),
                    x.batchStride());
        }
    }

    /** Integer products are exact or refused, never wrapped: see the numerics contract. */
    private static void requireRange(MatrixDesc a, MatrixDesc b, MatrixDesc c, DType acc, List<Epilogue.Op> epilogue) {
        boolean requantised = epilogue.stream().anyMatch(op -> op instanceof Epilogue.Requantise);
        if (acc.isInteger()) {
            require(
                    c.type().isFloat() || c.type().bits() >= 32 || requantised,
                    "c is %s; a sum of integer products needs I32, I64, a float, or a requantising epilogue",
                    c.type());
            if (c.type() == DType.I32 && !requantised) {
                long limit = (long) (Integer.MAX_VALUE / (magnitude(a.type()) * magnitude(b.type())));
                require(
                        a.cols() <= limit,
                        "k is %d; %s·%s sums fit I32 up to k = %d, use an I64 result beyond",
                        a.cols(),
                        a.type(),
                        b.type(),
                        limit);
            }
        } else {
            require(
                    c.type().isFloat() || requantised,
                    "c is %s; a floating-point product needs a float, or a requantising epilogue",
                    c.type());
        }
    }

    private static double magnitude(DType type) {
        return Math.max(Math.abs(type.lowest()), type.maxFinite());
    }

    private static void require(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(java.util.Locale.ROOT, message, values));
        }
    }
}
