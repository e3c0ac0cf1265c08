package dev.gamut.dtype;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How the elements of a tensor are scaled: an axis of its description, apart from its data type.
 *
 * <p>With scaling, an element stands for {@code scale * q}, or {@code scale * (q - zeroPoint)} where there are zero
 * points. One scale, and one zero point, covers a box of elements; the scales form an array of the same rank as the
 * data, in which an index of the data is divided by the size of the box. The box is the whole tensor, one index of an
 * axis with all of the others, or a run of {@code block} consecutive elements along an axis.
 *
 * <p>Immutable and thread-safe; equal scalings are equal by {@link #equals}, so that they serve in cache keys.
 *
 * @param granularity what one scale covers
 * @param axis the axis whose indices have scales of their own ({@link Granularity#PER_AXIS}) or along which the blocks
 *     lie ({@link Granularity#PER_BLOCK}), counted from 0; -1 otherwise
 * @param block elements in a block; 0 unless the granularity is {@link Granularity#PER_BLOCK}
 * @param scaleType the type of the scales: F32, F16, BF16, F8E8M0 or F8E4M3; F32, without meaning, where there are none
 * @param zeroPointType the type of the zero points: I32, I8, U8, I4, F32, F16 or BF16; empty where there are none
 */
public record Scaling(Granularity granularity, int axis, int block, DType scaleType, Optional<DType> zeroPointType) {

    /** What one scale covers. */
    public enum Granularity {
        /** Nothing: there are no scales. */
        NONE,
        /** The whole tensor. */
        PER_TENSOR,
        /** All elements that share an index of the axis: for axis 0 of a matrix, a row. */
        PER_AXIS,
        /** Consecutive elements along the axis. */
        PER_BLOCK
    }

    private static final Set<DType> SCALE_TYPES =
            EnumSet.of(DType.F32, DType.F16, DType.BF16, DType.F8E8M0, DType.F8E4M3);
    private static final Set<DType> ZERO_POINT_TYPES =
            EnumSet.of(DType.I32, DType.I8, DType.U8, DType.I4, DType.F32, DType.F16, DType.BF16);

    /** No scaling: elements stand for themselves. */
    public static final Scaling NONE = new Scaling(Granularity.NONE, -1, 0, DType.F32, Optional.empty());

    /**
     * Checks the parts against each other.
     *
     * @throws IllegalArgumentException if a part has a value that the others do not allow
     */
    public Scaling {
        Objects.requireNonNull(granularity, "granularity");
        Objects.requireNonNull(scaleType, "scaleType");
        Objects.requireNonNull(zeroPointType, "zeroPointType");
        boolean hasAxis = granularity == Granularity.PER_AXIS || granularity == Granularity.PER_BLOCK;
        boolean hasBlock = granularity == Granularity.PER_BLOCK;
        require(
                hasAxis ? axis >= 0 : axis == -1,
                "axis",
                axis,
                (hasAxis ? "at least 0" : "-1") + " for " + granularity);
        require(
                hasBlock ? block > 0 : block == 0,
                "block",
                block,
                (hasBlock ? "positive" : "0") + " for " + granularity);
        if (granularity == Granularity.NONE) {
            require(scaleType == DType.F32, "scaleType", scaleType, "F32 where there are no scales");
            require(zeroPointType.isEmpty(), "zeroPointType", zeroPointType, "empty where there are no scales");
        } else {
            require(SCALE_TYPES.contains(scaleType), "scaleType", scaleType, "one of " + SCALE_TYPES);
            boolean known = zeroPointType.isEmpty() || ZERO_POINT_TYPES.contains(zeroPointType.get());
            require(known, "zeroPointType", zeroPointType, "empty or one of " + ZERO_POINT_TYPES);
        }
    }

    /**
     * One scale for the whole tensor.
     *
     * @param scaleType the type of the scale
     * @return the scaling, without zero point
     * @throws IllegalArgumentException if the type is not one for scales
     */
    public static Scaling perTensor(DType scaleType) {
        return new Scaling(Granularity.PER_TENSOR, -1, 0, scaleType, Optional.empty());
    }

    /**
     * One scale for each index of an axis.
     *
     * @param axis the axis, counted from 0; 0 gives each row of a matrix its scale
     * @param scaleType the type of the scales
     * @return the scaling, without zero points
     * @throws IllegalArgumentException if the axis is negative or the type is not one for scales
     */
    public static Scaling perAxis(int axis, DType scaleType) {
        return new Scaling(Granularity.PER_AXIS, axis, 0, scaleType, Optional.empty());
    }

    /**
     * One scale for each block of consecutive elements along an axis; the last block may be shorter.
     *
     * @param axis the axis the blocks lie along, counted from 0; 1 cuts each row of a matrix into blocks
     * @param n elements in a block, at least 1
     * @param scaleType the type of the scales
     * @return the scaling, without zero points
     * @throws IllegalArgumentException if the axis is negative, n is not positive or the type is not one for scales
     */
    public static Scaling perBlock(int axis, int n, DType scaleType) {
        return new Scaling(Granularity.PER_BLOCK, axis, n, scaleType, Optional.empty());
    }

    /**
     * The same scaling with zero points, one for each scale.
     *
     * @param type their type
     * @return the new scaling
     * @throws IllegalArgumentException if there are no scales or the type is not one for zero points
     */
    public Scaling withZeroPoints(DType type) {
        return new Scaling(granularity, axis, block, scaleType, Optional.of(Objects.requireNonNull(type, "type")));
    }

    /**
     * Whether elements are scaled at all.
     *
     * @return false for {@link #NONE}
     */
    public boolean hasScales() {
        return granularity != Granularity.NONE;
    }

    /**
     * Whether a zero point is subtracted before scaling.
     *
     * @return true if there are zero points
     */
    public boolean hasZeroPoints() {
        return zeroPointType.isPresent();
    }

    /**
     * Whether scale · (code − zero point) is rounded once where it is evaluated in F32, because all codes are F32 numbers and so are their
     * differences from zero points. Otherwise it takes F64.
     *
     * @param code the type of the codes
     * @return true where there are no scales
     */
    public boolean fitsF32(DType code) {
        int digits = DType.F32.precision();
        return !hasScales()
                || zeroPointType
                        .map(zero -> code.isInteger()
                                && zero.isInteger()
                                && Math.max(code.precision(), zero.precision()) < digits)
                        .orElse(code.precision() <= digits);
    }

    /**
     * The scaling of the transposed matrix: rows and columns change places.
     *
     * @return the scaling with axis 0 for 1 and 1 for 0
     * @throws IllegalStateException if the axis is neither 0 nor 1, so that this is not the scaling of a matrix
     */
    public Scaling transpose() {
        if (axis > 1) {
            throw new IllegalStateException("the scaling's axis is " + axis + ", must be 0 or 1 to be transposed");
        }
        return exchange(0, 1);
    }

    /**
     * The scaling of data two of whose axes have changed places.
     *
     * @param first one axis
     * @param second the other axis
     * @return the scaling with these two exchanged where it names one of them
     */
    public Scaling exchange(int first, int second) {
        if (axis < 0 || axis != first && axis != second) {
            return this;
        }
        return new Scaling(granularity, axis == first ? second : first, block, scaleType, zeroPointType);
    }

    /**
     * The shape of the array of scales, and of the zero points: of the rank of the data, with one index for each box.
     *
     * @param dataShape the shape of the data
     * @return the shape of the scales; all 0 where there are none
     * @throws IllegalArgumentException if a size is negative or the data has no such axis
     */
    public long[] scaleShape(long[] dataShape) {
        if (axis >= dataShape.length) {
            throw new IllegalArgumentException("dataShape is " + Arrays.toString(dataShape) + ", must have more than "
                    + axis + " axes for a scaling along axis " + axis);
        }
        long[] shape = new long[dataShape.length];
        for (int i = 0; i < shape.length; i++) {
            require(dataShape[i] >= 0, "dataShape[" + i + "]", dataShape[i], "at least 0");
            shape[i] = boxes(i, dataShape[i]);
        }
        return shape;
    }

    /**
     * The row of the scale of a matrix element.
     *
     * @param row the element's row, at least 0
     * @return the scale's row; 0 where there are no scales
     */
    public long scaleRow(long row) {
        return box(0, row);
    }

    /**
     * The column of the scale of a matrix element.
     *
     * @param col the element's column, at least 0
     * @return the scale's column; 0 where there are no scales
     */
    public long scaleCol(long col) {
        return box(1, col);
    }

    private long boxes(int along, long size) {
        if (!hasScales()) {
            return 0;
        }
        if (granularity == Granularity.PER_BLOCK && along == axis) {
            return size / block + (size % block == 0 ? 0 : 1);
        }
        return isCovered(along) ? 1 : size;
    }

    private long box(int along, long index) {
        if (isCovered(along)) {
            return 0;
        }
        return granularity == Granularity.PER_BLOCK && along == axis ? index / block : index;
    }

    /** Whether one scale covers all indices of an axis. */
    private boolean isCovered(int along) {
        return switch (granularity) {
            case NONE, PER_TENSOR -> true;
            case PER_AXIS -> along != axis;
            case PER_BLOCK -> false;
        };
    }

    private static void require(boolean ok, String name, Object value, String allowed) {
        if (!ok) {
            throw new IllegalArgumentException(name + " is " + value + ", must be " + allowed);
        }
    }
}
