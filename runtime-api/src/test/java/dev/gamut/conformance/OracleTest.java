package dev.gamut.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle itself, against arbitrary precision. */
class OracleTest {
    private static final MathContext DIGITS = new MathContext(80);
    private static final long SEED = Options.SEED;

    @Test
    void dotProductsMeetTheirOwnErrorBound() {
        SplittableRandom random = new SplittableRandom(SEED);
        DoubleDouble sum = new DoubleDouble();
        for (int n : new int[] {0, 1, 2, 17, 256, 1_000}) {
            double[] x = new double[n];
            double[] y = new double[n];
            BigDecimal exact = BigDecimal.ZERO;
            for (int i = 0; i < n; i++) {
                x[i] = random.nextDouble(-1, 1) * Math.scalb(1.0, random.nextInt(-40, 41));
                y[i] = random.nextDouble(-1, 1) * Math.scalb(1.0, random.nextInt(-40, 41));
                exact = exact.add(new BigDecimal(x[i]).multiply(new BigDecimal(y[i])));
            }
            sum.clear();
            sum.addProducts(x, y, n);
            assertWithin(exact, sum, n);
            sum.clear();
            for (int i = 0; i < n; i++) {
                sum.addProduct(x[i], y[i]);
            }
            assertWithin(exact, sum, n);
        }
    }

    /** TwoSum overflows there, where the sum does not. */
    @Test
    void sumsAmongTheLargestNumbersAreExact() {
        SplittableRandom random = new SplittableRandom(SEED);
        DoubleDouble sum = new DoubleDouble();
        for (int time = 0; time < 1_000; time++) {
            double x = Double.MAX_VALUE * random.nextDouble(0.1, 1);
            double y = random.nextBoolean() ? -Double.MAX_VALUE : -Double.MAX_VALUE * random.nextDouble(0.5, 1);
            BigDecimal exact = new BigDecimal(x).add(new BigDecimal(y));
            for (double[] order : new double[][] {{x, y}, {y, x}}) {
                sum.clear();
                sum.add(order[0]);
                sum.add(order[1]);
                assertEquals(exact, new BigDecimal(sum.high()).add(new BigDecimal(sum.low())));
                sum.clear();
                sum.addProducts(order, new double[] {1, 1}, 2);
                assertEquals(exact, new BigDecimal(sum.high()).add(new BigDecimal(sum.low())));
                Enclosure both = Enclosure.exact(order[0]).plus(Enclosure.exact(order[1]));
                assertEquals(exact, new BigDecimal(both.high()).add(new BigDecimal(both.low())));
            }
        }
    }

    private static void assertWithin(BigDecimal exact, DoubleDouble sum, int n) {
        BigDecimal value = new BigDecimal(sum.high()).add(new BigDecimal(sum.low()));
        BigDecimal error = value.subtract(exact).abs();
        assertTrue(error.compareTo(new BigDecimal(sum.error())) <= 0, () -> n + " terms: error " + error.doubleValue());
        assertTrue(sum.error() <= sum.magnitude() * 0x1p-80);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-30, -8.5, -4, -2.83, -2.82, -1, -0.3, -1e-9, 1e-9, 0.1, 0.7, 1.41, 2.5, 2.829, 3, 6, 12})
    void geluMeetsItsErrorBound(double x) {
        BigDecimal exact = gelu(x);
        BigDecimal error =
                new BigDecimal(ExactFunctions.gelu(x)).subtract(exact).abs();
        double limit = ExactFunctions.ERROR * 0x1p-53 * Math.abs(x);
        assertTrue(error.doubleValue() <= limit, () -> "error " + error.doubleValue() + " allowed " + limit);
    }

    /** x/2·(1 + erf(x/√2)), erf by its Taylor series in 80 and more digits. */
    private static BigDecimal gelu(double x) {
        MathContext digits = new MathContext(500);
        BigDecimal z = new BigDecimal(x).divide(new BigDecimal(2).sqrt(digits), digits);
        BigDecimal square = z.multiply(z, digits);
        BigDecimal power = z;
        BigDecimal sum = z;
        for (int n = 1; n < 3_000 && power.abs().doubleValue() > 0; n++) {
            power = power.multiply(square, digits).divide(BigDecimal.valueOf(-n), digits);
            sum = sum.add(power.divide(BigDecimal.valueOf(2L * n + 1), digits));
        }
        BigDecimal pi =
                new BigDecimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899");
        BigDecimal erf = sum.multiply(BigDecimal.TWO).divide(pi.sqrt(DIGITS), digits);
        return new BigDecimal(x).divide(BigDecimal.TWO).multiply(BigDecimal.ONE.add(erf));
    }

    @Test
    void pairwiseRowsCoverEveryPair() {
        int[] sizes = {7, 7, 5, 2, 1, 4, 3};
        Set<List<Integer>> pairs = new HashSet<>();
        List<int[]> rows = Pairwise.rows(sizes, SEED);
        for (int[] row : rows) {
            for (int f = 0; f < sizes.length; f++) {
                for (int g = f + 1; g < sizes.length; g++) {
                    pairs.add(List.of(f, row[f], g, row[g]));
                }
            }
        }
        int expected = 0;
        for (int f = 0; f < sizes.length; f++) {
            for (int g = f + 1; g < sizes.length; g++) {
                expected += sizes[f] * sizes[g];
            }
        }
        assertEquals(expected, pairs.size());
        assertTrue(rows.size() < 2 * 49, () -> rows.size() + " rows");
        assertEquals(6, Pairwise.all(new int[] {2, 3}).size());
    }

    @Test
    void largeProductsAreSampledAndCheckedAsAWhole() {
        int n = 512;
        SplittableRandom random = new SplittableRandom(SEED);
        double[] a = random.doubles((long) n * n, -1, 1).toArray();
        double[] b = random.doubles((long) n * n, -1, 1).toArray();
        double[] c = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int p = 0; p < n; p++) {
                for (int j = 0; j < n; j++) {
                    c[i * n + j] = Math.fma(a[i * n + p], b[p * n + j], c[i * n + j]);
                }
            }
        }
        assertTrue(check(n, a, b, c).ok(), () -> check(n, a, b, c).toString());
        c[n * n / 2 + 77] += 1e-6;
        Report wrong = check(n, a, b, c);
        assertFalse(wrong.ok(), "one wrong element of " + c.length);
        assertTrue(wrong.message().contains("Freivalds"), wrong::message);
    }

    private static Report check(int n, double[] a, double[] b, double[] c) {
        GemmArgs args = new GemmArgs();
        args.a().set(a, 0);
        args.b().set(b, 0);
        args.c().set(c, 0);
        return Check.gemm(GemmDesc.of(DType.F64, n, n, n), ErrorBound.ofAccumulation(DType.F64), args, SEED);
    }
}
