package dev.gamut.vector.emulated;

import dev.gamut.dtype.DType;
import dev.gamut.vector.matrix.Elements;
import dev.gamut.vector.matrix.F32Elements;
import dev.gamut.vector.matrix.F64Elements;
import java.util.function.Supplier;

/**
 * What differs between emulated types. Numbers pass between the type and F64, in which the rest is computed.
 *
 * @param type of the operands and the result
 * @param elements of that type
 * @param widen from the type
 * @param narrow to the type, one rounding
 * @param <S> array kind of the type
 */
record Variant<S>(DType type, Supplier<Elements<S>> elements, Widen<S> widen, Narrow<S> narrow) {
    /** to[t + i] = from[f + i·stride] for i below n. */
    @FunctionalInterface
    interface Widen<S> {
        void copy(S from, int f, int stride, int n, double[] to, int t);
    }

    /** to[i] = from[f + i] for i below n. */
    @FunctionalInterface
    interface Narrow<S> {
        void copy(double[] from, int f, int n, S to);
    }

    static final Variant<double[]> F64 = new Variant<>(
            DType.F64,
            () -> new F64Elements(),
            (from, f, stride, n, to, t) -> {
                for (int i = 0; i < n; i++) {
                    to[t + i] = from[f + i * stride];
                }
            },
            (from, f, n, to) -> System.arraycopy(from, f, to, 0, n));

    static final Variant<float[]> F32 = new Variant<>(
            DType.F32,
            () -> new F32Elements(),
            (from, f, stride, n, to, t) -> {
                for (int i = 0; i < n; i++) {
                    to[t + i] = from[f + i * stride];
                }
            },
            (from, f, n, to) -> {
                for (int i = 0; i < n; i++) {
                    to[i] = (float) from[f + i];
                }
            });
}
