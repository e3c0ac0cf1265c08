package dev.gamut.vector.reduce;

import dev.gamut.dtype.DType;
import dev.gamut.spi.Workspace;
import dev.gamut.vector.codec.CodeSource;
import java.lang.foreign.MemorySegment;

/**
 * The accumulator type of a reduction: its arrays, its leaves and how lanes are joined. Immutable; its implementations
 * link against the incubator module and are loaded once a kernel is prepared.
 *
 * @param <A> {@code double[]} or {@code float[]}
 */
interface Arithmetic<A> {
    /** The arithmetic in one type, F64 or F32. */
    static Arithmetic<?> of(DType accumulator) {
        return accumulator == DType.F64 ? new F64Arithmetic() : new F32Arithmetic();
    }

    /** The accumulator. */
    DType type();

    /** A new array. */
    A array(int size);

    /** A scratch array of a running task. */
    A scratch(Workspace workspace, int slot, int size);

    /** The array itself where it holds elements of the accumulator, otherwise null. */
    A own(Object array);

    double get(A array, int at);

    void set(A array, int at, double value);

    void fill(A array, int from, int count, double value);

    default void copy(A from, int f, A to, int t, int count) {
        if (count == 1) {
            set(to, t, get(from, f));
        } else {
            System.arraycopy(from, f, to, t, count);
        }
    }

    /** Copies elements of an array of the operand's type, widening F32 where the accumulator is F64. */
    void read(Object from, long index, A to, int at, int count);

    /** Copies elements of a segment, likewise. */
    void read(MemorySegment from, DType type, long index, A to, int at, int count);

    /** Decodes neighbouring elements of a narrow type; parameters are those of {@link CodeSource#read}. */
    void decode(CodeSource<?> from, long first, A to, int at, int count, Workspace workspace, int slot);

    /** left[l] ← left[l] join right[r], for {@code count} neighbouring elements; the two ranges do not overlap. */
    void join(Join how, A left, int l, A right, int r, int count);

    /** The inner loop of a step. */
    Leaf<A> leaf(Step step);

    /** The inner loop of a step over one long run in any order; null where there is none. */
    Stream<A> stream(Step step);

    /** Elements of a vector. */
    int lanes();

    /** How many of the 64 lanes one call of a leaf takes: a power of two. */
    int span();
}
