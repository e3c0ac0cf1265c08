package dev.gamut.vector.reduce;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceOp;

/**
 * Error bounds of the vector reductions, u the unit roundoff of the accumulator and L = ⌈log2 n⌉.
 *
 * <p>A term passes at most 64 roundings in its lane (the first addition to +0 is exact, but a product rounds), 6
 * folds and one for each doubling of the number of blocks, L - 12 at most: a sum rounds at most 57 + L times, a dot
 * product 58 + L times, and neither more often than the n times that any order takes. Both are declared, whichever is
 * smaller; n + 2 is what the numerics contract allows.
 *
 * <p>Where the order is free, a {@link Stream} takes the place of the lanes: at most {@value Stream#CHAIN} additions to a
 * lane, the joins of its lanes, and a tree of runs of which the last may be short.
 *
 * <p>S in relative(n)·S, and what comes on top of the tree:
 *
 * <ul>
 *   <li>sum, asum, dot: S = Σ |terms|;
 *   <li>mean: S = Σ |x| / n, two roundings more for n and the division;
 *   <li>2-norm: S is the result. A square root halves the relative error of the sum; one rounding of the root and one
 *       of a subnormal result: (58 + L)/2 + 2 ≤ 31 + L, and for runs likewise;
 *   <li>variance: S = Σ (|x| + mean |x|)² / n. With m the computed mean, Σ (x - m)² = Σ (x - mean)² + n (m - mean)²;
 *       two roundings for the difference, 58 + L for the tree, two for n and the division, and the second part is
 *       below u·S as long as (59 + L)²·u ≤ 1: 63 + L;
 *   <li>log-sum-exp: S = 1 + |M| + ln n. A term's error is (|x - M| + 3)·u of itself (difference, {@link F64Exp}), and
 *       Σ d·exp(-d) ≤ ln n · Σ exp(-d), so the sum of at least 1 is off by (60 + 2 L)·u relative to itself, the
 *       absolute error of its logarithm; two more for the least exponentials and for second order. For few terms the
 *       n + 2 of any order holds as well: the largest term is exactly 1, so that the error of exp is below 3 (n - 1)/n;
 *   <li>product: S is the exact result, n roundings, as long as no partial product overflows or underflows;
 *   <li>selections are exact.
 * </ul>
 */
final class Bounds {
    /** Additions of a term's lane in a run, 7 joins of up to 128 lanes, and one for a last run that is short. */
    private static final int RUN = Stream.CHAIN + 8;

    /** Terms of a compensated sum: 2^38, two tebibytes of F64. */
    static final long MOST_COMPENSATED = 1L << 38;

    private Bounds() {}

    /**
     * The bound of a compensated sum, with u the unit roundoff of its result, whatever the number n of terms.
     *
     * <p>F64, in {@link Pairs}: a loop takes at most b = 4,096 terms of a lane, so what is added up in its errors is below (b +
     * 1)·u·S and those additions round off at most b·(b + 1)·u²·S, n·(b + 1)·u²·S over all loops: at most u/8·S for {@value
     * #MOST_COMPENSATED} terms, with joining the lanes not u/4·S. The sum of the pair is rounded once, a mean once more.
     * Narrower types, in F64: 64 + ⌈log2 n⌉ roundings of 2^-53 come to less than 2^-20 of u = 2^-24, and the result is rounded once.
     *
     * @param op SUM, ASUM, DOT or MEAN
     * @param result F64 or F32
     */
    static ErrorBound compensated(ReduceOp op, DType result) {
        double roundings = op == ReduceOp.MEAN ? 2.25 : 1.25;
        return new ErrorBound(
                result.unitRoundoff(), 0, 0, result == DType.F64 ? roundings : 1 + 0x1p-20, result.minSubnormal());
    }

    /**
     * A kernel's bound.
     *
     * @param op operation
     * @param accumulator F64 or F32
     * @param n terms
     * @param tree64 whether sums go to 64 lanes for each block, rather than in runs
     */
    static ErrorBound of(ReduceOp op, DType accumulator, long n, boolean tree64) {
        ErrorBound anyOrder = ErrorBound.ofAccumulation(accumulator);
        ErrorBound tree = switch (op) {
            case MIN, MAX, ARGMIN, ARGMAX, ARGAMAX -> ErrorBound.EXACT;
            case PRODUCT -> anyOrder;
            case SUM, ASUM -> ErrorBound.ofTree(accumulator, tree64 ? 57 : RUN);
            case DOT -> ErrorBound.ofTree(accumulator, tree64 ? 58 : RUN + 1);
            case MEAN -> ErrorBound.ofTree(accumulator, tree64 ? 59 : RUN + 2);
            case NRM2 -> ErrorBound.ofTree(accumulator, (tree64 ? 58 : RUN + 1) / 2.0 + 2);
            case VARIANCE -> ErrorBound.ofTree(accumulator, 63);
            case LOGSUMEXP -> new ErrorBound(accumulator.unitRoundoff(), 0, 2, 62, accumulator.minSubnormal());
        };
        return tree.relative(n) <= anyOrder.relative(n) ? tree : anyOrder;
    }
}
