package dev.gamut.ffm.blas;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gamut.dtype.DType;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The element types that Gamut and the BLAS share, and all that is written twice for them. */
enum Precision {
    /** Double precision. */
    F64(DType.F64, "cblas_dgemm") {
        @Override
        void multiply(
                MemorySegment function,
                Shape s,
                MemorySegment a,
                long firstA,
                MemorySegment b,
                long firstB,
                MemorySegment c,
                long firstC) {
            try {
                DGEMM.invokeExact(
                        function,
                        s.order,
                        s.transA,
                        s.transB,
                        s.m,
                        s.n,
                        s.k,
                        1d,
                        a.address() + firstA,
                        s.lda,
                        b.address() + firstB,
                        s.ldb,
                        0d,
                        c.address() + firstC,
                        s.ldc,
                        a,
                        b,
                        c);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError("a call of C throws no checked exception", e);
            }
        }

        @Override
        void finish(double alpha, MemorySegment sum, long from, double beta, MemorySegment c, long to, long length) {
            for (long i = 0; i < length; i++) {
                double t = alpha * sum.get(JAVA_DOUBLE_UNALIGNED, from + i * Double.BYTES);
                long at = to + i * Double.BYTES;
                c.set(JAVA_DOUBLE_UNALIGNED, at, beta == 0 ? t : Math.fma(beta, c.get(JAVA_DOUBLE_UNALIGNED, at), t));
            }
        }

        @Override
        void scale(double beta, MemorySegment c, long to, long length) {
            for (long i = 0; i < length; i++) {
                long at = to + i * Double.BYTES;
                c.set(JAVA_DOUBLE_UNALIGNED, at, beta == 0 ? 0 : beta * c.get(JAVA_DOUBLE_UNALIGNED, at));
            }
        }
    },
    /** Single precision. */
    F32(DType.F32, "cblas_sgemm") {
        @Override
        void multiply(
                MemorySegment function,
                Shape s,
                MemorySegment a,
                long firstA,
                MemorySegment b,
                long firstB,
                MemorySegment c,
                long firstC) {
            try {
                SGEMM.invokeExact(
                        function,
                        s.order,
                        s.transA,
                        s.transB,
                        s.m,
                        s.n,
                        s.k,
                        1f,
                        a.address() + firstA,
                        s.lda,
                        b.address() + firstB,
                        s.ldb,
                        0f,
                        c.address() + firstC,
                        s.ldc,
                        a,
                        b,
                        c);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError("a call of C throws no checked exception", e);
            }
        }

        @Override
        void finish(double alpha, MemorySegment sum, long from, double beta, MemorySegment c, long to, long length) {
            float ofSum = (float) alpha;
            float ofC = (float) beta;
            for (long i = 0; i < length; i++) {
                float t = ofSum * sum.get(JAVA_FLOAT_UNALIGNED, from + i * Float.BYTES);
                long at = to + i * Float.BYTES;
                c.set(JAVA_FLOAT_UNALIGNED, at, beta == 0 ? t : Math.fma(ofC, c.get(JAVA_FLOAT_UNALIGNED, at), t));
            }
        }

        @Override
        void scale(double beta, MemorySegment c, long to, long length) {
            float ofC = (float) beta;
            for (long i = 0; i < length; i++) {
                long at = to + i * Float.BYTES;
                c.set(JAVA_FLOAT_UNALIGNED, at, beta == 0 ? 0 : ofC * c.get(JAVA_FLOAT_UNALIGNED, at));
            }
        }
    };

    private static final MethodHandle DGEMM = gemm(JAVA_DOUBLE);
    private static final MethodHandle SGEMM = gemm(JAVA_FLOAT);

    /** Of A, B and C. */
    final DType type;

    /** The product in the library's interface for C. */
    final String function;

    Precision(DType type, String function) {
        this.type = type;
        this.function = function;
    }

    /**
     * A product as {@code cblas_?gemm} takes it.
     *
     * @param order CblasRowMajor or CblasColMajor, of C
     * @param transA CblasNoTrans or CblasTrans
     * @param transB CblasNoTrans or CblasTrans
     * @param m rows of C
     * @param n columns of C
     * @param k length of the sums
     * @param lda leading dimension of A
     * @param ldb leading dimension of B
     * @param ldc leading dimension of C
     */
    record Shape(int order, int transA, int transB, long m, long n, long k, long lda, long ldb, long ldc) {}

    /**
     * The signature of {@code cblas_?gemm}, written by hand since no header is common to all libraries. Sizes are passed in 64 bits, of
     * which libraries with integers of 32 read the lower half: registers and places on the stack are that wide in the ABIs of x86-64 and
     * AArch64, so that a library with wide integers (ILP64) gets no rubbish in the upper half.
     *
     * <p>Operands are passed as numbers, since slices of segments would be allocated for each run, and their segments behind all other
     * arguments, where nobody reads them: a call keeps the segments that it is given from being freed meanwhile.
     */
    private static MethodHandle gemm(MemoryLayout scalar) {
        return Linker.nativeLinker()
                .downcallHandle(FunctionDescriptor.ofVoid(
                        JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, scalar, JAVA_LONG, JAVA_LONG,
                        JAVA_LONG, JAVA_LONG, scalar, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS));
    }

    /** C = A·B by the library; what C held is not read. Segments lie outside the heap, operands begin so many bytes behind them. */
    abstract void multiply(
            MemorySegment function,
            Shape shape,
            MemorySegment a,
            long firstA,
            MemorySegment b,
            long firstB,
            MemorySegment c,
            long firstC);

    /** A line of C = alpha·sum + beta·C in the order of roundings that all kernels share; offsets are in bytes. */
    abstract void finish(
            double alpha, MemorySegment sum, long from, double beta, MemorySegment c, long to, long length);

    /** A line of C = beta·C, without a product. */
    abstract void scale(double beta, MemorySegment c, long to, long length);
}
