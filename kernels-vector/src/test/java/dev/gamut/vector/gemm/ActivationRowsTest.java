package dev.gamut.vector.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gamut.gemm.Activations;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Rows give the bits of the scalar functions, for special numbers too. */
class ActivationRowsTest {
    private interface Rows {
        void apply(int n, float[] t);
    }

    private static float[] numbers() {
        Random random = new Random(8);
        float[] x = new float[20_011];
        float[] special = {
            0,
            -0f,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.MIN_VALUE,
            -Float.MIN_VALUE,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            1,
            -1,
            6,
            -6,
            8.5f,
            -8.5f,
            64,
            -64,
            700,
            -700,
            1e20f,
            -1e20f,
            0.6629f,
            -0.663f
        };
        for (int i = 0; i < x.length; i++) {
            x[i] = i < special.length
                    ? special[i]
                    : i % 3 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) (8 * random.nextGaussian());
        }
        return x;
    }

    private static void compare(DoubleUnaryOperator scalar, Rows rows) {
        float[] x = numbers();
        for (int n : new int[] {0, 1, 7, 8, 9, 63, 20_011}) {
            float[] got = x.clone();
            rows.apply(n, got);
            for (int i = 0; i < x.length; i++) {
                float want = i < n ? (float) scalar.applyAsDouble(x[i]) : x[i];
                assertEquals(Float.floatToIntBits(want), Float.floatToIntBits(got[i]), x[i] + " gave " + got[i]);
            }
        }
    }

    @Test
    void silu() {
        compare(Activations::silu, ActivationRows::silu);
    }

    @Test
    void gelu() {
        compare(Activations::gelu, ActivationRows::gelu);
    }

    @Test
    void geluTanh() {
        compare(Activations::geluTanh, ActivationRows::geluTanh);
    }
}
