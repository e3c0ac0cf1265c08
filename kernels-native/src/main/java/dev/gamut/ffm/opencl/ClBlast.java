package dev.gamut.ffm.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.gamut.dtype.DType;
import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SharedLibrary;
import dev.gamut.ffm.opencl.abi.clblast_dgemm;
import dev.gamut.ffm.opencl.abi.clblast_dgemm_strided_batched;
import dev.gamut.ffm.opencl.abi.clblast_dgemv;
import dev.gamut.ffm.opencl.abi.clblast_dot;
import dev.gamut.ffm.opencl.abi.clblast_sgemm;
import dev.gamut.ffm.opencl.abi.clblast_sgemm_strided_batched;
import dev.gamut.ffm.opencl.abi.clblast_sgemv;
import dev.gamut.ffm.opencl.abi.clblast_sum;
import dev.gamut.ffm.opencl.abi.opencl_h;
import dev.gamut.reduce.ReduceOp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** The functions of CLBlast that Gamut calls, in F64 and F32. Its kernels count elements in 32 bits, up to {@link #MOST}. Thread-safe. */
final class ClBlast {
    static final long MOST = Integer.MAX_VALUE;

    /** What it reduces a vector by, and how it calls that. */
    static final Map<ReduceOp, String> REDUCTIONS =
            Map.of(ReduceOp.SUM, "sum", ReduceOp.ASUM, "asum", ReduceOp.DOT, "dot");

    /**
     * A matrix.
     *
     * @param buffer handle
     * @param offset first element
     * @param ld leading dimension
     * @param stride elements between the matrices of a batch
     * @param columns whether its columns are what is contiguous, not its rows
     */
    record Matrix(long buffer, long offset, long ld, long stride, boolean columns) {
        private MemorySegment memory() {
            return MemorySegment.ofAddress(buffer);
        }

        private int transposed() {
            return columns ? opencl_h.CLBlastTransposeYes() : opencl_h.CLBlastTransposeNo();
        }
    }

    /**
     * A vector.
     *
     * @param buffer handle
     * @param offset first element
     * @param stride from one element to the next, at least 1
     */
    record Vector(long buffer, long offset, long stride) {
        private MemorySegment memory() {
            return MemorySegment.ofAddress(buffer);
        }
    }

    private final SharedLibrary library;
    private final Map<String, MemorySegment> functions = new HashMap<>();

    ClBlast(SharedLibrary library) throws LoadFailure {
        this.library = library;
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            bind(name(type, "gemm"));
            bind(name(type, "gemmStridedBatched"));
            bind(name(type, "gemv"));
            for (String reduction : REDUCTIONS.values()) {
                bind(name(type, reduction));
            }
        }
    }

    private void bind(String name) throws LoadFailure {
        functions.put(name, library.find(name));
    }

    private static boolean isWide(DType type) {
        return type.precision() > Float.PRECISION;
    }

    private static String name(DType type, String function) {
        return "CLBlast" + (isWide(type) ? "D" : "S") + function;
    }

    String origin() {
        return library.origin();
    }

    /** A call with a queue; its status is checked. */
    @FunctionalInterface
    private interface Call {
        int status(MemorySegment function, MemorySegment queue);
    }

    private void call(String name, long queue, Call call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment q = arena.allocateFrom(ADDRESS, MemorySegment.ofAddress(queue));
            ClStatus.check(name, call.status(functions.get(name), q));
        }
    }

    /** Puts C = A·B, or a batch of them, into a queue; the rows of C are contiguous. */
    void multiply(DType type, long batch, long m, long n, long k, Matrix a, Matrix b, Matrix c, long queue) {
        if (batch > 1) {
            call(
                    name(type, "gemmStridedBatched"),
                    queue,
                    (function, q) -> isWide(type)
                            ? manyWide(function, batch, m, n, k, a, b, c, q)
                            : many(function, batch, m, n, k, a, b, c, q));
        } else {
            call(
                    name(type, "gemm"),
                    queue,
                    (function, q) ->
                            isWide(type) ? oneWide(function, m, n, k, a, b, c, q) : one(function, m, n, k, a, b, c, q));
        }
    }

    private static int one(
            MemorySegment function, long m, long n, long k, Matrix a, Matrix b, Matrix c, MemorySegment queue) {
        return clblast_sgemm.invoke(
                function,
                opencl_h.CLBlastLayoutRowMajor(),
                a.transposed(),
                b.transposed(),
                m,
                n,
                k,
                1,
                a.memory(),
                a.offset,
                a.ld,
                b.memory(),
                b.offset,
                b.ld,
                0,
                c.memory(),
                c.offset,
                c.ld,
                queue,
                MemorySegment.NULL);
    }

    private static int oneWide(
            MemorySegment function, long m, long n, long k, Matrix a, Matrix b, Matrix c, MemorySegment queue) {
        return clblast_dgemm.invoke(
                function,
                opencl_h.CLBlastLayoutRowMajor(),
                a.transposed(),
                b.transposed(),
                m,
                n,
                k,
                1,
                a.memory(),
                a.offset,
                a.ld,
                b.memory(),
                b.offset,
                b.ld,
                0,
                c.memory(),
                c.offset,
                c.ld,
                queue,
                MemorySegment.NULL);
    }

    private static int many(
            MemorySegment function,
            long batch,
            long m,
            long n,
            long k,
            Matrix a,
            Matrix b,
            Matrix c,
            MemorySegment queue) {
        return clblast_sgemm_strided_batched.invoke(
                function,
                opencl_h.CLBlastLayoutRowMajor(),
                a.transposed(),
                b.transposed(),
                m,
                n,
                k,
                1,
                a.memory(),
                a.offset,
                a.ld,
                a.stride,
                b.memory(),
                b.offset,
                b.ld,
                b.stride,
                0,
                c.memory(),
                c.offset,
                c.ld,
                c.stride,
                batch,
                queue,
                MemorySegment.NULL);
    }

    private static int manyWide(
            MemorySegment function,
            long batch,
            long m,
            long n,
            long k,
            Matrix a,
            Matrix b,
            Matrix c,
            MemorySegment queue) {
        return clblast_dgemm_strided_batched.invoke(
                function,
                opencl_h.CLBlastLayoutRowMajor(),
                a.transposed(),
                b.transposed(),
                m,
                n,
                k,
                1,
                a.memory(),
                a.offset,
                a.ld,
                a.stride,
                b.memory(),
                b.offset,
                b.ld,
                b.stride,
                0,
                c.memory(),
                c.offset,
                c.ld,
                c.stride,
                batch,
                queue,
                MemorySegment.NULL);
    }

    /** Puts y = A·x + 0·y into a queue: y is read, and 0 times NaN is NaN. */
    void multiply(DType type, long rows, long cols, Matrix a, Vector x, Vector y, long queue) {
        // With its layout told and not its transpose: of a transpose CLBlast checks the wrong sizes for its fast
        // kernel.
        int layout = a.columns ? opencl_h.CLBlastLayoutColMajor() : opencl_h.CLBlastLayoutRowMajor();
        call(
                name(type, "gemv"),
                queue,
                (function, q) -> isWide(type)
                        ? clblast_dgemv.invoke(
                                function,
                                layout,
                                opencl_h.CLBlastTransposeNo(),
                                rows,
                                cols,
                                1,
                                a.memory(),
                                a.offset,
                                a.ld,
                                x.memory(),
                                x.offset,
                                x.stride,
                                0,
                                y.memory(),
                                y.offset,
                                y.stride,
                                q,
                                MemorySegment.NULL)
                        : clblast_sgemv.invoke(
                                function,
                                layout,
                                opencl_h.CLBlastTransposeNo(),
                                rows,
                                cols,
                                1,
                                a.memory(),
                                a.offset,
                                a.ld,
                                x.memory(),
                                x.offset,
                                x.stride,
                                0,
                                y.memory(),
                                y.offset,
                                y.stride,
                                q,
                                MemorySegment.NULL));
    }

    /**
     * Puts a reduction of a vector, or of two, into a queue.
     *
     * @param op one of {@link #REDUCTIONS}
     * @param n terms, at least 1
     */
    void reduce(ReduceOp op, DType type, long n, Vector x, Vector y, Vector result, long queue) {
        call(
                name(type, REDUCTIONS.get(op)),
                queue,
                (function, q) -> op.isBinary()
                        ? clblast_dot.invoke(
                                function,
                                n,
                                result.memory(),
                                result.offset,
                                x.memory(),
                                x.offset,
                                x.stride,
                                y.memory(),
                                y.offset,
                                y.stride,
                                q,
                                MemorySegment.NULL)
                        : clblast_sum.invoke(
                                function,
                                n,
                                result.memory(),
                                result.offset,
                                x.memory(),
                                x.offset,
                                x.stride,
                                q,
                                MemorySegment.NULL));
    }
}
