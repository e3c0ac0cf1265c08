package dev.gamut.tensor;

import dev.gamut.dtype.DType;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;

/**
 * Where one operand's elements are: a Java array, a memory segment or memory of a device, and the index of the first element.
 *
 * <p>A mutable holder, so that a plan can be run again and again without allocating. Kernels read it; callers set it
 * through the plan's argument object. A segment that reaches to the end of a Java array of the element's own kind is
 * seen as that array, because pure-Java kernels run on arrays. Not thread-safe.
 */
public final class Operand {
    /**
     * The array that was wrapped last and its segment, as long as the collector leaves them. One object, since several threads may ask at
     * once.
     */
    private record Wrapped(WeakReference<Object> array, WeakReference<MemorySegment> segment) {
        static final Wrapped NONE = new Wrapped(new WeakReference<>(null), new WeakReference<>(null));
    }

    private Object array;
    private MemorySegment segment;
    private RemoteMemory remote;
    private long offset;
    private Tensor tensor;
    private DType declared;
    private Wrapped wrapped = Wrapped.NONE;

    /** Points at nothing. */
    public Operand() {}

    /**
     * Points at an array.
     *
     * @param data a primitive array whose element kind stores the operand's type: {@code double[]} for F64,
     *     {@code float[]} for F32, {@code short[]} for 16-bit, {@code byte[]} for 8- and 4-bit types, {@code int[]},
     *     {@code long[]}
     * @param first index of the first element
     */
    public void set(Object data, long first) {
        array = data;
        segment = null;
        remote = null;
        offset = first;
        tensor = null;
        declared = null;
    }

    /**
     * Points at a segment.
     *
     * @param data the memory
     * @param type the type of its elements
     * @param first index of the first element, in elements of {@code type}
     */
    public void set(MemorySegment data, DType type, long first) {
        if (first < 0) {
            throw new IllegalArgumentException("first is " + first + "; it must be at least 0");
        }
        tensor = null;
        remote = null;
        declared = type;
        Object base = data.isNative() ? null : data.heapBase().orElse(null);
        long bits = data.address() * 8;
        if (base != null && holds(base, type) && bits % type.bits() == 0 && spansToEnd(data, base)) {
            array = base;
            segment = null;
            offset = first + bits / type.bits();
        } else {
            array = null;
            segment = data;
            offset = first;
        }
    }

    /**
     * Points at memory of a device.
     *
     * @param data the memory
     * @param type the type of its elements
     * @param first index of the first element, in elements of {@code type}
     */
    public void set(RemoteMemory data, DType type, long first) {
        array = null;
        segment = null;
        remote = data;
        offset = first;
        tensor = null;
        declared = type;
    }

    /**
     * Points at a tensor, scale factors included.
     *
     * @param data the tensor
     */
    public void set(Tensor data) {
        if (data.array() != null) {
            set(data.array(), data.offset());
        } else if (data.remote() != null) {
            set(data.remote(), data.dtype(), data.offset());
        } else {
            set(data.segment(), data.dtype(), data.offset());
        }
        tensor = data;
        declared = data.dtype();
    }

    /** Forgets what it points at. */
    public void clear() {
        array = null;
        segment = null;
        remote = null;
        tensor = null;
        declared = null;
        offset = 0;
    }

    /** Whether it points at nothing. */
    public boolean isEmpty() {
        return array == null && segment == null && remote == null;
    }

    /** The array, or null where the operand is none. */
    public Object array() {
        return array;
    }

    /**
     * The elements as a segment; wraps the array where there is one. Asked again about the same array, it mostly answers with the same
     * segment, even if the operand was pointed elsewhere meanwhile; it keeps no array alive for that.
     */
    public MemorySegment segment() {
        if (segment != null) {
            return segment;
        }
        Wrapped last = wrapped;
        MemorySegment known = array != null && last.array.refersTo(array) ? last.segment.get() : null;
        if (known == null) {
            known = wrap(array);
            wrapped = new Wrapped(new WeakReference<>(array), new WeakReference<>(known));
        }
        return known;
    }

    /** The segment given, or null where the operand is none. */
    public MemorySegment segmentOrNull() {
        return segment;
    }

    /** The memory of a device given, or null where the operand lies on the host. */
    public RemoteMemory remote() {
        return remote;
    }

    /** Index of the first element, in elements of the operand's type. */
    public long offset() {
        return offset;
    }

    /** The element type given with a segment or tensor, or null for a bare array. */
    public DType declared() {
        return declared;
    }

    /** The tensor given, or null where the operand is a bare array or segment. */
    public Tensor tensor() {
        return tensor;
    }

    /**
     * How many elements there are room for, from index 0.
     *
     * @param type the type of the elements
     * @return the capacity in elements
     */
    public long capacity(DType type) {
        if (array == null) {
            return type.elements(segment != null ? segment.byteSize() : remote.byteSize());
        }
        return type.isSubByte() ? Array.getLength(array) * (long) (8 / type.bits()) : Array.getLength(array);
    }

    /**
     * A segment over a primitive array.
     *
     * @param array one of the array kinds of {@link #set(Object, long)}
     * @return the segment
     */
    public static MemorySegment wrap(Object array) {
        return switch (array) {
            case double[] d -> MemorySegment.ofArray(d);
            case float[] f -> MemorySegment.ofArray(f);
            case byte[] b -> MemorySegment.ofArray(b);
            case short[] s -> MemorySegment.ofArray(s);
            case int[] i -> MemorySegment.ofArray(i);
            case long[] l -> MemorySegment.ofArray(l);
            case null -> throw new IllegalArgumentException("operand is null; an array or a segment is needed");
            default ->
                throw new IllegalArgumentException(
                        "operand is a " + array.getClass().getSimpleName()
                                + "; allowed are double[], float[], byte[], short[], int[] and long[]");
        };
    }

    /**
     * The kind of array that holds a type.
     *
     * @param type element type
     * @return for example {@code double[].class}; {@code byte[].class} for all types of 8 bits and fewer
     */
    public static Class<?> arrayOf(DType type) {
        return switch (type.bits()) {
            case 64 -> type.isFloat() ? double[].class : long[].class;
            case 32 -> type.isFloat() ? float[].class : int[].class;
            case 16 -> short[].class;
            default -> byte[].class;
        };
    }

    /**
     * Whether an array's element kind is the one that stores a type.
     *
     * @param array an array
     * @param type an element type
     * @return true where element i of the type is element i of the array (two to a byte for 4-bit types)
     */
    public static boolean holds(Object array, DType type) {
        return array != null && array.getClass() == arrayOf(type);
    }

    /** Only a segment that ends where its array ends keeps its bounds when seen as the array. */
    private static boolean spansToEnd(MemorySegment data, Object base) {
        return data.address() + data.byteSize() == wrap(base).byteSize();
    }
}
