package dev.gamut.accuracy;

/**
 * The name of an order of evaluation that fixes every bit of a result.
 *
 * <p>Two kernels that declare the same order give the same bits for the same operands on every machine, whatever the
 * thread count, vector length, tile or provider. The name is part of a kernel's id where the kernel exists for it.
 *
 * @param name lower-case letters, digits and dashes, for example {@code tree64}
 */
public record EvaluationOrder(String name) {
    /**
     * One result element of a GEMM: k is cut into blocks of 256; within a block one chain of fused multiply-adds in
     * rising k starts from +0; block sums are added to that of the first block in rising order.
     */
    public static final EvaluationOrder FMA_KC256 = new EvaluationOrder("fma-kc256");

    /**
     * A sum over n terms: blocks of 4,096 terms; within a block, lane l of 64 adds the terms l, l + 64, l + 128, ... in
     * rising order starting from +0, then lanes are folded l += l + 32, l += l + 16, ..., l += l + 1; block sums are
     * combined by a binary tree that gives its left child the largest power of two of blocks smaller than their count.
     */
    public static final EvaluationOrder TREE64 = new EvaluationOrder("tree64");

    /**
     * One result element of a GEMM by exact products of residues: operands are rounded to as many bits, and sums computed by as
     * many moduli, as they alone say; blocks of 512 by 512 elements that residues cannot serve are computed in the order {@link #FMA_KC256}. The kernels of this order derive the numbers.
     */
    public static final EvaluationOrder RESIDUE = new EvaluationOrder("residue");

    /** Exact arithmetic: integers, or a result that does not depend on the order at all (min, max, argmin, argmax). */
    public static final EvaluationOrder EXACT = new EvaluationOrder("exact");

    /** Checks the name. */
    public EvaluationOrder {
        if (!name.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException(
                    "name is '" + name + "'; an evaluation order is named by lower-case letters, digits and dashes");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
