package dev.gamut.gemm;

/**
 * A right operand laid out once in a kernel's own panels, for products that use it again and again. Immutable after
 * packing and safe to share between threads; the original may be changed or dropped afterwards.
 *
 * @param desc the operand, {@link MatrixDesc#packed} naming the kernel whose panels these are
 * @param panels that kernel's data, opaque to everyone else
 * @param bytes memory held by the panels
 */
public record PackedMatrix(MatrixDesc desc, Object panels, long bytes) {
    /** Checks that a kernel is named. */
    public PackedMatrix {
        if (desc.packed().isEmpty()) {
            throw new IllegalArgumentException("desc names no kernel; a packed matrix is in one kernel's format");
        }
    }

    @Override
    public String toString() {
        return "packed " + desc.type() + " " + desc.rows() + "×" + desc.cols() + " for "
                + desc.packed().orElseThrow();
    }
}
