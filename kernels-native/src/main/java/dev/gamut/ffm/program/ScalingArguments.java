package dev.gamut.ffm.program;

import dev.gamut.dtype.Scaling;
import dev.gamut.tensor.RemoteMemory;
import dev.gamut.tensor.Tensor;

/** The scale factors of an operand as kernels take them: a structure and two pointers. */
public final class ScalingArguments {
    private static final int FIELDS = 11;

    private ScalingArguments() {}

    /** Passes them, or none. */
    public static void pass(Launch launch, Tensor operand) {
        if (operand == null || !operand.scaling().hasScales()) {
            launch.longs(new long[FIELDS]).memory(null).memory(null);
            return;
        }
        Tensor scales = operand.scales();
        Tensor zeros = operand.zeroPoints();
        RemoteMemory memory = zeros == null ? null : zeros.remote();
        launch.longs(
                        Program.number(scales.dtype()),
                        scales.offset(),
                        scales.layout().stride(0),
                        scales.layout().stride(1),
                        sharing(operand.scaling(), 0),
                        sharing(operand.scaling(), 1),
                        zeros == null ? 0 : 1,
                        zeros == null ? 0 : Program.number(zeros.dtype()),
                        zeros == null ? 0 : zeros.offset(),
                        zeros == null ? 0 : zeros.layout().stride(0),
                        zeros == null ? 0 : zeros.layout().stride(1))
                .memory(scales.remote())
                .memory(memory);
    }

    /** Elements along an axis that share a factor. */
    private static long sharing(Scaling by, int axis) {
        return switch (by.granularity()) {
            case PER_AXIS -> by.axis() == axis ? 1 : Long.MAX_VALUE;
            case PER_BLOCK -> by.axis() == axis ? by.block() : 1;
            default -> Long.MAX_VALUE;
        };
    }
}
