package dev.gamut.conformance;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmDesc;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A check of a whole product in O(n²) operations: R. Freivalds, "Probabilistic machines can use less running time" (1977).
 *
 * <p>With x a random vector of ±1, all in double-double,
 *
 * <pre>  |C·x − alpha·A·(B·x) − beta·C₀·x|(i) ≤ Σ over j of the allowed error of C(i,j)
 *      ≤ |alpha|·(relative(k)·T + n·k·underflow) + u·(|alpha|·T + 2·|beta|·Σ|C₀|) + u(c)·Σ|C| + n·(η + η(c)),   T = (|A|·(|B|·1))(i)</pre>
 *
 * for every row i, where the roundings of alpha, beta and their sum count only as in {@link GemmOracle}. A wrong element
 * beyond that tolerance is missed with probability at most one half for each x.
 */
final class Freivalds {
    private final GemmDesc desc;
    private final ErrorBound bound;
    private final GemmOracle oracle;
    private final MatrixValues c;
    private final int n;
    private final int k;
    private final double[] x;
    private final double[] high;
    private final double[] low;
    private final double[] absolute;
    private final DoubleDouble sum = new DoubleDouble();

    Freivalds(GemmDesc desc, ErrorBound bound, GemmOracle oracle, MatrixValues c) {
        this.desc = desc;
        this.bound = bound;
        this.oracle = oracle;
        this.c = c;
        this.n = Math.toIntExact(desc.n());
        this.k = oracle.a() == null ? 0 : Math.toIntExact(desc.k());
        this.x = new double[n];
        this.high = new double[k];
        this.low = new double[k];
        this.absolute = new double[k];
    }

    /** What is wrong with one matrix of the batch; empty where nothing was found. */
    Optional<String> check(long batch, SplittableRandom random) {
        for (int j = 0; j < n; j++) {
            x[j] = random.nextBoolean() ? 1 : -1;
        }
        for (int p = 0; p < k; p++) {
            sum.clear();
            for (int j = 0; j < n; j++) {
                sum.add(oracle.b().at(batch, p, j) * x[j]);
            }
            high[p] = sum.high();
            low[p] = sum.low();
            absolute[p] = sum.magnitude();
        }
        for (long i = 0; i < desc.m(); i++) {
            Optional<String> wrong = row(batch, i);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private Optional<String> row(long batch, long i) {
        sum.clear();
        double t = 0;
        for (int p = 0; p < k; p++) {
            double left = oracle.a().at(batch, i, p);
            t += Math.abs(left) * absolute[p];
            sum.addProduct(oracle.alpha() * left, -high[p]);
            sum.addProduct(oracle.alpha() * left, -low[p]);
        }
        double rounding = sum.magnitude() * (Math.abs(oracle.alpha()) == 1 ? 0 : 0x1p-53);
        double old = 0;
        double now = 0;
        for (int j = 0; j < n; j++) {
            if (oracle.oldC() != null) {
                double before = oracle.beta() * oracle.oldC().at(batch, i, j);
                old += Math.abs(before);
                rounding += Math.abs(before) * 0x1p-53;
                sum.add(-before * x[j]);
            }
            double element = c.at(batch, i, j);
            now += Math.abs(element);
            sum.add(element * x[j]);
        }
        return judge(i, t, old, now, rounding + sum.error());
    }

    private Optional<String> judge(long i, double t, double old, double now, double own) {
        double limit = tolerance(t, old, now) + own;
        double most = Math.abs(oracle.alpha()) * t + old;
        boolean mayOverflow = !(2 * most
                < Math.min(desc.c().type().maxFinite(), oracle.arithmetic().maxFinite()));
        if (mayOverflow || !Double.isFinite(limit) && Double.isFinite(now)) {
            return Optional.empty();
        }
        double off = Math.abs(sum.high());
        return off <= limit
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT, "row %d: |C·x - A·(B·x)| is %.6g, allowed %.6g (Freivalds)", i, off, limit));
    }

    private double tolerance(double t, double old, double now) {
        DType arithmetic = oracle.arithmetic();
        DType result = desc.c().type();
        boolean integral = desc.acc().isInteger() && result.isInteger();
        double alpha = Math.abs(oracle.alpha());
        double declared = alpha * (bound.relative(desc.k()) * t + (double) n * bound.absolute(desc.k()));
        if (integral) {
            return declared;
        }
        double u = arithmetic.unitRoundoff();
        int steps = (desc.acc().isInteger() ? 1 : 0) + (alpha == 1 ? 0 : 1) + (oracle.beta() == 0 ? 0 : 1);
        double combining = u * (1 + 4 * u) * (steps * (alpha * t + declared) + (oracle.beta() == 0 ? 0 : 2 * old));
        boolean narrows = result.precision() < arithmetic.precision() || result.maxFinite() < arithmetic.maxFinite();
        double storing = narrows ? result.unitRoundoff() * now + n * result.minSubnormal() : 0;
        return (declared + combining + storing + n * steps * arithmetic.minSubnormal()) * Enclosure.SLACK;
    }
}
