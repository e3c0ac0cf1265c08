package dev.gamut.vector.matrix;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.Workspace;
import java.lang.foreign.MemorySegment;

/**
 * What the loops of a GEMM need to do with elements of one type: scratch arrays, moving strided blocks between operands
 * and contiguous rows, packing panels. Stateless.
 *
 * <p>A block is outer × inner elements; element (o, i) of an operand's block lies at position + o·outerStride +
 * i·innerStride, and at d0 + o·ld + i of its contiguous image.
 *
 * @param <S> array kind of the element type
 */
public abstract class Elements<S> {
    /** The type. */
    public abstract DType type();

    /**
     * A matrix of another type, read and written as one of this type.
     *
     * @param desc the matrix
     * @param transposed whether that is the transpose of what a run gives
     * @param differences whether numbers are codes less their zero points, without scale factors
     */
    public abstract Image<S> image(MatrixDesc desc, boolean transposed, boolean differences);

    /** The scale factors of a matrix as numbers of this type; null where it has none. */
    public abstract Scales scales(MatrixDesc desc, boolean transposed);

    /** Index of an element that starts a cache line: data begins 16 bytes into an array, and large arrays on a line. */
    public abstract int lineStart();

    /** The array if it is of the kind that holds this type, else null. */
    public abstract S cast(Object array);

    public abstract S allocate(int size);

    public abstract S scratch(Workspace workspace, int slot, int size);

    /** Copies a strided block of an array into contiguous rows. */
    public abstract void gather(
            S src, int s0, int outerStride, int innerStride, int outer, int inner, S dst, int d0, int ld);

    /** Copies contiguous rows to a strided block of an array. */
    public abstract void scatter(
            S src, int s0, int ld, S dst, int d0, int outerStride, int innerStride, int outer, int inner);

    /** Copies a strided block of a segment into contiguous rows. */
    public abstract void fetch(
            MemorySegment src,
            long s0,
            long outerStride,
            long innerStride,
            int outer,
            int inner,
            S dst,
            int d0,
            int ld);

    /** Copies contiguous rows to a strided block of a segment. */
    public abstract void flush(
            S src,
            int s0,
            int ld,
            MemorySegment dst,
            long d0,
            long outerStride,
            long innerStride,
            int outer,
            int inner);

    /**
     * Lays out one panel: dst(d0 + p·panel + w) = src(s0 + w·widthStride + p·depthStride), zero where w ≥ width. May
     * write up to a vector beyond the panel.
     *
     * @param width lines of the source, at most {@code panel}
     * @param panel width of the panel
     * @param depth length of the panel
     */
    public abstract void pack(
            S src, int s0, int widthStride, int depthStride, int width, int panel, int depth, S dst, int d0);

    /** A factor in this type. */
    public abstract double round(double factor);

    /** x = beta·x, rounded, for {@code count} elements; +0 without reading where beta is 0. */
    public abstract void scale(S x, int from, int count, double beta);

    /** c = alpha·sum + beta·c for {@code count} elements; c is not read where beta is 0. */
    public abstract void join(int count, S sum, int s0, S c, int c0, double alpha, double beta);

    /** Elements of a vector, and the most that {@link #pack} may write beyond a panel. */
    public abstract int lanes();
}
