package dev.gamut.vector.reduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.tensor.Layout;
import java.util.Arrays;
import java.util.stream.Stream;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Norms and exponentials at the ends of the range. */
class RangeTest {
    static Stream<VectorReduce> norms() {
        return VectorReduceTest.kernels().filter(k -> k.info().id().op().equals("nrm2"));
    }

    @ParameterizedTest
    @MethodSource("norms")
    void normsNeitherOverflowNorUnderflow(VectorReduce kernel) {
        DType type = kernel.info().id().types().get(0);
        DType acc = kernel.info().id().types().get(1);
        for (double size : new double[] {type.minSubnormal(), type.minNormal(), 1, type.maxFinite() / 64}) {
            for (int n : new int[] {1, 9, 64, 625}) {
                double[] x = new double[n];
                Arrays.fill(x, -size);
                double want = size * Math.sqrt(n);
                double tolerance = 2 * acc.unitRoundoff() * want + acc.minSubnormal() * (acc == type ? 1 : 0);
                assertEquals(want, norm(kernel, x), tolerance, kernel.info().id() + " " + n + " times " + size);
            }
        }
        assertEquals(0, norm(kernel, new double[300]));
        assertEquals(Double.POSITIVE_INFINITY, norm(kernel, new double[] {1, Double.NEGATIVE_INFINITY, 2}));
        assertEquals(Double.NaN, norm(kernel, new double[] {Double.POSITIVE_INFINITY, Double.NaN}));
        assertEquals(5 * type.minSubnormal(), norm(kernel, new double[] {
            3 * type.minSubnormal(), 4 * type.minSubnormal()
        }));
    }

    private static double norm(VectorReduce kernel, double[] x) {
        DType type = kernel.info().id().types().get(0);
        ReduceDesc desc = ReduceDesc.of(ReduceOp.NRM2, type, Layout.rowMajor(x.length), ReduceDesc.ALL)
                .result(kernel.info().id().types().get(1));
        return new Problem(kernel, desc, x, x).run(Problem.Way.PLAIN)[0];
    }

    @Test
    void exponentialsOfF64AreWithinThreeRoundings() {
        double u = DType.F64.unitRoundoff();
        for (int i = 0; i < 1_000_000; i++) {
            double x = -i * 708.0 / 1_000_000;
            double got = F64Exp.exp(DoubleVector.broadcast(Shapes.F64, x)).lane(0);
            double want = StrictMath.exp(x); // itself within one unit in the last place, 2 u
            assertEquals(want, got, 5 * u * want, () -> "exp(" + x + ")");
        }
        assertEquals(1, F64Exp.exp(DoubleVector.broadcast(Shapes.F64, 0.0)).lane(0));
        assertEquals(0, F64Exp.exp(DoubleVector.broadcast(Shapes.F64, -1e300)).lane(0), 0x1p-1020);
        assertEquals(
                0,
                F64Exp.exp(DoubleVector.broadcast(Shapes.F64, Double.NEGATIVE_INFINITY))
                        .lane(0),
                0x1p-1020);
    }

    @Test
    void exponentialsOfF32AreWithinThreeRoundings() {
        double u = DType.F32.unitRoundoff();
        double worst = 0;
        for (int i = 0; i < 1_000_000; i++) {
            float x = -i * 86.0f / 1_000_000;
            float got = F32Exp.exp(FloatVector.broadcast(Shapes.F32, x)).lane(0);
            double want = StrictMath.exp(x);
            worst = Math.max(worst, Math.abs(got - want) / want / u);
        }
        assertTrue(worst <= 3, "worst error is " + worst + " roundings");
        assertEquals(1, F32Exp.exp(FloatVector.broadcast(Shapes.F32, 0f)).lane(0));
        assertEquals(
                0,
                F32Exp.exp(FloatVector.broadcast(Shapes.F32, Float.NEGATIVE_INFINITY))
                        .lane(0),
                0x1p-123);
    }

    @Test
    void logSumExpNeitherOverflowsNorUnderflows() {
        VectorReduceTest.kernels()
                .filter(k -> k.info().id().op().equals("logsumexp"))
                .forEach(kernel -> {
                    double inf = Double.POSITIVE_INFINITY;
                    assertEquals(1e30f + 0.0, logSumExp(kernel, 1e30f, -1e30f), 0);
                    assertEquals(-1e30f + 0.0, logSumExp(kernel, -1e30f, -2e30f), 0);
                    assertEquals(5, logSumExp(kernel, 5, -inf));
                    assertEquals(inf, logSumExp(kernel, inf, -inf, 3));
                    assertEquals(-inf, logSumExp(kernel, -inf, -inf));
                    assertEquals(-inf, logSumExp(kernel));
                    assertEquals(Double.NaN, logSumExp(kernel, 1, Double.NaN));
                    assertEquals(Math.log(3), logSumExp(kernel, 0, 0, 0), 1e-6);
                });
    }

    private static double logSumExp(VectorReduce kernel, double... x) {
        DType type = kernel.info().id().types().get(0);
        ReduceDesc desc = ReduceDesc.of(ReduceOp.LOGSUMEXP, type, Layout.rowMajor(x.length), ReduceDesc.ALL)
                .result(kernel.info().id().types().get(1));
        return new Problem(kernel, desc, x, x).run(Problem.Way.PLAIN)[0];
    }
}
