package dev.gamut.vector.emulated;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;

/**
 * A way to compute in a narrower type: each operand is a sum of terms, x = x(1) + ... + x(w) + rest, each term what the earlier ones leave, rounded. Products of
 * terms i and j with i + j ≤ w + 1 are added up in F32 over some steps of k, and those sums in F64.
 *
 * <p>Error, with u the unit roundoff of the terms and S = (|A|·|B|)(i,j): |x(i+1)| ≤ u·|x(i)|, so that what is left out is for w = 1 at most 2u + u², for w = 2 a
 * product of second terms and two rests, 3u², for w = 3 two products and two rests, 4u³, each with less than 2 % of higher order. The products
 * of F32 have (d + 2)·2^-24 over d steps, of sums that exceed S by no more than 3 %. Sums of F64 are rounded to the type at the end.
 *
 * <p>Numbers must lie in a range in which nothing overflows or counts as an underflow: {@link Range}. Otherwise the run is native.
 *
 * @param term type of the terms
 * @param terms how many, 1 to 3
 */
record Narrowing(DType term, int terms) {
    /** Error of w terms, in u^w. */
    private static final double[] LEFT_OUT = {2, 3, 4};

    private static final double HIGHER_ORDER = 1.02;
    private static final double EXCESS = 1.03;
    /**
     * Unit roundoffs that what is left out may take of a demand for native accuracy: more would be within its bound for large k, whose roundings cancel, but
     * far from its errors.
     */
    private static final double FEW = 6;

    private static final int MOST_DEPTH = 2048;
    /** Fewer steps cost more for adding sums up than for the products. */
    private static final int LEAST_DEPTH = 64;

    private static final int DEPTH_UNIT = 16;

    /** As it stands in kernel ids, after {@code vec}. */
    String suffix() {
        return term.id() + (terms == 1 ? "" : "x" + terms);
    }

    /** Products of terms. */
    int products() {
        return terms * (terms + 1) / 2;
    }

    private double fixed(DType type) {
        double u = term == DType.F32 ? term.unitRoundoff() : term.unitRoundoff() * (1 + 0x1p-15); // by way of F32
        return HIGHER_ORDER * LEFT_OUT[terms - 1] * Math.pow(u, terms) + type.unitRoundoff();
    }

    /**
     * Steps that may be added up in F32.
     *
     * @param type of the operands
     * @param demand how accurate the sums must be
     * @param k all steps
     * @return 0 where even few steps are too many
     */
    int depth(DType type, Accuracy demand, long k) {
        double limit = switch (demand) {
            case Accuracy.Native() -> 0;
            case Accuracy.AtLeast(DType as) ->
                fixed(type) <= FEW * as.unitRoundoff()
                        ? ErrorBound.ofAccumulation(as).relative(k)
                        : 0;
            case Accuracy.Within(double eps) -> eps;
        };
        double steps = (limit - fixed(type)) / (EXCESS * DType.F32.unitRoundoff()) - 2;
        int depth = (int) Math.min(Math.min(MOST_DEPTH, k), Math.max(0, steps));
        return depth == k ? depth : depth < LEAST_DEPTH ? 0 : depth / DEPTH_UNIT * DEPTH_UNIT;
    }

    /** The bound with so many steps at a time. */
    ErrorBound bound(DType type, int depth) {
        double accumulation = EXCESS * (depth + 2) * DType.F32.unitRoundoff();
        return new ErrorBound(fixed(type) + accumulation, 0, 0, 1, type.minSubnormal());
    }
}
