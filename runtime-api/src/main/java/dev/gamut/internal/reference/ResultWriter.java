package dev.gamut.internal.reference;

import dev.gamut.dtype.DType;
import dev.gamut.error.GamutException;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Turns sums of products into elements of C: the canonical order of alpha, beta, epilogue and rounding.
 *
 * <p>In the arithmetic of the accumulator (F32 for an integer accumulator), alpha and beta rounded to it first:
 *
 * <ol>
 *   <li>t = alpha · sum, rounded; an integer sum is rounded to F32 before;
 *   <li>if beta ≠ 0: t = fma(beta, c, t), one rounding;
 *   <li>the operations of the epilogue in order, see {@link EpilogueMath};
 *   <li>one rounding to the type of C.
 * </ol>
 *
 * <p>If alpha = 0 or k = 0 there is no product: t = beta · c, rounded, or +0 where beta = 0 too.
 *
 * <p>An integer C without epilogue is exact instead: alpha and beta must be integers, and a value that C cannot hold is
 * refused with an exception that names the element; C is undefined then.
 */
final class ResultWriter {
    private final MatrixDesc desc;
    private final List<Epilogue.Op> ops;
    private final DType arithmetic;
    private final boolean single;
    private final boolean exact;
    private MemorySegment c;
    private long offset;
    private long start;
    private long batch;
    private Epilogue epilogue;
    private double alpha;
    private double beta;
    private boolean product;

    ResultWriter(GemmDesc desc) {
        this.desc = desc.c();
        this.ops = desc.epilogue();
        this.arithmetic = EpilogueMath.arithmetic(desc.acc());
        this.single = arithmetic.precision() <= Float.PRECISION;
        this.exact = desc.acc().isInteger() && desc.c().type().isInteger() && ops.isEmpty();
    }

    /** Points at the C of a run; without a product the sums handed over are ignored. */
    void bind(GemmArgs args, boolean withProduct) {
        bind(args, withProduct, args.alpha(), args.beta());
    }

    /** The same with other factors than those of the run. */
    void bind(GemmArgs args, boolean withProduct, double factorOfSum, double factorOfC) {
        c = args.c().segment();
        offset = args.c().offset();
        epilogue = args.epilogue();
        product = withProduct;
        alpha = exact ? factorOfSum : arithmetic.round(factorOfSum);
        beta = exact ? factorOfC : arithmetic.round(factorOfC);
        select(0);
    }

    void select(long which) {
        batch = which;
        start = offset + which * desc.batchStride();
    }

    void release() {
        c = null;
        epilogue = null;
    }

    /** Finishes and stores one element from its sum in the arithmetic of the accumulator. */
    void put(long row, long col, double sum) {
        long at = index(row, col);
        double t = combine(sum, at);
        if (!ops.isEmpty()) {
            t = EpilogueMath.apply(ops, epilogue, arithmetic, t, batch, row, col);
        }
        desc.type().store(c, at, t);
    }

    /** Finishes and stores one element from its exact sum. */
    void putExact(long row, long col, long sum) {
        if (!exact) {
            put(row, col, (float) sum);
            return;
        }
        long at = index(row, col);
        long old = beta == 0 ? 0 : desc.type().loadLong(c, at);
        long value;
        try {
            value = Math.addExact(
                    product ? Math.multiplyExact((long) alpha, sum) : 0, Math.multiplyExact((long) beta, old));
        } catch (ArithmeticException e) {
            throw overflow(row, col, "does not fit 64 bits");
        }
        if (value < desc.type().lowest() || value > desc.type().maxFinite()) {
            throw overflow(row, col, "is " + value);
        }
        desc.type().storeLong(c, at, value);
    }

    private double combine(double sum, long at) {
        if (!product) {
            return beta == 0
                    ? 0
                    : arithmetic.round(beta * arithmetic.round(desc.type().load(c, at)));
        }
        if (single) {
            float t = (float) alpha * (float) sum;
            return beta == 0 ? t : Math.fma((float) beta, (float) desc.type().load(c, at), t);
        }
        double t = alpha * sum;
        return beta == 0 ? t : Math.fma(beta, desc.type().load(c, at), t);
    }

    private GamutException overflow(long row, long col, String what) {
        return new GamutException("alpha·A·B + beta·C at row " + row + ", column " + col
                + (batch == 0 ? "" : ", matrix " + batch) + " " + what + "; the exact result type is " + desc.type()
                + ", a floating-point result has a wider range");
    }

    private long index(long row, long col) {
        return start + row * desc.rowStride() + col * desc.colStride();
    }
}
