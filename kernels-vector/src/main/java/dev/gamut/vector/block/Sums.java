package dev.gamut.vector.block;

import dev.gamut.dtype.Bf16;
import dev.gamut.dtype.DType;
import dev.gamut.spi.BlockOperation;
import dev.gamut.vector.Species;
import dev.gamut.vector.codec.Shapes;
import java.util.Map;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums of two blocks. C2 makes no vectors of the plain loop, as two of the arrays may be one (JDK 25): 0.06 instead of 0.3 ns an element of F32
 * on a Zen 4.
 */
final class Sums {
    private static final Map<DType, BlockOperation<?>> TABLE = Map.of(
            DType.F64, (BlockOperation<double[]>) Sums::add,
            DType.F32, (BlockOperation<float[]>) Sums::add,
            DType.I64, (BlockOperation<long[]>) Sums::add,
            DType.BF16, (BlockOperation<short[]>) Sums::add);

    private Sums() {}

    /** The loop of a type, null where there is none. */
    static BlockOperation<?> of(DType type) {
        return TABLE.get(type);
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

    /**
     * Sums of BF16 in F32, rounded once. A NaN needs no care: the lower half of a sum that is one has no bit set, so that rounding does not
     * reach its upper half.
     */
    private static void add(short[] to, int t, short[] x, int j, short[] y, int k, int n) {
        int i = 0;
        for (; i <= n - Shapes.LANES; i += Shapes.LANES) {
            IntVector left = (IntVector) ShortVector.fromArray(Shapes.SHORTS, x, j + i)
                    .convertShape(VectorOperators.ZERO_EXTEND_S2I, Shapes.INTS, 0);
            IntVector right = (IntVector) ShortVector.fromArray(Shapes.SHORTS, y, k + i)
                    .convertShape(VectorOperators.ZERO_EXTEND_S2I, Shapes.INTS, 0);
            IntVector bits = left.lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .add(right.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats())
                    .reinterpretAsInts();
            IntVector last = bits.lanewise(VectorOperators.LSHR, 16).and(1);
            IntVector code = bits.add(last).add(0x7FFF).lanewise(VectorOperators.LSHR, 16);
            ((ShortVector) code.convertShape(VectorOperators.I2S, Shapes.SHORTS, 0)).intoArray(to, t + i);
        }
        for (; i < n; i++) {
            to[t + i] = Bf16.fromFloat(Bf16.toFloat(x[j + i]) + Bf16.toFloat(y[k + i]));
        }
    }
}
