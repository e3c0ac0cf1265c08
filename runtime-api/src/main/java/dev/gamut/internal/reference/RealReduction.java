package dev.gamut.internal.reference;

import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import java.lang.foreign.MemorySegment;

/**
 * Sums and everything built on sums in floating point, in the order {@link Tree64}; terms are rounded to the accumulator
 * first, which changes only integers beyond its precision.
 *
 * <ul>
 *   <li>mean: sum / n, n rounded to the accumulator;
 *   <li>variance: d = x − mean, rounded; tree of d·d with fused multiply-adds; divided by n;
 *   <li>2-norm: √tree of x·x with fused multiply-adds where that tree is finite and at least 2^50/u times the smallest
 *       subnormal, u the unit roundoff, so that what squares lost by underflow does not count. Otherwise 2^e · √tree of s·s,
 *       s = x · 2^−e rounded (exact unless it underflows), e the exponent of the largest magnitude or of the smallest normal
 *       number, whichever is larger. A zero, infinite or NaN largest magnitude is the result itself then;
 *   <li>log-sum-exp: M + log(tree of exp(x − M)), M the largest term; difference, exp and log in F64 by {@link
 *       StrictMath}, each term and the result rounded once to the accumulator. An infinite or NaN M is the result.
 * </ul>
 *
 * <p>Bounds are in {@link ReduceBounds}.
 */
final class RealReduction extends Reduction {
    private final DType acc;
    private final Tree64 sum;
    private final Tree64 product;
    private final double[] block = new double[Tree64.BLOCK];
    private final double[] other;

    RealReduction(ReduceDesc desc, DType accumulator) {
        super(desc);
        this.acc = accumulator;
        this.sum = Tree64.sum(accumulator);
        this.product = desc.op() == ReduceOp.PRODUCT ? Tree64.product(accumulator) : null;
        this.other = desc.op().isBinary() ? new double[Tree64.BLOCK] : null;
    }

    @Override
    void reduce(long result, MemorySegment out, long at) {
        double value = switch (desc.op()) {
            case SUM -> sum();
            case ASUM -> absoluteSum();
            case PRODUCT -> product();
            case DOT -> dot();
            case MEAN -> acc.round(sum() / acc.round(x.terms()));
            case VARIANCE -> variance(result);
            case NRM2 -> norm(result);
            case LOGSUMEXP -> logSumExp(result);
            case MIN, MAX, ARGMIN, ARGMAX, ARGAMAX ->
                throw new IllegalStateException(desc.op() + " selects an element, it does not sum");
        };
        desc.result().store(out, at, value);
    }

    /** Reads the next block, rounded to the accumulator; 0 at the end. */
    private int read() {
        int n = x.doubles(block);
        if (acc.precision() <= Float.PRECISION) {
            for (int i = 0; i < n; i++) {
                block[i] = (float) block[i];
            }
        }
        return n;
    }

    private double sum() {
        sum.clear();
        for (int n = read(); n > 0; n = read()) {
            for (int i = 0; i < n; i++) {
                sum.add(block[i]);
            }
        }
        return sum.result();
    }

    private double absoluteSum() {
        sum.clear();
        for (int n = read(); n > 0; n = read()) {
            for (int i = 0; i < n; i++) {
                sum.add(Math.abs(block[i]));
            }
        }
        return sum.result();
    }

    private double product() {
        product.clear();
        for (int n = read(); n > 0; n = read()) {
            for (int i = 0; i < n; i++) {
                product.add(block[i]);
            }
        }
        return product.result();
    }

    private double dot() {
        sum.clear();
        for (int n = read(); n > 0; n = read()) {
            y.doubles(other);
            for (int i = 0; i < n; i++) {
                sum.addProduct(block[i], other[i]);
            }
        }
        return sum.result();
    }

    private double variance(long result) {
        double count = acc.round(x.terms());
        double mean = acc.round(sum() / count);
        x.start(result);
        sum.clear();
        for (int n = read(); n > 0; n = read()) {
            for (int i = 0; i < n; i++) {
                double d = acc.round(block[i] - mean);
                sum.addProduct(d, d);
            }
        }
        return acc.round(sum.result() / count);
    }

    private double norm(long result) {
        double least = acc.minSubnormal() / acc.unitRoundoff() * 0x1p50;
        sum.clear();
        for (int n = read(); n > 0; n = read()) {
            for (int i = 0; i < n; i++) {
                sum.addProduct(block[i], block[i]);
            }
        }
        double squares = sum.result();
        if (squares >= least && squares < Double.POSITIVE_INFINITY) {
            return acc.round(Math.sqrt(squares));
        }
        x.start(result);
        return scaledNorm(result);
    }

    private double scaledNorm(long result) {
        double largest = 0;
        for (int n = read(); n > 0; n = read()) {
            for (int i = 0; i < n; i++) {
                largest = Math.max(largest, Math.abs(block[i]));
            }
        }
        if (largest == 0 || !Double.isFinite(largest)) {
            return largest;
        }
        int exponent = Math.getExponent(Math.max(largest, acc.minNormal()));
        double scale = Math.scalb(1.0, -exponent);
        x.start(result);
        sum.clear();
        for (int n = read(); n > 0; n = read()) {
            for (int i = 0; i < n; i++) {
                double s = acc.round(block[i] * scale);
                sum.addProduct(s, s);
            }
        }
        return acc.round(Math.scalb(acc.round(Math.sqrt(sum.result())), exponent));
    }

    private double logSumExp(long result) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int n = read(); n > 0; n = read()) {
            for (int i = 0; i < n; i++) {
                largest = Math.max(largest, block[i]);
            }
        }
        if (!Double.isFinite(largest)) {
            return largest;
        }
        x.start(result);
        sum.clear();
        for (int n = read(); n > 0; n = read()) {
            for (int i = 0; i < n; i++) {
                sum.add(acc.round(StrictMath.exp(block[i] - largest)));
            }
        }
        return acc.round(largest + StrictMath.log(sum.result()));
    }
}
