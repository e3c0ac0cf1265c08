package dev.gamut.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Factors and solutions: exact where all numbers on the way are small integers, else by backward errors. */
class FactorsTest {
    private static Gamut gamut;

    private final SplittableRandom random = new SplittableRandom(20261126);

    @BeforeAll
    static void open() {
        gamut = Gamut.open();
    }

    @AfterAll
    static void close() {
        gamut.close();
    }

    private double[] random(int n) {
        return random.doubles(n, -0.5, 0.5).toArray();
    }

    private static Tensor cast(DType type, double[] x, long... shape) {
        Tensor all = Tensor.zeros(type, x.length);
        for (int i = 0; i < x.length; i++) {
            all.set(x[i], i);
        }
        return Tensor.of(all.array(), type, Layout.rowMajor(shape), 0);
    }

    /** The largest |A·x - b| over u·(|A|·|x| + |b|), by rows: a row of a stable solution is off by less than n. */
    private static double error(Tensor a, Tensor x, Tensor b) {
        double worst = 0;
        double u = a.dtype() == DType.F64 ? 0x1p-53 : 0x1p-24;
        for (int i = 0; i < a.size(0); i++) {
            double residual = -b.get(i);
            double size = Math.abs(b.get(i));
            for (int j = 0; j < a.size(1); j++) {
                residual += a.get(i, j) * x.get(j);
                size += Math.abs(a.get(i, j) * x.get(j));
            }
            worst = Math.max(worst, Double.isNaN(residual) ? residual : Math.abs(residual) / (u * size));
        }
        return worst;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 15, 16, 17, 33, 64, 65, 127, 128, 129, 256, 257, 400})
    void solutionsAreBackwardStable(int n) {
        for (DType type : new DType[] {DType.F64, DType.F32}) {
            Tensor a = cast(type, random(n * n), n, n);
            Tensor b = cast(type, random(n), n);
            Lu lu = Lu.of(gamut, a, Accuracy.NATIVE);
            Tensor x = copy(b);
            lu.solve(x);
            double error = error(a, x, b);
            assertTrue(error < 8 + n, type + " n " + n + ": " + error);
            requireProduct(a, lu);
        }
    }

    private static Tensor copy(Tensor x) {
        Tensor copy = Tensor.zeros(x.dtype(), x.layout().shape());
        for (int i = 0; i < x.size(0); i++) {
            copy.set(x.get(i), i);
        }
        return copy;
    }

    /** P·A = L·U within n·u·|L|·|U|, and no multiplier above 1. */
    private static void requireProduct(Tensor a, Lu lu) {
        int n = (int) a.size(0);
        double u = a.dtype() == DType.F64 ? 0x1p-53 : 0x1p-24;
        int[] rows = new int[n];
        for (int i = 0; i < n; i++) {
            rows[i] = i;
        }
        for (int i = 0; i < n; i++) {
            int other = lu.pivots()[i];
            int kept = rows[i];
            rows[i] = rows[other];
            rows[other] = kept;
        }
        Tensor f = lu.factors();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                double size = 0;
                for (int h = 0; h <= Math.min(i, j); h++) {
                    double product = (h == i ? 1 : f.get(i, h)) * f.get(h, j);
                    sum += product;
                    size += Math.abs(product);
                }
                assertEquals(a.get(rows[i], j), sum, (n + 2) * u * size, i + ", " + j + " of " + n);
                assertTrue(i <= j || Math.abs(f.get(i, j)) <= 1, "multiplier " + f.get(i, j));
            }
        }
    }

    /** A = L·U of small integers, where U's diagonal is large enough that no rows are exchanged: everything on the way is exact. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32"})
    void integersAreExact(DType type) {
        int n = 210;
        double[][] l = new double[n][n];
        double[][] u = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = Math.max(0, i - 2); j < i; j++) {
                l[i][j] = random.nextInt(2) * 0.5;
            }
            l[i][i] = 1;
            u[i][i] = 64;
            for (int j = i + 1; j < Math.min(n, i + 3); j++) {
                u[i][j] = random.nextInt(-3, 4) * 2;
            }
        }
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int h = 0; h <= Math.min(i, j); h++) {
                    a[i * n + j] += l[i][h] * u[h][j];
                }
            }
        }
        Lu lu = Lu.inPlace(gamut, cast(type, a, n, n), Accuracy.NATIVE, done -> {});
        for (int i = 0; i < n; i++) {
            assertEquals(i, lu.pivots()[i]);
            for (int j = 0; j < n; j++) {
                assertEquals(i > j ? l[i][j] : u[i][j], lu.factors().get(i, j), i + ", " + j);
            }
        }
        double[] x = random.ints(n, -9, 10).asDoubleStream().toArray();
        double[] b = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                b[i] += a[i * n + j] * x[j];
            }
        }
        assertArrayEquals(x, lu.solve(b), "in F64 by factors of " + type);
    }

    @Test
    void manyColumnsInAnyOrderOfMemory() {
        int n = 150;
        int m = 33;
        double[] a = random(n * n);
        double[] b = random(n * m);
        Lu lu = Lu.of(gamut, a, n);
        Tensor rows = Tensor.of(b.clone(), n, m);
        Tensor columns = Tensor.of(new double[n * m], DType.F64, Layout.colMajor(n, m), 0);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                columns.set(rows.get(i, j), i, j);
            }
        }
        lu.solve(rows);
        lu.solve(columns);
        for (int j = 0; j < m; j++) {
            Tensor x = Tensor.zeros(DType.F64, n);
            Tensor y = Tensor.zeros(DType.F64, n);
            Tensor right = Tensor.zeros(DType.F64, n);
            for (int i = 0; i < n; i++) {
                x.set(rows.get(i, j), i);
                y.set(columns.get(i, j), i);
                right.set(b[i * m + j], i);
            }
            assertTrue(error(Tensor.of(a, n, n), x, right) < 8 + n);
            assertTrue(error(Tensor.of(a, n, n), y, right) < 8 + n);
        }
    }

    @ParameterizedTest
    @EnumSource(Triangle.class)
    void trianglesOfAllKinds(Triangle half) {
        for (int n : new int[] {1, 5, 64, 65, 129, 200}) {
            double[] t = random(n * n);
            for (int i = 0; i < n; i++) {
                t[i * n + i] += 4;
            }
            for (boolean transposed : new boolean[] {false, true}) {
                for (int m : new int[] {1, 3}) {
                    Tensor triangle = Tensor.of(t, n, n);
                    triangle = transposed ? triangle.transpose() : triangle;
                    double[] x =
                            random.ints((long) n * m, -4, 5).asDoubleStream().toArray();
                    Tensor b = Tensor.of(new double[n * m], n, m);
                    double[] size = new double[n * m];
                    for (int i = 0; i < n; i++) {
                        for (int c = 0; c < m; c++) {
                            for (int j = 0; j < n; j++) {
                                boolean inside = half.isLower() ? j <= i : j >= i;
                                double by = i == j && half.isUnit() ? 1 : inside ? triangle.get(i, j) : 0;
                                b.set(b.get(i, c) + by * x[j * m + c], i, c);
                                size[i * m + c] += Math.abs(by * x[j * m + c]);
                            }
                        }
                    }
                    Tensor given = Tensor.of(b.segment().toArray(java.lang.foreign.ValueLayout.JAVA_DOUBLE), n, m);
                    Triangular.solve(gamut, half, triangle, b, Accuracy.NATIVE);
                    for (int i = 0; i < n; i++) {
                        for (int c = 0; c < m; c++) {
                            double sum = 0;
                            double all = 0;
                            for (int j = 0; j < n; j++) {
                                boolean inside = half.isLower() ? j <= i : j >= i;
                                double by = i == j && half.isUnit() ? 1 : inside ? triangle.get(i, j) : 0;
                                sum += by * b.get(j, c);
                                all += Math.abs(by * b.get(j, c));
                            }
                            assertEquals(
                                    given.get(i, c), sum, (n + 8) * 0x1p-53 * (all + size[i * m + c]), half + " " + n);
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9, 64, 191, 193, 300})
    void positiveDefiniteMatrices(int n) {
        double[] half = random(n * n);
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int h = 0; h < n; h++) {
                    a[i * n + j] += half[i * n + h] * half[j * n + h];
                }
            }
            a[i * n + i] += 1;
        }
        double[] lower = a.clone();
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                lower[i * n + j] = Double.NaN; // not read
            }
        }
        double[] b = random(n);
        Cholesky cholesky = Cholesky.of(gamut, lower, n);
        double[] x = cholesky.solve(b);
        assertTrue(error(Tensor.of(a, n, n), Tensor.of(x, n), Tensor.of(b, n)) < 8 + n);
        assertTrue(n < 2 || cholesky.factor().get(0, n - 1) == 0);
        lower[(n / 2) * n + n / 2] = -1;
        ArithmeticException e = assertThrows(ArithmeticException.class, () -> Cholesky.of(gamut, lower, n));
        assertTrue(e.getMessage().contains("pivot " + n / 2 + " is -"), e.getMessage());
    }

    /** A = L·Lᵀ of small integers: everything on the way is exact. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32"})
    void positiveDefiniteMatricesOfIntegersAreExact(DType type) {
        for (int n : new int[] {1, 2, 9, 64, 130}) {
            double[][] l = new double[n][n];
            for (int i = 0; i < n; i++) {
                for (int j = Math.max(0, i - 3); j < i; j++) {
                    l[i][j] = random.nextInt(-3, 4);
                }
                l[i][i] = 4;
            }
            double[] a = new double[n * n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    for (int h = 0; h <= Math.min(i, j); h++) {
                        a[i * n + j] += l[i][h] * l[j][h];
                    }
                }
            }
            double[] x = random.ints(n, -9, 10).asDoubleStream().toArray();
            double[] b = new double[n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    b[i] += a[i * n + j] * x[j];
                }
            }
            Cholesky cholesky = Cholesky.of(gamut, cast(type, a, n, n), Accuracy.NATIVE);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    assertEquals(l[i][j], cholesky.factor().get(i, j), i + ", " + j + " of " + n);
                }
            }
            double[] kept = b.clone();
            assertArrayEquals(x, cholesky.solve(b), "in F64 by factors of " + type);
            assertArrayEquals(kept, b);
            assertMessage("b has " + (n + 1) + " elements; it must have " + n, () -> cholesky.solve(new double[n + 1]));
        }
    }

    @Test
    void singularMatricesAreNamedWhenTheyAreSolved() {
        int n = 70;
        double[] a = random(n * n);
        for (int i = 0; i < n; i++) {
            a[i * n + 66] = 0;
        }
        Lu lu = Lu.of(gamut, a, n);
        assertEquals(OptionalInt.of(66), lu.firstZeroPivot());
        double[] b = random(n);
        double[] kept = b.clone();
        ArithmeticException e = assertThrows(ArithmeticException.class, () -> lu.solve(Tensor.of(b, n)));
        assertEquals("the matrix is singular: pivot 66 of U is 0.0", e.getMessage());
        assertArrayEquals(kept, b);
        a[5] = Double.NaN;
        assertTrue(Lu.of(gamut, a, n).firstZeroPivot().isPresent());
    }

    /** Each column doubles the last element of those on its right. */
    @ParameterizedTest
    @CsvSource({"F64, 1022", "F32, 126"})
    void factorsThatOverflowAreNamedWhenTheyAreSolved(DType type, int exponent) {
        double most = Math.scalb(1.0, exponent);
        Tensor a = cast(type, new double[] {most, 0, most, -most, most, most, -most, -most, most}, 3, 3);
        Lu lu = Lu.of(gamut, a, Accuracy.NATIVE);
        assertEquals(OptionalInt.of(2), lu.firstZeroPivot());
        ArithmeticException e = assertThrows(ArithmeticException.class, () -> lu.solve(new double[] {1, 1, 1}));
        assertEquals(
                "the matrix has no factors in the range of " + type + ": pivot 2 of U is Infinity", e.getMessage());
    }

    @Test
    void emptySystemsHaveASolution() {
        assertEquals(0, Lu.of(gamut, new double[0], 0).solve(new double[0]).length);
        assertEquals(0, Cholesky.of(gamut, new double[0], 0).solve(new double[0]).length);
    }

    @Test
    void whatDoesNotFitIsNamed() {
        double[] a = random(12);
        assertMessage("n is 3; a has 12 elements", () -> Lu.of(gamut, a, 3));
        assertMessage("a is 3×4; it must be square", () -> Lu.of(gamut, Tensor.of(a, 3, 4), Accuracy.NATIVE));
        assertMessage(
                "plain matrix of F64 or F32", () -> Lu.of(gamut, Tensor.zeros(DType.BF16, 3, 3), Accuracy.NATIVE));
        Tensor columns = Tensor.of(a, DType.F64, Layout.colMajor(3, 3), 0);
        assertMessage("its rows must be contiguous", () -> Lu.inPlace(gamut, columns, Accuracy.NATIVE, done -> {}));
        Lu lu = Lu.of(gamut, columns, Accuracy.NATIVE);
        assertMessage("it must have 3 rows of F64", () -> lu.solve(Tensor.of(a, 4, 3)));
        assertMessage("it must have 3 rows of F64", () -> lu.solve(Tensor.of(new float[3], 3)));
        assertMessage("b has 4 elements; it must have 3", () -> lu.solve(new double[4]));
        try (Arena arena = Arena.ofConfined()) {
            Tensor outside = Tensor.of(arena.allocate(72, 8), DType.F64, Layout.rowMajor(3, 3));
            assertMessage("it must lie in a Java array", () -> Lu.inPlace(gamut, outside, Accuracy.NATIVE, done -> {}));
            for (int i = 0; i < 3; i++) {
                outside.set(2, i, i);
            }
            assertArrayEquals(
                    new double[] {1, 2, 3},
                    Lu.of(gamut, outside, Accuracy.NATIVE).solve(new double[] {2, 4, 6}));
        }
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable what) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, what);
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }
}
