package dev.gamut.bench.problem;

import dev.gamut.bench.cli.Types;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;

/**
 * The types of a workload's operands.
 *
 * @param a type of the left operand, or of the only one
 * @param b type of the right operand
 * @param block elements along k that share a scale factor; 0 for plain operands
 */
public record Precision(DType a, DType b, int block) {
    /**
     * Reads {@code f64}, {@code u8*i8}, {@code f32*i4/32}.
     *
     * @param text as it stands in the table of workloads
     */
    public static Precision parse(String text) {
        String[] scaled = text.split("/", 2);
        String[] types = scaled[0].split("\\*", 2);
        DType a = DType.parse(types[0]);
        return new Precision(
                a, types.length == 2 ? DType.parse(types[1]) : a, scaled.length == 2 ? Integer.parseInt(scaled[1]) : 0);
    }

    /** The type of a product's result: that of the numerics table's accumulator, F32 for scaled integers. */
    public DType result() {
        return block > 0 ? DType.F32 : Types.result(a, b);
    }

    /**
     * How an operand of one of the types is scaled.
     *
     * @param type its type
     * @param axis the axis that runs along k
     */
    public Scaling scaling(DType type, int axis) {
        if (block == 0 || type.isFloat() && type.bits() >= 16) {
            return Scaling.NONE;
        }
        return Scaling.perBlock(axis, block, type.isFloat() ? DType.F8E8M0 : DType.F32);
    }

    @Override
    public String toString() {
        return a.id() + (a == b ? "" : "·" + b.id()) + (block == 0 ? "" : "/" + block);
    }
}
