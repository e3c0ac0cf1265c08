package dev.gamut.ffm.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.error.UnsupportedProblemException;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Weights beyond the rules. */
class WeightsGemmTest {
    private static final Tensor X = Tensor.of(new float[] {2, -1}, 2, 1);

    /** 1 to 6, two in a byte: the row is its own column-major form. */
    private static Tensor weights() {
        Layout layout = Layout.colMajor(1, 6);
        Tensor factors = Tensor.of(new float[] {1, 1, 1, 1, 1, 1}, 1, 6);
        return Tensor.of(new byte[] {0x21, 0x43, 0x65}, DType.I4, layout, 0)
                .scaled(Scaling.perBlock(0, 32, DType.F32), factors, null);
    }

    @Test
    void columnsThatShareAByteAreTold() {
        NativeLibraryPresent.assume();
        GamutConfig rather = GamutConfig.defaults().kernel("gemm_f32_i4_f32_f32_g32_*");
        float[] y = new float[12];
        try (Gamut gamut = Gamut.open(rather)) {
            gamut.gemm(X, weights(), Tensor.of(y, 2, 6));
        }
        assertArrayEquals(new float[] {2, 4, 6, 8, 10, 12, -1, -2, -3, -4, -5, -6}, y);
        try (Gamut gamut = Gamut.open(rather.strict(true))) {
            UnsupportedProblemException e = assertThrows(
                    UnsupportedProblemException.class, () -> gamut.gemm(X, weights(), Tensor.of(new float[12], 2, 6)));
            assertTrue(
                    e.declines().stream()
                            .anyMatch(d -> d.endsWith(
                                    "b has stride 1 between columns; those of I4 must begin at whole bytes")),
                    () -> "" + e.declines());
        }
    }
}
