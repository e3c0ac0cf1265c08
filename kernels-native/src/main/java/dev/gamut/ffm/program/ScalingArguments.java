package dev.gamut.ffm.program;

import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Tensor;
import java.util.Optional;

/** The scale factors of an operand as kernels take them: a structure and two pointers. */
public final class ScalingArguments {
    private static final int OF_FACTORS = 5;
    private static final int FIELDS = 2 * OF_FACTORS + 3;

    private ScalingArguments() {}

    /**
     * What stands against an operand's scale factors; empty where nothing does. Programs evaluate scale · (code − zero point) in F32.
     *
     * @param name the operand's in messages
     * @param operand with or without scale factors
     */
    public static Optional<String> objection(String name, MatrixDesc operand) {
        return operand.scaling().fitsF32(operand.type())
                ? Optional.empty()
                : Optional.of(name + " is " + operand.type() + " with scaling " + operand.scaling()
                        + "; codes, and their differences from zero points, must be F32 numbers");
    }

    /** Passes them, or none. */
    public static void pass(Launch launch, Tensor operand) {
        long[] fields = new long[FIELDS];
        if (operand == null || !operand.scaling().hasScales()) {
            launch.longs(fields).memory(null).memory(null);
            return;
        }
        Scaling by = MatrixDesc.scaling("operand", operand);
        Tensor zeros = operand.zeroPoints();
        factors(fields, 0, operand.scales());
        if (zeros != null) {
            factors(fields, OF_FACTORS, zeros);
        }
        fields[2 * OF_FACTORS] = zeros == null ? 0 : 1;
        fields[2 * OF_FACTORS + 1] = sharing(by, 0);
        fields[2 * OF_FACTORS + 2] = sharing(by, 1);
        launch.longs(fields).memory(operand.scales().remote()).memory(zeros == null ? null : zeros.remote());
    }

    /** Those of rank 3 are of each matrix of a batch, or of all where there is one matrix of them. */
    private static void factors(long[] fields, int at, Tensor t) {
        int rank = t.rank();
        fields[at] = Program.number(t.dtype());
        fields[at + 1] = t.offset();
        fields[at + 2] = rank == 3 && t.size(0) > 1 ? t.layout().stride(0) : 0;
        fields[at + 3] = t.layout().stride(rank - 2);
        fields[at + 4] = t.layout().stride(rank - 1);
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
