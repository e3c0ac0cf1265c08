package dev.gamut.vector.block;

import dev.gamut.dtype.DType;
import dev.gamut.spi.BlockOperation;
import dev.gamut.vector.Species;
import java.util.Map;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;

/**
 * Sums of two blocks. C2 makes no vectors of the plain loop, as two of the arrays may be one (JDK 25): 0.06 instead of 0.3 ns an element of F32
 * on a Zen 4.
 */
final class Sums {
    private static final Map<DType, BlockOperation<?>> TABLE = Map.of(
            DType.F64, (BlockOperation<double[]>) Sums::add,
            DType.F32, (BlockOperation<float[]>) Sums::add,
            DType.I64, (BlockOperation<long[]>) Sums::add);

    private Sums() {}

    /** The loop of a type, null where there is none. */
    static BlockOperation<?> of(DType accumulators) {
        return TABLE.get(accumulators);
    }

    private static void add(double[] to, int t, double[] x, int j, double[] y, int k, int n) {
        int i = 0;
        for (; i <= n - Species.F64_LANES; i += Species.F64_LANES) {
            DoubleVector left = DoubleVector.fromArray(Species.F64, x, j + i);
            left.add(DoubleVector.fromArray(Species.F64, y, k + i)).intoArray(to, t + i);
        }
        for (; i < n; i++) {
            to[t + i] = x[j + i] + y[k + i];
        }
    }

    private static void add(float[] to, int t, float[] x, int j, float[] y, int k, int n) {
        int i = 0;
        for (; i <= n - Species.F32_LANES; i += Species.F32_LANES) {
            FloatVector left = FloatVector.fromArray(Species.F32, x, j + i);
            left.add(FloatVector.fromArray(Species.F32, y, k + i)).intoArray(to, t + i);
        }
        for (; i < n; i++) {
            to[t + i] = x[j + i] + y[k + i];
        }
    }

    private static void add(long[] to, int t, long[] x, int j, long[] y, int k, int n) {
        int i = 0;
        for (; i <= n - Species.F64_LANES; i += Species.F64_LANES) {
            LongVector left = LongVector.fromArray(Species.I64, x, j + i);
            left.add(LongVector.fromArray(Species.I64, y, k + i)).intoArray(to, t + i);
        }
        for (; i < n; i++) {
            to[t + i] = x[j + i] + y[k + i];
        }
    }
}
