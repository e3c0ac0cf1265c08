package dev.gamut.tensor;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Where the elements of a tensor lie: a size and a stride (in elements, at least 0) for each axis. Immutable.
 *
 * <p>A stride of 0 repeats one element along its axis.
 */
public final class Layout {
    private final long[] shape;
    private final long[] strides;

    private Layout(long[] shape, long[] strides) {
        this.shape = shape;
        this.strides = strides;
    }

    /**
     * A layout with explicit strides.
     *
     * @param shape sizes, each at least 0
     * @param strides elements between neighbours along each axis, each at least 0
     * @return the layout
     */
    public static Layout of(long[] shape, long[] strides) {
        if (shape.length != strides.length) {
            throw new IllegalArgumentException(
                    "strides has " + strides.length + " entries; the shape has " + shape.length + " axes");
        }
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] < 0 || strides[axis] < 0) {
                throw new IllegalArgumentException("axis " + axis + " has size " + shape[axis] + " and stride "
                        + strides[axis] + "; both must be at least 0");
            }
        }
        Layout layout = new Layout(shape.clone(), strides.clone());
        layout.extent(); // refuses what would overflow
        layout.size();
        return layout;
    }

    /**
     * Contiguous elements, the last axis fastest.
     *
     * @param shape sizes, each at least 0
     * @return the layout
     */
    public static Layout rowMajor(long... shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride = multiply(stride, Math.max(shape[axis], 1), shape);
        }
        return of(shape, strides);
    }

    /**
     * Contiguous elements, the first axis fastest.
     *
     * @param shape sizes, each at least 0
     * @return the layout
     */
    public static Layout colMajor(long... shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            strides[axis] = stride;
            stride = multiply(stride, Math.max(shape[axis], 1), shape);
        }
        return of(shape, strides);
    }

    /** Number of axes. */
    public int rank() {
        return shape.length;
    }

    /**
     * Size along an axis.
     *
     * @param axis 0 to rank - 1
     */
    public long size(int axis) {
        return shape[axis];
    }

    /**
     * Elements between neighbours along an axis.
     *
     * @param axis 0 to rank - 1
     */
    public long stride(int axis) {
        return strides[axis];
    }

    /** Sizes of all axes, a copy. */
    public long[] shape() {
        return shape.clone();
    }

    /** Number of elements: the product of the sizes, 1 for rank 0. */
    public long size() {
        long size = 1;
        for (long s : shape) {
            size = multiply(size, s, shape);
        }
        return size;
    }

    /** One more than the largest element index reached, 0 where there are no elements. */
    public long extent() {
        long reached = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] == 0) {
                return 0;
            }
            try {
                reached = Math.addExact(reached, Math.multiplyExact(shape[axis] - 1, strides[axis]));
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " with strides "
                        + Arrays.toString(strides) + " reaches beyond 2^63 elements");
            }
        }
        return reached;
    }

    /**
     * The element index of a position, without range checks.
     *
     * @param index one coordinate for each axis
     * @return element index relative to the tensor's first element
     */
    public long at(long... index) {
        long at = 0;
        for (int axis = 0; axis < index.length; axis++) {
            at += index[axis] * strides[axis];
        }
        return at;
    }

    /** The same elements with the last two axes exchanged; itself where there are fewer. */
    public Layout transpose() {
        if (shape.length < 2) {
            return this;
        }
        long[] s = shape.clone();
        long[] t = strides.clone();
        int last = shape.length - 1;
        s[last] = shape[last - 1];
        s[last - 1] = shape[last];
        t[last] = strides[last - 1];
        t[last - 1] = strides[last];
        return new Layout(s, t);
    }

    /** The same elements with the order of all axes reversed: column-major becomes row-major. */
    public Layout reverse() {
        long[] s = new long[shape.length];
        long[] t = new long[shape.length];
        for (int axis = 0; axis < shape.length; axis++) {
            s[axis] = shape[shape.length - 1 - axis];
            t[axis] = strides[shape.length - 1 - axis];
        }
        return new Layout(s, t);
    }

    /**
     * The layout without one axis.
     *
     * @param axis 0 to rank - 1
     * @return a layout of one rank less
     */
    public Layout without(int axis) {
        return new Layout(drop(shape, axis), drop(strides, axis));
    }

    /**
     * The layout with one axis cut to a size.
     *
     * @param axis 0 to rank - 1
     * @param size at most the present size
     * @return the narrower layout
     */
    Layout withSize(int axis, long size) {
        long[] s = shape.clone();
        s[axis] = size;
        return new Layout(s, strides);
    }

    /**
     * Whether no two elements share memory: sorted by stride, each axis steps over the whole extent of those below it.
     * Interleaved batches, such as the heads of an attention layer side by side in each row, pass.
     */
    public boolean isInjective() {
        long[][] axes = new long[rank()][];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = new long[] {size(i), stride(i)};
        }
        Arrays.sort(axes, Comparator.comparingLong(axis -> axis[1]));
        long extent = 1;
        for (long[] axis : axes) {
            if (axis[0] > 1) {
                if (axis[1] < extent) {
                    return size() == 0;
                }
                extent += (axis[0] - 1) * axis[1];
            }
        }
        return true;
    }

    /** Whether elements lie one after the other in row-major order. */
    public boolean isRowMajor() {
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (shape[axis] > 1 && strides[axis] != stride) {
                return false;
            }
            stride *= Math.max(shape[axis], 1);
        }
        return true;
    }

    private static long[] drop(long[] values, int axis) {
        long[] rest = new long[values.length - 1];
        System.arraycopy(values, 0, rest, 0, axis);
        System.arraycopy(values, axis + 1, rest, axis, rest.length - axis);
        return rest;
    }

    private static long multiply(long a, long b, long[] shape) {
        try {
            return Math.multiplyExact(a, b);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " has more than 2^63 elements");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Layout l && Arrays.equals(shape, l.shape) && Arrays.equals(strides, l.strides);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(strides);
    }

    @Override
    public String toString() {
        String sizes = Arrays.toString(shape);
        return isRowMajor() ? sizes : sizes + " strides " + Arrays.toString(strides);
    }
}
