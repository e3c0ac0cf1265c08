package dev.gamut.internal.reference;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceOp;

/**
 * Error bounds of reductions in the order {@code tree64}, u the unit roundoff of the accumulator and L = ⌈log2 n⌉.
 *
 * <p>A sum rounds at most 57 + L times on the way from a term to the result, a dot product 58 + L times, and neither more
 * than n times: see {@link Tree64}. Of a bound by the tree and one of n + 2 roundings, which holds for any order, the
 * smaller is declared. What S is in relative(n)·S:
 *
 * <table>
 * <caption>Bounds by operation</caption>
 * <tr><th>operation</th><th>S</th><th>roundings</th></tr>
 * <tr><td>sum, asum, dot</td><td>Σ |terms|</td><td>57 + L (58 + L for dot)</td></tr>
 * <tr><td>mean</td><td>Σ |x| / n</td><td>59 + L: n itself and the division round too</td></tr>
 * <tr><td>2-norm</td><td>the exact result</td><td>(58 + L)/2 for the square root of the sum, one for the root, one for a
 * subnormal result: at most 31 + L</td></tr>
 * <tr><td>variance</td><td>Σ (|x| + mean |x|)² / n, what it were if nothing cancelled</td><td>63 + L, see below</td></tr>
 * <tr><td>log-sum-exp</td><td>1 + |M| + ln n, M the largest term</td><td>60 + 2·L, see below</td></tr>
 * <tr><td>product</td><td>the exact result</td><td>n, as long as no partial product overflows or underflows</td></tr>
 * </table>
 *
 * <p>Variance: with m the computed mean, Σ (x − m)² = Σ (x − mean)² + n·(m − mean)². The first part has 2 roundings from
 * the difference, 58 + L from the tree, 2 from n and the division. In the second |m − mean| ≤ (59 + L)·u·Σ|x|/n, whose
 * square is below u·S as long as (59 + L)²·u ≤ 1, which holds for every n: one more. For few terms n + 5 roundings of V ≤ Σ
 * x²/n are within n + 2 of S, because S ≥ (1 + 3/n)·Σ x²/n.
 *
 * <p>Log-sum-exp: a term exp(x − M) has an error of (|x − M| + 2)·u from the difference and exp in F64 (a rounding in F32
 * instead), and Σ d·exp(−d) ≤ ln n · Σ exp(−d), so that the sum, which is at least 1, is off by (59 + 2·L)·u relative
 * to itself; that is the absolute error of its logarithm, whose own 2·u·ln n and the last rounding u·|result| S covers.
 */
final class ReduceBounds {
    private ReduceBounds() {}

    /** The bound of one operation over n terms, exact where nothing is accumulated in floating point. */
    static ErrorBound of(ReduceOp op, DType accumulator, long n) {
        ErrorBound anyOrder = ErrorBound.ofAccumulation(accumulator);
        ErrorBound tree = switch (op) {
            case MIN, MAX, ARGMIN, ARGMAX, ARGAMAX -> ErrorBound.EXACT;
            case PRODUCT -> anyOrder;
            case SUM, ASUM -> ErrorBound.ofTree(accumulator, 57);
            case DOT -> ErrorBound.ofTree(accumulator, 58);
            case MEAN -> ErrorBound.ofTree(accumulator, 59);
            case NRM2 -> ErrorBound.ofTree(accumulator, 31);
            case VARIANCE -> ErrorBound.ofTree(accumulator, 63);
            case LOGSUMEXP -> new ErrorBound(accumulator.unitRoundoff(), 0, 2, 60, accumulator.minSubnormal());
        };
        return tree.relative(n) <= anyOrder.relative(n) ? tree : anyOrder;
    }
}
