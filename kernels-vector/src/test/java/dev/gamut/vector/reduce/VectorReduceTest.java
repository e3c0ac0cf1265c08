package dev.gamut.vector.reduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.tensor.Layout;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Results of every kernel of the table: bits, selections, bounds, and what IEEE says about the odd numbers. */
class VectorReduceTest {
    private static final long SEED = 20261122;

    /** Around a vector, the lanes, a block and several of them; the last is cut into groups of blocks. */
    private static final int[] SIZES = {
        0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 127, 129, 1009, 4095, 4096, 4097, 8191, 12289,
        100_003, 300_007
    };

    /** Dense rows and columns of several widths around 64 and 128, middle axes, axes of size 1. */
    private static final List<Layout> TENSORS = List.of(
            Layout.rowMajor(5, 7),
            Layout.rowMajor(1, 9),
            Layout.rowMajor(300, 3),
            Layout.rowMajor(4097, 5),
            Layout.rowMajor(67, 64),
            Layout.rowMajor(70, 130),
            Layout.rowMajor(131, 300),
            Layout.rowMajor(3, 1009),
            Layout.rowMajor(2, 3, 65),
            Layout.rowMajor(3, 130, 4),
            Layout.rowMajor(2, 5000, 2),
            Layout.colMajor(66, 5),
            Layout.of(new long[] {5, 70}, new long[] {77, 1}),
            Layout.of(new long[] {200, 6}, new long[] {9, 1}),
            Layout.of(new long[] {100, 128}, new long[] {131, 1}),
            Layout.of(new long[] {3, 1, 70}, new long[] {100, 0, 1}),
            Layout.of(new long[] {0, 3}, new long[] {3, 1}));

    /** Types of the kernels here; narrow types are decoded and then the same, which the conformance rules look at. */
    private static final List<DType> WIDE = List.of(DType.F64, DType.F32);

    static Stream<VectorReduce> kernels() {
        return ReduceTable.kernels().stream()
                .filter(kernel -> WIDE.contains(kernel.info().id().types().getFirst()))
                .filter(kernel -> !kernel.info().id().impl().equals("veccomp")) // see CompensatedTest
                .map(VectorReduce.class::cast);
    }

    /** Problems of a kernel over every size and tensor, with numbers from a source. */
    private static List<Problem> problems(VectorReduce kernel, int maxTerms, DoubleSupplier x, DoubleSupplier y) {
        List<Problem> all = new ArrayList<>();
        for (int n : SIZES) {
            if (n <= maxTerms) {
                add(all, kernel, Layout.rowMajor(n), ReduceDesc.ALL, x, y);
            }
        }
        for (Layout layout : TENSORS) {
            for (int axis = layout.isRowMajor() ? ReduceDesc.ALL : 0; axis < layout.rank(); axis++) {
                add(all, kernel, layout, axis, x, y);
            }
        }
        return all;
    }

    private static void add(
            List<Problem> all, VectorReduce kernel, Layout layout, int axis, DoubleSupplier x, DoubleSupplier y) {
        ReduceOp op = op(kernel);
        DType type = kernel.info().id().types().get(0);
        long terms = axis == ReduceDesc.ALL ? layout.size() : layout.size(axis);
        if (terms == 0 && op.needsElements()) {
            return;
        }
        ReduceDesc desc = ReduceDesc.of(op, type, layout, axis)
                .result(kernel.info().id().types().get(1));
        int size = (int) layout.extent();
        all.add(new Problem(kernel, desc, numbers(type, size, x), numbers(type, size, y)));
    }

    private static double[] numbers(DType type, int n, DoubleSupplier source) {
        double[] numbers = new double[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = type.round(source.getAsDouble());
        }
        return numbers;
    }

    private static ReduceOp op(VectorReduce kernel) {
        return ReduceOp.valueOf(kernel.info().id().op().toUpperCase(Locale.ROOT));
    }

    private static DType accumulator(VectorReduce kernel) {
        return kernel.info().id().types().get(1);
    }

    private static boolean isTree64(VectorReduce kernel) {
        return kernel.info().id().order().isPresent();
    }

    private static boolean isFree(VectorReduce kernel) {
        return !isTree64(kernel) && !op(kernel).isSelection();
    }

    /** By Double.compare: signed zeros differ, NaNs are equal. Said only of what fails, as a description takes longer than a sum. */
    private static void assertBits(double want, double got, Supplier<String> what) {
        assertEquals(want, got, what);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void everyWayGivesTheSameBits(VectorReduce kernel) {
        Random random = new Random(SEED);
        DoubleSupplier near1 = () -> 1 + random.nextGaussian() / 64;
        for (Problem problem : problems(kernel, Integer.MAX_VALUE, near1, random::nextGaussian)) {
            double[] want = problem.run(Problem.Way.PLAIN);
            for (Problem.Way way : Problem.Way.ALL) {
                // In a free order, the same configuration and operands must give the same bits, others need not.
                double[] expected = isFree(kernel) ? problem.run(way) : want;
                assertTrue(Arrays.equals(expected, problem.run(way)), () -> problem.desc() + " " + way);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void tree64IsTheOneDefinition(VectorReduce kernel) {
        if (!isTree64(kernel)) {
            return;
        }
        Random random = new Random(SEED);
        DoubleSupplier x = op(kernel) == ReduceOp.PRODUCT
                ? () -> 1 + random.nextGaussian() / 64
                : () -> random.nextGaussian() * Math.scalb(1.0, random.nextInt(20));
        for (Problem problem : problems(kernel, Integer.MAX_VALUE, x, random::nextGaussian)) {
            assertTree64(problem);
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void tree64HoldsForOddNumbers(VectorReduce kernel) {
        if (!isTree64(kernel)) {
            return;
        }
        DType type = kernel.info().id().types().get(0);
        double[] odd = {
            -0.0, 0, type.minSubnormal(), -type.minNormal(), 1, type.maxFinite() / 2, Double.NEGATIVE_INFINITY
        };
        Random random = new Random(SEED);
        for (int kinds = 1; kinds <= odd.length; kinds++) {
            int choice = kinds;
            DoubleSupplier x = () -> odd[random.nextInt(choice)];
            problems(kernel, 4096, x, x).forEach(VectorReduceTest::assertTree64);
        }
    }

    private static void assertTree64(Problem problem) {
        ReduceDesc desc = problem.desc();
        List<double[]> x = Problem.terms(desc.x(), desc.axis(), problem.x());
        List<double[]> y = Problem.terms(desc.y(), desc.axis(), problem.y());
        double[] got = problem.run(Problem.Way.PLAIN);
        for (int r = 0; r < got.length; r++) {
            double want = Oracle.tree64(desc.op(), accumulator(problem.kernel()), x.get(r), y.get(r));
            int result = r;
            assertBits(want, got[r], () -> desc + " result " + result);
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void selectionsAreExact(VectorReduce kernel) {
        if (!op(kernel).isSelection()) {
            return;
        }
        Random random = new Random(SEED);
        double[] ties = {-0.0, 0.0, 1, -1, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        List<DoubleSupplier> ofEverySize = List.of(
                random::nextGaussian,
                () -> ties[random.nextInt(ties.length)],
                () -> random.nextInt(50) == 0 ? Double.NaN : random.nextGaussian());
        for (DoubleSupplier source : ofEverySize) {
            problems(kernel, Integer.MAX_VALUE, source, source).forEach(VectorReduceTest::assertSelected);
        }
        List<DoubleSupplier> ofSomeBlocks = List.of(
                () -> ties[random.nextInt(2)],
                () -> random.nextInt(4000) == 0 ? -0.0 : 0.0,
                () -> random.nextInt(4000) == 0 ? 0.0 : -0.0,
                () -> Double.POSITIVE_INFINITY,
                () -> Double.NEGATIVE_INFINITY,
                () -> Math.abs(random.nextGaussian()),
                () -> -Math.abs(random.nextGaussian()),
                changingSigns(random),
                () -> Math.scalb(random.nextGaussian(), -140));
        for (DoubleSupplier source : ofSomeBlocks) {
            problems(kernel, 13_000, source, source).forEach(VectorReduceTest::assertSelected);
        }
    }

    /** Long stretches of one sign, then of the other. */
    private static DoubleSupplier changingSigns(Random random) {
        int[] left = {0};
        double[] sign = {1};
        return () -> {
            if (left[0]-- == 0) {
                left[0] = random.nextInt(5000);
                sign[0] = -sign[0];
            }
            return sign[0] * Math.abs(random.nextGaussian());
        };
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void nanIsFoundWhereverItStands(VectorReduce kernel) {
        ReduceOp op = op(kernel);
        for (int n : new int[] {1, 7, 64, 100, 4096, 4097, 8300}) {
            for (int at : new int[] {0, 6, 63, 64, n / 2, 4095, 4096, n - 1}) {
                for (double sign = -1; at < n && sign <= 1; sign += 2) {
                    DType type = kernel.info().id().types().get(0);
                    double[] x = new double[n];
                    Arrays.fill(x, n % 2 == 0 ? 1 : -1);
                    x[at] = Math.copySign(Double.NaN, sign);
                    ReduceDesc desc = ReduceDesc.of(op, type, Layout.rowMajor(n), ReduceDesc.ALL)
                            .result(accumulator(kernel));
                    double[] got = new Problem(kernel, desc, x, x).run(Problem.Way.PLAIN);
                    int place = at;
                    assertBits(op.isIndex() ? at : Double.NaN, got[0], () -> desc + " NaN at " + place);
                }
            }
        }
    }

    private static void assertSelected(Problem problem) {
        ReduceDesc desc = problem.desc();
        double[] want = Problem.terms(desc.x(), desc.axis(), problem.x()).stream()
                .mapToDouble(terms -> Oracle.selected(desc.op(), terms))
                .toArray();
        for (Problem.Way way : Problem.Way.ALL) {
            double[] got = problem.run(way);
            for (int r = 0; r < got.length; r++) {
                int result = r;
                assertBits(want[r], got[r], () -> desc + " result " + result + " " + way);
            }
        }
    }

    /** Small integers whose sums are exact in F32: no rounding, no tolerance. */
    @ParameterizedTest
    @MethodSource("kernels")
    void exactInputsGiveExactResults(VectorReduce kernel) {
        ReduceOp op = op(kernel);
        if (op != ReduceOp.SUM && op != ReduceOp.ASUM && op != ReduceOp.DOT && op != ReduceOp.PRODUCT) {
            return;
        }
        Random random = new Random(SEED);
        DoubleSupplier x = () -> op == ReduceOp.PRODUCT ? 1 - 2 * random.nextInt(2) : random.nextInt(17) - 8;
        for (Problem problem : problems(kernel, Integer.MAX_VALUE, x, x)) {
            for (Problem.Way way : Problem.Way.ALL) {
                assertWithin(problem, way, ErrorBound.EXACT);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void errorsAreWithinTheBound(VectorReduce kernel) {
        if (op(kernel).isSelection()) {
            return;
        }
        Random random = new Random(SEED);
        DoubleSupplier x = op(kernel) == ReduceOp.PRODUCT
                ? () -> 1 + random.nextGaussian() / 64
                : () -> random.nextGaussian() * 20 + 5;
        for (Problem problem : problems(kernel, 13_000, x, random::nextGaussian)) {
            assertWithin(
                    problem,
                    Problem.Way.PLAIN,
                    Problem.accept(kernel, problem.desc(), 1).bound());
        }
    }

    private static void assertWithin(Problem problem, Problem.Way way, ErrorBound bound) {
        ReduceDesc desc = problem.desc();
        List<double[]> x = Problem.terms(desc.x(), desc.axis(), problem.x());
        List<double[]> y = Problem.terms(desc.y(), desc.axis(), problem.y());
        double[] got = problem.run(way);
        long n = desc.terms();
        for (int r = 0; r < got.length && n > 0; r++) {
            Oracle.Exact exact = Oracle.exact(desc.op(), x.get(r), y.get(r));
            double error = new BigDecimal(got[r]).subtract(exact.value()).abs().doubleValue();
            // the oracle's own exp and log are rounded to F64
            double oracle = desc.op() == ReduceOp.LOGSUMEXP ? 0x1p-51 * exact.scale() : 0;
            double limit = bound.relative(n) * exact.scale() + bound.absolute(n) + oracle;
            assertTrue(error <= limit, () -> desc + ": error " + error + ", bound " + limit);
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void promisesAreKept(VectorReduce kernel) {
        Determinism promise = Problem.accept(kernel, describe(kernel, 1000), 1).determinism();
        assertEquals(
                promise.order().filter(o -> !o.name().equals("exact")),
                kernel.info().id().order());
        long n = 1000;
        ErrorBound limit = ErrorBound.ofAccumulation(accumulator(kernel).isFloat() ? accumulator(kernel) : DType.F64);
        for (; n < 1L << 40; n *= 7) {
            assertTrue(Problem.accept(kernel, describe(kernel, n), 1).bound().relative(n) <= limit.relative(n));
        }
    }

    private static ReduceDesc describe(VectorReduce kernel, long n) {
        return ReduceDesc.of(op(kernel), kernel.info().id().types().get(0), Layout.rowMajor(n), ReduceDesc.ALL)
                .result(accumulator(kernel));
    }
}
