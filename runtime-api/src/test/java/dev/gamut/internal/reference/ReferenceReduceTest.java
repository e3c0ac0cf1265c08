package dev.gamut.internal.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.dtype.DType;
import dev.gamut.error.GamutException;
import dev.gamut.kernel.KernelId;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.spi.Offer;
import dev.gamut.spi.ReduceExecutor;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every registered reduction on small integers against plain loops, and the corners of each operation. */
class ReferenceReduceTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;

    static Stream<ReferenceReduce> kernels() {
        return ReduceTable.kernels().stream();
    }

    private static Offer.Accept<ReduceExecutor> accept(ReduceDesc desc) {
        return ReduceTable.kernels().stream()
                .map(kernel -> kernel.offer(desc, InlineContext.OFFER))
                .filter(Offer.Accept.class::isInstance)
                .map(offer -> (Offer.Accept<ReduceExecutor>) offer)
                .findFirst()
                .orElseThrow();
    }

    private static Tensor run(ReduceDesc desc, Object x, long offset, Object y) {
        ReduceArgs args = new ReduceArgs();
        Tensor out = Tensor.zeros(desc.result(), Math.max(1, desc.results()));
        args.x().set(x, offset);
        if (y != null) {
            args.y().set(y, 0);
        }
        args.out().set(out);
        accept(desc).preparer().prepare(new InlineContext()).execute(args);
        return out;
    }

    private static double reduce(ReduceOp op, double... x) {
        return run(ReduceDesc.of(op, DType.F64, Layout.rowMajor(x.length), ReduceDesc.ALL), x, 0, x)
                .get(0);
    }

    private static double reduce(ReduceOp op, float... x) {
        return run(ReduceDesc.of(op, DType.F32, Layout.rowMajor(x.length), ReduceDesc.ALL), x, 0, x)
                .get(0);
    }

    /** The definition, on numbers whose sums are exact. */
    private static double naive(ReduceOp op, double[] x, double[] y) {
        int n = x.length;
        double sum = 0;
        double squares = 0;
        double product = 1;
        double absolute = 0;
        double dot = 0;
        double exponentials = 0;
        int least = 0;
        int most = 0;
        int largest = 0;
        for (int i = 0; i < n; i++) {
            sum += x[i];
            squares += x[i] * x[i];
            product *= x[i];
            absolute += Math.abs(x[i]);
            dot += x[i] * y[i];
            exponentials += Math.exp(x[i]);
            least = x[i] < x[least] ? i : least;
            most = x[i] > x[most] ? i : most;
            largest = Math.abs(x[i]) > Math.abs(x[largest]) ? i : largest;
        }
        return switch (op) {
            case SUM -> sum;
            case PRODUCT -> product;
            case MIN -> x[least];
            case MAX -> x[most];
            case ARGMIN -> least;
            case ARGMAX -> most;
            case ARGAMAX -> largest;
            case ASUM -> absolute;
            case NRM2 -> Math.sqrt(squares);
            case DOT -> dot;
            case MEAN -> sum / n;
            case VARIANCE -> squares / n - sum / n * (sum / n);
            case LOGSUMEXP -> Math.log(exponentials);
        };
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void alongEveryAxisOfStridedTensors(ReferenceReduce kernel) {
        KernelId id = kernel.info().id();
        assertEquals(id, KernelId.parse(id.toString()));
        ReduceOp op = ReduceOp.valueOf(id.op().toUpperCase(java.util.Locale.ROOT));
        DType type = id.types().get(0);
        Layout strided = Layout.of(new long[] {3, 4, 2}, new long[] {2, 7, 40});
        Random random = new Random(11);
        for (int axis = ReduceDesc.ALL; axis < 3; axis++) {
            Tensor x = Tensor.zeros(type, strided.extent() + 4);
            Tensor y = Tensor.zeros(type, 24);
            for (int i = 0; i < x.size(0); i++) {
                x.set(random.nextInt(4) - (type.lowest() < 0 ? 2 : 0), i);
            }
            for (int i = 0; i < 24; i++) {
                y.set(random.nextInt(3), i);
            }
            ReduceDesc desc = ReduceDesc.of(op, type, strided, axis).y(Layout.rowMajor(3, 4, 2));
            assertEquals(id.types().get(1), desc.result());
            Tensor out = run(desc, x.array(), 4, y.array());
            compare(desc, x, y, out);
        }
    }

    private static void compare(ReduceDesc desc, Tensor x, Tensor y, Tensor out) {
        int axis = desc.axis();
        long[] shape = desc.x().shape();
        long[] keptShape = shape.clone();
        if (axis == ReduceDesc.ALL) {
            java.util.Arrays.fill(keptShape, 1);
        } else {
            keptShape[axis] = 1;
        }
        int result = 0;
        for (long[] kept : positions(keptShape)) {
            long[] box = shape.clone();
            for (int d = 0; d < 3; d++) {
                box[d] = keptShape[d] == 1 ? shape[d] : 1;
            }
            double[] terms = new double[(int) desc.terms()];
            double[] others = new double[terms.length];
            int t = 0;
            for (long[] inner : positions(box)) {
                long[] at = {kept[0] + inner[0], kept[1] + inner[1], kept[2] + inner[2]};
                terms[t] = x.get(4 + at[0] * 2 + at[1] * 7 + at[2] * 40);
                others[t++] = y.get(at[0] * 8 + at[1] * 2 + at[2]);
            }
            double expected = naive(desc.op(), terms, others);
            double slack = desc.op().isReal() ? 1e-5 * (1 + Math.abs(expected)) : 0;
            assertEquals(desc.result().round(expected) + 0.0, out.get(result++) + 0.0, slack, desc::toString);
        }
        assertEquals(desc.results(), result);
    }

    private static Iterable<long[]> positions(long[] shape) {
        java.util.List<long[]> all = new java.util.ArrayList<>();
        for (long i = 0; i < shape[0]; i++) {
            for (long j = 0; j < shape[1]; j++) {
                for (long k = 0; k < shape[2]; k++) {
                    all.add(new long[] {i, j, k});
                }
            }
        }
        return all;
    }

    @Test
    void emptyTensors() {
        assertEquals(0, reduce(ReduceOp.SUM, new double[0]));
        assertEquals(1, reduce(ReduceOp.PRODUCT, new double[0]));
        assertEquals(0, reduce(ReduceOp.NRM2, new double[0]));
        assertEquals(0, reduce(ReduceOp.DOT, new double[0]));
        assertEquals(NAN, reduce(ReduceOp.MEAN, new double[0]));
        assertEquals(NAN, reduce(ReduceOp.VARIANCE, new double[0]));
        assertEquals(-INF, reduce(ReduceOp.LOGSUMEXP, new double[0]));
        assertThrows(IllegalArgumentException.class, () -> reduce(ReduceOp.MIN, new double[0]));
        Layout noTerms = Layout.rowMajor(2, 0);
        Tensor out = run(ReduceDesc.of(ReduceOp.PRODUCT, DType.I8, noTerms, 1), new byte[0], 0, null);
        assertEquals(1, out.get(1));
        run(ReduceDesc.of(ReduceOp.MIN, DType.I8, noTerms, 0), new byte[0], 0, null);
    }

    @Test
    void firstNaNWins() {
        double[] x = {3, -5, NAN, 7, NAN, 9};
        assertEquals(NAN, reduce(ReduceOp.MIN, x));
        assertEquals(NAN, reduce(ReduceOp.MAX, x));
        for (ReduceOp op : new ReduceOp[] {ReduceOp.ARGMIN, ReduceOp.ARGMAX, ReduceOp.ARGAMAX}) {
            assertEquals(2, reduce(op, x));
        }
        assertEquals(NAN, reduce(ReduceOp.NRM2, INF, NAN));
        assertEquals(NAN, reduce(ReduceOp.LOGSUMEXP, INF, NAN));
        double[] late = new double[10_000];
        late[9_000] = NAN;
        assertEquals(9_000, reduce(ReduceOp.ARGMAX, late));
    }

    @Test
    void tiesGoToTheLowestIndexAndZerosAreEqualAsIndices() {
        assertEquals(1, reduce(ReduceOp.ARGMIN, 2.0, 1.0, 1.0));
        assertEquals(0, reduce(ReduceOp.ARGAMAX, -2.0, 2.0));
        assertEquals(0, reduce(ReduceOp.ARGMIN, 0.0, -0.0));
        assertEquals(0, reduce(ReduceOp.ARGMAX, -0.0, 0.0));
        assertEquals(-0.0, reduce(ReduceOp.MIN, 0.0, -0.0));
        assertEquals(0.0, reduce(ReduceOp.MAX, -0.0, 0.0));
        assertEquals(0, reduce(ReduceOp.ARGMIN, INF, INF));
        assertEquals(INF, reduce(ReduceOp.MIN, INF, INF));
    }

    @Test
    void integersAreExactOrRefused() {
        long[] x = {Long.MAX_VALUE, 5, Long.MIN_VALUE};
        assertEquals(4, sumOf(ReduceOp.SUM, x, DType.I64));
        assertEquals(2, sumOf(ReduceOp.ARGAMAX, x, DType.I64));
        assertEquals(0x1p64 + 4, sumOf(ReduceOp.ASUM, x, DType.F64));
        assertEquals(0x1p127, sumOf(ReduceOp.DOT, new long[] {Long.MIN_VALUE, Long.MIN_VALUE}, DType.F64));
        GamutException e = assertThrows(
                GamutException.class, () -> sumOf(ReduceOp.SUM, new long[] {Long.MAX_VALUE, 1}, DType.I64));
        assertTrue(e.getMessage().contains("64 bits"), e::getMessage);
        assertThrows(GamutException.class, () -> sumOf(ReduceOp.PRODUCT, x, DType.I64));
        assertEquals(0, sumOf(ReduceOp.PRODUCT, new long[] {Long.MAX_VALUE, Long.MAX_VALUE, 0}, DType.I64));
        assertEquals(Long.MIN_VALUE, sumOf(ReduceOp.PRODUCT, new long[] {1L << 62, -2}, DType.I64));
        assertEquals(-INF, sumOf(ReduceOp.PRODUCT, negativePowers(1201), DType.F64));
    }

    private static long[] negativePowers(int n) {
        long[] x = new long[n];
        java.util.Arrays.fill(x, -2);
        return x;
    }

    private static double sumOf(ReduceOp op, long[] x, DType result) {
        ReduceDesc desc = ReduceDesc.of(op, DType.I64, Layout.rowMajor(x.length), ReduceDesc.ALL)
                .result(result);
        return run(desc, x, 0, x).get(0);
    }

    @Test
    void normsNeitherOverflowNorUnderflow() {
        assertEquals(5e300, reduce(ReduceOp.NRM2, 3e300, -4e300), 1e285);
        assertEquals(5 * Double.MIN_VALUE, reduce(ReduceOp.NRM2, 3 * Double.MIN_VALUE, 4 * Double.MIN_VALUE));
        assertEquals(5 * Float.MIN_VALUE, reduce(ReduceOp.NRM2, 3 * Float.MIN_VALUE, 4 * Float.MIN_VALUE));
        assertEquals(Float.MAX_VALUE, reduce(ReduceOp.NRM2, Float.MAX_VALUE, 1f));
        assertEquals(INF, reduce(ReduceOp.NRM2, 1.0, -INF));
        assertEquals(0, reduce(ReduceOp.NRM2, 0.0, -0.0));
    }

    @Test
    void logSumExpOfExtremes() {
        assertEquals(1000 + Math.log(2), reduce(ReduceOp.LOGSUMEXP, 1000.0, 1000.0), 1e-12);
        assertEquals(-1000, reduce(ReduceOp.LOGSUMEXP, -1000.0, -2000.0));
        assertEquals(-INF, reduce(ReduceOp.LOGSUMEXP, -INF, -INF));
        assertEquals(INF, reduce(ReduceOp.LOGSUMEXP, INF, -INF));
    }

    @ParameterizedTest
    @EnumSource(
            value = ReduceOp.class,
            names = {"SUM", "ASUM", "MEAN", "NRM2", "VARIANCE", "DOT", "LOGSUMEXP"})
    void declaredBoundsHold(ReduceOp op) {
        for (int n : new int[] {1, 2, 3, 10, 100, 5000, 100_000}) {
            Random random = new Random(n);
            float[] x = new float[n];
            double[] exact = new double[n];
            for (int i = 0; i < n; i++) {
                x[i] = (float) (random.nextGaussian() + 3);
                exact[i] = x[i];
            }
            ReduceDesc desc = ReduceDesc.of(op, DType.F32, Layout.rowMajor(n), ReduceDesc.ALL);
            double found = run(desc.result(DType.F32), x, 0, x).get(0);
            double right = reduce(op, exact);
            double limit = accept(desc).bound().relative(n) * scale(op, exact, right)
                    + accept(desc).bound().absolute(n);
            assertTrue(Math.abs(found - right) <= limit, op + " of " + n + ": " + found + " for " + right);
            assertTrue(desc.accuracy().admits(accept(desc).bound(), true, n));
            assertTrue(dev.gamut.accuracy.Accuracy.atLeast(DType.F32)
                    .admits(accept(desc).bound(), true, n));
        }
    }

    /** S of {@link ReduceBounds}. */
    private static double scale(ReduceOp op, double[] x, double right) {
        double mean = reduce(ReduceOp.ASUM, x) / x.length;
        return switch (op) {
            case SUM, ASUM -> mean * x.length;
            case MEAN -> mean;
            case VARIANCE ->
                java.util.Arrays.stream(x)
                                .map(v -> Math.pow(Math.abs(v) + mean, 2))
                                .sum()
                        / x.length;
            case LOGSUMEXP -> 1 + Math.abs(reduce(ReduceOp.MAX, x)) + Math.log(x.length);
            default -> right;
        };
    }

    @Test
    void anF64ResultAccumulatesInF64() {
        float[] x = {1, 0x1p-40f};
        ReduceDesc desc = ReduceDesc.of(ReduceOp.SUM, DType.F32, Layout.rowMajor(2), ReduceDesc.ALL);
        assertEquals(1, run(desc, x, 0, null).get(0));
        assertEquals(1 + 0x1p-40, run(desc.result(DType.F64), x, 0, null).get(0));
    }

    @Test
    void aScalarIsOneTerm() {
        ReduceDesc desc = ReduceDesc.of(ReduceOp.SUM, DType.F64, Layout.rowMajor(), ReduceDesc.ALL);
        assertEquals(4, run(desc, new double[] {4}, 0, null).get(0));
    }
}
