package dev.gamut.ffm.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.gamut.dtype.DType;
import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SharedLibrary;
import dev.gamut.ffm.opencl.abi.clblast_dgemm;
import dev.gamut.ffm.opencl.abi.clblast_dgemm_strided_batched;
import dev.gamut.ffm.opencl.abi.clblast_sgemm;
import dev.gamut.ffm.opencl.abi.clblast_sgemm_strided_batched;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The products of CLBlast. Thread-safe. */
final class ClBlast {
    /**
     * One operand.
     *
     * @param buffer handle
     * @param offset first element
     * @param ld leading dimension
     * @param stride elements between the matrices of a batch
     * @param transposed whether it is stored the other way round than the layout says; false for C
     */
    record Matrix(long buffer, long offset, long ld, long stride, int transposed) {
        private MemorySegment memory() {
            return MemorySegment.ofAddress(buffer);
        }
    }

    private final SharedLibrary library;
    private final MemorySegment sgemm;
    private final MemorySegment dgemm;
    private final MemorySegment sgemmBatched;
    private final MemorySegment dgemmBatched;

    ClBlast(SharedLibrary library) throws LoadFailure {
        this.library = library;
        sgemm = library.find("CLBlastSgemm");
        dgemm = library.find("CLBlastDgemm");
        sgemmBatched = library.find("CLBlastSgemmStridedBatched");
        dgemmBatched = library.find("CLBlastDgemmStridedBatched");
    }

    String origin() {
        return library.origin();
    }

    /** Puts C = A·B, or a batch of them, into a queue. */
    void multiply(
            DType type, int layout, long batch, long m, long n, long k, Matrix a, Matrix b, Matrix c, long queue) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment q = arena.allocateFrom(ADDRESS, MemorySegment.ofAddress(queue));
            boolean wide = type.precision() > Float.PRECISION;
            if (batch > 1) {
                batched(wide, layout, batch, m, n, k, a, b, c, q);
            } else {
                one(wide, layout, m, n, k, a, b, c, q);
            }
        }
    }

    private void one(
            boolean wide, int layout, long m, long n, long k, Matrix a, Matrix b, Matrix c, MemorySegment queue) {
        int status = wide
                ? clblast_dgemm.invoke(
                        dgemm,
                        layout,
                        a.transposed,
                        b.transposed,
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
                        MemorySegment.NULL)
                : clblast_sgemm.invoke(
                        sgemm,
                        layout,
                        a.transposed,
                        b.transposed,
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
        ClStatus.check(wide ? "CLBlastDgemm" : "CLBlastSgemm", status);
    }

    private void batched(
            boolean wide,
            int layout,
            long batch,
            long m,
            long n,
            long k,
            Matrix a,
            Matrix b,
            Matrix c,
            MemorySegment queue) {
        int status = wide
                ? clblast_dgemm_strided_batched.invoke(
                        dgemmBatched,
                        layout,
                        a.transposed,
                        b.transposed,
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
                        MemorySegment.NULL)
                : clblast_sgemm_strided_batched.invoke(
                        sgemmBatched,
                        layout,
                        a.transposed,
                        b.transposed,
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
        ClStatus.check(wide ? "CLBlastDgemmStridedBatched" : "CLBlastSgemmStridedBatched", status);
    }
}
