package dev.gamut.bench.cli;

import dev.gamut.dtype.DType;

/**
 * The result type that a pair of operand types has unless the user names one: the accumulator of the numerics table.
 */
public final class Types {
    private Types() {}

    /**
     * The accumulator of a product.
     *
     * @param a type of the left operand
     * @param b type of the right operand
     * @return the wider accumulator of two floats or two integers; the float's where integers are weights
     */
    public static DType result(DType a, DType b) {
        if (a.isFloat() != b.isFloat()) {
            return (a.isFloat() ? a : b).gemmAccumulator();
        }
        DType x = a.gemmAccumulator();
        DType y = b.gemmAccumulator();
        return x.bits() >= y.bits() ? x : y;
    }
}
