package dev.gamut.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Gamut;
import dev.gamut.dtype.DType;
import dev.gamut.linalg.Refinement.Solution;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        Solution s = Refinement.solve(gamut, a, b.length, b);
        double error = backwardError(a, s.x(), b);
        assertTrue(error < 2 * Math.sqrt(b.length) * 0x1p-53, s.factored() + ": " + error);
        assertTrue(s.backwardError() < 2 * Math.sqrt(b.length) * 0x1p-53, "said " + s.backwardError());
        return s;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 64, 193, 300})
    void factorsOfF32Serve(int n) {
        double[] a = random.doubles((long) n * n, -0.5, 0.5).toArray();
        double[] b = random.doubles(n, -0.5, 0.5).toArray();
        Solution s = requireAccurate(a, b);
        assertEquals(DType.F32, s.factored(), s.fallbacks().toString());
        assertTrue(n < 5 || s.steps() >= 1);
    }

    @Test
    void numbersBeyondF32AreScaled() {
        int n = 40;
        for (int exponent : new int[] {900, -900}) {
            double[] a = random.doubles((long) n * n, -0.5, 0.5)
                    .map(x -> Math.scalb(x, exponent))
                    .toArray();
            double[] b = random.doubles(n, -0.5, 0.5)
                    .map(x -> Math.scalb(x, exponent / 2))
                    .toArray();
            assertEquals(DType.F32, requireAccurate(a, b).factored());
        }
    }

    /** Hilbert's matrix of order 10 has a condition number of 10^13. */
    @Test
    void illConditionedSystemsFallBack() {
        int n = 10;
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i * n + j] = 1.0 / (i + j + 1);
            }
        }
        double[] b = random.doubles(n, -0.5, 0.5).toArray();
        Solution s = requireAccurate(a, b);
        assertEquals(DType.F64, s.factored());
        assertEquals(1, s.fallbacks().size());
        assertTrue(s.fallbacks().getFirst().startsWith("F32: "), s.fallbacks().getFirst());
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
        assertThrows(ArithmeticException.class, () -> Refinement.solve(gamut, a, 2, new double[] {1, 1}));
        double[] nan = {1, 2, Double.NaN, 4};
        assertThrows(ArithmeticException.class, () -> Refinement.solve(gamut, nan, 2, new double[] {1, 1}));
    }

    /** A backward error relative to an infinite norm would be 0 whatever the solution. */
    @Test
    void rowsWhoseSumsOverflowAreRefused() {
        double[] huge = {1e308, 1e308, 1e308, -1e308};
        ArithmeticException e = assertThrows(
                ArithmeticException.class, () -> Refinement.solve(gamut, huge, 2, new double[] {1e300, 1}));
        assertTrue(e.getMessage().contains("is Infinity; it must be a number"), e.getMessage());
    }

    @Test
    void zeroIsTheSolutionForZero() {
        Solution s = Refinement.solve(gamut, new double[] {1, 2, 3, 4}, 2, new double[2]);
        assertEquals(0, most(s.x()));
        assertEquals(0, Refinement.solve(gamut, new double[0], 0, new double[0]).x().length);
    }
}
