package dev.gamut.tensor;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Objects;

/**
 * A view of numbers in memory: a segment, an element type, a {@link Layout}, and for quantised data the scale factors.
 *
 * <p>A tensor never copies: it shares the array or segment it was made from. It is immutable itself (what it points at
 * is not) and as thread-safe as the memory under it. One that lies on a device has neither array nor segment: operations take it, but
 * its elements are read and written through a copy.
 */
public final class Tensor implements TensorView {
    private final Object array;
    private final MemorySegment segment;
    private final RemoteMemory remote;
    private final DType dtype;
    private final Layout layout;
    private final long offset;
    private final Scaling scaling;
    private final Tensor scales;
    private final Tensor zeroPoints;

    private Tensor(
            Object array,
            MemorySegment segment,
            RemoteMemory remote,
            DType dtype,
            Layout layout,
            long offset,
            Scaling scaling,
            Tensor scales,
            Tensor zeroPoints) {
        this.array = array;
        this.segment = segment;
        this.remote = remote;
        this.dtype = dtype;
        this.layout = layout;
        this.offset = offset;
        this.scaling = scaling;
        this.scales = scales;
        this.zeroPoints = zeroPoints;
    }

    /**
     * A tensor over a {@code double[]}, row-major.
     *
     * @param data at least as many elements as the shape has
     * @param shape sizes
     * @return a view that shares the array
     */
    public static Tensor of(double[] data, long... shape) {
        return of(data, DType.F64, Layout.rowMajor(shape), 0);
    }

    /**
     * A tensor over a {@code float[]}, row-major.
     *
     * @param data at least as many elements as the shape has
     * @param shape sizes
     * @return a view that shares the array
     */
    public static Tensor of(float[] data, long... shape) {
        return of(data, DType.F32, Layout.rowMajor(shape), 0);
    }

    /**
     * A tensor over any primitive array.
     *
     * @param data an array of the kind that stores {@code dtype} (see {@link Operand#holds})
     * @param dtype element type
     * @param layout sizes and strides
     * @param offset index of the first element
     * @return a view that shares the array
     */
    public static Tensor of(Object data, DType dtype, Layout layout, long offset) {
        Objects.requireNonNull(data, "data");
        if (!Operand.holds(data, dtype)) {
            throw new IllegalArgumentException(
                    "data is a " + data.getClass().getSimpleName() + ", which does not store " + dtype);
        }
        return new Tensor(data, Operand.wrap(data), null, dtype, layout, offset, Scaling.NONE, null, null).checked();
    }

    /**
     * A tensor over a memory segment.
     *
     * @param data heap or native memory
     * @param dtype element type
     * @param layout sizes and strides
     * @return a view that shares the memory
     */
    public static Tensor of(MemorySegment data, DType dtype, Layout layout) {
        return new Tensor(null, data, null, dtype, layout, 0, Scaling.NONE, null, null).checked();
    }

    /**
     * A tensor over memory of a device.
     *
     * @param data the memory
     * @param dtype element type
     * @param layout sizes and strides
     * @param offset index of the first element
     * @return a view that shares the memory
     */
    public static Tensor of(RemoteMemory data, DType dtype, Layout layout, long offset) {
        Objects.requireNonNull(data, "data");
        return new Tensor(null, null, data, dtype, layout, offset, Scaling.NONE, null, null).checked();
    }

    /**
     * A new row-major tensor of zeros in the Java heap. Rows of 4-bit types are not padded unless their length is odd.
     *
     * @param dtype element type
     * @param shape sizes
     * @return a tensor over a new array
     */
    public static Tensor zeros(DType dtype, long... shape) {
        Layout layout = dtype.isSubByte() ? packedRows(dtype, shape) : Layout.rowMajor(shape);
        long elements = dtype.isSubByte() ? dtype.bytes(layout.extent()) : layout.extent();
        if (elements > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " needs " + elements
                    + " array elements; a Java array holds 2^31 - 9, use a memory segment");
        }
        return of(Array.newInstance(Operand.arrayOf(dtype).componentType(), (int) elements), dtype, layout, 0);
    }

    /** Rows of 4-bit elements start at whole bytes. */
    private static Layout packedRows(DType dtype, long[] shape) {
        Layout dense = Layout.rowMajor(shape); // refuses sizes that are none
        if (shape.length < 2) {
            return dense;
        }
        int perByte = 8 / dtype.bits();
        long[] padded = shape.clone();
        padded[shape.length - 1] = (shape[shape.length - 1] + perByte - 1) / perByte * perByte;
        return Layout.rowMajor(padded).withSize(shape.length - 1, shape[shape.length - 1]);
    }

    /**
     * The same codes, to be read as code (less its zero point) times scale.
     *
     * @param by how scale factors are assigned to elements
     * @param factors scale factors, of shape {@code by.scaleShape(shape)} and type {@code by.scaleType()}
     * @param zeros zero points of the same shape, or null where {@code by} has none
     * @return a quantised view
     */
    public Tensor scaled(Scaling by, Tensor factors, Tensor zeros) {
        long[] expected = by.scaleShape(layout.shape());
        requireScales("factors", factors, by.scaleType(), expected);
        if (by.hasZeroPoints() != (zeros != null)) {
            throw new IllegalArgumentException(
                    "zeros is " + (zeros == null ? "null" : "given") + "; the scaling is " + by);
        }
        if (zeros != null) {
            requireScales("zeros", zeros, by.zeroPointType().orElseThrow(), expected);
        }
        return view(layout, offset, by, factors, zeros);
    }

    /**
     * The same elements as a matrix: a vector becomes its only row, with its scale factors; others are what they are.
     *
     * @return a view of rank 2 or more
     */
    public Tensor asMatrix() {
        if (rank() != 1) {
            return this;
        }
        Layout row = Layout.of(new long[] {1, size(0)}, new long[] {layout.extent(), layout.stride(0)});
        Scaling by = scaling.exchange(0, 1);
        return view(
                row,
                offset,
                by,
                scales == null ? null : scales.asMatrix(),
                zeroPoints == null ? null : zeroPoints.asMatrix());
    }

    /** The same memory and type, seen in another way. */
    private Tensor view(Layout other, long first, Scaling by, Tensor factors, Tensor zeros) {
        return new Tensor(array, segment, remote, dtype, other, first, by, factors, zeros);
    }

    private static void requireScales(String name, Tensor t, DType type, long[] shape) {
        if (t == null || t.dtype != type || !Arrays.equals(t.layout.shape(), shape)) {
            throw new IllegalArgumentException(name + " is " + t + "; needed are " + type + Arrays.toString(shape));
        }
    }

    private Tensor checked() {
        long bytes = segment == null ? remote.byteSize() : segment.byteSize();
        long capacity = dtype.elements(bytes);
        if (offset < 0 || layout.extent() > capacity - offset) {
            throw new IllegalArgumentException("data holds " + capacity + " elements of " + dtype + "; " + layout
                    + " from element " + offset + " needs " + (layout.extent() + Math.max(offset, 0)));
        }
        return this;
    }

    /** Element type. */
    public DType dtype() {
        return dtype;
    }

    /** Sizes and strides. */
    public Layout layout() {
        return layout;
    }

    /** The memory it lies in; element 0 of the tensor is element {@link #offset} of the segment. */
    public MemorySegment segment() {
        if (segment == null) {
            throw new IllegalStateException(
                    this + " lies on " + remote.place() + "; copy it to the host to see its elements");
        }
        return segment;
    }

    /** The memory of a device that it lies in, or null where it lies on the host. */
    public RemoteMemory remote() {
        return remote;
    }

    @Override
    public Tensor tensor() {
        return this;
    }

    /** The Java array it was made from, or null. */
    public Object array() {
        return array;
    }

    /** Element index of the first element in the array or segment. */
    public long offset() {
        return offset;
    }

    /** How scale factors are assigned to elements; {@link Scaling#NONE} for plain numbers. */
    public Scaling scaling() {
        return scaling;
    }

    /** The scale factors, or null for plain numbers. */
    public Tensor scales() {
        return scales;
    }

    /** The zero points, or null where there are none. */
    public Tensor zeroPoints() {
        return zeroPoints;
    }

    /** Number of axes. */
    public int rank() {
        return layout.rank();
    }

    /**
     * Size along an axis.
     *
     * @param axis 0 to rank - 1
     */
    public long size(int axis) {
        return layout.size(axis);
    }

    /** The view with the last two axes exchanged: a matrix, or each matrix of a batch, transposed. */
    public Tensor transpose() {
        if (rank() < 2) {
            return this;
        }
        return view(
                layout.transpose(),
                offset,
                scaling.exchange(rank() - 2, rank() - 1),
                scales == null ? null : scales.transpose(),
                zeroPoints == null ? null : zeroPoints.transpose());
    }

    /**
     * The part of a plain tensor with from ≤ index &lt; to along one axis.
     *
     * @param axis 0 to rank - 1
     * @param from first index, at least 0
     * @param to one past the last index, at most the size
     * @return a view
     */
    public Tensor slice(int axis, long from, long to) {
        Objects.checkIndex(axis, rank());
        if (from < 0 || to < from || to > size(axis)) {
            throw new IllegalArgumentException(
                    "slice is " + from + " to " + to + "; axis " + axis + " has size " + size(axis));
        }
        if (scaling.hasScales()) {
            throw new IllegalArgumentException("scaling is " + scaling + "; only plain tensors can be sliced");
        }
        Layout part = layout.withSize(axis, to - from);
        // Where no elements are, a first one could lie behind the memory.
        long start = part.extent() == 0 ? offset : offset + from * layout.stride(axis);
        return view(part, start, scaling, null, null);
    }

    /**
     * One element, as its code's number (scale factors are not applied).
     *
     * @param index one coordinate for each axis
     * @return its value, exact but for I64 beyond 2^53
     */
    public double get(long... index) {
        return dtype.load(segment(), position(index));
    }

    /**
     * Stores one element, rounded to the type.
     *
     * @param value the number
     * @param index one coordinate for each axis
     */
    public void set(double value, long... index) {
        dtype.store(segment(), position(index), value);
    }

    private long position(long[] index) {
        if (index.length != rank()) {
            throw new IllegalArgumentException("index has " + index.length + " coordinates; rank is " + rank());
        }
        for (int axis = 0; axis < index.length; axis++) {
            if (index[axis] < 0 || index[axis] >= size(axis)) {
                throw new IndexOutOfBoundsException(
                        "index " + index[axis] + " on axis " + axis + " of size " + size(axis));
            }
        }
        return offset + layout.at(index);
    }

    @Override
    public String toString() {
        return dtype + layout.toString() + (scaling.hasScales() ? " " + scaling : "");
    }
}
