package dev.gamut.bench.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import java.util.Optional;

/**
 * Reductions as a C compiler makes them, to hold Gamut's against: the widest vectors the CPU has, eight independent
 * chains, one thread. They read {@code streams} parts of an array at once, which must be 1, 2, 4 or 8.
 *
 * <p>The first use of this class compiles them, which takes a second or two. Where that is not possible {@link
 * #unavailable} says why, and every other method throws IllegalStateException with that reason.
 *
 * <p>Arrays lie on the Java heap or in native memory, which the caller keeps alive, in native byte order, aligned to their
 * elements at least. No garbage is collected during a call.
 * All methods are thread-safe. They throw IndexOutOfBoundsException where an array has fewer than {@code n} elements,
 * and IllegalArgumentException where the number of streams is another one. Sums and dot
 * products accumulate in the elements' type, in an order that depends on the number of streams and on the CPU; minimum
 * and maximum are plain comparisons, which look after neither NaN nor the sign of zero, and infinite for no elements.
 */
public final class CLoops {
    private static final MethodHandle SUM_F64 = reduction("sum_f64", JAVA_DOUBLE, 1);
    private static final MethodHandle SUM_F32 = reduction("sum_f32", JAVA_FLOAT, 1);
    private static final MethodHandle DOT_F64 = reduction("dot_f64", JAVA_DOUBLE, 2);
    private static final MethodHandle DOT_F32 = reduction("dot_f32", JAVA_FLOAT, 2);
    private static final MethodHandle MIN_F64 = reduction("min_f64", JAVA_DOUBLE, 1);
    private static final MethodHandle MIN_F32 = reduction("min_f32", JAVA_FLOAT, 1);
    private static final MethodHandle MAX_F64 = reduction("max_f64", JAVA_DOUBLE, 1);
    private static final MethodHandle MAX_F32 = reduction("max_f32", JAVA_FLOAT, 1);
    private static final MethodHandle EMPTY = CLibrary.host().function("gamut_yard_empty", FunctionDescriptor.ofVoid());
    private static final MethodHandle COMPILER =
            CLibrary.host().function("gamut_yard_compiler", FunctionDescriptor.of(ADDRESS));

    private CLoops() {}

    private static MethodHandle reduction(String name, MemoryLayout result, int arrays) {
        FunctionDescriptor type = FunctionDescriptor.of(result, ADDRESS);
        if (arrays == 2) {
            type = type.appendArgumentLayouts(ADDRESS);
        }
        type = type.appendArgumentLayouts(JAVA_LONG, JAVA_INT);
        return CLibrary.host().function("gamut_yard_" + name, type, Linker.Option.critical(true));
    }

    /** Why there are no loops here, such as "unavailable: no C compiler"; empty where there are. */
    public static Optional<String> unavailable() {
        return CLibrary.host().missing();
    }

    /** Name and version of the compiler that made them. */
    public static String compiler() {
        try {
            return CLibrary.text((MemorySegment) COMPILER.invokeExact());
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }

    /** Calls a function that does nothing. */
    public static void empty() {
        try {
            EMPTY.invokeExact();
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }

    /**
     * The sum of F64.
     *
     * @param x the array, of n elements
     * @param n elements
     * @param streams 1, 2, 4 or 8
     */
    public static double sumF64(MemorySegment x, long n, int streams) {
        checked(x, n, Double.BYTES, streams);
        try {
            return (double) SUM_F64.invokeExact(x, n, streams);
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }

    /**
     * The sum of F32.
     *
     * @param x the array, of n elements
     * @param n elements
     * @param streams 1, 2, 4 or 8
     */
    public static float sumF32(MemorySegment x, long n, int streams) {
        checked(x, n, Float.BYTES, streams);
        try {
            return (float) SUM_F32.invokeExact(x, n, streams);
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }

    /**
     * The dot product of two arrays of F64.
     *
     * @param x one array, of n elements
     * @param y the other, of n elements
     * @param n elements
     * @param streams 1, 2, 4 or 8
     */
    public static double dotF64(MemorySegment x, MemorySegment y, long n, int streams) {
        checked(x, n, Double.BYTES, streams);
        checked(y, n, Double.BYTES, streams);
        try {
            return (double) DOT_F64.invokeExact(x, y, n, streams);
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }

    /**
     * The dot product of two arrays of F32.
     *
     * @param x one array, of n elements
     * @param y the other, of n elements
     * @param n elements
     * @param streams 1, 2, 4 or 8
     */
    public static float dotF32(MemorySegment x, MemorySegment y, long n, int streams) {
        checked(x, n, Float.BYTES, streams);
        checked(y, n, Float.BYTES, streams);
        try {
            return (float) DOT_F32.invokeExact(x, y, n, streams);
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }

    /**
     * The smallest element of F64.
     *
     * @param x the array, of n elements
     * @param n elements
     * @param streams 1, 2, 4 or 8
     */
    public static double minF64(MemorySegment x, long n, int streams) {
        checked(x, n, Double.BYTES, streams);
        try {
            return (double) MIN_F64.invokeExact(x, n, streams);
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }

    /**
     * The smallest element of F32.
     *
     * @param x the array, of n elements
     * @param n elements
     * @param streams 1, 2, 4 or 8
     */
    public static float minF32(MemorySegment x, long n, int streams) {
        checked(x, n, Float.BYTES, streams);
        try {
            return (float) MIN_F32.invokeExact(x, n, streams);
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }

    /**
     * The largest element of F64.
     *
     * @param x the array, of n elements
     * @param n elements
     * @param streams 1, 2, 4 or 8
     */
    public static double maxF64(MemorySegment x, long n, int streams) {
        checked(x, n, Double.BYTES, streams);
        try {
            return (double) MAX_F64.invokeExact(x, n, streams);
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }

    /**
     * The largest element of F32.
     *
     * @param x the array, of n elements
     * @param n elements
     * @param streams 1, 2, 4 or 8
     */
    public static float maxF32(MemorySegment x, long n, int streams) {
        checked(x, n, Float.BYTES, streams);
        try {
            return (float) MAX_F32.invokeExact(x, n, streams);
        } catch (Throwable e) {
            throw CLibrary.rethrown(e);
        }
    }

    /** What C would not notice. */
    private static void checked(MemorySegment x, long n, int bytes, int streams) {
        Objects.checkFromIndexSize(0, Math.multiplyExact(n, bytes), x.byteSize());
        if (streams < 1 || streams > 8 || Integer.bitCount(streams) != 1) {
            throw new IllegalArgumentException(streams + " streams, not 1, 2, 4 or 8");
        }
    }
}
