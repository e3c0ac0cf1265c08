package dev.gamut.gemm;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Demand;
import dev.gamut.accuracy.Determinism;
import dev.gamut.dtype.DType;
import java.util.List;
import java.util.Objects;

/**
 * What to compute: C = epilogue(alpha·A·B + beta·C), for one matrix or a batch. Immutable, and the key of the plan cache.
 *
 * <p>A is m×k, B is k×n, C is m×n; any of m, n, k and batch may be 0 (k = 0 leaves epilogue(beta·C)). alpha, beta and the
 * operands' memory are given with each run. Thread-safe.
 *
 * @param a left operand, m×k
 * @param b right operand, k×n
 * @param c result, m×n
 * @param acc type that products are summed in
 * @param batch number of independent products, at least 0
 * @param epilogue operations on the result, in order
 * @param accuracy how accurate the result must be
 * @param determinism how reproducible it must be
 */
public record GemmDesc(
        MatrixDesc a,
        MatrixDesc b,
        MatrixDesc c,
        DType acc,
        long batch,
        List<Epilogue.Op> epilogue,
        Accuracy accuracy,
        Determinism determinism)
        implements Demand {
    /** Checks that the shapes fit together and that the result can hold what is computed. */
    public GemmDesc {
        epilogue = List.copyOf(epilogue);
        Objects.requireNonNull(accuracy, "accuracy");
        Objects.requireNonNull(determinism, "determinism");
        GemmRules.check(a, b, c, acc, batch, epilogue);
    }

    /**
     * Three contiguous row-major matrices of one type; the result type is the accumulator's.
     *
     * @param type type of A and B; C is F64 for F64, F32 for other floats, I32 for integers
     * @param m rows of A and C
     * @param n columns of B and C
     * @param k columns of A, rows of B
     * @return the descriptor
     */
    public static GemmDesc of(DType type, long m, long n, long k) {
        return of(
                MatrixDesc.rowMajor(type, m, k),
                MatrixDesc.rowMajor(type, k, n),
                MatrixDesc.rowMajor(type.gemmAccumulator(), m, n));
    }

    /**
     * Any three operands; the accumulator is the one of the numerics table.
     *
     * @param a left operand
     * @param b right operand
     * @param c result
     * @return the descriptor
     */
    public static GemmDesc of(MatrixDesc a, MatrixDesc b, MatrixDesc c) {
        return of(a, b, c, List.of());
    }

    /**
     * Any three operands with operations on the result; the accumulator is the one of the numerics table.
     *
     * @param a left operand
     * @param b right operand
     * @param c result, which a requantising epilogue may narrow
     * @param epilogue operations in order
     * @return the descriptor
     */
    public static GemmDesc of(MatrixDesc a, MatrixDesc b, MatrixDesc c, List<Epilogue.Op> epilogue) {
        return new GemmDesc(a, b, c, GemmRules.accumulator(a, b), 1, epilogue, Accuracy.NATIVE, Determinism.ANY);
    }

    /**
     * The accumulator of the numerics table: the wider one of two floats, I32 for two integers, F32 where integers are
     * weights or carry scale factors.
     *
     * @param a left operand
     * @param b right operand
     * @return the type products are summed in
     */
    public static DType accumulator(MatrixDesc a, MatrixDesc b) {
        return GemmRules.accumulator(a, b);
    }

    /** Rows of A and C. */
    public long m() {
        return c.rows();
    }

    /** Columns of B and C. */
    public long n() {
        return c.cols();
    }

    /** Columns of A and rows of B. */
    public long k() {
        return a.cols();
    }

    @Override
    public String operation() {
        return "gemm";
    }

    @Override
    public List<DType> operands() {
        return List.of(a.type(), b.type());
    }

    @Override
    public long terms() {
        return k();
    }

    /** Multiplications and additions of the whole batch, as a double because the product can exceed a long. */
    public double flops() {
        return 2.0 * m() * n() * k() * batch;
    }

    /**
     * With a demand on accuracy.
     *
     * @param demand how accurate
     * @return a copy
     */
    public GemmDesc accuracy(Accuracy demand) {
        return new GemmDesc(a, b, c, acc, batch, epilogue, demand, determinism);
    }

    /**
     * With a demand on reproducibility.
     *
     * @param demand how reproducible
     * @return a copy
     */
    public GemmDesc determinism(Determinism demand) {
        return new GemmDesc(a, b, c, acc, batch, epilogue, accuracy, demand);
    }

    /**
     * With operations on the result.
     *
     * @param ops in order
     * @return a copy
     */
    public GemmDesc epilogue(List<Epilogue.Op> ops) {
        return new GemmDesc(a, b, c, acc, batch, ops, accuracy, determinism);
    }

    /**
     * A batch with equal distances between its matrices.
     *
     * @param count number of products
     * @param strideA elements between left operands, 0 to use one for all
     * @param strideB elements between right operands, 0 to use one for all
     * @param strideC elements between results
     * @return a copy
     */
    public GemmDesc batch(long count, long strideA, long strideB, long strideC) {
        return new GemmDesc(
                a.batchStride(strideA),
                b.batchStride(strideB),
                c.batchStride(strideC),
                acc,
                count,
                epilogue,
                accuracy,
                determinism);
    }

    /**
     * With another left operand.
     *
     * @param operand m×k
     * @return a copy
     */
    public GemmDesc a(MatrixDesc operand) {
        return new GemmDesc(operand, b, c, acc, batch, epilogue, accuracy, determinism);
    }

    /**
     * With another right operand.
     *
     * @param operand k×n
     * @return a copy
     */
    public GemmDesc b(MatrixDesc operand) {
        return new GemmDesc(a, operand, c, acc, batch, epilogue, accuracy, determinism);
    }

    /**
     * With another result.
     *
     * @param operand m×n
     * @return a copy
     */
    public GemmDesc c(MatrixDesc operand) {
        return new GemmDesc(a, b, operand, acc, batch, epilogue, accuracy, determinism);
    }

    /** The types as they stand in kernel ids. */
    public List<DType> types() {
        return List.of(a.type(), b.type(), acc, c.type());
    }

    @Override
    public String toString() {
        return "gemm " + a.type() + "·" + b.type() + "→" + acc + "→" + c.type() + " " + m() + "×" + n() + "×" + k()
                + (batch == 1 ? "" : " batch " + batch)
                + (epilogue.isEmpty() ? "" : " epilogue " + epilogue)
                + " accuracy " + accuracy + " determinism " + determinism;
    }
}
