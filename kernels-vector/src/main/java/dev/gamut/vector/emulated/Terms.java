package dev.gamut.vector.emulated;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;
import dev.gamut.vector.matrix.Elements;
import dev.gamut.vector.matrix.Matrix;
import java.util.Arrays;
import java.util.Optional;

/**
 * One operand as matrices of terms, each in an array, contiguous in the direction in which the operand is.
 *
 * @param <S> array kind of the operand's type
 */
final class Terms<S> {
    /** Parts that several threads may take. */
    static final int TASKS = 64;

    private static final int STRIP = 2048;
    private static final int RAW_SLOT = 0;
    private static final int LINE_SLOT = 1;
    private static final int BF16_BITS = 16;
    private static final int HALF = 0x7FFF;

    private final Narrowing narrowing;
    private final Variant<S> variant;
    private final Elements<S> elements;
    private final Matrix<S> matrix;
    private final boolean columns;
    private final long lines;
    private final long length;
    private final Range range = new Range(TASKS);
    private final Object[] terms;
    private long batch;

    Terms(Narrowing narrowing, Variant<S> variant, Elements<S> elements, MatrixDesc desc) {
        this.narrowing = narrowing;
        this.variant = variant;
        this.elements = elements;
        matrix = new Matrix<>(desc, false, elements);
        columns = matrix.rowStride == 1 && matrix.colStride != 1;
        lines = columns ? desc.cols() : desc.rows();
        length = columns ? desc.rows() : desc.cols();
        terms = new Object[narrowing.terms()];
    }

    void bind(Operand operand) {
        matrix.bind(operand);
    }

    void release() {
        matrix.release();
        Arrays.fill(terms, null);
    }

    /** Turns to a matrix of the batch; terms go to arrays from a slot on. */
    void begin(long matrixOfBatch, Workspace workspace, int slot) {
        batch = matrixOfBatch;
        range.clear();
        int size = (int) (lines * length);
        for (int t = 0; t < terms.length; t++) {
            terms[t] =
                    narrowing.term() == DType.F32 ? workspace.floats(slot + t, size) : workspace.shorts(slot + t, size);
        }
    }

    Range range() {
        return range;
    }

    /** Rounds a part of the lines. */
    void round(int task, Workspace workspace) {
        long end = lines * (task + 1) / TASKS;
        for (long line = lines * task / TASKS; line < end; line++) {
            for (long i = 0; i < length; i += STRIP) {
                int n = (int) Math.min(STRIP, length - i);
                S raw = elements.scratch(workspace, RAW_SLOT, n);
                double[] x = workspace.doubles(LINE_SLOT, n);
                matrix.read(batch, columns ? i : line, columns ? line : i, columns, 1, n, raw, 0, n, workspace);
                variant.widen().copy(raw, 0, 1, n, x, 0);
                range.add(task, x, n);
                for (Object term : terms) {
                    int at = (int) (line * length + i);
                    if (term instanceof float[] floats) {
                        toF32(x, n, floats, at);
                    } else {
                        toBf16(x, n, (short[]) term, at);
                    }
                }
            }
        }
    }

    /** Rounds and leaves the rest. */
    private static void toF32(double[] x, int n, float[] to, int at) {
        for (int i = 0; i < n; i++) {
            to[at + i] = (float) x[i];
        }
        for (int i = 0; i < n; i++) {
            x[i] -= to[at + i];
        }
    }

    /** The same to nearest even, for numbers far from the largest. */
    private static void toBf16(double[] x, int n, short[] to, int at) {
        for (int i = 0; i < n; i++) {
            int bits = Float.floatToRawIntBits((float) x[i]);
            int code = bits + HALF + (bits >>> BF16_BITS & 1) >> BF16_BITS;
            to[at + i] = (short) code;
            x[i] -= Float.intBitsToFloat(code << BF16_BITS);
        }
    }

    /** A rectangle of any term. */
    MatrixDesc part(long rows, long cols) {
        return new MatrixDesc(
                narrowing.term(),
                rows,
                cols,
                columns ? 1 : length,
                columns ? length : 1,
                0,
                Scaling.NONE,
                Optional.empty());
    }

    /** Points at a rectangle of a term. */
    void point(Operand to, int term, long row, long col) {
        to.set(terms[term], columns ? col * length + row : row * length + col);
    }
}
