package dev.gamut.vector.matrix;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;
import dev.gamut.vector.codec.CodeSource;
import dev.gamut.vector.codec.Encoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An operand of a narrow type as F32 numbers: codes are decoded run by run along whichever stride is 1, then scaled, each
 * number rounded once at most. Results are encoded likewise.
 *
 * @param <A> array that holds codes
 */
public final class Codes<A> implements Image<float[]> {
    /** Elements encoded at a time to a segment. */
    private static final int PIECE = 2048;

    private final DType type;
    private final long rowStride;
    private final long colStride;
    private final long batchStride;
    private final CodeSource<A> codes;
    private final Scales scales;

    /**
     * The image of a matrix.
     *
     * @param desc the matrix
     * @param transposed whether that is the transpose of what a run gives
     * @param differences whether numbers are codes less their zero points, without scale factors
     * @param elements of F32
     */
    public Codes(MatrixDesc desc, boolean transposed, boolean differences, Elements<float[]> elements) {
        type = desc.type();
        rowStride = desc.rowStride();
        colStride = desc.colStride();
        batchStride = desc.batchStride();
        codes = new CodeSource<>(type);
        boolean plain =
                differences ? !desc.scaling().hasZeroPoints() : !desc.scaling().hasScales();
        scales = plain ? null : new Scales(desc, transposed, differences, elements);
    }

    @Override
    public void bind(Operand operand) {
        codes.bind(operand);
        if (scales != null) {
            scales.bind(operand.tensor());
        }
    }

    @Override
    public void release() {
        codes.release();
        if (scales != null) {
            scales.release();
        }
    }

    /** Where codes are. */
    public CodeSource<A> codes() {
        return codes;
    }

    /** Index of an element among those of the array or segment. */
    public long at(long e, long row, long col) {
        return codes.offset() + position(e, row, col);
    }

    /** The same counted from the operand's first element. */
    private long position(long e, long row, long col) {
        return e * batchStride + row * rowStride + col * colStride;
    }

    /** Scale factors and zero points, or null. */
    public Scales scales() {
        return scales;
    }

    @Override
    public void read(
            long e,
            long row,
            long col,
            boolean byColumns,
            int outer,
            int inner,
            float[] dst,
            int d0,
            int ld,
            Workspace workspace) {
        long outerStride = byColumns ? colStride : rowStride;
        long innerStride = byColumns ? rowStride : colStride;
        long at = position(e, row, col);
        if (innerStride == 1 || inner == 1) {
            for (int o = 0; o < outer; o++) {
                codes.read(at + o * outerStride, inner, dst, d0 + o * ld, workspace, SLOT);
            }
        } else if (outerStride == 1) {
            float[] run = workspace.floats(SLOT, outer);
            for (int i = 0; i < inner; i++) {
                codes.read(at + i * innerStride, outer, run, 0, workspace, SLOT);
                for (int o = 0, to = d0 + i; o < outer; o++, to += ld) {
                    dst[to] = run[o];
                }
            }
        } else {
            for (int o = 0; o < outer; o++) {
                for (int i = 0; i < inner; i++) {
                    codes.read(at + o * outerStride + i * innerStride, 1, dst, d0 + o * ld + i, workspace, SLOT);
                }
            }
        }
        if (scales != null) {
            scales.apply(e, row, col, byColumns, outer, inner, dst, d0, ld, workspace);
        }
    }

    @Override
    public void write(
            float[] src,
            int s0,
            int ld,
            long e,
            long row,
            long col,
            boolean byColumns,
            int outer,
            int inner,
            Workspace workspace) {
        long outerStride = byColumns ? colStride : rowStride;
        long innerStride = byColumns ? rowStride : colStride;
        long at = at(e, row, col);
        int length = innerStride == 1 ? inner : 1;
        for (int o = 0; o < outer; o++) {
            float[] run = src;
            int first = s0 + o * ld;
            if (scales != null) {
                run = workspace.floats(SLOT, inner);
                long r = row + (byColumns ? 0 : o);
                long c = col + (byColumns ? o : 0);
                scales.quotients(e, r, c, byColumns, inner, src, first, run, workspace);
                first = 0;
            }
            for (int i = 0; i < inner; i += length) {
                encode(run, first + i, at + o * outerStride + i * innerStride, length, workspace);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private void encode(float[] src, int s, long at, int n, Workspace workspace) {
        Encoder<A> encoder = (Encoder<A>) Encoder.of(type);
        if (codes.array() != null) {
            encoder.encode(src, s, codes.array(), (int) at, n);
            return;
        }
        MemorySegment segment = codes.segment();
        for (int i = 0; i < n; i += PIECE) {
            int count = Math.min(PIECE, n - i);
            if (type.bits() == 16) {
                short[] piece = workspace.shorts(SLOT, PIECE);
                encoder.encode(src, s + i, (A) piece, 0, count);
                MemorySegment.copy(piece, 0, segment, ValueLayout.JAVA_SHORT_UNALIGNED, 2 * (at + i), count);
            } else {
                // Bytes that are shared with neighbours keep what they hold of those.
                byte[] piece = workspace.bytes(SLOT, PIECE + 2);
                long from = (at + i) / codes.perByte();
                int bytes = (int) ((at + i + count - 1) / codes.perByte() - from + 1);
                if (codes.perByte() > 1) {
                    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, from, piece, 0, bytes);
                }
                encoder.encode(src, s + i, (A) piece, (int) ((at + i) % codes.perByte()), count);
                MemorySegment.copy(piece, 0, segment, ValueLayout.JAVA_BYTE, from, bytes);
            }
        }
    }
}
