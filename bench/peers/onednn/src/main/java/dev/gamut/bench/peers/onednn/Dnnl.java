package dev.gamut.bench.peers.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.bench.peer.NativeLibrary;
import dev.gamut.bench.peer.Unavailable;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * What a matrix product needs of oneDNN's C interface, with the numbers of its headers' enumerations. Objects of the
 * library live until the process ends.
 */
final class Dnnl {
    static final int F16 = 1;
    static final int BF16 = 2;
    static final int F32 = 3;
    static final int S32 = 4;
    static final int S8 = 5;
    static final int U8 = 6;
    static final int S4 = 11;

    /** DNNL_ARG_SRC, and DNNL_ARG_FROM of a reorder. */
    static final int SRC = 1;

    /** DNNL_ARG_DST, and DNNL_ARG_TO of a reorder. */
    static final int DST = 17;

    static final int WEIGHTS = 33;

    /** DNNL_ARG_ATTR_SCALES, to be combined with the argument that is scaled. */
    static final int SCALES = 4096;

    /** dnnl_fpmath_mode_strict and dnnl_fpmath_mode_bf16. */
    static final int FPMATH_STRICT = 0;

    static final int FPMATH_BF16 = 1;

    private static final int CPU = 1;
    private static final int IN_ORDER = 1;
    private static final int TAG_ANY = 1;
    private static final int QUERY_IMPL_INFO = 8;
    private static final int QUERY_WEIGHTS = 131;
    private static final int UNIMPLEMENTED = 3;

    /** DNNL_MAX_NDIMS: the length of every dnnl_dims_t. */
    private static final int MAX_DIMS = 12;

    /** dnnl_exec_arg_t: an int, padding to 8 bytes, a pointer. */
    private static final int ARGUMENT_BYTES = 16;

    private final NativeLibrary library;
    private final MemorySegment engine;

    /** The stream that {@link Matmul} executes in. */
    final MemorySegment stream;

    Dnnl(NativeLibrary library) throws Unavailable {
        this.library = library;
        engine = create("dnnl_engine_create", CPU, 0L);
        stream = create("dnnl_stream_create", engine, IN_ORDER);
    }

    /** A memory descriptor with a distance between neighbours along each dimension, in elements. */
    MemorySegment strided(int type, long[] dims, long[] strides) throws Unavailable {
        try (Arena arena = Arena.ofConfined()) {
            return create(
                    "dnnl_memory_desc_create_with_strides", dims.length, dims(dims, arena), type, dims(strides, arena));
        }
    }

    /** A memory descriptor whose layout the library shall choose. */
    MemorySegment free(int type, long[] dims) throws Unavailable {
        try (Arena arena = Arena.ofConfined()) {
            return create("dnnl_memory_desc_create_with_tag", dims.length, dims(dims, arena), type, TAG_ANY);
        }
    }

    private static MemorySegment dims(long[] dims, Arena arena) {
        MemorySegment copy = arena.allocate(JAVA_LONG, MAX_DIMS);
        return copy.copyFrom(MemorySegment.ofArray(dims));
    }

    /** Descriptor of a product without a bias. */
    MemorySegment matmul(MemorySegment source, MemorySegment weights, MemorySegment target, MemorySegment attributes)
            throws Unavailable {
        return create(
                "dnnl_matmul_primitive_desc_create", engine, source, weights, MemorySegment.NULL, target, attributes);
    }

    /** Attributes of a product whose weights have a factor for each {@code group} elements along k and each column. */
    MemorySegment weightScales(int group, int fpmath) throws Unavailable {
        MemorySegment attributes = create("dnnl_primitive_attr_create");
        int bothDimensions = 0b11;
        try (Arena arena = Arena.ofConfined()) {
            call(
                    "dnnl_primitive_attr_set_scales",
                    attributes,
                    WEIGHTS,
                    bothDimensions,
                    2,
                    dims(new long[] {group, 1}, arena),
                    F32);
        }
        call("dnnl_primitive_attr_set_fpmath_mode_v2", attributes, fpmath, 1);
        return attributes;
    }

    /** The name of the implementation that the library picked. */
    String implementation(MemorySegment primitiveDescriptor) throws Unavailable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(ADDRESS);
            call("dnnl_primitive_desc_query", primitiveDescriptor, QUERY_IMPL_INFO, 0, name);
            return NativeLibrary.text(name.get(ADDRESS, 0));
        }
    }

    /** The layout of the weights that a product asks for. */
    MemorySegment weights(MemorySegment primitiveDescriptor) {
        MethodHandle query = library.function(
                "dnnl_primitive_desc_query_md", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT));
        return NativeLibrary.call(() -> (MemorySegment) query.invokeExact(primitiveDescriptor, QUERY_WEIGHTS, 0));
    }

    /** The bytes that a layout takes. */
    long size(MemorySegment memoryDescriptor) {
        MethodHandle size = library.function("dnnl_memory_desc_get_size", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        return NativeLibrary.call(() -> (long) size.invokeExact(memoryDescriptor));
    }

    MemorySegment primitive(MemorySegment descriptor) throws Unavailable {
        return create("dnnl_primitive_create", descriptor);
    }

    MemorySegment memory(MemorySegment descriptor, MemorySegment data) throws Unavailable {
        return create("dnnl_memory_create", descriptor, engine, data);
    }

    /** Copies between layouts. */
    void reorder(MemorySegment from, MemorySegment fromMemory, MemorySegment to, MemorySegment toMemory)
            throws Unavailable {
        MemorySegment descriptor =
                create("dnnl_reorder_primitive_desc_create", from, engine, to, engine, MemorySegment.NULL);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment arguments = arguments(arena, new int[] {SRC, DST}, fromMemory, toMemory);
            call("dnnl_primitive_execute", primitive(descriptor), stream, 2, arguments);
            call("dnnl_stream_wait", stream);
        }
    }

    /** An array of dnnl_exec_arg_t. */
    static MemorySegment arguments(Arena arena, int[] which, MemorySegment... memories) {
        MemorySegment arguments = arena.allocate((long) ARGUMENT_BYTES * which.length, Long.BYTES);
        for (int i = 0; i < which.length; i++) {
            arguments.set(JAVA_INT, (long) i * ARGUMENT_BYTES, which[i]);
            arguments.set(ADDRESS, (long) i * ARGUMENT_BYTES + Long.BYTES, memories[i]);
        }
        return arguments;
    }

    /** Calls one of the functions that write a new object to their first parameter. */
    private MemorySegment create(String function, Object... rest) throws Unavailable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment object = arena.allocate(ADDRESS);
            List<Object> all = new ArrayList<>(List.of(object));
            all.addAll(List.of(rest));
            call(function, all.toArray());
            return object.get(ADDRESS, 0);
        }
    }

    /** Calls a function that returns a status and whose parameters are pointers, ints and size_t. */
    private void call(String function, Object... arguments) throws Unavailable {
        MemoryLayout[] types = new MemoryLayout[arguments.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = arguments[i] instanceof MemorySegment
                    ? ADDRESS
                    : arguments[i] instanceof Long ? JAVA_LONG : JAVA_INT;
        }
        MethodHandle handle = library.function(function, FunctionDescriptor.of(JAVA_INT, types));
        int status = NativeLibrary.call(() -> (int) handle.invokeWithArguments(arguments));
        if (status == UNIMPLEMENTED) {
            throw new Unavailable("implements no such product on this processor");
        }
        if (status != 0) {
            throw new Unavailable("fails in " + function + " with status " + status);
        }
    }
}
