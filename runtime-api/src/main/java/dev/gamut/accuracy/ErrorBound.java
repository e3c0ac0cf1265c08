package dev.gamut.accuracy;

import dev.gamut.dtype.DType;
import java.util.Locale;

/**
 * A kernel's declared error bound, componentwise, for a result that sums n terms (n = k for a GEMM).
 *
 * <pre>  |computed − exact| ≤ relative(n) · S + n · underflow,     S = Σ |terms|,  (|A|·|B|) for a GEMM
 *  relative(n) = unit · (perTerm · n + perLevel · ⌈log2 n⌉ + constant)</pre>
 *
 * <p>The bound covers the accumulation. Rounding of a narrower result type, alpha, beta·C and the epilogue come on top,
 * each with its own rounding. First-order bounds without an n² term are justified by C.-P. Jeannerod and S. M. Rump,
 * "Improved error bounds for inner products in floating-point arithmetic", SIAM J. Matrix Anal. Appl. 34 (2013).
 *
 * @param unit unit roundoff of the accumulation; 0 where the result is exact
 * @param perTerm roundings that grow with the number of terms
 * @param perLevel roundings for each level of a binary tree over the terms
 * @param constant roundings that do not depend on n
 * @param underflow absolute error for each term whose product or sum underflows (η)
 */
public record ErrorBound(double unit, double perTerm, double perLevel, double constant, double underflow) {
    /** No error at all: integers, minima, maxima. */
    public static final ErrorBound EXACT = new ErrorBound(0, 0, 0, 0, 0);

    /** Checks that every part is a number ≥ 0. */
    public ErrorBound {
        if (!(unit >= 0 && perTerm >= 0 && perLevel >= 0 && constant >= 0 && underflow >= 0)) {
            throw new IllegalArgumentException("error bound parts must be numbers of at least 0, not " + unit + ", "
                    + perTerm + ", " + perLevel + ", " + constant + ", " + underflow);
        }
    }

    /**
     * The bound of any summation order of n products in one type: (n + 2)·u·S + n·η, η the smallest subnormal.
     *
     * @param accumulator the type products and sums are rounded to; integers are exact
     * @return the bound of the numerics contract for that accumulator
     */
    public static ErrorBound ofAccumulation(DType accumulator) {
        return accumulator.isInteger()
                ? EXACT
                : new ErrorBound(accumulator.unitRoundoff(), 1, 0, 2, accumulator.minSubnormal());
    }

    /**
     * The bound of a summation whose longest chain of additions is {@code chain} and which is a binary tree above.
     *
     * @param accumulator the type of the sums
     * @param chain additions in a row below the tree, plus any other roundings
     * @return chain + ⌈log2 n⌉ roundings
     */
    public static ErrorBound ofTree(DType accumulator, double chain) {
        return accumulator.isInteger()
                ? EXACT
                : new ErrorBound(accumulator.unitRoundoff(), 0, 1, chain, accumulator.minSubnormal());
    }

    /**
     * The factor in front of the sum of absolute terms.
     *
     * @param n number of terms, at least 0
     * @return relative(n) as defined above
     */
    public double relative(long n) {
        int levels = n <= 1 ? 0 : 64 - Long.numberOfLeadingZeros(n - 1);
        return unit * (perTerm * n + perLevel * levels + constant);
    }

    /**
     * The part of the bound that does not scale with the operands.
     *
     * @param n number of terms, at least 0
     * @return n · underflow
     */
    public double absolute(long n) {
        return n * underflow;
    }

    /**
     * Whether results are always exact.
     *
     * @return true where every part but the underflow of nothing is 0
     */
    public boolean isExact() {
        return unit * (perTerm + perLevel + constant) == 0 && underflow == 0;
    }

    /**
     * This bound with further roundings, for example of a result type.
     *
     * @param roundings how many roundings of {@code unit} to add
     * @return the wider bound
     */
    public ErrorBound plus(double roundings) {
        return new ErrorBound(unit, perTerm, perLevel, constant + roundings, underflow);
    }

    @Override
    public String toString() {
        if (isExact()) {
            return "exact";
        }
        StringBuilder s = new StringBuilder("(");
        String plus = "";
        if (perTerm != 0) {
            s.append(trim(perTerm)).append("n");
            plus = " + ";
        }
        if (perLevel != 0) {
            s.append(plus).append(trim(perLevel)).append("log2 n");
            plus = " + ";
        }
        if (constant != 0) {
            s.append(plus).append(constant == Math.rint(constant) ? Long.toString((long) constant) : "" + constant);
        }
        return s.append(String.format(Locale.ROOT, ")·%.3g", unit)).toString();
    }

    private static String trim(double factor) {
        return factor == 1 ? "" : factor == Math.rint(factor) ? Long.toString((long) factor) + "·" : factor + "·";
    }
}
