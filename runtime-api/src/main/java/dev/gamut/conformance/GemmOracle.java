package dev.gamut.conformance;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.tensor.Operand;

/**
 * The exact elements of epilogue(alpha·A·B + beta·C) and how far a kernel with a declared bound may be off.
 *
 * <p>With u and η of the arithmetic (the accumulator's; F32 for an integer one) and S = (|A|·|B|)(i,j), the radius grows by
 *
 * <pre>  relative(k)·S·|alpha| + k·underflow·|alpha|         the sum, as declared
 *  u·|alpha·AB| + η/2                                   unless |alpha| is 1
 *  u·|beta·C| + η/2                                     unless |beta| is 0 or 1
 *  u·|alpha·AB + beta·C| + η/2                          unless beta is 0
 *  slope·radius + roundings                             each operation of the epilogue, {@link EpilogueOracle}
 *  rounding to the type of C                            {@link Comparison}</pre>
 *
 * <p>alpha and beta are rounded to the arithmetic first. An I32 sum that leaves the integers is rounded to F32 once. Where C
 * is an integer without epilogue everything is exact. Products of two scaled integers are taken exactly; scaled elements next
 * to floating-point ones are rounded to the accumulator once, as weights are when they are dequantised.
 *
 * <p>An element whose terms of both signs could overflow the accumulator in some order (S beyond its largest number) may be
 * infinite or NaN; where all terms have one sign and the sum overflows, only that infinity is right.
 */
final class GemmOracle {
    /** Elements of A and B up to which they are kept: 64 MiB. */
    private static final double KEPT = 1 << 23;

    private final GemmDesc desc;
    private final ErrorBound bound;
    private final MatrixValues a;
    private final MatrixValues b;
    private final MatrixValues oldC;
    private final EpilogueOracle epilogue;
    private final DType arithmetic;
    private final boolean exact;
    private final boolean integral;
    private final double alpha;
    private final double beta;
    private final DoubleDouble sum = new DoubleDouble();
    private final double[][] rows;
    private final double[][] columns;
    private final int k;
    private double terms;

    /**
     * An oracle for one run.
     *
     * @param desc what was computed
     * @param bound the kernel's declared bound
     * @param exact whether every intermediate is representable in any order, so that the result is the exact one rounded to
     *     C's type
     * @param args operands and factors; the result is not read
     * @param oldC C before the run, read where beta is not 0
     */
    GemmOracle(GemmDesc desc, ErrorBound bound, boolean exact, GemmArgs args, Operand oldC) {
        boolean integers = desc.a().type().isInteger() && desc.b().type().isInteger();
        DType rounding = integers ? null : desc.acc();
        this.desc = desc;
        this.bound = bound;
        this.arithmetic = desc.acc().isInteger() ? DType.F32 : desc.acc();
        this.exact = exact;
        this.integral = desc.acc().isInteger()
                && desc.c().type().isInteger()
                && desc.epilogue().isEmpty();
        this.alpha = integral ? args.alpha() : arithmetic.round(args.alpha());
        this.beta = integral ? args.beta() : arithmetic.round(args.beta());
        this.k = alpha == 0 ? 0 : Math.toIntExact(desc.k());
        this.a = k == 0 ? null : new MatrixValues(desc.a(), args.a(), rounding);
        this.b = k == 0 ? null : new MatrixValues(desc.b(), args.b(), rounding);
        this.oldC = beta == 0 ? null : new MatrixValues(desc.c(), oldC, null);
        this.epilogue = new EpilogueOracle(desc.epilogue(), args.epilogue(), arithmetic);
        boolean keep = k > 0 && (double) (desc.m() + desc.n()) * desc.k() * desc.batch() < KEPT;
        this.rows = new double[keep ? Math.toIntExact(desc.batch() * desc.m()) : 0][];
        this.columns = new double[keep ? Math.toIntExact(desc.batch() * desc.n()) : 0][];
    }

    /** Type of the last operation before rounding to C's type. */
    DType arithmetic() {
        return arithmetic;
    }

    /** What is right for one element. */
    Enclosure at(long batch, long row, long col) {
        Enclosure product = k == 0 ? Enclosure.exact(0) : product(batch, row, col);
        Enclosure t = integral ? combineExactly(product, batch, row, col) : combine(product, batch, row, col);
        Enclosure result = epilogue.apply(t, batch, row, col);
        return exact ? new Enclosure(result.high(), result.low(), 0, result.wild()) : result;
    }

    /** The left operand; null where it is not read. */
    MatrixValues a() {
        return a;
    }

    /** The right operand; null where it is not read. */
    MatrixValues b() {
        return b;
    }

    /** C before the run; null where it is not read. */
    MatrixValues oldC() {
        return oldC;
    }

    /** alpha as it is used, beta likewise. */
    double alpha() {
        return alpha;
    }

    double beta() {
        return beta;
    }

    /** Sum of absolute terms of the last element asked for, times |alpha|. */
    double terms() {
        return terms;
    }

    private Enclosure combineExactly(Enclosure product, long batch, long row, long col) {
        Enclosure t = product.times(alpha);
        return beta == 0 ? t : t.plusProduct(beta, oldC.integerAt(batch, row, col));
    }

    private Enclosure combine(Enclosure product, long batch, long row, long col) {
        Enclosure t = desc.acc().isInteger() && k > 0 ? product.rounded(arithmetic) : product;
        if (k > 0) {
            t = Math.abs(alpha) == 1 ? t.times(alpha) : t.times(alpha).rounded(arithmetic);
        }
        if (beta == 0) {
            return t;
        }
        Enclosure old = Enclosure.exact(beta).times(arithmetic.round(oldC.at(batch, row, col)));
        Enclosure c = Math.abs(beta) == 1 ? old : old.rounded(arithmetic);
        return k == 0 ? c : t.plus(c).rounded(arithmetic);
    }

    private Enclosure product(long batch, long row, long col) {
        double[] x = row(batch, row);
        double[] y = column(batch, col);
        sum.clear();
        sum.addProducts(x, y, k);
        double value = sum.high();
        double magnitude = sum.magnitude();
        terms = magnitude * Math.abs(alpha);
        if (!Double.isFinite(magnitude)) {
            return nonFinite(x, y);
        }
        double declared = bound.relative(k) * magnitude + bound.absolute(k);
        double own = desc.acc().isInteger() || exact ? 0 : sum.error();
        Enclosure result = new Enclosure(value, sum.low(), declared + own, false);
        return desc.acc().isInteger() ? result : overflow(result, magnitude);
    }

    /** S beyond the accumulator: infinite where all terms pull one way and the sum overflows for certain, else anything. */
    private Enclosure overflow(Enclosure result, double magnitude) {
        if (magnitude + result.radius() <= desc.acc().maxFinite()) {
            return result;
        }
        double least = desc.acc().round(result.lower());
        boolean certain = Double.isInfinite(least) && least == desc.acc().round(result.upper()) && !sum.mixedSigns();
        return certain ? Enclosure.exact(least) : result.orOverflow();
    }

    /** IEEE rules for sums with a NaN or an infinity; a double product that overflows stands for anything. */
    private Enclosure nonFinite(double[] x, double[] y) {
        double special = 0;
        boolean overflowed = false;
        double finite = 0;
        for (int p = 0; p < k; p++) {
            double term = x[p] * y[p];
            if (!Double.isFinite(x[p]) || !Double.isFinite(y[p])) {
                if (isFlushed(x[p]) || isFlushed(y[p])) {
                    return Enclosure.unknown();
                }
                special += term;
            } else {
                finite += Math.abs(term);
                overflowed |= Double.isInfinite(term);
            }
        }
        boolean wild =
                overflowed || finite * (1 + bound.relative(k)) >= desc.acc().maxFinite();
        if (special == 0) {
            double sign = x.length == 0 || sum.mixedSigns() ? Double.NaN : sum.high();
            return Double.isInfinite(sign) && certain(x, y) ? Enclosure.exact(sign) : Enclosure.unknown();
        }
        return new Enclosure(special, 0, 0, wild && !Double.isNaN(special));
    }

    /** Whether a kernel whose η says that it takes numbers below the normal range as 0 may do so: 0 times infinity is NaN. */
    private boolean isFlushed(double x) {
        boolean flushes = bound.underflow() > desc.acc().minSubnormal();
        return flushes && x != 0 && Math.abs(x) < desc.acc().minNormal();
    }

    /** Whether terms of one sign overflow beyond doubt: by a factor that no rounding bridges. */
    private boolean certain(double[] x, double[] y) {
        double scaled = 0;
        for (int p = 0; p < k; p++) {
            scaled += x[p] * 0x1p-200 * (y[p] * 0x1p-200);
        }
        return Math.abs(scaled) * (1 - bound.relative(k)) > Double.MAX_VALUE * 0x1p-399;
    }

    private double[] row(long batch, long row) {
        if (rows.length == 0) {
            double[] values = new double[k];
            a.row(batch, row, values);
            return values;
        }
        int at = (int) (batch * desc.m() + row);
        if (rows[at] == null) {
            rows[at] = new double[k];
            a.row(batch, row, rows[at]);
        }
        return rows[at];
    }

    private double[] column(long batch, long col) {
        if (columns.length == 0) {
            double[] values = new double[k];
            b.column(batch, col, values);
            return values;
        }
        int at = (int) (batch * desc.n() + col);
        if (columns[at] == null) {
            columns[at] = new double[k];
            b.column(batch, col, columns[at]);
        }
        return columns[at];
    }
}
