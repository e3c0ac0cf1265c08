package dev.gamut.vector.reduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.tensor.Tensor;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums whose error bound does not grow with n, on terms that plain sums are hopeless for. */
class CompensatedTest {
    private static final Accuracy TIGHT = Accuracy.within(1.25 * 0x1p-53);
    private static final int N = 300_007;

    /** Numbers that cancel nearly to nothing: the terms are 2^40 times their sum and more. */
    private static double[] cancelling(int n) {
        Random random = new Random(7);
        double[] x = new double[n];
        for (int i = 0; i + 1 < n; i += 2) {
            x[i] = (random.nextDouble() - 0.5) * 0x1p40;
            x[i + 1] = -x[i] * (1 + random.nextInt(3) * 0x1p-52);
        }
        x[n - 1] = 1;
        return x;
    }

    private static BigDecimal exactSum(double[] x) {
        BigDecimal sum = BigDecimal.ZERO;
        for (double v : x) {
            sum = sum.add(new BigDecimal(v));
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void cancellingTermsLeaveTheRightDigits(int threads) {
        double[] x = cancelling(N);
        double exact = exactSum(x).doubleValue();
        try (Gamut gamut = Gamut.open(GamutConfig.defaults().threads(threads))) {
            double sum = gamut.sum(Tensor.of(x, N), TIGHT);
            assertEquals(exact, sum, Math.ulp(exact));
            double plain = gamut.sum(x);
            assertTrue(Math.abs(plain - exact) > 1000 * Math.ulp(exact), "a plain sum is as good: " + plain);
        }
    }

    @Test
    void columnsAreCompensatedEach() {
        int rows = 5_003;
        int columns = 37;
        double[] x = new double[rows * columns];
        double[][] each = new double[columns][];
        for (int c = 0; c < columns; c++) {
            each[c] = cancelling(rows);
            each[c][rows - 1] = c + 1;
            for (int r = 0; r < rows; r++) {
                x[r * columns + c] = each[c][r];
            }
        }
        try (Gamut gamut = Gamut.open(GamutConfig.defaults().threads(2))) {
            Tensor in = Tensor.of(x, rows, columns);
            Tensor out = Tensor.zeros(DType.F64, columns);
            run(gamut, ReduceDesc.of(ReduceOp.SUM, DType.F64, in.layout(), 0), in, in, out);
            for (int c = 0; c < columns; c++) {
                double exact = exactSum(each[c]).doubleValue();
                assertEquals(exact, out.get(c), Math.ulp(exact), "column " + c);
            }
        }
    }

    @Test
    void productsAreTakenWithTheirErrors() {
        double[] x = cancelling(N);
        double[] y = new double[N];
        Random random = new Random(8);
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal magnitudes = BigDecimal.ZERO;
        for (int i = 0; i < N; i++) {
            y[i] = i % 2 == 0 || i == N - 1 ? 1 + random.nextDouble() : y[i - 1];
            BigDecimal product = new BigDecimal(x[i]).multiply(new BigDecimal(y[i]));
            sum = sum.add(product);
            magnitudes = magnitudes.add(product.abs());
        }
        try (Gamut gamut = Gamut.open(GamutConfig.defaults().threads(1))) {
            Tensor left = Tensor.of(x, N);
            Tensor out = Tensor.zeros(DType.F64, 1);
            run(
                    gamut,
                    ReduceDesc.of(ReduceOp.DOT, DType.F64, left.layout(), ReduceDesc.ALL),
                    left,
                    Tensor.of(y, N),
                    out);
            double exact = sum.doubleValue();
            // One rounding of the result, and errors of errors.
            double allowed = Math.ulp(exact) + magnitudes.doubleValue() * 0x1p-100 * N;
            assertEquals(exact, out.get(0), allowed);
        }
    }

    @Test
    void narrowTypesAreSummedInF64() {
        float[] x = new float[N];
        Random random = new Random(9);
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < N; i++) {
            x[i] = random.nextFloat();
            sum = sum.add(new BigDecimal(x[i]));
        }
        try (Gamut gamut = Gamut.open()) {
            double got = gamut.sum(Tensor.of(x, N), Accuracy.within(1.01 * 0x1p-24));
            assertEquals(sum.floatValue(), (float) got);
        }
    }

    @Test
    void infinitiesAndOverflowAreWhatTheyAre() {
        try (Gamut gamut = Gamut.open()) {
            double inf = Double.POSITIVE_INFINITY;
            assertEquals(inf, gamut.sum(Tensor.of(new double[] {1, inf, 3, 1e300}, 4), TIGHT));
            assertEquals(Double.NaN, gamut.sum(Tensor.of(new double[] {inf, 1, -inf}, 3), TIGHT));
            assertEquals(inf, gamut.sum(Tensor.of(new double[] {Double.MAX_VALUE, Double.MAX_VALUE}, 2), TIGHT));
            assertEquals(0.0, gamut.sum(Tensor.of(new double[0], 0), TIGHT));
        }
    }

    private static void run(Gamut gamut, ReduceDesc desc, Tensor x, Tensor y, Tensor out) {
        ReducePlan plan = gamut.plan(desc.accuracy(TIGHT));
        assertTrue(plan.kernel().toString().endsWith("_veccomp"), plan.kernel().toString());
        ReduceArgs args = new ReduceArgs();
        args.x().set(x);
        if (desc.op().isBinary()) {
            args.y().set(y);
        }
        args.out().set(out);
        plan.run(args);
    }
}
