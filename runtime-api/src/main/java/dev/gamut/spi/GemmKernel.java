package dev.gamut.spi;

import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.tensor.Operand;

/** A kernel that computes whole GEMMs. */
public non-sealed interface GemmKernel extends Kernel<GemmDesc, GemmExecutor> {
    /**
     * Whether the kernel carries out an epilogue operation itself. A descriptor with any other operation is offered
     * without its epilogue, which then runs as a second pass.
     *
     * @param op an operation
     * @return true where {@link #offer} accepts descriptors that contain it
     */
    default boolean fuses(Epilogue.Op op) {
        return false;
    }

    /**
     * Whether right operands can be laid out beforehand in this kernel's panels.
     *
     * @param b a plain right operand
     * @return true where {@link #pack} takes it
     */
    default boolean packs(MatrixDesc b) {
        return false;
    }

    /**
     * Lays out a right operand in this kernel's panels.
     *
     * @param b a plain right operand for which {@link #packs} holds
     * @param data its elements
     * @param context threads and workspaces
     * @return the packed operand
     */
    default PackedMatrix pack(MatrixDesc b, Operand data, PlanContext context) {
        throw new UnsupportedOperationException(info().id() + " has no packed format");
    }
}
