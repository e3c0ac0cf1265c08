package dev.gamut.ffm.gpu;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A product as cuBLASLt and hipBLASLt see it: D = alpha·op(A)·op(B) + beta·D with D in columns. Where the rows of C are contiguous, it is
 * the product of the transposes, their order swapped.
 *
 * @param operands type of both operands
 * @param acc type of the sums, and of the factors
 * @param result type of the result
 * @param swapped whether the left operand is B transposed
 * @param rows of the result as the library sees it
 * @param cols of it
 * @param k terms of each sum
 * @param left A in the library's terms
 * @param right B in the library's terms
 * @param ld elements from one column of the result to the next
 * @param batch products
 * @param leftStride elements from one left operand to the next
 * @param rightStride the same for the right one
 * @param stride the same for the result
 */
record LtProblem(
        DType operands,
        DType acc,
        DType result,
        boolean swapped,
        long rows,
        long cols,
        long k,
        Stored left,
        Stored right,
        long ld,
        long batch,
        long leftStride,
        long rightStride,
        long stride) {
    /** Integers are multiplied where both operands are contiguous along k, in units of this many. */
    static final long UNIT = 4;

    /** Rows of integers that are laid out anew are padded to this many. */
    private static final long PADDED = 16;

    /** Empty where a matrix cannot be described. */
    static Optional<LtProblem> of(GemmDesc desc) {
        boolean perRow = desc.epilogue().stream().anyMatch(op -> op instanceof Epilogue.Bias bias && !bias.perColumn());
        return Stream.of(!perRow, perRow)
                .flatMap(swapped -> of(desc, swapped).stream())
                .findFirst();
    }

    private static Optional<LtProblem> of(GemmDesc desc, boolean swapped) {
        MatrixDesc left = swapped ? desc.b().transpose() : desc.a();
        MatrixDesc right = swapped ? desc.a().transpose() : desc.b();
        MatrixDesc result = swapped ? desc.c().transpose() : desc.c();
        boolean integers = desc.acc().isInteger();
        Optional<Stored> l = Stored.of(left, integers);
        Optional<Stored> r = Stored.of(right, false);
        Optional<Stored> d = Stored.of(result, false).filter(stored -> !stored.transposed());
        if (l.isEmpty() || r.isEmpty() || d.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new LtProblem(
                desc.a().type(),
                desc.acc(),
                desc.c().type(),
                swapped,
                result.rows(),
                result.cols(),
                desc.k(),
                l.get(),
                r.get(),
                d.get().ld(),
                desc.batch(),
                left.batchStride(),
                right.batchStride(),
                result.batchStride()));
    }

    /** Whether both operands are contiguous along k. */
    boolean isAlongTerms() {
        return left.transposed() && !right.transposed();
    }

    /** Whether sizes and strides are the multiples that products of integers need. */
    boolean isInUnits() {
        long all = k | rows | left.ld() | right.ld() | ld | (batch > 1 ? leftStride | rightStride | stride : 0);
        return all % UNIT == 0;
    }

    private static long padded(long n) {
        return (n + PADDED - 1) / PADDED * PADDED;
    }

    /** The same with operands and result laid out anew, contiguous along k and padded. */
    LtProblem padded() {
        long terms = padded(k);
        long lines = padded(rows);
        return with(
                lines,
                terms,
                new Stored(true, terms, lines, terms),
                new Stored(false, terms, cols, terms),
                terms * lines,
                terms * cols,
                lines,
                lines * cols);
    }

    /** The same result from operands that are zeros, one memory for both. */
    LtProblem ofZeros() {
        return with(
                rows,
                PADDED,
                new Stored(true, PADDED, rows, PADDED),
                new Stored(false, PADDED, cols, PADDED),
                0,
                0,
                ld,
                stride);
    }

    /** Elements that {@link #ofZeros} reads. */
    long zeros() {
        return PADDED * Math.max(rows, cols);
    }

    private LtProblem with(
            long newRows, long newK, Stored newLeft, Stored newRight, long ls, long rs, long newLd, long newStride) {
        return new LtProblem(
                operands, acc, result, swapped, newRows, cols, newK, newLeft, newRight, newLd, batch, ls, rs,
                newStride);
    }

    /** Elements from the first of the result to its last. */
    long extent() {
        return (batch - 1) * stride + (cols - 1) * ld + rows;
    }
}
