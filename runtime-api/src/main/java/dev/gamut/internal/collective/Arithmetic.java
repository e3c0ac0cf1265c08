package dev.gamut.internal.collective;

import dev.gamut.collective.Combine;
import dev.gamut.dtype.DType;
import dev.gamut.spi.BlockOperation;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Arithmetic on arrays of one accumulator type.
 *
 * @param type of the numbers
 * @param array makes arrays
 * @param segment wraps them
 * @param operations by which two blocks are combined
 * @param divide sum[i] = sum[i] / by for i below n
 * @param <A> arrays of the type
 */
record Arithmetic<A>(
        DType type,
        IntFunction<A> array,
        Function<A, MemorySegment> segment,
        Map<Combine, BlockOperation<A>> operations,
        Division<A> divide) {
    @FunctionalInterface
    interface Division<A> {
        void apply(A sum, int by, int n);
    }

    private static final Arithmetic<double[]> F64 = new Arithmetic<>(
            DType.F64,
            double[]::new,
            MemorySegment::ofArray,
            table(DType.F64, Arithmetic::add, Arithmetic::multiply, Arithmetic::min, Arithmetic::max),
            Arithmetic::divide);
    private static final Arithmetic<float[]> F32 = new Arithmetic<>(
            DType.F32,
            float[]::new,
            MemorySegment::ofArray,
            table(DType.F32, Arithmetic::add, Arithmetic::multiply, Arithmetic::min, Arithmetic::max),
            Arithmetic::divide);
    private static final Arithmetic<long[]> I64 = new Arithmetic<>(
            DType.I64,
            long[]::new,
            MemorySegment::ofArray,
            table(DType.I64, Arithmetic::add, Arithmetic::multiply, Arithmetic::min, Arithmetic::max),
            Arithmetic::divide);

    /** The arithmetic in which elements of a type are combined. */
    static Arithmetic<?> of(DType elements) {
        return java.util.stream.Stream.of(F64, F32, I64)
                .filter(a -> a.type == elements.sumAccumulator())
                .findFirst()
                .orElseThrow();
    }

    private static <A> Map<Combine, BlockOperation<A>> table(
            DType type,
            BlockOperation<A> add,
            BlockOperation<A> multiply,
            BlockOperation<A> min,
            BlockOperation<A> max) {
        Map<Combine, BlockOperation<A>> plain = Map.of(
                Combine.SUM, add, Combine.AVERAGE, add, Combine.PRODUCT, multiply, Combine.MIN, min, Combine.MAX, max);
        Map<Combine, BlockOperation<A>> table = new EnumMap<>(Combine.class);
        plain.forEach((how, loop) -> table.put(how, FastestLoops.operation(type, how, loop)));
        return table;
    }

    private static void add(double[] to, int t, double[] x, int j, double[] y, int k, int n) {
        for (int i = 0; i < n; i++) {
            to[t + i] = x[j + i] + y[k + i];
        }
    }

    private static void multiply(double[] to, int t, double[] x, int j, double[] y, int k, int n) {
        for (int i = 0; i < n; i++) {
            to[t + i] = x[j + i] * y[k + i];
        }
    }

    private static void min(double[] to, int t, double[] x, int j, double[] y, int k, int n) {
        for (int i = 0; i < n; i++) {
            to[t + i] = Math.min(x[j + i], y[k + i]);
        }
    }

    private static void max(double[] to, int t, double[] x, int j, double[] y, int k, int n) {
        for (int i = 0; i < n; i++) {
            to[t + i] = Math.max(x[j + i], y[k + i]);
        }
    }

    private static void divide(double[] sum, int by, int n) {
        for (int i = 0; i < n; i++) {
            sum[i] /= by;
        }
    }

    private static void add(float[] to, int t, float[] x, int j, float[] y, int k, int n) {
        for (int i = 0; i < n; i++) {
            to[t + i] = x[j + i] + y[k + i];
        }
    }

    private static void multiply(float[] to, int t, float[] x, int j, float[] y, int k, int n) {
        for (int i = 0; i < n; i++) {
            to[t + i] = x[j + i] * y[k + i];
        }
    }

    private static void min(float[] to, int t, float[] x, int j, float[] y, int k, int n) {
        for (int i = 0; i < n; i++) {
            to[t + i] = Math.min(x[j + i], y[k + i]);
        }
    }

    private static void max(float[] to, int t, float[] x, int j, float[] y, int k, int n) {
        for (int i = 0; i < n; i++) {
            to[t + i] = Math.max(x[j + i], y[k + i]);
        }
    }

    private static void divide(float[] sum, int by, int n) {
        for (int i = 0; i < n; i++) {
            sum[i] /= by;
        }
    }

    private static void add(long[] to, int t, long[] x, int j, long[] y, int k, int n) {
        for (int i = 0; i < n; i++) {
            to[t + i] = x[j + i] + y[k + i];
        }
    }

    private static void multiply(long[] to, int t, long[] x, int j, long[] y, int k, int n) {
        for (int i = 0; i < n; i++) {
            to[t + i] = x[j + i] * y[k + i];
        }
    }

    private static void min(long[] to, int t, long[] x, int j, long[] y, int k, int n) {
        for (int i = 0; i < n; i++) {
            to[t + i] = Math.min(x[j + i], y[k + i]);
        }
    }

    private static void max(long[] to, int t, long[] x, int j, long[] y, int k, int n) {
        for (int i = 0; i < n; i++) {
            to[t + i] = Math.max(x[j + i], y[k + i]);
        }
    }

    /** To nearest, ties to even. */
    private static void divide(long[] sum, int by, int n) {
        for (int i = 0; i < n; i++) {
            long quotient = Math.floorDiv(sum[i], by);
            long twice = 2L * Math.floorMod(sum[i], by);
            boolean up = twice > by || twice == by && (quotient & 1) != 0;
            sum[i] = up ? quotient + 1 : quotient;
        }
    }
}
