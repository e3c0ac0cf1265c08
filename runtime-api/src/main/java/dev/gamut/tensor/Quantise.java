package dev.gamut.tensor;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Rounding;
import dev.gamut.dtype.Scaling;
import java.util.Objects;
import java.util.Optional;

/**
 * How numbers are quantised: code type, which elements share a scale factor, how factors are chosen. Immutable.
 *
 * <p>Symmetric factors are largest magnitude / largest code, so that 0 is code 0; of F8E8M0 type they are 2^(⌊log2 of the largest
 * magnitude⌋ - exponent of the largest code) (OCP Microscaling Formats 1.0, section 6.3). Asymmetric ones map the range of the
 * numbers, 0 included, to that of the codes, with a zero point of the code type. Where a percentile is set, the magnitude that
 * this share of the numbers of a block does not exceed takes the place of the largest one, and larger numbers saturate. Factors are
 * finite and at least 2^-126, or the least of their type; 0 where all numbers are 0, 1 of F8E8M0 type.
 *
 * @param type of the codes: I8, U8, I4, F8E4M3, F8E5M2 or F4E2M1
 * @param granularity which elements share a factor
 * @param axis the axis that factors count or blocks lie along; -1 is the last one
 * @param block elements in a block; 0 where there are none
 * @param scaleType type of the factors
 * @param asymmetric whether codes have zero points
 * @param percentile share of magnitudes kept, above 0 and at most 100
 * @param rounding of the codes
 */
public record Quantise(
        DType type,
        Scaling.Granularity granularity,
        int axis,
        int block,
        DType scaleType,
        boolean asymmetric,
        double percentile,
        Rounding rounding) {
    /** Checks that the parts fit together. */
    public Quantise {
        Objects.requireNonNull(rounding, "rounding");
        require(type.bits() <= 8 && type.kind() != DType.Kind.SCALE, "type is " + type + "; codes have 8 or 4 bits");
        require(granularity != Scaling.Granularity.NONE, "granularity is NONE; quantised numbers have scale factors");
        require(axis >= -1, "axis is " + axis + "; it must be at least 0, or -1 for the last one");
        require(!asymmetric || type.isInteger(), "type is " + type + "; only integer codes have zero points");
        require(asymmetric || type != DType.U8, "type is U8, whose codes are not symmetric; ask for asymmetric()");
        require(
                percentile > 0 && percentile <= 100,
                "percentile is " + percentile + "; it must be above 0 and at most 100");
        scaling(granularity, Math.max(axis, 0), block, scaleType, Optional.empty());
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    private static Scaling scaling(
            Scaling.Granularity granularity, int axis, int block, DType scaleType, Optional<DType> zeros) {
        boolean all = granularity == Scaling.Granularity.PER_TENSOR;
        return new Scaling(granularity, all ? -1 : axis, block, scaleType, zeros);
    }

    private static Quantise perTensor(DType type) {
        boolean unsigned = type == DType.U8;
        return new Quantise(
                type, Scaling.Granularity.PER_TENSOR, -1, 0, DType.F32, unsigned, 100, Rounding.NEAREST_EVEN);
    }

    /** Codes from -127 to 127, one factor. */
    public static Quantise int8() {
        return perTensor(DType.I8);
    }

    /** Codes from 0 to 255 with a zero point, one factor. */
    public static Quantise uint8() {
        return perTensor(DType.U8);
    }

    /** Codes from -7 to 7, two to a byte, one factor. */
    public static Quantise int4() {
        return perTensor(DType.I4);
    }

    /** E4M3 codes, one factor. */
    public static Quantise fp8e4m3() {
        return perTensor(DType.F8E4M3);
    }

    /** E5M2 codes, one factor. */
    public static Quantise fp8e5m2() {
        return perTensor(DType.F8E5M2);
    }

    /** E2M1 codes in blocks of 32 with power-of-two factors: MXFP4. */
    public static Quantise mxfp4() {
        return perTensor(DType.F4E2M1).blocks(32).scaleType(DType.F8E8M0);
    }

    /**
     * A factor for each block of consecutive elements along the last axis.
     *
     * @param n elements in a block
     * @return a copy
     */
    public Quantise blocks(int n) {
        return new Quantise(type, Scaling.Granularity.PER_BLOCK, axis, n, scaleType, asymmetric, percentile, rounding);
    }

    /**
     * A factor for each index of an axis.
     *
     * @param which 0 for each row of a matrix, 1 for each column
     * @return a copy
     */
    public Quantise perAxis(int which) {
        return new Quantise(type, Scaling.Granularity.PER_AXIS, which, 0, scaleType, asymmetric, percentile, rounding);
    }

    /**
     * Blocks along another axis than the last.
     *
     * @param which the axis
     * @return a copy
     */
    public Quantise along(int which) {
        return new Quantise(type, granularity, which, block, scaleType, asymmetric, percentile, rounding);
    }

    /**
     * With another type of factors.
     *
     * @param scale their type
     * @return a copy
     */
    public Quantise scaleType(DType scale) {
        return new Quantise(type, granularity, axis, block, scale, asymmetric, percentile, rounding);
    }

    /** With zero points. */
    public Quantise withZeroPoints() {
        return new Quantise(type, granularity, axis, block, scaleType, true, percentile, rounding);
    }

    /**
     * With factors that leave out the largest magnitudes.
     *
     * @param share of magnitudes kept, in percent
     * @return a copy
     */
    public Quantise percentile(double share) {
        return new Quantise(type, granularity, axis, block, scaleType, asymmetric, share, rounding);
    }

    /**
     * With another rounding of codes.
     *
     * @param how it
     * @return a copy
     */
    public Quantise rounding(Rounding how) {
        return new Quantise(type, granularity, axis, block, scaleType, asymmetric, percentile, how);
    }

    /**
     * The scaling of a quantised tensor.
     *
     * @param rank of the tensor
     * @return its scaling
     */
    public Scaling scaling(int rank) {
        int along = axis < 0 ? rank - 1 : axis;
        if (granularity != Scaling.Granularity.PER_TENSOR && along >= rank) {
            throw new IllegalArgumentException("axis is " + axis + "; the tensor has axes 0 to " + (rank - 1));
        }
        return scaling(granularity, along, block, scaleType, asymmetric ? Optional.of(type) : Optional.empty());
    }
}
