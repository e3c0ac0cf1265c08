package dev.gamut.internal.reference;

import dev.gamut.dtype.DType;
import java.util.Arrays;

/**
 * The canonical definition of the evaluation order {@code tree64}: combines terms fed one after the other, in an order
 * that depends on nothing but their number.
 *
 * <p>Terms are cut into blocks of 4,096. Within a block, lane l of 64 starts from the neutral element (+0, or 1 for a
 * product) and combines the terms l, l + 64, l + 128, ... of the block in rising order; then lanes are folded: l ← l + 32
 * for l below 32, l ← l + 16 for l below 16, and so on to l ← l + 1. Block results are combined by a binary tree that
 * gives its left child the largest power of two of blocks smaller than their count; no terms at all give the neutral
 * element. A short last block has all 64 lanes, those without terms left neutral. In a dot product the lane takes x·y with
 * one fused multiply-add; everything else is the same.
 *
 * <p>Longest chain of roundings: 63 in a lane (the first term is exact; 64 for a dot product), 6 folds, and ⌈log2 of the
 * number of blocks⌉. For n terms that is at most 57 + ⌈log2 n⌉ (58 for a dot product), and never more than n − 1 (n).
 *
 * <p>Reusable after {@link #clear}; one thread at a time; memory does not depend on the number of terms.
 */
public abstract sealed class Tree64 {
    /** Terms in a block. */
    public static final int BLOCK = 4096;

    /** Lanes that a block is dealt to. */
    public static final int LANES = 64;

    /** Blocks are counted in 51 bits, and each bit that is set holds one partial result. */
    private static final int LEVELS = 52;

    private final double neutral;
    private final double[] lanes = new double[LANES];
    private final double[] partial = new double[LEVELS];
    private int depth;
    private long blocks;
    private int filled;

    private Tree64(double neutral) {
        this.neutral = neutral;
        clear();
    }

    /**
     * A sum.
     *
     * @param accumulator F32 or F64: every addition rounds to it, and terms must be numbers of it
     * @return an empty tree
     */
    public static Tree64 sum(DType accumulator) {
        return accumulator.precision() > Float.PRECISION ? new SumF64() : new SumF32();
    }

    /**
     * A product.
     *
     * @param accumulator F32 or F64: every multiplication rounds to it, and terms must be numbers of it
     * @return an empty tree
     */
    public static Tree64 product(DType accumulator) {
        return accumulator.precision() > Float.PRECISION ? new ProductF64() : new ProductF32();
    }

    /** Forgets all terms. */
    public final void clear() {
        Arrays.fill(lanes, neutral);
        depth = 0;
        blocks = 0;
        filled = 0;
    }

    /**
     * Takes the next term.
     *
     * @param term a number of the accumulator's type
     */
    public final void add(double term) {
        int lane = filled % LANES;
        lanes[lane] = combine(lanes[lane], term);
        advance();
    }

    /**
     * Takes the next term of a dot product.
     *
     * @param x a number of the accumulator's type
     * @param y a number of the accumulator's type
     */
    public final void addProduct(double x, double y) {
        int lane = filled % LANES;
        lanes[lane] = fused(x, y, lanes[lane]);
        advance();
    }

    /**
     * The combination of all terms taken so far; call once, {@link #clear} before the next use.
     *
     * @return the result, a number of the accumulator's type
     */
    public final double result() {
        if (filled > 0 || blocks == 0) {
            closeBlock();
        }
        double value = partial[--depth];
        while (depth > 0) {
            value = combine(partial[--depth], value);
        }
        return value;
    }

    private void advance() {
        if (++filled == BLOCK) {
            closeBlock();
        }
    }

    /** Folds the lanes and joins complete subtrees of equal size, as carries run through a binary counter. */
    private void closeBlock() {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] = combine(lanes[l], lanes[l + half]);
            }
        }
        double value = lanes[0];
        blocks++;
        for (long carry = blocks; carry % 2 == 0; carry /= 2) {
            value = combine(partial[--depth], value);
        }
        partial[depth++] = value;
        Arrays.fill(lanes, neutral);
        filled = 0;
    }

    abstract double combine(double left, double right);

    double fused(double x, double y, double lane) {
        throw new UnsupportedOperationException("a product has no terms x·y");
    }

    private static final class SumF64 extends Tree64 {
        SumF64() {
            super(0);
        }

        @Override
        double combine(double left, double right) {
            return left + right;
        }

        @Override
        double fused(double x, double y, double lane) {
            return Math.fma(x, y, lane);
        }
    }

    private static final class SumF32 extends Tree64 {
        SumF32() {
            super(0);
        }

        @Override
        double combine(double left, double right) {
            return (float) left + (float) right;
        }

        @Override
        double fused(double x, double y, double lane) {
            return Math.fma((float) x, (float) y, (float) lane);
        }
    }

    private static final class ProductF64 extends Tree64 {
        ProductF64() {
            super(1);
        }

        @Override
        double combine(double left, double right) {
            return left * right;
        }
    }

    private static final class ProductF32 extends Tree64 {
        ProductF32() {
            super(1);
        }

        @Override
        double combine(double left, double right) {
            return (float) left * (float) right;
        }
    }
}
