package dev.gamut.internal.device;

import dev.gamut.gemm.MatrixDesc;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.spi.GemmKernel;
import dev.gamut.spi.PlanContext;
import dev.gamut.tensor.Operand;

/** Right operands laid out on a device for its kernels. */
public final class StagedPack {
    private StagedPack() {}

    /**
     * Lays out an operand; scale factors that are on the host are copied to the device for that.
     *
     * @param kernel of the device
     * @param b a plain right operand that it packs
     * @param data its elements
     * @param context with the device
     */
    public static PackedMatrix pack(GemmKernel kernel, MatrixDesc b, Operand data, PlanContext context) {
        Operand there = new Operand();
        try (Staging staging = new Staging(context.device(), Side.DEVICE)) {
            staging.matrix(data, there, b, 1, true, false);
            return kernel.pack(b, there, context);
        }
    }
}
