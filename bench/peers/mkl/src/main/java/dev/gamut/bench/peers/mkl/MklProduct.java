package dev.gamut.bench.peers.mkl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.bench.peer.NativeLibrary;
import dev.gamut.bench.peer.Operands;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * A row-major product by one of oneMKL's families of functions, with B packed where it is constant. What invokes a
 * method handle often is left to the subclasses, since only a constant handle is compiled into its caller.
 */
abstract class MklProduct implements Side {
    /** CblasRowMajor. */
    static final int ROW_MAJOR = 101;

    private static final int NO_TRANS = 111;
    private static final int TRANS = 112;
    private static final int PACKED = 151;
    private static final int B_MATRIX = 162;

    final int m;
    final int n;
    final int k;
    final int transA;

    /** CblasPacked where B is packed. */
    final int transB;

    final int lda;
    final int ldb;

    /** Products that one call computes. */
    final int batch;

    final boolean packed;

    private final String family;
    private final int storedB;
    private final int calls;
    private final MemorySegment[] a;
    private final MemorySegment[] b;
    private final MemorySegment[] c;
    private final MemorySegment first;

    /**
     * Lays the operands out.
     *
     * @param family the functions' common name, such as {@code cblas_sgemm}
     * @param problem filled
     * @param arena whose life the copies share
     * @param batches whether the family computes a batch in one call, which none does with a packed B
     */
    MklProduct(String family, GemmProblem problem, Arena arena, boolean batches) {
        this.family = family;
        m = (int) problem.workload().m();
        n = (int) problem.workload().n();
        k = (int) problem.workload().k();
        packed = problem.packed();
        transA = problem.workload().transposeA() ? TRANS : NO_TRANS;
        storedB = problem.workload().transposeB() ? TRANS : NO_TRANS;
        transB = packed ? PACKED : storedB;
        lda = problem.workload().transposeA() ? m : k;
        ldb = problem.workload().transposeB() ? k : n;
        int products = (int) problem.workload().batch();
        batch = batches && !packed ? products : 1;
        calls = products / batch;
        int sets = problem.sets();
        a = new MemorySegment[sets * calls];
        b = new MemorySegment[sets * calls];
        c = new MemorySegment[sets * calls];
        long size = problem.out().segment().byteSize();
        for (int set = 0; set < sets; set++) {
            split(left(problem.a(set), arena), a, set);
            split(Operands.copy(problem.b(set), arena), b, set);
            split(arena.allocate(size, 64), c, set);
        }
        for (int i = 0; i < b.length; i++) {
            b[i] = right(b[i], arena);
        }
        first = MemorySegment.ofAddress(c[0].address()).reinterpret(size);
    }

    private void split(MemorySegment whole, MemorySegment[] into, int set) {
        long size = whole.byteSize() / calls;
        for (int i = 0; i < calls; i++) {
            into[set * calls + i] = whole.asSlice(i * size, size);
        }
    }

    /** A as the library takes it, in the order in which it is stored. */
    MemorySegment left(Tensor a, Arena arena) {
        return Operands.copy(a, arena);
    }

    /** B as {@link #multiply} takes it: packed if the problem allows that. */
    final MemorySegment right(MemorySegment stored, Arena arena) {
        if (!packed) {
            return stored;
        }
        MethodHandle size = MklPeer.library.function(
                family + "_pack_get_size", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        MemorySegment into = arena.allocate(NativeLibrary.call(() -> (long) size.invokeExact(B_MATRIX, m, n, k)), 64);
        MethodHandle pack = packing(family + "_pack");
        NativeLibrary.call(() -> {
            pack.invokeExact(ROW_MAJOR, B_MATRIX, storedB, m, n, k, stored, ldb, into);
            return null;
        });
        return into;
    }

    /**
     * Packs a matrix.
     *
     * @param name of the function
     * @return takes layout, identifier, transposition, m, n, k, source, its leading dimension, and target
     */
    MethodHandle packing(String name) {
        return MklPeer.library.function(
                name,
                FunctionDescriptor.ofVoid(
                        JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
    }

    /** As {@link #packing(String)}, of a function that takes a factor after k, which becomes 1. */
    static MethodHandle packing(String name, MemoryLayout factor, Object one) {
        return MethodHandles.insertArguments(
                MklPeer.library.function(
                        name,
                        FunctionDescriptor.ofVoid(
                                JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, factor, ADDRESS, JAVA_INT,
                                ADDRESS)),
                6,
                one);
    }

    /** The signature of a product whose alpha went into the packed matrix. */
    static FunctionDescriptor productWithoutAlpha(MemoryLayout factor) {
        return FunctionDescriptor.ofVoid(
                JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT,
                factor, ADDRESS, JAVA_INT);
    }

    /** The signature of a product. */
    static FunctionDescriptor product(MemoryLayout factor) {
        return productWithoutAlpha(factor).insertArgumentLayouts(6, factor);
    }

    /** The signature of a batch of products at fixed distances. */
    static FunctionDescriptor batched(MemoryLayout factor) {
        return product(factor)
                .insertArgumentLayouts(9, JAVA_INT)
                .insertArgumentLayouts(12, JAVA_INT)
                .appendArgumentLayouts(JAVA_INT, JAVA_INT);
    }

    /**
     * One call of the library.
     *
     * @param a A, m×k or transposed
     * @param b B, packed or k×n or transposed
     * @param c C, m×n
     */
    abstract void multiply(MemorySegment a, MemorySegment b, MemorySegment c);

    @Override
    public final void run(int set) {
        for (int i = set * calls, end = i + calls; i < end; i++) {
            multiply(a[i], b[i], c[i]);
        }
    }

    @Override
    public final void result(Tensor into) {
        Operands.copy(first, into);
    }
}
