package dev.gamut.bench.peers.mkl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.gamut.bench.peer.Operands;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Products of U8 or I8 with I8 in I32. In row-major order the function takes an unsigned A and a signed B, the other way
 * round than its name says. A signed A is laid out as its users quantise for it: unsigned, 128 higher, with an offset of
 * -128 that the function adds to each element.
 */
final class Bytes extends MklProduct {
    private static final int FIX_OFFSET = 173;
    private static final byte SHIFT = (byte) 0x80;

    private static final FunctionDescriptor TYPE = FunctionDescriptor.ofVoid(
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_FLOAT,
            ADDRESS,
            JAVA_INT,
            JAVA_BYTE,
            ADDRESS,
            JAVA_INT,
            JAVA_BYTE,
            JAVA_FLOAT,
            ADDRESS,
            JAVA_INT,
            ADDRESS);
    private static final MethodHandle GEMM = MklPeer.library.function("cblas_gemm_s8u8s32", TYPE);
    private static final MethodHandle COMPUTE = MklPeer.library.function("cblas_gemm_s8u8s32_compute", TYPE);

    private final byte offset;
    private final MemorySegment zero;

    Bytes(GemmProblem problem, Arena arena) throws Unavailable {
        super("cblas_gemm_s8u8s32", problem, arena, false);
        offset = problem.precision().a() == DType.I8 ? SHIFT : 0;
        zero = arena.allocate(JAVA_INT);
        requireExact();
    }

    @Override
    MemorySegment left(Tensor a, Arena arena) {
        MemorySegment codes = Operands.copy(a, arena);
        for (long i = 0; a.dtype() == DType.I8 && i < codes.byteSize(); i++) {
            codes.set(JAVA_BYTE, i, (byte) (codes.get(JAVA_BYTE, i) ^ SHIFT));
        }
        return codes;
    }

    /** Without VNNI, kernels may add pairs of products in 16 bits, which the largest operands overflow. */
    private void requireExact() throws Unavailable {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment a = scratch.allocate((long) m * k, 64).fill((byte) 255);
            MemorySegment b = scratch.allocate((long) k * n, 64).fill(Byte.MAX_VALUE);
            MemorySegment c = scratch.allocate((long) m * n * Integer.BYTES, 64);
            multiply(a, right(b, scratch), c);
            int exact = (255 + offset) * Byte.MAX_VALUE * k;
            for (long i = 0; i < (long) m * n; i++) {
                if (c.getAtIndex(JAVA_INT, i) != exact) {
                    throw new Unavailable("saturates sums of bytes to 16 bits on this processor");
                }
            }
        }
    }

    @Override
    void multiply(MemorySegment a, MemorySegment b, MemorySegment c) {
        byte none = 0;
        try {
            if (packed) {
                COMPUTE.invokeExact(
                        ROW_MAJOR,
                        transA,
                        transB,
                        FIX_OFFSET,
                        m,
                        n,
                        k,
                        1f,
                        a,
                        lda,
                        offset,
                        b,
                        ldb,
                        none,
                        0f,
                        c,
                        n,
                        zero);
            } else {
                GEMM.invokeExact(
                        ROW_MAJOR,
                        transA,
                        transB,
                        FIX_OFFSET,
                        m,
                        n,
                        k,
                        1f,
                        a,
                        lda,
                        offset,
                        b,
                        ldb,
                        none,
                        0f,
                        c,
                        n,
                        zero);
            }
        } catch (Throwable e) { // a downcall declares Throwable and throws nothing
            throw new AssertionError(e);
        }
    }
}
