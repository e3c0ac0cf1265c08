package dev.gamut.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Profile;
import dev.gamut.dtype.DType;
import dev.gamut.linalg.Refinement.Solution;
import dev.gamut.linalg.Refinement.Steps;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Solutions have the accuracy of F64 whatever they were factored in, and tell what was given up on the way. */
class RefinementTest {
    private static Gamut gamut;

    private final SplittableRandom random = new SplittableRandom(8);

    @BeforeAll
    static void open() {
        gamut = Gamut.open();
    }

    @AfterAll
    static void close() {
        gamut.close();
    }

    /** ‖b - A·x‖∞ / (‖A‖∞·‖x‖∞ + ‖b‖∞), the residual without rounding. */
    private static double backwardError(double[] a, double[] x, double[] b) {
        int n = b.length;
        double residual = 0;
        double normA = 0;
        for (int i = 0; i < n; i++) {
            BigDecimal sum = new BigDecimal(-b[i]);
            double row = 0;
            for (int j = 0; j < n; j++) {
                sum = sum.add(new BigDecimal(a[i * n + j]).multiply(new BigDecimal(x[j])));
                row += Math.abs(a[i * n + j]);
            }
            residual = Math.max(residual, Math.abs(sum.doubleValue()));
            normA = Math.max(normA, row);
        }
        return residual / (normA * most(x) + most(b));
    }

    private static double most(double[] x) {
        return Arrays.stream(x).map(Math::abs).max().orElse(0);
    }

    private Solution requireAccurate(double[] a, double[] b) {
        return requireAccurate(Refinement.DEFAULT, a, b);
    }

    private Solution requireAccurate(Refinement how, double[] a, double[] b) {
        Solution s = how.solve(gamut, a, b.length, b);
        double error = backwardError(a, s.x(), b);
        assertTrue(error < 2 * Math.sqrt(b.length) * 0x1p-53, how + " gave " + s.factored() + ": " + error);
        assertTrue(s.backwardError() < 2 * Math.sqrt(b.length) * 0x1p-53, "said " + s.backwardError());
        assertEquals(
                s.fallbacks().isEmpty(),
                s.factored() == how.factors(),
                s.fallbacks().toString());
        return s;
    }

    private double[] random(int n) {
        return random.doubles(n, -0.5, 0.5).toArray();
    }

    /** A matrix between random reflections whose singular values are 1, but for some that go down to 1/condition by equal factors. */
    private double[] conditioned(int n, double condition, int small) {
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            a[i * n + i] = Math.pow(condition, -Math.max(0.0, i - n + 1 + small) / small);
        }
        for (int times = 0; times < 2; times++) {
            double[] v = random(n);
            double size = Arrays.stream(v).map(x -> x * x).sum();
            for (int i = 0; i < n; i++) {
                double sum = 0;
                for (int j = 0; j < n; j++) {
                    sum += a[i * n + j] * v[j];
                }
                for (int j = 0; j < n; j++) {
                    a[i * n + j] -= 2 * sum / size * v[j];
                }
            }
            for (int i = 0; i < n; i++) { // the other side next
                for (int j = 0; j < i; j++) {
                    double kept = a[i * n + j];
                    a[i * n + j] = a[j * n + i];
                    a[j * n + i] = kept;
                }
            }
        }
        return a;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 64, 193, 300})
    void factorsOfF32Serve(int n) {
        double[] a = random(n * n);
        double[] b = random(n);
        for (Steps steps : Steps.values()) {
            Solution s = requireAccurate(Refinement.DEFAULT.steps(steps), a, b);
            assertEquals(DType.F32, s.factored(), s.fallbacks().toString());
            assertTrue(n < 5 || s.steps() >= 2, s.steps() + " steps");
        }
    }

    /** Classical steps end where the factors' roundoff times the condition does; GMRES needs a step more for each small singular value. */
    @ParameterizedTest
    @CsvSource({"1e4, BF16 F16 F32", "1e8, F32", "1e12, none", "1e16, none"})
    void conditionsDecideWhichStepsServe(double condition, String classical) {
        int n = 260;
        double[] a = conditioned(n, condition, 4);
        double[] b = random(n);
        for (DType type : new DType[] {DType.BF16, DType.F16, DType.F32}) {
            Refinement how = Refinement.DEFAULT.factors(type);
            Solution s = requireAccurate(how, a, b);
            assertEquals(type, s.factored(), how + ": " + s.fallbacks());
            how = how.steps(Steps.CLASSICAL);
            s = requireAccurate(how, a, b);
            List<String> serve = List.of(classical.split(" "));
            assertEquals(serve.contains(type.toString()), s.factored() == type, how + ": " + s.fallbacks());
        }
    }

    @Test
    void whatIsGivenUpIsToldInOrder() {
        int n = 260;
        double[] a = conditioned(n, 1e16, n - 1); // too many small singular values for 50 steps
        Solution s = requireAccurate(Refinement.DEFAULT.factors(DType.BF16), a, random(n));
        assertEquals(DType.F64, s.factored());
        assertEquals(
                List.of("BF16: 50 steps of refinement were not enough", "F32: 50 steps of refinement were not enough"),
                s.fallbacks());
        s = requireAccurate(Refinement.DEFAULT.factors(DType.F16).steps(Steps.CLASSICAL), a, random(n));
        assertEquals(2, s.fallbacks().size(), s.fallbacks().toString());
        assertTrue(
                s.fallbacks().getFirst().startsWith("F16: step "), s.fallbacks().getFirst());
        assertTrue(
                s.fallbacks().getLast().contains(" leaves a backward error of "),
                s.fallbacks().getLast());
    }

    /** Products of F64 that may be off by more are refined as well. */
    @Test
    void factorsOfF64WithProductsOfLess() {
        int n = 260;
        double[] a = conditioned(n, 1e6, 4);
        Refinement how = Refinement.DEFAULT.factors(DType.F64).accuracy(Accuracy.within(1e-4));
        Solution s = requireAccurate(how, a, random(n));
        assertEquals(DType.F64, s.factored());
    }

    @Test
    void theBitsAreTheSameForAnyNumberOfThreads() {
        int n = 300;
        double[] a = conditioned(n, 1e8, 4);
        double[] b = random(n);
        for (DType type : new DType[] {DType.BF16, DType.F32}) {
            double[][] x = new double[2][];
            for (int threads = 1; threads <= 2; threads++) {
                GamutConfig config = GamutConfig.defaults().profile(Profile.HPC).threads(threads);
                try (Gamut bitwise = Gamut.open(config)) {
                    x[threads - 1] = Refinement.DEFAULT
                            .factors(type)
                            .solve(bitwise, a, n, b)
                            .x();
                }
            }
            assertArrayEquals(x[0], x[1], type.toString());
        }
    }

    @Test
    void numbersBeyondF32AreScaled() {
        int n = 40;
        for (int exponent : new int[] {900, -900}) {
            double[] a = Arrays.stream(random(n * n))
                    .map(x -> Math.scalb(x, exponent))
                    .toArray();
            double[] b = Arrays.stream(random(n))
                    .map(x -> Math.scalb(x, exponent / 2))
                    .toArray();
            assertEquals(DType.F32, requireAccurate(a, b).factored());
        }
    }

    /** Everything is exact, but the last pivot is 4 times the largest element, which is no number of F64 where that is 2^1022. */
    @ParameterizedTest
    @CsvSource({"1022, 1000", "1022, 1021", "1022, 100", "1, 1021", "0, 0", "-1074, -1000", "-1074, -1074"})
    void factorsMayGrowOutOfRange(int ofA, int ofB) {
        double[] a = scaled(ofA, 1, 0, 1, -1, 1, 1, -1, -1, 1);
        double[] b = scaled(ofB, 4, 4, 0);
        for (DType type : new DType[] {DType.F64, DType.F32}) {
            Solution s = Refinement.DEFAULT.factors(type).solve(gamut, a, 3, b);
            assertArrayEquals(scaled(ofB - ofA, 1, 2, 3), s.x(), type + ": " + s.fallbacks());
            assertEquals(0, s.backwardError());
        }
    }

    private static double[] scaled(int exponent, double... x) {
        return Arrays.stream(x).map(each -> Math.scalb(each, exponent)).toArray();
    }

    /** What elimination makes of b is twice the largest power of two, but the solution is not. */
    @Test
    void rightHandSidesMayGrowOutOfRange() {
        double[] a = {2, 0, -2, 2};
        Refinement direct = Refinement.DEFAULT.factors(DType.F64);
        assertArrayEquals(
                scaled(1022, 1, 2),
                direct.solve(gamut, a, 2, scaled(1023, 1, 1)).x());
    }

    /** The second multiplier is 1/2, and the last pivot 3/2: no multiples of the least number. */
    @Test
    void factorsMayBeFinerThanTheLeastNumber() {
        double[] a = scaled(-1074, 2, 1, 1, 2);
        Solution s = Refinement.DEFAULT.factors(DType.F64).solve(gamut, a, 2, scaled(-1074, 4, 5));
        assertArrayEquals(new double[] {1, 2}, s.x());
    }

    /** Scaled to the size of 1 the smaller of two that have nothing to do with each other would be 0. */
    @Test
    void matricesKeepTheirRange() {
        double[] a = {0x1p500, 0, 0, 0x1p-1000};
        for (DType type : new DType[] {DType.F64, DType.F32}) {
            Solution s = Refinement.DEFAULT.factors(type).solve(gamut, a, 2, new double[] {0x1p500, 0x1p-1000});
            assertArrayEquals(new double[] {1, 1}, s.x(), type.toString());
        }
    }

    /** Two rows that are one in F32. */
    @Test
    void whatIsSingularInF32AloneFallsBack() {
        double[] a = {1, 1, 1, 1 + 0x1p-30};
        Solution s = requireAccurate(a, new double[] {1, 2});
        assertEquals(DType.F64, s.factored());
        assertEquals("F32: pivot 1 is 0 or no number", s.fallbacks().getFirst());
    }

    @Test
    void whatIsSingularIsRefused() {
        double[] a = {1, 2, 2, 4};
        assertThrows(ArithmeticException.class, () -> Refinement.DEFAULT.solve(gamut, a, 2, new double[] {1, 1}));
        double[] nan = {1, 2, Double.NaN, 4};
        assertThrows(ArithmeticException.class, () -> Refinement.DEFAULT.solve(gamut, nan, 2, new double[] {1, 1}));
    }

    /** A backward error relative to an infinite norm would be 0 whatever the solution. */
    @Test
    void rowsWhoseSumsOverflowAreRefused() {
        double[] huge = {1e308, 1e308, 1e308, -1e308};
        ArithmeticException e = assertThrows(
                ArithmeticException.class, () -> Refinement.DEFAULT.solve(gamut, huge, 2, new double[] {1e300, 1}));
        assertTrue(e.getMessage().contains("is Infinity; it must be a number"), e.getMessage());
    }

    @Test
    void whatIsNoPrecisionIsNamed() {
        for (DType type : new DType[] {DType.F8E4M3, DType.I32, DType.I8}) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> Refinement.DEFAULT.factors(type));
            assertEquals("factors is " + type + "; allowed are bf16, f16, f32 and f64", e.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> Refinement.DEFAULT.tolerance(0));
    }

    /** The backward error of x = 0 is 1. */
    @ParameterizedTest
    @CsvSource({"400, 0.05", "1, 1", "5, 1"})
    void toleranceOfEverythingTakesAStep(int n, double tolerance) {
        double[] a = random(n * n);
        double[] b = random(n);
        for (Steps steps : Steps.values()) {
            Solution s = Refinement.DEFAULT.steps(steps).tolerance(tolerance).solve(gamut, a, n, b);
            assertEquals(1, s.steps());
            assertEquals(DType.F32, s.factored());
            assertTrue(backwardError(a, s.x(), b) < n * 0x1p-24, s.toString());
        }
    }

    @Test
    void zeroIsTheSolutionForZero() {
        Solution s = Refinement.DEFAULT.solve(gamut, new double[] {1, 2, 3, 4}, 2, new double[2]);
        assertEquals(0, most(s.x()));
        assertEquals(
                0,
                Refinement.DEFAULT.solve(gamut, new double[0], 0, new double[0]).x().length);
    }
}
